"""The arrows of the house: who may import whom, held by reading the source of every module.

    errors <- records <- store, git, interchange <- services <- orchestrator, cli

``store`` knows no git, ``git`` knows no records; only ``services`` joins them.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import taskorch
from tests.import_arrows import Import, Sources

# What a part may import beside itself; a new part is refused until its arrows stand here.
ARROWS = {
    "": ("errors", "orchestrator"),
    "__main__": ("cli",),
    "errors": (),
    "records": ("errors",),
    "store": ("errors", "records"),
    "git": ("errors",),
    "interchange": ("errors", "records"),
    "services": ("errors", "records", "store", "git", "interchange"),
    "orchestrator": ("errors", "services"),
    "demo": ("errors", "git.process"),  # drives the command line as processes, like a user
    "cli": ("errors", "records", "store", "services", "demo"),
}
# The packages from elsewhere that a part may import; all others have none.
FOREIGN = {
    "records": ("frontmatter", "yaml"),
    "git": ("pygit2",),
    "interchange": ("markdown_it",),
    "cli": ("click",),
}
STARTS_PROCESSES = ("_posixsubprocess", "multiprocessing", "pty", "subprocess")
# Records are values and rules: time, randomness and the outside arrive as arguments.  So are others' formats.
PURE = ("records", "interchange")
# Others' files have to be read by someone: within limits, in one place.
READS = ("taskorch.interchange.kept_files",)
IMPURE_MODULES = ("glob", "os", "random", "secrets", "shutil", "socket", "sqlite3", "tempfile", "time")
IMPURE_CALLS = ("now", "open", "read_bytes", "read_text", "today", "utcnow", "write_bytes", "write_text")
# Loading these takes longer than the whole of a quick command.
HEAVY = (
    "asyncio",
    "frontmatter",
    "markdown_it",
    "multiprocessing",
    "pygit2",
    "sqlite3",
    "subprocess",
    "yaml",
)

SOURCES = Sources(Path(taskorch.__file__).parent)


def forbidden(sources: Sources, found: Import) -> str | None:
    """Why an import breaks the house rules, or None."""
    layer = sources.layer(found.importer)
    top = found.target.partition(".")[0]
    if layer not in ARROWS:
        return f"{layer} has no arrows: add them to ARROWS"
    if sources.is_own(found.target):
        return _forbidden_own(sources, layer, found)
    if top in STARTS_PROCESSES and layer != "git":
        return "only git starts processes"
    if layer in PURE and top in IMPURE_MODULES:
        return f"{layer} must be pure, but imports {top}"
    if top not in sys.stdlib_module_names and top not in FOREIGN.get(layer, ()):
        return f"{layer} may not import {top}"
    return None


def _forbidden_own(sources: Sources, layer: str, found: Import) -> str | None:
    if found.target == sources.root:
        return None if found.name == "__version__" else "import it from its own module"
    inner = found.target.removeprefix(f"{sources.root}.")
    if any(f"{inner}.".startswith(f"{allowed}.") for allowed in (*ARROWS[layer], *filter(None, [layer]))):
        return None
    return f"{layer or sources.root} may not import {inner}"


def broken_arrows(sources: Sources) -> list[str]:
    """Every forbidden import, with its place."""
    return sorted(
        f"{found.place}: {problem}" for found in sources.imports() if (problem := forbidden(sources, found))
    )


def impure_calls(sources: Sources) -> Iterator[str]:
    """Calls in the pure parts that read the clock or touch files."""
    for module, tree in sources.trees.items():
        if sources.layer(module) not in PURE or module in READS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in IMPURE_CALLS:
                    yield f"{module}:{node.lineno}: {name}()"


def test_imports_point_back_left_only() -> None:
    assert broken_arrows(SOURCES) == []


def test_every_arrow_is_of_a_part_that_exists() -> None:
    parts = {SOURCES.layer(module) for module in SOURCES.files}
    assert set(ARROWS) <= parts


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert SOURCES.cycle() == []


def test_no_process_is_started_past_subprocess() -> None:
    assert list(SOURCES.process_calls()) == []


def test_records_touch_no_files_and_no_clock() -> None:
    assert list(impure_calls(SOURCES)) == []


@pytest.mark.parametrize("module", ["taskorch", "taskorch.cli.boundary", "taskorch.cli.app"])
def test_start_up_loads_nothing_heavy(module: str) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        f"import {module}\n"
        f"print(*sorted((set(sys.modules) - before) & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def small_package(folder: Path, **files: str) -> Sources:
    """A package of our name in a temporary folder; ``a__b`` stands for a/b.py."""
    for name, text in {"__init__": "", "errors": "", "records__ids": "", **files}.items():
        plain = name if name.startswith("__") else name.replace("__", "/", 1)
        path = folder / "taskorch" / f"{plain}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if path.parent.name != "taskorch":
            (path.parent / "__init__.py").touch()
    return Sources(folder / "taskorch")


@pytest.mark.parametrize(
    ("part", "line", "problem"),
    [
        ("store__files", "from taskorch.records import ids", None),
        ("store__files", "from taskorch.git.process import run", "store may not import git.process"),
        ("git__process", "import subprocess, pygit2", None),
        ("git__process", "from taskorch.records import ids", "git may not import records.ids"),
        ("git__process", "from ..records.ids import new", "git may not import records.ids"),
        ("git__process", "from .. import records", "git may not import records"),
        ("records__task", "import yaml, frontmatter, re", None),
        ("records__task", "import os.path", "records must be pure, but imports os"),
        ("interchange__adr", "from taskorch.records import ids", None),
        ("interchange__adr", "from taskorch.store.files import x", "interchange may not import store.files"),
        ("interchange__adr", "import yaml", "interchange may not import yaml"),
        ("interchange__adr", "import time", "interchange must be pure, but imports time"),
        ("services__tasks", "def f():\n import pygit2", "services may not import pygit2"),
        ("services__tasks", "if x:\n import subprocess", "only git starts processes"),
        ("services__new", "if TYPE_CHECKING:\n from taskorch.cli import app", "services may not import cli"),
        ("services__tasks", "LAZY = {'x': 'taskorch.records.ids'}", None),
        ("orchestrator", "LAZY = {'x': 'taskorch.records.ids'}", "orchestrator may not import records.ids"),
        ("orchestrator", "import click", "orchestrator may not import click"),
        ("cli__app", "import click\nfrom taskorch import __version__", None),
        ("cli__app", "from taskorch import TaskorchError", "import it from its own module"),
        ("cli__app", "import taskorch.git", "cli may not import git"),
        ("demo__story", "from taskorch.git.process import run", None),
        ("demo__story", "from taskorch.git.objects import blob", "demo may not import git.objects"),
        ("demo__story", "from taskorch.git import objects", "demo may not import git"),
        ("helpers", "import re", "helpers has no arrows: add them to ARROWS"),
    ],
)  # fmt: skip
def test_the_check_sees(tmp_path: Path, part: str, line: str, problem: str | None) -> None:
    found = broken_arrows(small_package(tmp_path, **{part: line}))
    assert [text.partition(": ")[2] for text in found] == ([problem] if problem else [])


def test_the_check_sees_rings_processes_and_clocks(tmp_path: Path) -> None:
    sources = small_package(
        tmp_path,
        records__a="def f():\n    from taskorch.records import b\n    date.today()",
        records__b="from taskorch.records.a import f",
        cli__edit="import os\nos.execvp('sh', ['sh'])\nfrom os import system\nos.path.join('execute')",
    )
    assert set(sources.cycle()) == {"taskorch.records.a", "taskorch.records.b"}
    assert sorted(sources.process_calls()) == [
        "taskorch.cli.edit:2: os.execvp",
        "taskorch.cli.edit:3: os.system",
    ]
    assert list(impure_calls(sources)) == ["taskorch.records.a:3: today()"]
