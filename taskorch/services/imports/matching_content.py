"""Claims from operations that were told by SHA-256: the same content among the versions of the paths.

These are the versions in the history of the branches here, and what is on disk.  What was found at an earlier
import counts as well, so that another clone or branch takes nothing away.
"""

from __future__ import annotations

import hashlib
import posixpath
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from taskorch.git import disk, worktree
from taskorch.git.history import PathEvent
from taskorch.git.paths import is_record
from taskorch.git.repository import Repository
from taskorch.git.versions import Hashes, versions
from taskorch.git.worktree import State
from taskorch.interchange.foreign import Foreign, ForeignClaim, ForeignOperation, ForeignSession
from taskorch.records.claim import OPS, Change, Claim, is_inside, op_of
from taskorch.services.markdown import counted

_MOST_BYTES = 64 << 20

Known = Callable[[str], Iterable[Claim]]
"""The claims that a session has already, by its key in the source."""


def with_claims(repo: Repository, foreign: Foreign, folder: str, known: Known) -> Foreign:
    """The same with the operations of its sessions as claims, as far as their content is found.

    `folder` is where the project is within the work tree, empty at its root.  Raises GitFailed.
    """
    tasks = {task.key for task in foreign.tasks}
    sessions = [replace(one, operations=_of(one.operations, tasks)) for one in foreign.sessions]
    if not any(one.operations for one in sessions):
        return foreign
    earlier = {one.key: list(known(one.key)) for one in sessions if one.operations}
    finder = _Finder(repo, folder, [op for one in sessions for op in one.operations], earlier)
    mapped = list(foreign.mapped)
    done = [_with_claims(one, finder, mapped) for one in sessions]
    return replace(foreign, sessions=done, mapped=mapped)


def _of(operations: Sequence[ForeignOperation], tasks: set[str]) -> tuple[ForeignOperation, ...]:
    return tuple(one for one in operations if one.task in tasks)


def _with_claims(session: ForeignSession, finder: _Finder, mapped: list[tuple[str, str]]) -> ForeignSession:
    if not session.operations:
        return session
    found = [(one, finder.find(session.key, one)) for one in session.operations]
    claims = list(_net([(one, step) for one, step in found if step]))
    lost = sum(step is None for _, step in found)
    if claims or lost:
        found_here = f"{len(found) - lost} of {counted(len(found), 'file operation')}"
        what = f"{found_here} are {counted(len(claims), 'claim')}"
        rest = "; the rest is not in this repository: in words in the notes of the tasks" if lost else ""
        mapped.append((f"session {session.key}", what + rest))
    return replace(session, claims=(*session.claims, *claims), operations=())


def _is_absolute(path: str) -> bool:
    return path[:1] == "/" or path[1:3] == ":/"


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation whose states are known."""

    path: str
    before: State
    after: State
    source: str | None = None


def _net(steps: Sequence[tuple[ForeignOperation, _Step]]) -> Iterator[ForeignClaim]:
    """One claim for each task and path: from the first state before to the last behind."""
    by_path: dict[tuple[str, str], list[tuple[ForeignOperation, _Step]]] = defaultdict(list)
    for one, step in steps:
        if one.op == "read" or step.source:
            before = None if one.op == "copy" else step.before
            yield ForeignClaim(one.task, step.path, one.op, before, step.after, step.source, one.why)
        else:
            by_path[one.task, step.path].append((one, step))
    for (task, path), found in by_path.items():
        before, after = found[0][1].before, found[-1][1].after
        if before != after:
            why = next((one.why for one, _ in reversed(found) if one.why), None)
            op = op_of(Change(path, before, after))
            yield ForeignClaim(task, path, op, before, after, None, why)


@dataclass
class _Finder:
    """Looks for contents among the versions of paths, all of which are read at once."""

    repo: Repository
    folder: str
    operations: Sequence[ForeignOperation]
    earlier: dict[str, list[Claim]]
    roots: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        paths = {path for one in self.operations for path in self._candidates(one.path)}
        paths |= {path for one in self.operations if one.source for path in self._candidates(one.source)}
        self.events = versions(self.repo, paths)
        self.hashes = Hashes(self.repo)
        self.found: dict[tuple[str, str], _Step | None] = {}
        wanted = {(one.path, one.sha256) for one in self.operations if one.sha256}
        for path, sha256 in sorted(wanted):
            self.found[path, sha256] = self._in_history(path, sha256)
        lacking = [one for one in sorted(wanted) if not self.found[one]]
        self.found |= self._on_disk(lacking)
        self._learn_roots()

    def find(self, session: str, one: ForeignOperation) -> _Step | None:
        """The states of an operation, None where they cannot be told."""
        if one.op not in OPS:
            return None
        if one.op == "delete":
            return self._removal(session, one.path)
        step = self._again(session, one) or self.found.get((one.path, one.sha256 or ""))
        if step is None or one.op in ("create", "modify"):
            return step
        if one.op == "read":
            return _Step(step.path, step.after, step.after)
        return self._from(step, one)

    def _candidates(self, path: str) -> list[str]:
        """The paths that one may have in this repository: of another machine, any end of it."""
        if _is_absolute(path):
            parts = [part for part in path.split("/")[1:] if part]
            named = ["/".join(parts[at:]) for at in range(len(parts))]
        else:
            named = [*([posixpath.join(self.folder, path)] if self.folder else []), path]
        return [one for one in named if is_inside(one) and not is_record(one)]

    def _in_history(self, path: str, sha256: str) -> _Step | None:
        """The first time that a content came to a path."""
        for name in self._candidates(path):
            for event in reversed(self.events.get(name, ())):
                if sha256 in self.hashes.of(event.new):
                    return _Step(name, event.old, event.new)
        return None

    def _on_disk(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], _Step | None]:
        """Contents that are only on disk, or that git stores otherwise than they are there."""
        there = {
            (path, sha256): name
            for path, sha256 in wanted
            for name in self._candidates(path)
            if self._hash_on_disk(name) == sha256
        }
        states = worktree.staged_states(self.repo, set(there.values())) if there else {}
        at_head = worktree.states_at(self.repo, self.repo.head, set(there.values())) if there else {}
        return {
            one: self._brought(name, states[name], at_head[name])
            for one, name in there.items()
            if states[name]
        }

    def _brought(self, path: str, state: State, at_head: State) -> _Step | None:
        came = next((event for event in reversed(self.events.get(path, ())) if event.new == state), None)
        before = came.old if came else at_head
        return _Step(path, before, state) if before != state else None

    def _hash_on_disk(self, path: str) -> str | None:
        top = self.repo.work_tree
        try:
            mode = disk.mode(top, path)
            if mode is None or not stat.S_ISREG(mode):
                return None
            file = top / path
            if not file.resolve().is_relative_to(top.resolve()) or file.stat().st_size > _MOST_BYTES:
                return None
            return hashlib.sha256(file.read_bytes()).hexdigest()
        except (OSError, ValueError):
            return None

    def _learn_roots(self) -> None:
        """What stands before the paths of another machine, as far as contents were found."""
        for (path, _), step in self.found.items():
            if step and path.endswith(f"/{step.path}"):
                self.roots[path.removesuffix(step.path)] += 1

    def _here(self, path: str) -> list[str]:
        """The paths that a path may have that no content confirms."""
        root = next((root for root, _ in self.roots.most_common() if path.startswith(root)), None)
        if root is not None:
            return [one for one in [path.removeprefix(root)] if is_inside(one)]
        return [] if _is_absolute(path) else self._candidates(path)

    def _removal(self, session: str, path: str) -> _Step | None:
        """The last time that a path was removed; or it is only gone from disk."""
        for name in self._here(path):
            known = next((c for c in self.earlier[session] if c.path == name and c.op == "delete"), None)
            if known:
                return _Step(name, known.before, None)
            gone = next((event for event in self.events.get(name, ()) if event.new is None), None)
            if gone:
                return _Step(name, gone.old, None)
            at_head = worktree.states_at(self.repo, self.repo.head, [name])[name] if self._was(name) else None
            if at_head and not disk.is_there(self.repo.work_tree, name):
                return _Step(name, at_head, None)
        return None

    def _was(self, path: str) -> Sequence[PathEvent]:
        return self.events.get(path, ())

    def _again(self, session: str, one: ForeignOperation) -> _Step | None:
        """What an earlier import found."""
        names = self._candidates(one.path) if one.sha256 else []
        for claim in self.earlier[session]:
            if claim.path in names and claim.op != "delete" and one.sha256 in self.hashes.of(claim.after):
                return _Step(claim.path, claim.before, claim.after)
        return None

    def _from(self, step: _Step, one: ForeignOperation) -> _Step | None:
        """A move or copy: with where it came from, or without that as what came to the path."""
        for name in self._here(one.source) if one.source else ():
            events = self._was(name)
            if one.op == "copy" and events:
                return replace(step, source=name)
            gone = next((event for event in events if event.new is None), None)
            if gone and one.op == "move":
                return _Step(step.path, gone.old, step.after, name)
        return step
