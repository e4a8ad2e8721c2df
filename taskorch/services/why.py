"""Why a line or a file is as it is: line to commit to claim to task to decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from taskorch.errors import NotFound, TaskorchError
from taskorch.git import disk, history, origin, worktree
from taskorch.git.history import PathEvent
from taskorch.git.objects import open_objects, read_blob
from taskorch.git.origin import Line
from taskorch.git.paths import is_below
from taskorch.git.trees import folders_among
from taskorch.records import decision as decisions
from taskorch.records.collection import Collection
from taskorch.services.active_session import current
from taskorch.services.binding import binding, decision_brief, governing, with_parents
from taskorch.services.bringing import Bringing, Brought, adds
from taskorch.services.commit_tasks import by_record_or_trailer, event_of, tasks_of
from taskorch.services.markdown import counted
from taskorch.services.named_place import is_folder, place_of
from taskorch.services.shapes import Json, problem_rows, task_reference
from taskorch.services.shell_words import as_argument
from taskorch.services.verification import folded_in
from taskorch.services.workspace import Workspace

MOST = 20
"""How many commits of a file or folder are told."""

_SHALLOW = "it was there before this shallow history begins: git fetch --unshallow brings what was before"


def why(ws: Workspace, named: str, *, most: int = MOST) -> Json:
    """What is known of a ``PATH`` or ``PATH:LINE``, as the user names it from where the command began.

    A line: the commit that wrote it, also under other names of the file, and the one that moved it
    here; a file or folder: the newest `most` commits that changed it.  Each with the tasks whose
    claims it brought (``via`` content), else with those whose record it changed or that its message
    names.  Raises NotFound, BadPath, TaskorchError.
    """
    found = ws.load()
    with ws.repo.at_rest():
        return _answer(ws, found, named, most)


def _answer(ws: Workspace, found: Collection, named: str, most: int) -> Json:
    seen, _ = folded_in(ws, found)
    asked = _Asked(ws, seen)
    path, line = place_of(ws, named)
    if line is not None:
        asked.of_line(path, line)
    elif is_folder(ws, path):
        asked.of_folder(path, most)
    else:
        asked.of_file(path, most)
    return asked.answer()


@dataclass
class _Asked:
    """One question and what was found for it so far."""

    ws: Workspace
    found: Collection
    path: str = ""
    line: int | None = None
    kind: str = "file"
    text: str | None = None
    committed: bool = True
    commits: list[Json] = field(default_factory=list)
    pending: list[Json] = field(default_factory=list)
    omitted: int = 0
    notes: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def of_line(self, path: str, number: int) -> None:
        self.path, self.line, self.kind = path, number, "line"
        lines, gone = self._lines(path)
        if any(b"\0" in one.text for one in lines):
            raise TaskorchError(
                f"{path} is binary: it has no lines", hint=f"taskorch why {as_argument(path)}"
            )
        if number > len(lines):
            hint = f"name one from 1 to {len(lines)}" if lines else f"taskorch why {as_argument(path)}"
            raise NotFound(f"{path} has {counted(len(lines), 'line')}", hint=hint)
        one = lines[number - 1]
        self.text = one.text.decode("utf-8", "replace").removesuffix("\r")
        self.paths = {path, one.path}
        if one.commit is None:
            self._not_committed(one)
            return
        repo = self.ws.repo.at(self.ws.repo.head or "") if gone else self.ws.repo
        [arrived] = origin.blamed(repo, path, moved=False, only=number)
        steps = [("wrote", one)]
        if arrived.commit and (arrived.commit, arrived.path) != (one.commit, one.path):
            steps.append(("moved", arrived))
        events = [event_of(self.ws, line) for _, line in steps]
        bringing = Bringing(self.ws.repo, self.found.claims_in_time())
        brought = {event.commit: bringing.line(event, one.text) for event in events}
        self._tell(events, brought)
        for row, (role, line) in zip(self.commits, steps, strict=True):
            row |= {"role": role, "path": line.path, "line": line.number}

    def _lines(self, path: str) -> tuple[list[Line], bool]:
        """The lines of a file, and whether they are those of HEAD because the disk has no such file."""
        repo = self.ws.repo
        at_head = worktree.states_at(repo, repo.head, [path])[path]
        here = repo.has_work_tree and disk.is_there(repo.work_tree, path)
        if is_folder(self.ws, path) or (at_head or "").startswith("160"):
            what = "folder" if is_folder(self.ws, path) else "submodule"
            raise TaskorchError(
                f"{path} is a {what}: it has no lines", hint=f"taskorch why {as_argument(path)}"
            )
        if not here and at_head is None:
            raise self._nowhere(path)
        if not here and repo.has_work_tree and repo.head:
            self.notes.append("not on disk: this is of HEAD")
            return origin.blamed(repo.at(repo.head), path), True
        lines = origin.blamed(repo, path)
        return (lines or self._new_lines(path) if here else lines), False

    def _new_lines(self, path: str) -> list[Line]:
        """The lines of a file that no commit has."""
        state = self._refuse_no_file(path)
        text = read_blob(open_objects(self.ws.repo), state[7:])
        if text is None:
            raise TaskorchError(
                f"{path} is not committed yet", hint="taskorch track says for which task it is"
            )
        rows = text.removesuffix(b"\n").split(b"\n") if text else []
        return [Line(None, path, number, row) for number, row in enumerate(rows, 1)]

    def _refuse_no_file(self, path: str) -> str:
        """The state git would give what is on disk.  Raises TaskorchError where that is nothing it keeps."""
        state = worktree.staged_states(self.ws.repo, [path])[path]
        if not state:
            hint = "if it lies in a submodule or another repository, ask there"
            raise TaskorchError(f"{path} is no file that this repository could have", hint=hint)
        return state

    def _nowhere(self, path: str) -> NotFound:
        """The error for a file that is not there; it names the commit that removed it."""
        head = self.ws.repo.head
        events = history.path_events(self.ws.repo, [head], path) if head else []
        gone = next((event.commit for event in events if event.new is None), None)
        if not gone:
            hint = "name a file or folder that git knows: git ls-files lists them"
            return NotFound(f"no file '{path}'", hint=hint)
        return NotFound(
            f"no file '{path}' any more: {gone[:10]} removed it",
            hint=f"taskorch why {as_argument(path)} tells how; --at {gone[:10]}^ asks before that",
        )

    def _not_committed(self, line: Line) -> None:
        """Tell of a line that no commit has: the active session may have seen for which task it is."""
        self.committed = False
        going = current(self.ws, self.found, reading=True)
        mine = self.found.claims.get(going[0].id, []) if going else []
        near = [claim for claim, _ in mine if claim.path == self.path and claim.op != "read"]
        opened = open_objects(self.ws.repo)
        wrote = [claim for claim in near if adds(opened, claim, line.text)] or near
        brought = [Brought(claim, "line") for claim in wrote]
        self.pending = tasks_of(brought, "session")
        if not self.pending:
            self.notes.append("no active task claims this file: taskorch track says for which it is")

    def of_file(self, path: str, most: int) -> None:
        self.path = path
        head = self.ws.repo.head
        events = origin.past_events(self.ws.repo, head, path) if head else []
        here = self.ws.repo.has_work_tree and disk.is_there(self.ws.repo.work_tree, path)
        if not events and not here:
            raise self._nowhere(path)
        self.paths = {path, *(event.path for event in events)}
        if events and events[0].path == path and events[0].new is None:
            to = history.renamed_to(self.ws.repo, events[0].commit, path)
            where = f"moved it to {to}" if to else "removed it"
            self.notes.append(f"{events[0].commit[:10]} {where}")
        commits = list(dict.fromkeys(event.commit for event in events))
        self._events([one for one in events if one.commit in set(commits[:most])], len(commits) - most)
        if not events:
            self._refuse_no_file(path)
            self._not_committed(Line(None, path, 1, b""))
        elif here and path in worktree.changed_paths(self.ws.repo):
            self.notes.append("what is on disk differs from HEAD: git diff shows how")

    def of_folder(self, path: str, most: int) -> None:
        self.path, self.kind = path, "folder"
        head = self.ws.repo.head
        events, more = origin.events_below(self.ws.repo, head, path, most) if head else ([], 0)
        governed = {place for one in self.found.decisions.values() for place in one.governs}
        self.paths = {path, *(place for place in governed if is_below(place, path))}
        self._events(events, more)
        if not events:
            self.notes.append("no commit has a file below it yet")

    def _events(self, events: Sequence[PathEvent], more: int) -> None:
        self.omitted = max(more, 0)
        self._tell(events, Bringing(self.ws.repo, self.found.claims_in_time()).by(events))

    def _tell(self, events: Sequence[PathEvent], brought: dict[str, list[Brought]]) -> None:
        """Add the commits of some events with their tasks."""
        commits = list(dict.fromkeys(event.commit for event in events))
        described = history.describe(self.ws.repo, commits)
        left = [commit for commit in commits if not brought.get(commit)]
        named = by_record_or_trailer(self.ws, self.found, left)
        first = {event.commit: event.path for event in reversed(events)}
        for commit in commits:
            info, cut_off = described[commit], commit in self.ws.repo.cut_off
            tasks = tasks_of(brought.get(commit, []), "content") or ([] if cut_off else named.get(commit, []))
            row: Json = {"id": info.id, "author": info.author, "date": info.date, "subject": info.subject}
            row |= {"role": "changed", "path": first[commit], "line": None, "cut_off": cut_off}
            self.commits.append(row | {"tasks": tasks})
        if any(row["cut_off"] for row in self.commits):
            self.notes.append(_SHALLOW)
        if self.kind == "line" and not any(row["tasks"] for row in self.commits):
            self.notes += self._without_task(commits)

    def _without_task(self, commits: Sequence[str]) -> list[str]:
        """Why no task is known of a commit, as far as that can be told."""
        first = commits[0]
        if first in self.ws.repo.cut_off:
            return []
        if folders_among(self.ws.repo, first, [self.ws.prefix]):
            return ["no task is recorded for this commit"]
        return ["no task is recorded for this commit: it has no taskorch store yet"]

    def answer(self) -> Json:
        """The whole answer."""
        told = [task for row in self.commits for task in row["tasks"]] + self.pending
        names = list(dict.fromkeys(task["id"] for task in told))
        bound = binding(self.found, names, self.paths)
        return {
            "path": self.path,
            "line": self.line,
            "kind": self.kind,
            "head": self.ws.repo.head,
            "text": self.text,
            "committed": self.committed,
            "commits": self.commits,
            "omitted": self.omitted,
            "pending": self.pending,
            "tasks": [task_reference(one, self.found) for one in names],
            "decisions": [self._decision(one, names) for one in bound],
            "notes": self.notes,
            "problems": problem_rows(self.found),
        }

    def _decision(self, one: decisions.Decision, names: Iterable[str]) -> Json:
        return decision_brief(one, self.found) | {
            "tasks": sorted(with_parents(self.found, names) & set(one.tasks)),
            "governs": governing(one, self.paths),
        }
