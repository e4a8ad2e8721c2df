"""Records that commits removed or spoilt: errors that say in which commit, and where to read them still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from taskorch.errors import BadRecord, NoStore, NotARepository, NotFound, TaskorchError
from taskorch.git import history
from taskorch.git.objects import open_objects, read_blob
from taskorch.git.paths import STORE
from taskorch.git.repository import Repository
from taskorch.records import ids
from taskorch.records.collecting import collect
from taskorch.services.history import removal_of
from taskorch.services.on_branches import branch_with
from taskorch.services.shell_words import at_commit, pathspec, word
from taskorch.services.stashed import stash_with
from taskorch.services.workspace import Workspace
from taskorch.store import config
from taskorch.store.record_paths import is_record_file

_VERSIONS = 20
"""So many versions of a spoilt record are tried, the newest first."""


@contextmanager
def telling_of_lost_store(ws: Workspace, command: str) -> Iterator[None]:
    """Let a NoStore name the commit that removed the store, and `command` read the records before it."""
    try:
        yield
    except NoStore as error:
        found = _removal_of_store(ws)
        if found:
            commit, subject, store = found
            error.message = f"{store} was removed in {commit} ({subject})"
            error.hint = (
                f"{command} --at {commit}~1 reads the records as they were; "
                f"git restore --source={commit}~1 -- {pathspec(store)} brings them back, "
                "taskorch init begins anew"
            )
        elif ws.at is None and _is_bare(ws):
            error.hint = f"name a commit to read from: {command} --at HEAD; to work, clone it"
        raise


def _is_bare(ws: Workspace) -> bool:
    with suppress(NotARepository):
        return Repository.open(ws.start).bare
    return False


def _removal_of_store(ws: Workspace) -> tuple[str, str, str] | None:
    """The commit that removed the nearest store there was, its subject, and the store's path."""
    with suppress(NotARepository):
        repo = Repository.open(ws.start)
        tip = repo.commit_or_none(ws.at or "HEAD")
        for folder in repo.upward(ws.start) if tip else ():
            store = STORE if folder == "." else f"{folder}/{STORE}"
            removed = history.last_removal(repo, tip or "", f"{store}/{config.NAME}")
            if removed and not repo.git(["ls-tree", tip or "", "--", f"{store}/{config.NAME}"]).out:
                return removed[0].id[:10], removed[0].subject, store
    return None


@contextmanager
def telling_of_lost_record(ws: Workspace, name: str, command: str) -> Iterator[None]:
    """Let a NotFound or BadRecord say which commit removed, or which branch has, the record of that name."""
    try:
        yield
    except NotFound as error:
        removed = removal_of(ws, name.lower())
        if removed:
            commit, path = removed
            short = commit.id[:10]
            error.message = f"the record of {name} was removed in {short} ({commit.subject})"
            error.hint = (
                f"{command} --at {short}~1 reads it as it was, taskorch restore {name} brings it back; "
                f"git show {at_commit(f'{short}^', path)} shows it"
            )
        elif branch := branch_with(ws, name.lower()):  # also where the journal has it: it is not lost
            error.hint = f"{branch} has it: {command} --at {word(branch)}"
        elif not ws.committed and ids.is_id(name.lower()) and (stashed := stash_with(ws, name.lower())):
            error.message = f"the record of {name} is in {stashed}"
            error.hint = f"git stash pop {stashed} brings it back"
        elif _is_only_off_disk(ws, name):
            error.message = f"the record of {name} is gone from disk"
            error.hint = f"taskorch restore {name} brings it back"
        raise
    except BadRecord as error:
        good = last_readable(ws, error.path)
        before = f"{error.hint}; " if error.hint else ""
        error.hint = f"{before}taskorch restore {name} brings the last readable version back" + (
            f", {command} --at {good[0][:10]} reads it as it was" if good else ""
        )
        raise


def _is_only_off_disk(ws: Workspace, name: str) -> bool:
    """Whether the journal or HEAD has a record that is not on disk any more."""
    if ws.committed or not ws.repo.has_work_tree:
        return False
    from taskorch.services.safety.restoring import record_called

    with suppress(TaskorchError):
        return record_called(ws, name) is not None
    return False


def last_readable(ws: Workspace, path: str | None) -> tuple[str, bytes] | None:
    """The newest commit in HEAD's history whose version of a record or of claims can be read, and that."""
    head = ws.repo.head
    if not head or not path or not is_record_file(path.rpartition("/")[2]):
        return None
    opened = open_objects(ws.repo)
    for event in history.path_events(ws.repo, [head], path)[:_VERSIONS]:
        data = read_blob(opened, event.new[7:]) if event.new else None
        if data is not None and not collect([(path, data)]).problems:
            return event.commit, data
    return None
