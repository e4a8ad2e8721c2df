"""The examples run, and print what they promise."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repos import Repo

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
RUNNERS = {".sh": "bash", ".py": "python"}


def run(name: str, folder: Path) -> list[str]:
    """The lines an example prints, run as its first lines say, in a folder that must stay empty."""
    example = EXAMPLES / name
    work, temporary = folder / "work", folder / "tmp"
    work.mkdir()
    temporary.mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "TMPDIR": str(temporary)}
    command = [RUNNERS[example.suffix], str(example)]
    done = subprocess.run(command, cwd=work, env=env, capture_output=True, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert (done.returncode, err) == (0, ""), out + err
    assert list(work.iterdir()) == list(temporary.iterdir()) == [], "it leaves something behind"
    return out.splitlines()


def assert_in_order(lines: list[str], wanted: list[str]) -> None:
    """Each pattern matches a line below the one before."""
    left = iter(lines)
    for pattern in wanted:
        assert any(re.fullmatch(pattern, line) for line in left), f"{pattern!r} is not in\n" + "\n".join(
            lines
        )


def test_every_example_is_run_here() -> None:
    names = {path.name for path in EXAMPLES.iterdir() if path.suffix in RUNNERS}
    assert names == {"enhanced_integration.py", "first_day.sh", "library.py"}


def test_first_day(tmp_path: Path) -> None:
    lines = run("first_day.sh", tmp_path)
    assert_in_order(
        lines,
        [
            r"\$ taskorch init",
            r"created \.orchestrator/config\.yaml, .*",
            r"\$ taskorch task list",
            r"t-\w+ +pending +Add Fahrenheit +\(waits for 1 task\)",
            r"\$ taskorch task ready",
            r"t-\w+ +pending +Convert exactly",
            r"",
            r"\$ taskorch task start t-\w{8}",
            r"opened session s-\w{8}",
            r"\$ taskorch decision accept d-\w{8}",
            r"d-\w{8} +accepted +Round to two places",
            r"\$ taskorch task complete t-\w{8} --results 'Exact to 0\.01 K\.'",
            r"error: t-\w{8} is not complete",
            r"  - criterion 1 is not ticked: 0 K is -273\.15 degrees",
            r"  1  \[x\]  0 K is -273\.15 degrees",
            r"completed t-\w{8}  Convert exactly",
            r"on disk 2/2, landed 0/2: commit to land",
            r"\$ taskorch commit",
            r"committed \w{10} taskorch: 2 tasks, 1 decision, 1 session",
            r"\$ taskorch status",
            r"tasks: 1 pending, 1 completed",
            r"\$ taskorch verify --task t-\w{8} --target main",
            r"verified in main \(\w{10}\)",
            r"landed 2/2",
            r"  exact +modify +src/convert\.py",
            r"  exact +create +tests/test_convert\.py",
            r"\$ taskorch recover t-\w{8}",
            r"# t-\w{8}: Convert exactly",
            r"- t-\w{8} is completed; 2 of 2 file changes landed in this history\.",
            r"- Modified `src/convert\.py` \+2 -2: \*\*exact\*\* in \w{10}",
            r"### d-\w{8}: Round to two places",
            r"The sensors measure to 0\.05 K\.",
            r"\$ taskorch task ready",
            r"t-\w+ +pending +Add Fahrenheit",
            r"Done\.  The next task is t-\w{8}, .*",
        ],
    )


def test_library(tmp_path: Path) -> None:
    lines = run("library.py", tmp_path)
    assert_in_order(
        lines,
        [
            r"session  s-\w{8}",
            r"subtask  t-\w{8}  parse: Parse the feed",
            r"subtask  t-\w{8}  test: Test the parser, waits for t-\w{8}",
            r"refused  t-\w{8} is not complete: waits for t-\w{8} Parse the feed \(pending\)",
            r"done     t-\w{8}  modify feed\.py: on disk 1/1, landed 0/1: commit to land",
            r"landed   feed\.py \+2 -0 \(exact\)",
            r"next     Test the parser",
        ],
    )
    assert len(lines) == 7


@pytest.mark.parametrize("name", ["first_day.sh", "library.py"])
def test_an_example_says_how_it_is_run(name: str) -> None:
    runner = RUNNERS[Path(name).suffix]
    assert f"Run it:  {runner} examples/{name}\n" in (EXAMPLES / name).read_text()


README = EXAMPLES.parent / "README.md"


def test_the_transcript_of_the_readme_is_what_a_terminal_shows(tmp_path: Path) -> None:
    """Its commands are run again; ids and ``...`` apart, they print what stands there."""
    day, later = re.findall(r"^```console\n(.*?)\n```$", README.read_text(), re.M | re.S)
    shop = Repo.init(tmp_path / "shop")
    shop.commit("start", {"src/cart.py": "a cart\n", "src/sums.py": "sums\n"})
    shop.run("init")
    shop.commit("taskorch: init")
    shop.git("switch", "--quiet", "-c", "rounding")
    task = ""
    for command, wanted in transcript(day):
        if command[1:3] == ["task", "complete"] and not (shop.path / "src/money.py").exists():
            shop.write("src/money.py", "from decimal import Decimal\n")
            shop.write("src/cart.py", "a cart\nrounded once\n")
            shop.remove("src/sums.py")
        done = shop.taskorch(*(task if word == "t-txyq" else word for word in command[1:]), check=False)
        assert_shows(done.out + done.err, wanted)
        task = task or done.out.split()[1][:6]
    shop.commit("all of it")
    shop.git("switch", "--quiet", "main")
    shop.git("merge", "--quiet", "--squash", "rounding")
    shop.commit("Round once (#7)")
    shop.git("branch", "--quiet", "-D", "rounding")
    clone = shop.clone(tmp_path / "later")
    for command, wanted in transcript(later):
        words = (task if word == "t-txyq" else word for word in command[1:])
        assert_shows(clone.taskorch(*words).out, wanted)


def transcript(block: str) -> list[tuple[list[str], list[str]]]:
    """Each command of a console block with the lines that stand below it."""
    parts = re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.M)[1:]
    return [(shlex.split(part.split("\n")[0]), part.rstrip("\n").split("\n")[1:]) for part in parts]


def assert_shows(output: str, wanted: list[str]) -> None:
    """The output is as wanted, each id and commit standing for any other, ``...`` for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else f"{_any_id(line)}\n" for line in wanted)
    assert re.fullmatch(pattern, output), f"{output}\nis not\n" + "\n".join(wanted)


def _any_id(line: str) -> str:
    line = re.sub(r"\b([tds])-[0-9a-z]{8}\b", r"\1@ID", line)
    line = re.sub(r"\b[0-9a-f]{10}\b", "@COMMIT", line)
    return re.escape(line).replace("@ID", r"-\w{8}").replace("@COMMIT", r"\w{10}")


def test_enhanced_integration(tmp_path: Path) -> None:
    *lines, last = run("enhanced_integration.py", tmp_path)
    assert last == "Enhanced orchestrator integration test PASSED"
    assert sum(line.startswith("  ok  ") for line in lines) == 37


def test_enhanced_integration_with_a_database_whose_tasks_have_the_guide_s_names(tmp_path: Path) -> None:
    old = (
        EXAMPLES.parent / "tests/services/imports/old_projects/v1.4.1/.task_orchestrator/task_orchestrator.db"
    )
    words = [sys.executable, str(EXAMPLES / "enhanced_integration.py"), str(old)]
    done = subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, check=True)
    assert done.stdout.endswith(b"Enhanced orchestrator integration test PASSED\n")


def test_enhanced_integration_with_a_database_that_is_not_there(tmp_path: Path) -> None:
    words = [sys.executable, str(EXAMPLES / "enhanced_integration.py"), "none.db"]
    done = subprocess.run(words, cwd=tmp_path, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("there is no ")
