"""Local state: what is known in this repository only, kept in our folder of the git directory.

It is keyed by a random id of the work tree, which stands in that work tree's own git directory:
git deletes those of removed work trees and uses their names again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from taskorch.errors import WriteFailed
from taskorch.store import contents, files
from taskorch.store.contents import FILE, Content
from taskorch.store.lease import Lease, boot_id, uptime
from taskorch.store.local_session import LocalSession, read_session
from taskorch.store.staging import Staged, carry_out

_RENEW_AFTER = 60.0
_KEPT_SECONDS = 30 * 24 * 3600.0
"""How long what was observed in a work tree that is gone is kept, unless it was recorded."""


class LocalState:
    """Reads and writes the local state of one work tree, and reads that of the others."""

    def __init__(self, folder: Path, id_file: Path, common_dir: Path) -> None:
        self._folder = folder / "worktrees"
        self._id_file = id_file
        self._common_dir = common_dir
        self.before: dict[Path, bytes | None] = {}
        """What the files held before they were written: leases that were renewed are left out."""
        self._staged: list[Staged] = []

    @property
    def worktree(self) -> str | None:
        """This work tree's id, None before the first session here."""
        try:
            return self._id_file.read_text().strip() or None
        except OSError:
            return None

    def name_worktree(self, randomness: bytes) -> str:
        """This work tree's id, made of `randomness` if it has none.  Under the lock."""
        if not self.worktree:
            files.write(self._id_file, f"{randomness.hex()}\n".encode())
        return self.worktree or ""

    def current(self) -> str | None:
        """The id of the session that was opened last in this work tree and not ended."""
        return self._text(self._home() / "current")

    def current_session(self) -> LocalSession | None:
        """What is known of the session that was opened last in this work tree, unless it has ended."""
        session_id = self.current()
        return self.session(session_id) if session_id else None

    def last(self) -> str | None:
        """The id of the session that ended last in this work tree."""
        return self._text(self._home() / "last")

    def set_current(self, session_id: str | None) -> None:
        """Make a session this work tree's current one, or none.  Under the lock."""
        path = self._home() / "current"
        if session_id:
            self._write(path, session_id.encode())
        else:
            self._remove(path)

    def session(self, session_id: str) -> LocalSession | None:
        """What is known of a session, whichever work tree it is in."""
        for found in self.sessions():
            if found.id == session_id:
                return found
        return None

    def sessions(self) -> Iterator[LocalSession]:
        """All sessions known here that were not ended, of all work trees."""
        for path in sorted(self._folder.glob("*/sessions/*.json")):
            found = _read(path)
            if found and (known := read_session(found)):
                yield known

    def here(self) -> list[LocalSession]:
        """The sessions known here that were opened in this work tree and not ended."""
        return [one for one in self.sessions() if one.worktree == self.worktree]

    def save(self, session: LocalSession) -> None:
        """Write what is known of a session.  Under the lock."""
        path = self._folder / session.worktree / "sessions" / f"{session.id}.json"
        self._write(path, json.dumps(asdict(session)).encode())

    def forget(self, session: LocalSession, beside: Container[str]) -> None:
        """Drop what is known of a session: it has ended, with the fold it has here.  Under the lock.

        The other sessions of its branch, those in `beside`, go on from there: what was done meanwhile
        was its work.
        """
        home = self._folder / session.worktree
        if self._text(home / "current") == session.id:
            for other in (one for one in self.here() if one.id in beside):
                self.save(replace(other, fold=session.fold))
            self._write(home / "last", session.id.encode())
            self._remove(home / "current")
        self._drop(home, session.id)

    def begin(self, session: LocalSession, hours: float) -> None:
        """Make a new session current, with a lease.  Under the lock.

        Until `begun` it counts as being opened: a process that is killed leaves `unfinished` to tell.
        """
        note = {"id": session.id, "before": self.current()}
        files.write(self._home() / "opening", json.dumps(note).encode())
        self.save(session)
        self.renew(session, hours, force=True)
        self.set_current(session.id)

    def begun(self) -> None:
        """The session that was being opened is there.  Under the lock."""
        files.remove(self._home() / "opening")

    def unfinished(self) -> str | None:
        """The id of a session that was being opened when its process ended."""
        found = _read(self._home() / "opening")
        return str(found["id"]) if found else None

    def take_back(self) -> None:
        """Drop the session that is being opened; the one before is current again.  Under the lock."""
        found = _read(self._home() / "opening")
        if found:
            self._drop(self._home(), found["id"])
            self.set_current(found["before"])
            self.begun()

    def begin_moves(self, store: str, paths: Mapping[str, str]) -> None:
        """Files of a store are about to be moved, given by their paths relative to it.  Under the lock.

        Until `moved` a process that is killed leaves `unfinished_moves` to tell.
        """
        note = {"store": store, "moves": dict(paths)}
        files.write(self._home() / "moves", json.dumps(note).encode())

    def moved(self) -> None:
        """The files have been moved.  Under the lock."""
        files.remove(self._home() / "moves")

    def unfinished_moves(self) -> tuple[str, dict[str, str]] | None:
        """The store and the paths of files that were being moved when their process ended."""
        found = _read(self._home() / "moves") if self.worktree else None
        return (str(found["store"]), dict(found["moves"])) if found else None

    def _drop(self, home: Path, session_id: str) -> None:
        self._remove(home / "sessions" / f"{session_id}.json")
        self._remove(home / "leases" / f"{session_id}.json")

    def lease(self, session: LocalSession) -> Lease | None:
        """The session's lease, None if it has none."""
        found = _read(self._lease_path(session))
        try:
            return (
                Lease(float(found["expires"]), str(found["boot"]), float(found["begun"])) if found else None
            )
        except (KeyError, ValueError):
            return None

    def renewed(self, session: LocalSession) -> float | None:
        """When a command last extended the session's lease, in seconds since 1970; None if it has none."""
        try:
            return self._lease_path(session).stat().st_mtime
        except OSError:
            return None

    def is_active(self, session: LocalSession) -> bool:
        """Whether a session goes on: its lease holds, and its work tree is there."""
        lease = self.lease(session)
        return lease is not None and lease.holds() and session.worktree in self.trees()

    def trees(self) -> set[str]:
        """The ids of the work trees that there are; git deletes the folder of one that is removed."""
        common = self._common_dir
        named = [self._id_file, common / "taskorch" / "worktree-id"]
        named += common.glob("worktrees/*/taskorch/worktree-id")
        return {name for name in map(self._text, named) if name}

    def forget_gone(self) -> None:
        """Delete what is known of work trees that are gone, once it cannot matter.  Under the lock.

        What was observed there and is in no claim is kept for some time more.
        """
        there = self.trees()
        for home in (one for one in self._folder.glob("*") if one.name not in there and one.name != "none"):
            if not any(self._matters(one) for one in self.sessions() if one.worktree == home.name):
                import shutil  # slow to load, and hardly ever needed

                shutil.rmtree(home, ignore_errors=True)

    def _matters(self, session: LocalSession) -> bool:
        lease = self.lease(session)
        if lease and lease.holds():
            return True
        path = self._folder / session.worktree / "sessions" / f"{session.id}.json"
        is_unrecorded = session.pending or session.away or session.told
        return bool(is_unrecorded) and time.time() - path.stat().st_mtime < _KEPT_SECONDS

    def renew(self, session: LocalSession, hours: float, *, force: bool = False) -> None:
        """Extend the session's lease to `hours` from now.  Best effort: a reader's disk may be full."""
        now = uptime()
        held = self.lease(session)
        fresh = held and held.holds() and held.expires - now > hours * 3600 - _RENEW_AFTER
        if fresh and not force:
            return
        lease = Lease(now + hours * 3600, boot_id(), now)
        path, data = self._lease_path(session), json.dumps(asdict(lease)).encode()
        try:
            if held:  # that it was renewed is nothing to be taken back
                files.write(path, data)
            else:
                self._write(path, data)
        except WriteFailed:
            if force:
                raise

    def put(self, path: Path, data: bytes | None) -> None:
        """Give a file of ours this content; None: take it away.  Under the lock."""
        if data is None:
            self._remove(path)
        else:
            self._write(path, data)

    def taken_back(self) -> None:
        """All files written since `settled` are as they were; no space on the disk is needed for it."""
        for one in reversed(self._staged):
            one.put_back()

    def settled(self) -> None:
        """What was written until now stays."""
        for one in self._staged:
            one.clean()
        self._staged.clear()
        self.before.clear()

    def sweep(self) -> None:
        """Delete what a killed writer left half-written.  Only under the lock."""
        for left in self._folder.glob(f"*/**/{files.TEMPORARY}*"):
            files.discard(left)

    def _write(self, path: Path, data: bytes) -> None:
        self.before.setdefault(path, path.read_bytes() if path.exists() else None)
        self._put(path, Content(FILE, data))

    def _remove(self, path: Path) -> None:
        if path.exists():
            self.before.setdefault(path, path.read_bytes())
            self._put(path, None)

    def _put(self, path: Path, content: Content | None) -> None:
        self._staged += carry_out(path.parent, [contents.Change(path.name, None, content)])

    def _home(self) -> Path:
        return self._folder / (self.worktree or "none")

    def _lease_path(self, session: LocalSession) -> Path:
        return self._folder / session.worktree / "leases" / f"{session.id}.json"

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text().strip() or None
        except OSError:
            return None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
