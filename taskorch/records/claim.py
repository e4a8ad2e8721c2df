"""Claims: which work brought which content to which path.

A claim is one line of JSON.  ``before`` and ``after`` are states, ``"<mode> <object id>"`` as git
would store the path, or None where it is absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from taskorch.errors import BadRecord
from taskorch.records import ids
from taskorch.records.frontmatter import BOM

T = TypeVar("T")

OPS = ("create", "modify", "delete", "move", "copy", "read")
TOLD, SEEN = "told", "seen"

_STATE = re.compile(r"(?:100644|100755|120000|160000) [0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
# before, after: whether each is there
_HAS_STATES = {"create": (False, True), "modify": (True, True), "delete": (True, False), "move": (True, True)}
# What some file system takes for .git: NTFS short names and streams, HFS+ ignorables (git's path.c).
_DOT_GIT = re.compile(r"(?:\.git|git~1)[. ]*(?::.*)?\Z", re.IGNORECASE)
_HIDDEN = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


@dataclass(frozen=True, slots=True)
class Whole:
    """Digest and lines of all that a task did to a path so far, from ``before`` in an earlier session on."""

    before: str | None
    digest: str
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Its JSON object, keys in the order of the file."""
        return {"before": self.before, "digest": self.digest, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Claim:
    """One net claim of a task; ``source`` is the path a move or copy came from.

    ``fork`` is where ``onto`` left the default branch, if it was on another: a branch may be gone later.
    ``whole`` is there where the claim goes on from one of an earlier session; ``merged``, where the work
    of others was merged in between, is what that one ended with.
    """

    task: str
    path: str
    op: str
    before: str | None
    after: str | None
    onto: str | None
    by: str
    source: str | None = None
    why: str | None = None
    digest: str | None = None
    lines: tuple[str, ...] | None = None
    fork: str | None = None
    merged: str | None = None
    whole: Whole | None = None

    @property
    def moved_from(self) -> str | None:
        """The path that a move took the file away from."""
        return self.source if self.op == "move" else None

    @property
    def start(self) -> str:
        """The path its work began at."""
        return self.moved_from or self.path

    @property
    def ends(self) -> dict[str, str | None]:
        """What its paths have in the end."""
        return {self.path: self.after} | ({self.moved_from: None} if self.moved_from else {})

    def as_json(self) -> dict[str, Any]:
        """The claim's JSON object, keys in the order of the file."""
        shape: dict[str, Any] = {"task": self.task, "path": self.path, "op": self.op}
        if self.source is not None:
            shape["from"] = self.source
        shape |= {"before": self.before, "after": self.after, "onto": self.onto}
        if self.fork is not None:
            shape["fork"] = self.fork
        if self.why is not None:
            shape["why"] = self.why
        shape["by"] = self.by
        if self.digest is not None:
            shape["digest"] = self.digest
        if self.lines is not None:
            shape["lines"] = list(self.lines)
        if self.merged is not None:
            shape["merged"] = self.merged
        if self.whole is not None:
            shape["whole"] = self.whole.as_json()
        return shape


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs between two moments: its state then and its state now."""

    path: str
    before: str | None
    after: str | None


def op_of(change: Change) -> str:
    """``create``, ``modify`` or ``delete``."""
    if change.before is None:
        return "create"
    return "delete" if change.after is None else "modify"


def render(claims: Iterable[Claim]) -> str:
    """The text of a claims file: one object a line, sorted by task and path."""
    return "".join(as_line(claim.as_json()) + "\n" for claim in in_order(claims))


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """The claims of one session as a file has them: by task and path."""
    return sorted(claims, key=lambda c: (c.task, c.path, c.op, c.before or ""))


def parse(text: str, path: str) -> tuple[list[tuple[Claim, int]], list[BadRecord]]:
    """The claims of a file with their line numbers, and a problem for each line that is none."""
    return read_lines(text, path, from_json)


def read_lines(text: str, path: str, take: Callable[[Any], T]) -> tuple[list[tuple[T, int]], list[BadRecord]]:
    """What `take` makes of each line's JSON object, with the line's number; and the lines that are none.

    `take` raises ValueError saying what is wrong with one.
    """
    found: list[tuple[T, int]] = []
    problems: list[BadRecord] = []
    for number, line in enumerate(text.removeprefix(BOM).split("\n"), 1):
        if line.strip():
            try:
                found.append((take(_DECODER.decode(line)), number))
            except json.JSONDecodeError as error:
                markers = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
                what = "conflict markers of an unresolved merge" if markers else f"not JSON: {error.msg}"
                problems.append(_bad(what, path, number, error.colno))
            except ValueError as error:
                problems.append(_bad(str(error), path, number, 1))
            except RecursionError:
                problems.append(_bad("not a claim: nested too deep", path, number, 1))
    return found, problems


def as_line(shape: Mapping[str, Any]) -> str:
    """A claim's JSON object on one line."""
    text = json.dumps(shape, ensure_ascii=False)
    # a path that is not UTF-8 is held as lone surrogates, which only the escaped form can carry
    return text if text.isascii() or _encodable(text) else json.dumps(shape)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_no_key_twice)  # `json.loads` would make one a line


def is_inside(path: str) -> bool:
    """Whether a path is relative, stays in the work tree, and enters no git directory in any spelling."""
    parts = path.split("/")
    if path.isascii() and "git" not in path.lower():
        return not {"", ".", ".."}.intersection(parts)
    return not any(part in ("", ".", "..") or _DOT_GIT.match(_HIDDEN.sub("", part)) for part in parts)


def _check_texts(shape: dict[str, Any]) -> None:
    """Raise ValueError for texts that are none, and paths that leave the work tree."""
    for name in ("path", "from", "why", "digest"):
        text = shape.get(name)
        if text is not None and (not isinstance(text, str) or "\0" in text):
            raise ValueError(f"'{name}' is not text")
    for name in ("path", "from"):
        if shape.get(name) and not is_inside(shape[name]):
            raise ValueError(f"'{name}' is {shape[name]!r}, not a path inside the work tree")


def _check_state(state: Any, name: str) -> None:
    if state is not None and not (isinstance(state, str) and _STATE.match(state)):
        raise ValueError(f"'{name}' is {state!r}, not '<mode> <object id>'")


def _check_states(shape: dict[str, Any], op: str) -> None:
    """Raise ValueError for states that are none or do not go with the operation."""
    for name in ("before", "after", "merged"):
        _check_state(shape.get(name), name)
    wanted = _HAS_STATES.get(op)
    if wanted and (shape.get("before") is not None, shape.get("after") is not None) != wanted:
        raise ValueError(f"'before' and 'after' are not those of a {op}")
    for name in ("onto", "fork"):
        commit = shape.get(name)
        if commit is not None and not (isinstance(commit, str) and _OID.match(commit)):
            raise ValueError(f"'{name}' is {commit!r}, not a commit id")


def from_json(shape: Any) -> Claim:
    """A claim from its JSON object.  Raises ValueError saying what is wrong with it."""
    if not isinstance(shape, dict):
        raise ValueError("not a JSON object")
    task, path, op = shape.get("task"), shape.get("path"), shape.get("op")
    if not isinstance(task, str) or not ids.is_id(task) or ids.kind_of(task) != "task":
        raise ValueError(f"'task' is {task!r}, not a task id")
    if not isinstance(path, str) or not path:
        raise ValueError("'path' is missing")
    _check_texts(shape)
    if op not in OPS:
        raise ValueError(f"'op' is {op!r}, none of: {', '.join(OPS)}")
    if shape.get("by") not in (TOLD, SEEN):
        raise ValueError(f"'by' is {shape.get('by')!r}, neither told nor seen")
    source = shape.get("from")
    if op in ("move", "copy") and not source:
        raise ValueError(f"'from' is missing on a {op}")
    _check_states(shape, op)
    return Claim(
        task=task,
        path=path,
        op=op,
        before=shape.get("before"),
        after=shape.get("after"),
        onto=shape.get("onto"),
        by=shape["by"],
        source=source,
        why=shape.get("why"),
        digest=shape.get("digest"),
        lines=_lines(shape),
        fork=shape.get("fork"),
        merged=shape.get("merged"),
        whole=_whole(shape.get("whole")),
    )


def _lines(shape: dict[str, Any]) -> tuple[str, ...] | None:
    lines = shape.get("lines")
    if lines is not None and not (isinstance(lines, list) and all(isinstance(x, str) for x in lines)):
        raise ValueError("'lines' is not a list of strings")
    return None if lines is None else tuple(lines)


def _whole(shape: Any) -> Whole | None:
    if shape is None:
        return None
    digest, lines = (shape.get("digest"), _lines(shape)) if isinstance(shape, dict) else (None, None)
    if not isinstance(digest, str) or lines is None:
        raise ValueError("'whole' is not an object with 'before', 'digest' and 'lines'")
    _check_state(shape.get("before"), "before")
    return Whole(shape.get("before"), digest, lines)


def _bad(message: str, path: str, line: int, column: int) -> BadRecord:
    return BadRecord(message, path=path, line=line, column=column, hint="mend or delete the line")
