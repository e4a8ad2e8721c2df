"""The lines of an issues file, and the folder it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange import foreign_json, kept_files
from taskorch.interchange.beads.issues import Issues
from taskorch.interchange.foreign import Foreign
from taskorch.interchange.foreign_text import clean

_NAMES = ("issues.jsonl", "beads.jsonl")
_NO_OBJECT = ("no JSON", "no issue: it is no JSON")
_KEPT = {
    "interactions.jsonl": "what agents and the tool said to each other, no issue",
    "deletions.jsonl": "which issues were deleted, of which nothing else is kept",
}


def read_issues(path: Path) -> Foreign:
    """What a file or folder holds.  Raises NotFound where no issues are, TaskorchError for an unreadable
    file.

    Lines that are no issue are told with their number, the others come in.
    """
    file = _file(path)
    out = Foreign("beads")
    issues: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, line in enumerate(kept_files.content(file).split(b"\n"), 1):
        if line.strip():
            _take(issues, number, line, out)
    if out.skipped and not issues and all(why.startswith(_NO_OBJECT) for _, why in out.skipped):
        where, why = out.skipped[0]
        raise TaskorchError(f"{file} holds no issues: {where}: {why}", hint="name the issues.jsonl of beads")
    if path != file:
        _tell_of_the_rest(file, out)
    out.tasks.extend(Issues([one for _, one in issues.values()], out).tasks())
    return out


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = kept_files.found_in(path, *_NAMES, *(f".beads/{name}" for name in _NAMES))
    if found is None:
        raise NotFound(
            f"{path} has no issues.jsonl",
            hint="write it: bd export -o .beads/issues.jsonl; then name that file",
        )
    return found


def _take(issues: dict[str, tuple[int, dict[str, Any]]], number: int, line: bytes, out: Foreign) -> None:
    where = f"line {number}"
    try:
        said = foreign_json.loads(line)
    except ValueError as error:
        out.skipped.append((where, str(error)))
        return
    if not isinstance(said, dict):
        out.skipped.append((where, "no issue: it is no JSON object"))
    elif said.get("_type", "issue") != "issue":
        name = clean(said.get("key") or said.get("id") or "")
        what = f"a {clean(said['_type'])} ('{name}'), no issue; its text is only in the source"
        out.skipped.append((where, what))
    elif not clean(said.get("id") or "").strip():
        out.skipped.append((where, "an issue without id"))
    else:
        _keep(issues, number, said, out)


def _keep(
    issues: dict[str, tuple[int, dict[str, Any]]], number: int, said: dict[str, Any], out: Foreign
) -> None:
    """Of several lines with one id the last counts, as in beads."""
    name = clean(said["id"]).strip()
    earlier = issues.get(name)
    if earlier:
        out.skipped.append((f"line {earlier[0]}", f"{name} stands again in line {number}, which counts"))
    issues[name] = number, said


def _tell_of_the_rest(file: Path, out: Foreign) -> None:
    for name, _ in kept_files.below(file.parent):
        if name != file.name:
            out.skipped.append((name, _KEPT.get(name, "a file of beads itself, no issues are read of it")))
