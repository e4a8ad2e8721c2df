"""Work on tasks that other branches have and HEAD lacks: told before somebody begins it anew.

A branch that was pushed and not merged has the task's record, its sessions and their claims.  The trees
of the tips are compared with HEAD's, and what differs is read: no branch's history is walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from taskorch.git import branches, history
from taskorch.git.history import PathEvent
from taskorch.git.objects import open_objects, read_blob
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from taskorch.records.session import HANDOFF
from taskorch.records.task import ACTIVE, BLOCKED, PENDING, Task
from taskorch.services.claims.claim_files import claims_path_of
from taskorch.services.markdown import counted
from taskorch.services.shapes import Json
from taskorch.services.shell_words import word
from taskorch.services.workspace import Workspace

_MOST_ROWS = 5
_MOST_READ = 1000
"""So many records of branches are read at most, those of the newest branches first."""


def of_task(ws: Workspace, found: Collection, one: Task) -> Json:
    """The branches that have records of a task that HEAD never had, a row for each state they have it in."""
    return _Elsewhere(ws, found, one).told()


def of_project(ws: Workspace, found: Collection) -> Json:
    """The branches on which tasks are under way that are open here, or not here at all."""
    return _Elsewhere(ws, found, None).told()


def branch_with(ws: Workspace, name: str) -> str | None:
    """The newest branch with a record of an id, or of the beginning of one id, that HEAD lacks."""
    head = ws.repo.head
    if not head or len(name) < 3:
        return None
    tips, _ = branches.tips_elsewhere(ws.repo, head)
    refs = {one.commit: one.ref for one in tips}
    found: dict[str, str] = {}
    for event in branches.unlike(ws.repo, head, tips, [f"{ws.prefix}/tasks", f"{ws.prefix}/sessions"]):
        record = event.path.rpartition("/")[2][:10]
        if not event.old and (record.startswith(name) or record[2:].startswith(name)):
            found.setdefault(record, refs[event.commit])
    return branches.short_name(*found.values()) if len(found) == 1 else None


def in_words(row: Json) -> str:
    """How a task stands on a branch."""
    files = [counted(row["file_changes"], "file change")] if row["file_changes"] else []
    return ", ".join([row["status"], *files, *(["hand-off"] if row["handoff"] else [])])


@dataclass
class _Elsewhere:
    """Looks at the branches for one task, or for all of a project."""

    ws: Workspace
    found: Collection
    one: Task | None
    _read: dict[str, bytes | None] = field(default_factory=dict)

    def told(self) -> Json:
        """The local findings' keys; the newest branches first."""
        rows: dict[object, Json] = {}
        head = self.ws.repo.head
        if not head or self.ws.committed:
            return {"on_branches": [], "branches_not_read": 0}
        tips, left = branches.tips_elsewhere(self.ws.repo, head)
        events: dict[str, list[PathEvent]] = {}
        for event in branches.unlike(self.ws.repo, head, tips, self._paths()):
            if event.new:
                events.setdefault(event.commit, []).append(event)
        for number, tip in enumerate(tips):
            if len(self._read) > _MOST_READ:
                left += len(tips) - number
                break
            there = self._records(events.get(tip.commit, []))
            for state, row in self._rows(there, branches.short_name(tip.ref), tip.commit):
                known = rows.setdefault(state, row)
                known["other_branches"] += known is not row
        return {"on_branches": list(rows.values())[:_MOST_ROWS], "branches_not_read": left}

    def _paths(self) -> list[str]:
        """The paths of records that count, as git names them."""
        if not self.one:
            return [f"{self.ws.prefix}/tasks", f"{self.ws.prefix}/sessions"]
        own = (self.one.path, claims_path_of(self.found, self.one.id))
        return [*(self.ws.shown(path) for path in own), f"{self.ws.prefix}/sessions"]

    def _records(self, events: list[PathEvent]) -> Collection:
        """The records of a branch that HEAD lacks or has otherwise; of one task only such as it never had."""
        files = []
        for event in events:
            oid = (event.new or "")[7:]
            if oid not in self._read:
                self._read[oid] = read_blob(open_objects(self.ws.repo), oid)
            data = self._read[oid]
            if data is not None:
                files.append((event, event.path.removeprefix(f"{self.ws.prefix}/"), data))
        out = collect((path, data) for _, path, data in files)
        if not self.one or not (self.one.id in out.tasks or self._sessions(out, self.one.id)):
            return out
        return collect((path, data) for event, path, data in files if not self._was_here(event, out))

    def _was_here(self, event: PathEvent, there: Collection) -> bool:
        """Whether HEAD's history has that version, of a record that HEAD knows."""
        name = event.path.rpartition("/")[2][:10]
        known = self.found.tasks.get(name) or self.found.sessions.get(name)
        other = there.tasks.get(name) or there.sessions.get(name)
        if not known or (name in there.sessions and not self._is_of(there, name)):
            return False
        if other and other.text == known.text and event.path.endswith(".md"):
            return True
        head = self.ws.repo.head or ""
        return any(event.new in (e.old, e.new) for e in history.path_events(self.ws.repo, [head], event.path))

    def _is_of(self, there: Collection, session: str) -> bool:
        return bool(self.one) and session in self._sessions(there, self.one.id if self.one else "")

    def _has_ended(self, session: str) -> bool:
        """Whether HEAD has that session up to its end."""
        known = self.found.sessions.get(session)
        return known is not None and known.ended is not None

    @staticmethod
    def _sessions(there: Collection, task: str) -> list[str]:
        """The sessions that were at work on a task."""
        named = [one.id for one in there.sessions.values() if task in one.tasks]
        claiming = [owner for owner, lines in there.claims.items() if any(c.task == task for c, _ in lines)]
        return list(dict.fromkeys([*named, *claiming]))

    def _rows(self, there: Collection, ref: str, commit: str) -> Iterator[tuple[object, Json]]:
        """For each task that counts what the branch has of it, and a row; equal on two branches, one row."""
        for name in [self.one.id] if self.one else [*there.tasks]:
            here, task = self.found.tasks.get(name), there.tasks.get(name)
            worked = self._sessions(there, name)
            status = task.status if task else here.status if here else None
            if not status or not (task or worked) or not (self.one or _is_under_way(here, status)):
                continue
            if here and task and _is_older(task, here) and all(map(self._has_ended, worked)):
                continue  # it was squashed after others had gone on with it
            paths = {c.path for owner in worked for c, _ in there.claims.get(owner, []) if c.task == name}
            told = {owner for owner in worked if owner in there.sessions}
            row = {
                "task": name,
                "title": (task or here or there.tasks[name]).title,
                "ref": ref,
                "commit": commit,
                "status": status,
                "file_changes": len(paths),
                "handoff": any(there.sessions[owner].section(HANDOFF) for owner in told),
                "other_branches": 0,
                "command": f"taskorch recover {name} --at {word(ref)}",
            }
            yield (name, status, frozenset(paths), frozenset(worked)), row


def _is_older(there: Task, here: Task) -> bool:
    """Whether the task's text here has all that a branch has of it, ticked or not, and more."""
    old, new = (
        {line.replace("[x]", "[ ]", 1) for line in one.text[one.body_start :].splitlines()}
        for one in (there, here)
    )
    return old < new


def _is_under_way(here: Task | None, status: str) -> bool:
    """Whether work on a task has that status elsewhere that here is open, or not known."""
    return status != PENDING if here and here.is_open else not here and status in (ACTIVE, BLOCKED)
