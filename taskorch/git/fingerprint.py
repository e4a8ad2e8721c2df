"""What a whole answer about a repository and its work tree depends on, in few bytes and one process.

Commits never change, so it is enough to tell what git's own files say of refs, index, work tree,
settings and object folders.  Small files are read, others told by their stamps; where that would not
be certain there is no fingerprint.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from shutil import which
from types import TracebackType
from typing import TYPE_CHECKING

from taskorch.git.process import Running, start

if TYPE_CHECKING:  # it is not needed where an answer was kept
    from taskorch.git.repository import Repository

STATUS = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--no-show-stash",
          "--ignore-submodules=dirty")  # fmt: skip
"""How git is asked for what changed in index and work tree."""

_COARSE = 1_000_000_000
_RECENT, _RECENT_COARSE = 50_000_000, 3_000_000_000
_MOST_REFS = 1000
_MOST_FILES = 200_000
_SMALL = 1 << 16
_OURS = "taskorch"
_PASSING = frozenset(("index", "index.lock", "COMMIT_EDITMSG", "gc.log", "FETCH_HEAD"))
"""Files of the git directory on which no answer depends, or only by what `STATUS` tells."""

_UNTOLD = (b"[include", b"worktree", b"attributesfile", b"promisor", b"partialclone", b"fsmonitor")
"""Settings with which answers depend on files that are not looked at here."""

Stamps = list[tuple[str, tuple[int, ...] | None]]


class Fingerprint:
    """Taken of a work tree whose ``.git`` says where all is.  As a context it ends git's process.

    `counting` gives the files of our own whose stamps count as well.
    """

    def __init__(self, top: Path, git_dir: Path, common: Path, counting: Callable[[], Iterator[str]]) -> None:
        self._top, self._git_dir, self._common, self._counting = top, git_dir, common, counting
        self._asked: Running = start(STATUS, top)
        self._status: bytes | None = None
        self._begun = self._settled = 0

    def __enter__(self) -> Fingerprint:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asked.end()

    @property
    def status(self) -> bytes | None:
        """What git's status printed, None where it failed."""
        if self._status is None:
            self._status = self._asked.output()
        return self._status

    def take(self) -> str | None:
        """The fingerprint, None where there is none.

        To be taken before an answer is made and after: what changed meanwhile, or just before, may be
        in the answer and not in the stamps.
        """
        parts = hashlib.sha256()
        self._begun = self._begun or time.time_ns()
        try:
            for name, said in self._files():
                parts.update(f"{name}\0{said!r}\0".encode("utf-8", "surrogateescape"))
        except (OSError, _Uncertain):
            return None
        status = self.status
        changed = None if status is None else _changed(status)
        if status is None or changed is None:
            return None
        parts.update(status)
        return self.stamps(changed, parts.hexdigest())

    def stamps(self, paths: Iterable[str], taken: str = "") -> str:
        """`taken`, a fingerprint, and the stamps of files of the work tree, as one hash."""
        parts = hashlib.sha256(taken.encode())
        for path in paths:
            parts.update(repr((path, self._stamp(self._top / path))).encode("utf-8", "surrogateescape"))
        return parts.hexdigest()

    @property
    def is_settled(self) -> bool:
        """Whether all that was looked at was so for a while when the first fingerprint was taken.

        What had just changed then may have changed again within the resolution of its stamp.
        """
        return self._begun > self._settled

    def _files(self) -> Iterator[tuple[str, object]]:
        yield "git", self._stamp(Path(which("git") or ""))
        for file in (self._common / "config", self._git_dir / "config.worktree", *_settings()):
            yield str(file), _setting(file)
        for folder in dict.fromkeys((self._git_dir, self._common)):
            for name in sorted(os.listdir(folder)):
                if name not in _PASSING and name != _OURS:
                    file = folder / name
                    yield name, self._content(file) if file.is_file() else None
        yield from self._refs()
        for log in (self._git_dir / "logs" / "HEAD", self._common / "logs" / "refs" / "stash"):
            yield str(log), self._stamp(log)
        for name in ("attributes", "exclude", "grafts", "sparse-checkout"):
            yield name, self._stamp(self._common / "info" / name)
        objects = object_stamps(self._common / "objects")
        if not objects:
            raise _Uncertain
        yield "objects", objects
        for number, path in enumerate(self._counting()):
            if number > _MOST_FILES:
                raise _Uncertain
            yield path, self._stamp(path)

    def _refs(self) -> Iterator[tuple[str, object]]:
        number = 0
        for folder in dict.fromkeys((self._common / "refs", self._git_dir / "refs")):
            for where, folders, names in os.walk(folder):
                folders.sort()
                for name in sorted(names):
                    number += 1
                    if number > _MOST_REFS:
                        raise _Uncertain
                    yield f"{where}/{name}", Path(where, name).read_bytes()

    def _content(self, file: Path) -> object:
        """What a small file holds; the stamp of a large one."""
        stamp = self._stamp(file)
        if stamp is None or stamp[0] > _SMALL:
            return stamp
        return file.read_bytes()

    def _stamp(self, file: Path | str) -> tuple[int, ...] | None:
        try:
            found = os.lstat(file)
        except (FileNotFoundError, NotADirectoryError):
            return None
        latest = max(found.st_mtime_ns, found.st_ctime_ns)
        # where a file system keeps whole seconds, its files' times are such
        self._settled = max(self._settled, latest + (_RECENT if latest % _COARSE else _RECENT_COARSE))
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode


def object_stamps(objects: Path) -> list[int | None] | None:
    """The times of the folders of an object database: what comes or goes changes them.

    None where others' objects or a promisor's count as well.
    """
    if (objects / "info" / "alternates").exists() or os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES"):
        return None
    found: list[int | None] = []
    for name in ("pack", "info", *(f"{number:02x}" for number in range(256))):
        try:
            found.append(os.stat(objects / name).st_mtime_ns)
        except FileNotFoundError:
            found.append(None)
    return None if _has_promisor(objects / "pack") else found


def history_stamps(repo: Repository) -> tuple[object, ...]:
    """What makes git show another history than the commits themselves have."""
    grafts = repo.common_dir / "info" / "grafts"
    return (
        sorted(repo.cut_off),
        sorted(repo.replaced.items()),
        grafts.read_bytes() if grafts.is_file() else None,
        [os.environ.get(name) for name in ("GIT_GRAFT_FILE", "GIT_SHALLOW_FILE")],
    )


def _has_promisor(packs: Path) -> bool:
    return packs.is_dir() and any(name.endswith(".promisor") for name in os.listdir(packs))


class _Uncertain(Exception):
    """What there is cannot be told for certain."""


def _settings() -> list[Path]:
    """The user's and the machine's settings of git."""
    home = Path(os.environ.get("HOME") or "/")
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    named = os.environ.get("GIT_CONFIG_GLOBAL")
    users = [Path(named)] if named else [home / ".gitconfig", own / "config"]
    return [*users, own / "attributes", own / "ignore", Path("/etc/gitconfig")]


def _setting(file: Path) -> bytes | None:
    """What a file of settings says.  Raises _Uncertain where that leads to other files."""
    if not file.is_file():
        return None
    said = file.read_bytes()
    if any(word in said.lower() for word in _UNTOLD):
        raise _Uncertain
    return said


def _changed(status: bytes) -> list[str] | None:
    """The paths that git's status names; None with submodules, whose own files it does not name.

    Format: https://git-scm.com/docs/git-status#_porcelain_format_version_2
    """
    out = []
    for line in status.split(b"\0"):
        fields = {b"1": 8, b"u": 10, b"?": 1}.get(line[:1])
        if fields:
            if line[:1] != b"?" and line.split(b" ", 3)[2][:1] == b"S":
                return None
            out.append(os.fsdecode(line.split(b" ", fields)[fields]))
    return out
