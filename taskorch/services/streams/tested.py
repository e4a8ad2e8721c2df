"""What a task did to tests: those that came, changed, went, and are skipped."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from taskorch.services.markdown import counted
from taskorch.services.recovered.changed_tests import is_test
from taskorch.services.shapes import Json
from taskorch.services.streams.python_source import NotPython, is_python, tree_of
from taskorch.services.streams.python_tests import Test, TestsOf, tests_of
from taskorch.services.streams.work import Work
from taskorch.services.workspace import Workspace

_NOT_PYTHON = "which tests it holds was not looked for: only Python is read"

_FOUND = re.compile(r"(?:\A|/)(?:test[^/]*|[^/]*_test)\.py\Z")


@dataclass
class _Changes:
    """Tests by what became of them, each with the path of its file."""

    added: list[tuple[str, Test]] = field(default_factory=list)
    changed: list[tuple[str, Test]] = field(default_factory=list)
    removed: list[tuple[str, Test]] = field(default_factory=list)
    skipped: list[Json] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def of_file(self, path: str, before: TestsOf, after: TestsOf) -> None:
        """Add what became of the tests of one file."""
        old, new = before.tests, after.tests
        self.added += [(path, one) for name, one in new.items() if name not in old]
        self.removed += [(path, one) for name, one in old.items() if name not in new]
        self.changed += [
            (path, one) for name, one in new.items() if name in old and old[name].whole != one.whole
        ]
        self.twice += [f"{path}::{name}" for name in after.twice if name not in before.twice]
        for name, one in new.items():
            had = {skip.how for skip in old[name].skips} if name in old else set()
            self.skipped += [
                {**_row(path, one), "how": how, "conditional": under, "new": how not in had}
                for how, under in one.skips
            ]

    def moved(self) -> list[Json]:
        """Tests that are as they were in another place or under another name: neither added nor removed."""
        out: list[Json] = []
        for come in list(self.added):
            gone = next((one for one in self.removed if one[1].text == come[1].text), None)
            if gone:
                self.added.remove(come)
                self.removed.remove(gone)
                out.append({**_row(*come), "from_path": gone[0], "from_test": gone[1].name})
        return out


def testing(ws: Workspace, work: Sequence[Work]) -> tuple[Json, list[Json], list[str]]:
    """The tests in a task's changes, the files that were not looked into, and findings in words.

    ``{added, changed, removed [{path, test, line}], moved [... from_path, from_test], skipped [... how,
    conditional, new], files []}``; lines count from 1, of removed tests in the file as it was.
    """
    found, unread = _Changes(), []
    files = [one for one in work if one.of_stream or any(map(is_test, filter(None, (one.path, one.source))))]
    for one in files:
        try:
            if not is_python(one.path):
                raise NotPython(_NOT_PYTHON)
            before, after = _tests(one.before), _tests(one.after)
            if _is_found(one.source or one.path) and not _is_found(one.path):  # by its new name it is none
                found.lost.append(one.path)
                after = TestsOf()
            found.of_file(one.path, before, after)
        except NotPython as why:
            unread.append({"path": one.path, "why": str(why)})
    moved = found.moved()
    part = {
        "added": [_row(*one) for one in found.added],
        "changed": [_row(*one) for one in found.changed],
        "removed": [_row(*one) for one in found.removed],
        "moved": moved,
        "skipped": found.skipped,
        "files": sorted({one.path for one in files}),
    }
    return part, unread, _findings(found, part) if work else []


def _is_found(path: str) -> bool:
    """Whether pytest and unittest look for tests in a file of that name, if nothing else is configured."""
    return bool(_FOUND.search(path))


def _tests(text: str | None) -> TestsOf:
    """The tests of a file.  Raises NotPython."""
    tree: ast.Module = tree_of(text)
    try:
        return tests_of(tree)
    except RecursionError:
        raise NotPython("nested too deep to be read") from None


def _row(path: str, one: Test) -> Json:
    return {"path": path, "test": one.name, "line": one.line}


def _findings(found: _Changes, part: Json) -> list[str]:
    out = [] if part["files"] else ["no test changed"]
    out += [f"{path}: pytest does not look for tests in a file of that name" for path in found.lost]
    if part["removed"]:
        names = [row["test"] for row in part["removed"]]
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        out.append(f"{counted(len(names), 'test')} removed: {', '.join(names[:10])}{more}")
    for row in part["skipped"]:
        if row["new"]:
            under = ", under a condition" if row["conditional"] else ""
            out.append(f"{row['path']}:{row['line']}: {row['test']} is skipped now ({row['how']}{under})")
    return out + [f"{name} stands twice: only the last of them runs" for name in found.twice]
