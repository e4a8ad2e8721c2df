"""What this repository knows of a session: values, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from taskorch.records.claim import Change, Claim
from taskorch.store import layout


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A work tree at one moment: HEAD, how long its reflog was, and the paths that differed from HEAD.

    ``dirty`` maps such paths to their states (None: absent).
    """

    head: str | None
    reflog: int
    dirty: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A change that `track` was told of and that no fold has taken up yet."""

    task: str
    path: str
    op: str
    before: str | None
    after: str | None
    source: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class LocalSession:
    """What this repository knows of a session that was opened in it.

    ``start`` is the work tree when it began, ``fold`` when it was last folded; ``on_start`` says
    that `task start` opened it, so that it ends with its last task; ``holds`` are the ids of the
    tasks no other session here can start.  ``upon`` are the claimed paths that others changed as
    well, with the commit of theirs that the work was merged with or rebased upon.  ``pending``
    are changes that were observed before ``fold`` and are in no claim yet: then another session of
    the branch went on.  ``away`` are those that a checkout left on another branch: no claim is made
    of them until they are here again.  ``branches`` are those on which commits are its work.
    ``store`` is the path of the store that has its record, relative to the work tree.  ``claimed`` are
    the claims that folds made, without digest and lines: git may put their file back as it was before.
    ``agents`` says of held tasks who started them, as far as these processes said who they are.
    """

    id: str
    worktree: str
    start: Snapshot
    fold: Snapshot
    on_start: bool
    holds: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    unfounded: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()
    upon: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[Change, ...] = ()
    away: tuple[Change, ...] = ()
    branches: tuple[str, ...] = ()
    store: str = layout.FOLDER
    claimed: tuple[Claim, ...] = ()
    agents: Mapping[str, str] = field(default_factory=dict)


def with_told(session: LocalSession, told: tuple[Told, ...]) -> LocalSession:
    """The session with more changes it was told of; a later word on a path replaces an earlier one.

    What the later one does not say, the reason and where a copy or move came from, stays as it was said.
    """
    earlier = {(one.task, one.path): one for one in session.told}
    said = {(one.task, one.path): _filled(one, earlier.get((one.task, one.path))) for one in told}
    kept = tuple(one for one in session.told if (one.task, one.path) not in said)
    return replace(session, told=(*kept, *said.values()))


def _filled(word: Told, earlier: Told | None) -> Told:
    if not earlier:
        return word
    word = replace(word, why=word.why or earlier.why)
    if word.op == "create" and earlier.op in ("copy", "move"):
        word = replace(word, op=earlier.op, before=earlier.before, source=earlier.source)
    return word


def read_session(found: dict[str, Any]) -> LocalSession | None:
    """The session in a file of ours, None if it is none any more."""
    try:
        return _parsed(found)
    except (KeyError, TypeError):
        return None


def _parsed(found: dict[str, Any]) -> LocalSession:
    return LocalSession(
        id=found["id"],
        worktree=found["worktree"],
        start=Snapshot(**found["start"]),
        fold=Snapshot(**found["fold"]),
        on_start=found["on_start"],
        holds=tuple(found["holds"]),
        told=tuple(Told(**one) for one in found["told"]),
        unfounded=tuple(found["unfounded"]),
        unclaimed=tuple(found["unclaimed"]),
        upon=found["upon"],
        pending=tuple(Change(**one) for one in found["pending"]),
        away=tuple(Change(**one) for one in found["away"]),
        branches=tuple(found["branches"]),
        store=found.get("store", layout.FOLDER),
        claimed=tuple(Claim(**one) for one in found.get("claimed", ())),
        agents=found.get("agents", {}),
    )
