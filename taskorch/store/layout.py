"""Where things stand in ``.orchestrator``, and reading and writing them."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from taskorch.errors import NoStore, TaskorchError
from taskorch.records import ids, schema
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.store import config, files
from taskorch.store.contents import FILE, LINK, Change, Content, content_of
from taskorch.store.folders import ARCHIVE, FOLDER, FOLDERS, KEPT, OF_KIND, SAFETY
from taskorch.store.record_cache import Stamp, stamp_of
from taskorch.store.record_paths import IS_LINK, archived_paths, record_paths

README = """\
# .orchestrator

Tasks, decisions and session records of this project, kept by taskorch beside the code they are
about.

- `tasks/` one file a task: status, acceptance criteria, results, notes
- `decisions/` one file an architecture decision (MADR), with its reasons
- `sessions/` what was done in each session of work, and its hand-off; the `.claims.jsonl` files
  name the content each task brought, which `taskorch verify` looks for in git
- `archive/` closed records that `taskorch archive` moved out of the way

All files are plain text: they can be read and reviewed without taskorch, and edited by hand
(`taskorch doctor` checks them).
"""
ATTRIBUTES = """\
* -text -filter -ident !working-tree-encoding
*.md merge=taskorch
*.jsonl linguist-generated
"""
INITIAL_FILES = {config.NAME: config.INITIAL, "README.md": README, ".gitattributes": ATTRIBUTES}

# no link is followed, and a pipe that somebody put there is not waited for
_TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
__all__ = ["FOLDER", "FOLDERS", "KEPT", "SAFETY"]


@dataclass(frozen=True, slots=True)
class Store:
    """A store; ``root`` is its ``.orchestrator`` folder.

    ``top`` is the root of the work tree where that is not the nearest folder with a ``.git``.
    """

    root: Path
    top: Path | None = None

    @classmethod
    def locate(cls, start: Path, top: Path | None = None) -> Store | None:
        """The nearest store upward from `start`, not beyond the root of the work tree.

        With `top` that is the root, and the place to look where `start` is not below it.
        """
        if top and not start.is_relative_to(top):
            start = top
        for folder in (start, *start.parents):
            if (folder / FOLDER).is_dir():
                return cls(folder / FOLDER, top)
            if folder == top or (top is None and ((folder / ".git").exists() or _is_git_dir(folder))):
                return None
        return None

    def config(self) -> config.Config:
        """The store's settings.  Raises NoStore, NewerFormat or BadRecord."""
        file, shown = self.root / config.NAME, self.shown(config.NAME)
        try:
            if not stat.S_ISREG(file.stat().st_mode):  # reading a pipe would wait for a writer
                raise config.unreadable(shown, "not a file, so it is not read")
            return config.load(file.read_bytes(), shown)
        except FileNotFoundError:
            if file.is_symlink():
                raise config.unreadable(shown, "a symbolic link to nothing") from None
            raise NoStore(f"{shown} is missing", hint="taskorch init puts it back") from None

    @property
    def prefix(self) -> str:
        """The store's path relative to the root of the work tree, as git spells it."""
        if self.top:
            return self.root.relative_to(self.top).as_posix()
        folder = self.root.parent
        for parent in (folder, *folder.parents):
            if (parent / ".git").exists():
                return self.root.relative_to(parent).as_posix()
        return FOLDER

    @property
    def work_tree(self) -> Path:
        """The root of the work tree."""
        return self.root.parents[self.prefix.count("/")]

    def shown(self, path: str) -> str:
        """A path of the store as people and git name it."""
        return posixpath.normpath(f"{self.prefix}/{path}")

    def files(self) -> Iterator[tuple[str, bytes | str]]:
        """Path relative to the store of every record file, and its content or, in words, why it has none.

        Links are not followed.
        """
        (paths, unreadable), (archived, more) = self.listed(), self.archived()
        yield from (*unreadable, *more)
        for path in (*paths, *archived):
            data = self.content(path)
            if data is not None:
                yield path, data

    def listed(self, *, ordered: bool = True) -> tuple[list[str], list[tuple[str, str]]]:
        """The paths of record files, sorted if `ordered`; and folders that cannot be read, each with why.

        Archived ones, of which there may be very many, are left out.
        """
        return record_paths(os.fspath(self.root), ordered=ordered)

    def archived(self) -> tuple[list[str], list[tuple[str, str]]]:
        """The same of archived records."""
        return archived_paths(os.fspath(self.root))

    def stamped(self, paths: Iterable[str]) -> Iterator[tuple[str, Stamp | str]]:
        """As `files`, of those with these paths, with the stamp of each in place of its content."""
        root = os.path.join(self.root, "")  # strings: there may be many
        for path in paths:
            try:
                found = os.lstat(root + path)
                yield path, stamp_of(found) if stat.S_ISREG(found.st_mode) else _why_not(found)
            except FileNotFoundError:
                continue  # removed since it was listed
            except OSError as error:
                yield path, f"cannot be read: {error.strerror}"

    def content(self, path: str) -> bytes | str | None:
        """What a record file holds; in words why it cannot be read, None where there is no such file."""
        place = os.path.join(self.root, path)
        try:
            file = os.open(place, _TO_READ)
        except FileNotFoundError:
            return None
        except OSError as error:
            is_link = error.errno == errno.ELOOP and os.path.islink(place)
            return IS_LINK if is_link else f"cannot be read: {error.strerror}"
        try:
            found = os.fstat(file)
            return _whole(file, found.st_size) if stat.S_ISREG(found.st_mode) else _why_not(found)
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        finally:
            os.close(file)

    def folders(self) -> list[Path]:
        """The folders of the record kinds, and of the months in which sessions began; no archived ones."""
        kinds = [self.root / name for name in FOLDERS]
        return [*kinds, *(path for path in (self.root / "sessions").glob("*") if path.is_dir())]

    def archive_folders(self) -> list[Path]:
        """The folder of archived records, and those of months in it."""
        top = self.root / ARCHIVE
        return [top, *(path for path in top.glob("*") if path.is_dir())]

    def paths(self) -> list[str]:
        """Paths of all record files, relative to the store; archived ones come last."""
        return [*self.listed()[0], *self.archived()[0]]

    def read(self, path: str) -> bytes:
        """The content of one file of the store."""
        return (self.root / path).read_bytes()

    def changes(self, texts: Mapping[str, str | None]) -> list[Change]:
        """What writing these texts would change, by path relative to the work tree's root, in order.

        None: there is to be no such file.
        Raises TaskorchError for a text that no record may have, WriteFailed for what is no file.
        """
        encoded = {p: None if text is None else _checked(p, text) for p, text in texts.items()}
        out = []
        for path, data in encoded.items():
            before = content_of(self.root / path)
            if (before.data if before else None) != data:
                mode = before.mode if before and before.mode != LINK else FILE
                after = None if data is None else Content(mode, data)
                out.append(Change(self.shown(path), before, after))
        return out

    def sweep(self, *, archive: bool = False) -> None:
        """Delete what a killed writer left half-written.  Only under the lock.

        In the `archive`, where much is to be looked through and hardly anything is written, only if asked.
        """
        for folder in (self.root, *self.folders(), *(self.archive_folders() if archive else ())):
            with suppress(FileNotFoundError, NotADirectoryError):
                for name in os.listdir(folder):
                    if name.startswith(files.TEMPORARY):
                        files.remove(folder / name)


def _is_git_dir(folder: Path) -> bool:
    """Whether a folder is a git directory itself: a store further up is none of that repository's."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def archive_path(path: str, created: str) -> str:
    """Where a record of this path is archived, relative to the store.

    The folder is that of the month in which the record was made: wherever it is archived, on whichever
    branch, that is the same.
    """
    return f"{ARCHIVE}/{created[:7]}/{posixpath.basename(path)}"


def live_path(path: str, created: str) -> str:
    """Where an archived record or its claims come from, relative to the store."""
    name = posixpath.basename(path)
    kind = ids.KINDS[name[0]]
    month = f"{created[:7]}/" if kind == "session" else ""
    return f"{OF_KIND[kind]}/{month}{name}"


def record_path(record_id: str, title: str, created: str) -> str:
    """The path of a new record, relative to the store."""
    kind = ids.kind_of(record_id)
    if kind == "session":
        return f"{OF_KIND[kind]}/{created[:7]}/{record_id}.md"
    slug = ids.slug(title)
    return f"{OF_KIND[kind]}/{record_id}{'-' if slug else ''}{slug}.md"


def _whole(file: int, size: int) -> bytes:
    """What is in an open file that had `size` bytes; it may have grown."""
    data = os.read(file, size + 1)
    while len(data) > size and (more := os.read(file, 65536)):
        data += more
    return data


def _why_not(found: os.stat_result) -> str:
    return IS_LINK if stat.S_ISLNK(found.st_mode) else "not a file, so it is not read"


def _checked(path: str, text: str) -> bytes:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        shown = text[max(error.start - 20, 0) : error.end].rsplit("\n", maxsplit=1)[-1]
        raise TaskorchError(f"{shown!a} is not UTF-8 text", hint="records hold UTF-8 text only") from None
    limit = schema.MAX_CLAIMS_BYTES if path.endswith(CLAIMS_SUFFIX) else schema.MAX_RECORD_BYTES
    if len(data) > limit:
        raise TaskorchError(
            f"{FOLDER}/{path} would have {len(data):,} bytes, more than {limit:,}",
            hint="shorten the text, or put it into a file of the project and name that",
        )
    return data
