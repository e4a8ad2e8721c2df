"""Exchanging several files together: all are prepared beside their places, then put there, or none is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from taskorch.store import files
from taskorch.store.contents import EXECUTABLE, LINK, Change, Content


def carry_out(root: Path, changes: Sequence[Change]) -> list[Staged]:
    """Make the changes below `root`, in order; if one fails, all is as it was.

    What takes space on the disk is done for all of them before the first file is touched, so that
    taking back needs none.  Many are flushed to disk together: all contents before the first file is
    touched, all folders after the last.  Until the caller does `clean`, it can `put_back` what is given
    here, the last first.  Raises WriteFailed.
    """
    staged: list[Staged] = []
    single = len(changes) <= files.MANY
    try:
        for change in changes:
            staged.append(Staged(root / change.path, flush=single))
            staged[-1].prepare(change.after)
        if not single:
            _sync(root, [one.new for one in staged if one.new and not one.new.is_symlink()])
        for one in staged:
            one.put()
        if not single:
            _sync(root, {folder for one in staged for folder in one.folders})
    except BaseException:
        for one in reversed(staged):
            one.put_back()
        raise
    return staged


def _sync(root: Path, paths: Iterable[Path]) -> None:
    try:
        files.sync_all(paths)
    except OSError as error:
        raise files.failed(root, error) from None


class Staged:
    """The place at ``path``, and what is to stand there.

    Without `flush` it is for the caller to flush ``new`` and ``folders`` to disk.
    """

    def __init__(self, path: Path, *, flush: bool = True) -> None:
        self.path = path
        self.new: Path | None = None
        self._flush = flush
        self._old: Path | None = None
        self._made: list[Path] = []
        self._is_put = False

    @property
    def folders(self) -> list[Path]:
        """The folders whose entries are changed."""
        return [self.path.parent, *(one.parent for one in self._made)]

    def prepare(self, content: Content | None) -> None:
        """Do all that takes space: the new content, and the present one kept.  Raises WriteFailed."""
        try:
            self._make_folders()
            self.new = self._staged(content) if content else None
            self._old = self._kept()
        except OSError as error:
            raise files.failed(self.path, error) from None

    def put(self) -> None:
        """Put the new content, or none, in its place.  Raises WriteFailed."""
        try:
            if self.new:
                self.new.replace(self.path)
            else:
                self.path.unlink(missing_ok=True)
            self._is_put = True
            if self._flush:
                files.sync(self.path.parent)
        except OSError as error:
            raise files.failed(self.path, error) from None

    def put_back(self) -> None:
        """What was there is there again, as far as the disk lets us; no space is needed for it."""
        with suppress(OSError):
            if self._is_put and self._old:
                self._old.replace(self.path)
            elif self._is_put:
                self.path.unlink(missing_ok=True)
            files.sync(self.path.parent)
        self.clean()
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()

    def clean(self) -> None:
        """Delete what was made beside the place."""
        for left in (self.new, self._old):
            if left:
                files.discard(left)

    def _make_folders(self) -> None:
        missing = [one for one in self.path.parents if not one.is_dir()]
        self._made = missing[::-1]
        files.make_folder(self.path.parent, flush=self._flush)

    def _staged(self, content: Content) -> Path:
        if content.mode == LINK:
            name = self._name()
            os.symlink(os.fsdecode(content.data), name)
            return name
        return files.stage(self.path, content.data, self._bits(content), flush=self._flush)

    def _bits(self, content: Content) -> int:
        """The permission bits of a new file: those of the one it replaces, executable as git would."""
        mode = files.mode_of(self.path)
        return mode | (mode & 0o444) >> 2 if content.mode == EXECUTABLE else mode & ~0o111

    def _kept(self) -> Path | None:
        """The present content under another name: a link to it, or a copy where there can be none."""
        if not os.path.lexists(self.path):
            return None
        name = self._name()
        try:
            os.link(self.path, name, follow_symlinks=False)
        except OSError:  # not every file system knows such links
            return self._copied(name)
        return name

    def _copied(self, name: Path) -> Path:
        if self.path.is_symlink():
            os.symlink(os.readlink(self.path), name)
            return name
        return files.stage(self.path, self.path.read_bytes(), files.mode_of(self.path))

    def _name(self) -> Path:
        return self.path.parent / f"{files.TEMPORARY}{os.urandom(8).hex()}"
