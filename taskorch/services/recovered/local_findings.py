"""What only this repository has: in the work tree, the index and the stashes, or seen and not recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from taskorch.git import diff, index, stash, worktree
from taskorch.git.paths import is_record
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection as RecordCollection
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.recovered.branches_here import still_on_branches, upstream_row
from taskorch.services.safety.lost import lost_files
from taskorch.services.shapes import Json
from taskorch.services.shell_words import as_argument, at_commit, pathspec, top_pathspec
from taskorch.services.verification import folded_in
from taskorch.services.workspace import Workspace

SAVING, FIRST = "taskorch commit", "git status"
"""What records what is here, and what comes first in the middle of a merge, where that is refused."""
LOST = "lost"
_CHANGE_OF = {"modify": "modified", "delete": "deleted", "move": "moved", "copy": "copied"}


@dataclass(frozen=True, slots=True)
class OfTask:
    """What belongs to a task: the paths its claims name, of these those git ignores, its records."""

    task: str | None = None
    paths: Collection[str] = ()
    ignored: Collection[str] = ()
    records: Collection[str] = ()


def local_findings(
    ws: Workspace,
    mine: OfTask,
    observed: Iterable[tuple[Claim, str]] = (),
    verdicts: Sequence[Verdict] = (),
) -> Json:
    """What a clone would not have, each with a command that shows, keeps or brings it back; that of the
    task (``of_task``) first.

    `observed` are claims that would be written now, as `unrecorded` gives them; of those that
    `verdicts` find nowhere in HEAD the branches here are asked.
    """
    found: Json = {"worktree": [], "index": [], "stashes": [], "checkpoints": [], "journal": []}
    under_way = ws.repo.operation() if ws.repo.has_work_tree else None
    saving = FIRST if under_way else SAVING
    for claim, change in observed:
        of_task = (claim.path,) if claim.task == mine.task else ()
        source = claim.source if change in ("moved", "copied") else None
        found["journal"].append(_row(claim.path, of_task, change, saving, source))
    if ws.repo.has_work_tree:
        _add_changes(ws, mine, found)
        found["worktree"] += _changed_records(ws, mine, saving)
        found["stashes"] = _stashes(ws, mine)
        _add_lost(ws, mine, found)
    for path in mine.ignored:
        command = f"git check-ignore -v -- {top_pathspec(path)}"
        found["worktree"].append(_row(path, mine.paths, "ignored", command))
    for rows in found.values():
        rows.sort(key=lambda row: not row["of_task"])
    found |= {
        "under_way": under_way,
        "branches": still_on_branches(ws, verdicts),
        "upstream": upstream_row(ws),
    }
    return found | {"on_branches": [], "branches_not_read": 0, "decided_on_branches": []}


def unrecorded(ws: Workspace, found: RecordCollection) -> list[tuple[Claim, str]]:
    """The claims that what was observed here would change, and how; no clone has them yet."""
    seen, _ = folded_in(ws, found)
    out = []
    for owner, lines in seen.claims.items():
        recorded = [claim for claim, _ in found.claims.get(owner, [])]
        out += unrecorded_claims(recorded, [claim for claim, _ in lines])
    return out


def unrecorded_claims(recorded: Iterable[Claim], now: Iterable[Claim]) -> list[tuple[Claim, str]]:
    """The claims that what was observed here adds, changes or takes back, with a word for each."""
    before, after = list(recorded), list(now)
    known, names = set(before), {(one.task, one.path) for one in after}
    fresh = [(one, _CHANGE_OF.get(one.op, "added")) for one in after if one not in known]
    undone = [(one, "undone") for one in before if (one.task, one.path) not in names]
    return [(one, word) for one, word in [*fresh, *undone] if one.op != "read"]


def uncommitted(findings: Json) -> bool:
    """Whether work tree or index have work of people that is not committed, records left out."""
    return any(not is_record(row["path"]) for row in [*findings["worktree"], *findings["index"]])


def _add_changes(ws: Workspace, mine: OfTask, found: Json) -> None:
    """Add how HEAD, index and disk differ, but for records."""
    changed = worktree.changed_paths(ws.repo)
    head = ws.repo.head
    at_head = worktree.states_at(ws.repo, head, changed)
    in_index = worktree.index_states(ws.repo, changed)
    on_disk = worktree.staged_states(ws.repo, changed)
    unmerged = index.unmerged(ws.repo)
    intended = index.intended(ws.repo) if any(not at_head[path] for path in changed) else set()
    states = {path: (at_head[path], in_index[path]) for path in changed if path not in {*unmerged, *intended}}
    moved = diff.renames(ws.repo, states)
    for path in changed:
        if path in unmerged:
            found["index"].append(_row(path, mine.paths, "unmerged", f"git diff -- {pathspec(path)}"))
            continue
        if path in moved:
            command = f"git diff --cached -M -- {pathspec(moved[path])} {pathspec(path)}"
            found["index"].append(_row(path, mine.paths, "moved", command, moved[path]))
        elif in_index[path] != at_head[path] and path not in {*intended, *moved.values()}:
            change = _change(at_head[path], in_index[path], "added")
            command = f"git diff --cached -- {pathspec(path)}"
            found["index"].append(_row(path, mine.paths, change, command))
        if on_disk[path] != in_index[path]:
            before = None if path in intended else in_index[path]
            change = _change(before, on_disk[path], "untracked")
            kept = "HEAD" if at_head[path] else ""
            commands = {
                "untracked": f"git add -- {pathspec(path)}",
                "deleted": f"git show {at_commit(kept, path)}",
                "modified": f"git diff {'HEAD ' if head else ''}-- {pathspec(path)}",
            }
            found["worktree"].append(_row(path, mine.paths, change, commands[change]))


def _changed_records(ws: Workspace, mine: OfTask, saving: str) -> list[Json]:
    """The records that are not on disk as in HEAD: what is made from them differs from a clone's."""
    paths = sorted(p for p in worktree.changed_records(ws.repo) if p.startswith(f"{ws.prefix}/"))
    at_head = worktree.states_at(ws.repo, ws.repo.head, paths)
    on_disk = worktree.staged_states(ws.repo, paths)
    rows = []
    kept = {path.rpartition("/")[2] for path in paths if on_disk[path]}
    for path in paths:
        # one that was moved, to the archive or back, is told where it is now
        if on_disk[path] != at_head[path] and (on_disk[path] or path.rpartition("/")[2] not in kept):
            change = _change(at_head[path], on_disk[path], "added")
            command = f"git show {at_commit('HEAD', path)}" if change == "deleted" else saving
            rows.append(_row(path, mine.records, change, command))
    return rows


def _stashes(ws: Workspace, mine: OfTask) -> list[Json]:
    rows = []
    for entry in stash.entries(ws.repo):
        paths = [path for path in entry.paths if not is_record(path)]
        of_task = any(path in mine.paths for path in paths)
        row = {"ref": entry.ref, "subject": entry.subject, "paths": paths, "of_task": of_task}
        rows.append(row | {"command": f"git stash apply {entry.ref}"})
    return rows


def _add_lost(ws: Workspace, mine: OfTask, found: Json) -> None:
    """Add the files that only the safety store has: work files of a checkpoint, records of the journal."""
    for one in lost_files(ws)[0]:
        of_records = is_record(one.path)
        command = f"taskorch restore {as_argument(one.path)}"
        row = _row(one.path, mine.records if of_records else mine.paths, LOST, command)
        found["journal" if of_records else "checkpoints"].append(row)


def _row(path: str, mine: Collection[str], change: str, command: str, source: str | None = None) -> Json:
    of_task = path in mine or source in mine
    return {"path": path, "from": source, "of_task": of_task, "change": change, "command": command}


def _change(before: str | None, after: str | None, new: str) -> str:
    if after is None:
        return "deleted"
    return new if before is None else "modified"
