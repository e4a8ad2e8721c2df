"""What a task did to the program: its files, its public names, and whether tests changed along."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.services.markdown import counted
from taskorch.services.recovered.changed_tests import is_code, tests_among
from taskorch.services.shapes import Json
from taskorch.services.streams.python_source import NotPython, is_python, public_names, tree_of
from taskorch.services.streams.work import Work
from taskorch.services.workspace import Workspace


def implementation(ws: Workspace, work: Sequence[Work]) -> tuple[Json, list[Json], list[str]]:
    """The code in a task's changes, the files that were not looked into, and findings in words.

    ``{code [], tests [], names_added [{path, name}], names_removed [{path, name}]}``: ``code`` and
    ``tests`` are paths, told apart by their names; names are those of Python modules and classes that
    others may use.
    """
    code = sorted({one.path for one in work if is_code(one.path)})
    tests = tests_among(path for one in work for path in (one.path, one.source) if path)
    come: list[Json] = []
    gone: list[Json] = []
    unread: list[Json] = []
    for one in work:
        if not is_code(one.path):
            continue
        try:
            before, after = _names(one, one.before), _names(one, one.after)
        except NotPython as why:
            unread.append({"path": one.path, "why": str(why)})
            continue
        come += [{"path": one.path, "name": name} for name in sorted(after - before)]
        gone += [{"path": one.source or one.path, "name": name} for name in sorted(before - after)]
    part = {"code": code, "tests": tests, "names_added": come, "names_removed": gone}
    return part, unread, _findings(part) if work else []


def _names(one: Work, text: str | None) -> set[str]:
    if not is_python(one.path):
        raise NotPython("its public names were not looked for: only Python is read")
    try:
        return public_names(tree_of(text))
    except RecursionError:
        raise NotPython("nested too deep to be read") from None


def _findings(part: Json) -> list[str]:
    out = [] if part["code"] else ["no code changed"]
    if part["code"] and not part["tests"]:
        out.append(f"{counted(len(part['code']), 'file')} of code changed, and no test")
    if part["names_removed"]:
        names = [f"{row['path']}: {row['name']}" for row in part["names_removed"]]
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        out.append(f"{counted(len(names), 'public name')} removed: {', '.join(names[:10])}{more}")
    return out
