"""Which commit accepted each decision: the one that its governed files are compared with.

It is the newest commit in which the record's status became ``accepted``, or if it was accepted once
more as things are now (``reviewed``), the one that brought that.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from enum import Enum

from taskorch.errors import BadRecord
from taskorch.git.objects import Objects, open_objects, read_blob
from taskorch.git.since import Version, versions_below
from taskorch.records import frontmatter, ids
from taskorch.records.decision import ACCEPTED, Decision
from taskorch.services.decisions.target import Target
from taskorch.services.place import Place

_FEW = 500


class Untold(Enum):
    """Why the commit that accepted a decision is not told."""

    UNCOMMITTED = "uncommitted"
    SHALLOW = "shallow"
    CONTENTS = "contents"


Mark = tuple[bool, str | None]
"""Whether a version of a record is accepted, and when it was accepted once more."""


def acceptances(
    ws: Place, target: Target, tip: str, decisions: Sequence[Decision]
) -> dict[str, str | Untold]:
    """By id the commit in the history of `tip` that accepted an accepted decision, or why it is untold.

    `tip` is the commit of the target.  Raises NotHere.
    """
    paths = {one.id: target.path_of(one) for one in decisions}
    marks = _Marks(ws)
    found: dict[str, str | Untold] = {}
    current: dict[str, tuple[str, Mark]] = {}
    for one in decisions:
        state = target.states.get(paths[one.id])
        mark = (one.status == ACCEPTED, one.reviewed)
        if not state or not (_has_text(state, one.text) or marks.of(state, paths[one.id]) == mark):
            found[one.id] = Untold.UNCOMMITTED
        else:
            current[_key(paths[one.id])] = state, mark
    histories = _histories(ws, tip, {os.path.dirname(path) for path in paths.values()}, current)
    for one in decisions:
        if one.id not in found:
            key = _key(paths[one.id])
            state, mark = current[key]
            found[one.id] = _accepting(ws, histories.get(key, ()), state, mark, marks)
    return found


def _histories(
    ws: Place, tip: str, folders: Collection[str], wanted: Mapping[str, object]
) -> dict[str, list[Version]]:
    """What commits made of each record that is wanted, whatever it was called, the newest first."""
    out: dict[str, list[Version]] = {}
    many = len(wanted) > _FEW
    for versions in versions_below(ws.repo, tip, folders, many=many) if wanted else ():
        by_key: dict[str, list[Version]] = {}
        for version in versions:
            key = _key(version.path)
            if key in wanted:
                by_key.setdefault(key, []).append(version)
        for key, several in by_key.items():
            out.setdefault(key, []).extend(_renamed(several))
    return out


def _renamed(versions: Sequence[Version]) -> Sequence[Version]:
    """The versions that one commit made of a record; renamed, the file is made of what it was."""
    if len(versions) == 1:
        return versions
    olds = tuple(old for version in versions for old in version.olds)
    return [Version(one.commit, one.path, olds, one.new) for one in versions if one.new]


def _key(path: str) -> str:
    """What a record's file is known by through its history: the id its name begins with, else its path."""
    name = path.rsplit("/", 1)[-1]
    return name[:10] if ids.is_id(name[:10]) else path


def _accepting(ws: Place, versions: Sequence[Version], state: str, mark: Mark, marks: _Marks) -> str | Untold:
    """The commit that accepted the version `state`, found by following what each version was made of."""
    live = {state}
    brought: str | None = None
    for version in versions:
        if version.new is None or version.new not in live:
            continue
        before = {old: marks.of(old, version.path) for old in version.olds if old}
        if None in before.values():
            return Untold.CONTENTS
        accepted = {old: mark for old, mark in before.items() if mark and mark[0]}
        now = mark if version.new == state else marks.of(version.new, version.path)
        if mark[1] and now == mark and mark not in accepted.values():
            brought = version.commit  # or an older one: taking a later acceptance back brings this one again
        if not accepted:
            brought = brought or version.commit
            break
        live |= accepted.keys()
    return brought if brought and brought not in ws.repo.cut_off else Untold.SHALLOW


class _Marks:
    """What versions of records say of their acceptance, each read once."""

    def __init__(self, ws: Place) -> None:
        self._ws = ws
        self._known: dict[str, Mark | None] = {}
        self._opened: Objects | None = None

    def of(self, state: str, path: str) -> Mark | None:
        """The mark of a version of the file at `path`, None where its content is not here."""
        if state not in self._known:
            self._opened = self._opened or open_objects(self._ws.repo)
            data = read_blob(self._opened, state[7:])
            self._known[state] = None if data is None else self._read(data, path)
        return self._known[state]

    def _read(self, data: bytes, path: str) -> Mark:
        """What a version says, in our form or in another tool's."""
        if path.startswith(f"{self._ws.prefix}/"):
            return _mark(data)
        from taskorch.interchange.adr.reading import read_adr  # slow to load, and few have such a folder

        with suppress(BadRecord):
            adr = read_adr(path, data)
            reviewed = adr.metadata.get("reviewed")
            return adr.status == ACCEPTED, reviewed if isinstance(reviewed, str) else None
        return False, None


def _mark(data: bytes) -> Mark:
    """What a version says; one that cannot be read is not accepted."""
    try:
        entries = frontmatter.parse(frontmatter.decode(data, ""), "").entries
    except BadRecord:
        return False, None
    status, reviewed = (entries[key].value if key in entries else None for key in ("status", "reviewed"))
    return status == ACCEPTED, reviewed if isinstance(reviewed, str) else None


def _has_text(state: str, text: str) -> bool:
    """Whether a blob has just this text, told by its id alone."""
    import hashlib

    data = text.encode("utf-8", "surrogateescape")
    kind = hashlib.sha1 if len(state) == 47 else hashlib.sha256  # what git names objects by
    return kind(b"blob %d\0" % len(data) + data).hexdigest() == state[7:]
