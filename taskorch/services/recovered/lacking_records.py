"""Sessions and claims of some work that cannot be read, or that were removed: said, with what mends it."""

from __future__ import annotations

from collections.abc import Collection as Among
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from taskorch.errors import BadRecord
from taskorch.git import history, worktree
from taskorch.git.history import PathEvent
from taskorch.git.objects import open_objects, read_blob
from taskorch.git.paths import is_record
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.services.lost_records import last_readable
from taskorch.services.shell_words import as_argument
from taskorch.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is said of records that lack, the commands that bring them back, whether claims may lack, and the
    paths that are told.
    """

    said: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    claims: bool = False
    told: list[str] = field(default_factory=list)


_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The tasks and the sessions whose records are meant, and the command that recovers them."""

    tasks: Among[str]
    sessions: Among[str]
    command: str


def lacking_records(ws: Workspace, found: Collection, asked: Asked, beside: Iterable[PathEvent]) -> Lacking:
    """What lacks of the records of some work.

    `beside` is what the commits changed, the oldest first, that changed its own record: in these the
    sessions and claims of the work came, also those that are not there any more.
    """
    said, commands = [], []
    unreadable = _unreadable(found)
    told: list[str] = []
    for path, problem in unreadable.items():
        good = last_readable(ws, path)
        if _concerns(found, asked, path, good[1] if good else None):
            told.append(path)
            said.append(_broken(ws, asked, problem, good[0] if good else None))
            commands += [f"taskorch restore {as_argument(path)}"] if good and _can_restore(ws, path) else []
    for commit, paths in _removed(ws, found, asked, beside, unreadable).items():
        told += paths
        said.append(_gone(ws, asked, commit, paths))
        named = " ".join(as_argument(path) for path in paths)
        commands += [f"taskorch restore {named}"] if _can_restore(ws, *paths) else []
    return Lacking(said, commands, any(path.endswith(CLAIMS_SUFFIX) for path in told), told)


def unreadable_records(ws: Workspace, found: Collection, command: str) -> Lacking:
    """All records that cannot be read, the first few with what brings each back; `command` recovers."""
    asked, out = Asked((), (), command), Lacking()
    unreadable = _unreadable(found)
    for path, problem in list(unreadable.items())[:_MOST_TOLD]:
        good = last_readable(ws, path)
        out.told.append(path)
        out.said.append(_broken(ws, asked, problem, good[0] if good else None))
        if good and _can_restore(ws, path):
            out.commands.append(f"taskorch restore {as_argument(path)}")
    return Lacking([*out.said, *unreadable_besides(found, out)], out.commands, told=out.told)


def unreadable_besides(found: Collection, lacks: Lacking) -> list[str]:
    """That more records cannot be read than was told: the work that is asked for may be in them."""
    more = len(_unreadable(found).keys() - {*lacks.told})
    besides = " more" if lacks.told else ""
    what = f"1{besides} record" if more == 1 else f"{more}{besides} records"
    return [f'{what} cannot be read: see "Unreadable records"; taskorch doctor tells more.'] if more else []


def _unreadable(found: Collection) -> dict[str, BadRecord]:
    """The first problem of each file that cannot be read."""
    out: dict[str, BadRecord] = {}
    for problem in found.problems:
        out.setdefault(problem.path, problem)
    return out


def _concerns(found: Collection, asked: Asked, path: str, good: bytes | None) -> bool:
    """Whether a file that cannot be read, or its last version that can, is of the tasks or sessions."""
    owner = _owner(path)
    claimed = any(claim.task in asked.tasks for claim, _ in found.claims.get(owner, ()))
    return owner in {*asked.tasks, *asked.sessions} or claimed or _is_of(asked, path, good)


def _is_of(asked: Asked, path: str, data: bytes | None) -> bool:
    """Whether the content of a session's record or claims is of the tasks or sessions."""
    if data is None or not _owner(path).startswith("s-"):
        return False
    read = collect([(path, data)])
    tasks = {task for one in read.sessions.values() for task in one.tasks}
    tasks |= {claim.task for lines in read.claims.values() for claim, _ in lines}
    return _owner(path) in asked.sessions or any(task in asked.tasks for task in tasks)


def _removed(
    ws: Workspace, found: Collection, asked: Asked, beside: Iterable[PathEvent], unreadable: Among[str]
) -> dict[str | None, list[str]]:
    """The files that are not there any more, by the commit that removed them (None: HEAD has them)."""
    folder = f"{ws.prefix}/sessions/"
    newest = {event.path: event.new for event in beside if event.new and event.path.startswith(folder)}
    there = {one.id for one in found.sessions.values() if not one.is_local}
    gone = {
        path: state
        for path, state in newest.items()
        if path not in unreadable and not _is_there(found, there, path)
    }
    opened = open_objects(ws.repo) if gone else None
    mine = [
        path for path, state in gone.items() if opened and _is_of(asked, path, read_blob(opened, state[7:]))
    ]
    at_head = worktree.states_at(ws.repo, ws.repo.head, mine)
    out: dict[str | None, list[str]] = {}
    for path in sorted(mine):
        by = None if at_head[path] else history.last_removal(ws.repo, ws.repo.head or "", path)
        if by or at_head[path]:
            out.setdefault(by[0].id if by else None, []).append(path)
    return out


def _is_there(found: Collection, records: Among[str], path: str) -> bool:
    """Whether the file is there, wherever: it may have been archived."""
    return _owner(path) in (found.own if path.endswith(CLAIMS_SUFFIX) else records)


def _owner(path: str) -> str:
    """The id that a file's name begins with."""
    return path.rpartition("/")[2][:10]


def _can_restore(ws: Workspace, *paths: str) -> bool:
    return ws.repo.has_work_tree and all(is_record(path) for path in paths)


def _broken(ws: Workspace, asked: Asked, problem: BadRecord, good: str | None) -> str:
    lost = "claims are not counted here" if problem.path.endswith(CLAIMS_SUFFIX) else "it is left out here"
    what = f"{problem.path} cannot be read (line {problem.line}: {problem.message}), so {lost}"
    if not good:
        return f"{what}, and no commit in HEAD's history has a version that can be read."
    mend = f"taskorch restore {as_argument(problem.path)} brings the last readable version back, "
    mend = mend if _can_restore(ws, problem.path) else ""
    mend = f"{problem.hint}; {mend}" if problem.hint else mend
    return f"{what}: {mend}{asked.command} --at {good[:10]} reads what was there."


def _gone(ws: Workspace, asked: Asked, commit: str | None, paths: Sequence[str]) -> str:
    named = [f"the {_what(path)} of session {_owner(path)}" for path in paths]
    more = f" and {len(paths) - 4} more" if len(paths) > 4 else ""
    what = f"{', '.join(named[:4])}{more}"
    mend = f"taskorch restore {' '.join(as_argument(path) for path in paths)} brings them back"
    if commit is None:
        return f"Gone from disk: {what}; {mend} as HEAD has them."
    subject = history.describe(ws.repo, [commit])[commit].subject
    mend = f"{mend}, " if _can_restore(ws, *paths) else ""
    reads = f"{asked.command} --at {commit[:10]}~1 reads what was there"
    return f"Removed in {commit[:10]} ({subject}): {what}; {mend}{reads}."


def _what(path: str) -> str:
    return "claims" if path.endswith(CLAIMS_SUFFIX) else "record"
