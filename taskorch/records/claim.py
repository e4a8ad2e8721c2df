"""Claims: which work brought which content to which path.

A claim is one line of JSON.  ``before`` and ``after`` are states, ``"<mode> <object id>"`` as git
would store the path, or None where it is absent.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
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
class Claim:
    """One net claim of a task; ``source`` is the path a move or copy came from."""

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

    def as_json(self) -> dict[str, Any]:
        """The claim's JSON object, keys in the order of the file."""
        shape: dict[str, Any] = {"task": self.task, "path": self.path, "op": self.op}
        if self.source is not None:
            shape["from"] = self.source
        shape |= {"before": self.before, "after": self.after, "onto": self.onto}
        if self.why is not None:
            shape["why"] = self.why
        shape["by"] = self.by
        if self.digest is not None:
            shape["digest"] = self.digest
        if self.lines is not None:
            shape["lines"] = list(self.lines)
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
                found.append((take(json.loads(line, object_pairs_hook=_no_key_twice)), number))
            except json.JSONDecodeError as error:
                markers = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
                what = "conflict markers of an unresolved merge" if markers else f"not JSON: {error.msg}"
                problems.append(_bad(what, path, number, error.colno))
            except ValueError as error:
                problems.append(_bad(str(error), path, number, 1))
            except RecursionError:
                problems.append(_bad("not a claim: nested too deep", path, number, 1))
    return found, problems


def join_changes(first: Iterable[Change], later: Iterable[Change]) -> dict[str, Change]:
    """Changes of one task, joined by path: first before, last after; dropped where they are equal."""
    joined = {change.path: change for change in first}
    for change in later:
        known = joined.get(change.path)
        before = known.before if known else change.before
        joined[change.path] = Change(change.path, before, change.after)
    return {path: change for path, change in joined.items() if change.before != change.after}


def changes_of(claim: Claim) -> list[Change]:
    """The changes of single paths that a claim stands for."""
    if claim.op == "move" and claim.source is not None:
        return [Change(claim.source, claim.before, None), Change(claim.path, None, claim.after)]
    if claim.op == "copy":
        return [Change(claim.path, None, claim.after)]
    return [] if claim.op == "read" else [Change(claim.path, claim.before, claim.after)]


def net(claims: Iterable[Claim]) -> list[Claim]:
    """The claims of all sessions in order of time, joined where one goes on from the other.

    Claims of one task and path join while one's ``after`` is the next's ``before``, a move being a
    change of both its paths; what ends as it began is dropped.  A joined claim has no digest or
    lines: they were of its parts.
    """
    ordered: list[_Chain] = []
    open_chains: dict[tuple[str, str], list[_Chain]] = defaultdict(list)
    for claim in claims:
        origin: _Chain | None = None
        for change in changes_of(claim):
            chain = _extended(open_chains[claim.task, change.path], claim, change)
            if len(chain.parts) == 1:
                ordered.append(chain)
                chain.origin = origin
            origin = chain if chain.before is not None else chain.origin
    lasting = [chain for chain in ordered if chain.before != chain.after]
    sources: dict[int, _Chain] = {}
    taken: set[int] = set()
    for chain in lasting:
        origin = chain.origin
        if chain.before is None and origin and origin.is_deleted and id(origin) not in taken:
            sources[id(chain)] = origin
            taken.add(id(origin))
    return [_joined(chain, sources.get(id(chain))) for chain in lasting if id(chain) not in taken]


@dataclass(slots=True)
class _Chain:
    """Changes of one path by one task that go on from each other.

    ``origin`` is the chain of the path that the content was moved here from.
    """

    path: str
    before: str | None
    after: str | None
    parts: list[Claim]
    origin: _Chain | None = None

    @property
    def is_deleted(self) -> bool:
        return self.before is not None and self.after is None


def _extended(chains: list[_Chain], claim: Claim, change: Change) -> _Chain:
    """The last of a path's chains with `change` joined to it, or a new one."""
    if chains and chains[-1].after == change.before:
        chain = chains[-1]
        chain.after = change.after
        chain.parts.append(claim)
    else:
        chain = _Chain(change.path, change.before, change.after, [claim])
        chains.append(chain)
    if chain.before == chain.after:
        chains.pop()
    return chain


def _joined(chain: _Chain, source: _Chain | None) -> Claim:
    parts: list[Claim] = [*(source.parts if source else ()), *chain.parts]
    first, last = parts[0], parts[-1]
    if all(part is first for part in parts) and (first.op != "move" or source):
        return first
    before = source.before if source else chain.before
    return replace(
        last,
        path=chain.path,
        op="move" if source else op_of(Change(chain.path, before, chain.after)),
        source=source.path if source else None,
        before=before,
        after=chain.after,
        onto=first.onto,
        why=next((part.why for part in reversed(parts) if part.why), None),
        by=TOLD if any(part.by == TOLD for part in parts) else SEEN,
        digest=None,
        lines=None,
    )


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
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"the key {twice!r} stands twice")
    return dict(pairs)


def _is_inside(path: str) -> bool:
    """Whether a path is relative, stays in the work tree, and enters no git directory in any spelling."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") or _DOT_GIT.match(_HIDDEN.sub("", part)) for part in parts)


def _check_texts(shape: dict[str, Any]) -> None:
    """Raise ValueError for texts that are none, and paths that leave the work tree."""
    for name in ("path", "from", "why", "digest"):
        text = shape.get(name)
        if text is not None and (not isinstance(text, str) or "\0" in text):
            raise ValueError(f"'{name}' is not text")
    for name in ("path", "from"):
        if shape.get(name) and not _is_inside(shape[name]):
            raise ValueError(f"'{name}' is {shape[name]!r}, not a path inside the work tree")


def _check_states(shape: dict[str, Any], op: str) -> None:
    """Raise ValueError for states that are none or do not go with the operation."""
    for name in ("before", "after"):
        state = shape.get(name)
        if state is not None and not (isinstance(state, str) and _STATE.match(state)):
            raise ValueError(f"'{name}' is {state!r}, not '<mode> <object id>'")
    wanted = _HAS_STATES.get(op)
    if wanted and (shape.get("before") is not None, shape.get("after") is not None) != wanted:
        raise ValueError(f"'before' and 'after' are not those of a {op}")
    onto = shape.get("onto")
    if onto is not None and not (isinstance(onto, str) and _OID.match(onto)):
        raise ValueError(f"'onto' is {onto!r}, not a commit id")


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
    source, lines = shape.get("from"), shape.get("lines")
    if op in ("move", "copy") and not source:
        raise ValueError(f"'from' is missing on a {op}")
    _check_states(shape, op)
    if lines is not None and not (isinstance(lines, list) and all(isinstance(x, str) for x in lines)):
        raise ValueError("'lines' is not a list of strings")
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
        lines=tuple(lines) if lines is not None else None,
    )


def _bad(message: str, path: str, line: int, column: int) -> BadRecord:
    return BadRecord(message, path=path, line=line, column=column, hint="mend or delete the line")
