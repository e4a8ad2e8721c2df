"""Folders where decisions are kept in the way of another tool, read from disk or from a commit."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from taskorch.errors import BadPath, BadRecord, NotFound
from taskorch.git.objects import file_at, files_below, open_objects
from taskorch.git.repository import Repository
from taskorch.interchange.adr import names
from taskorch.interchange.adr.folder import LINK, Folder, read_folder
from taskorch.interchange.adr.settings import (
    ADR_DIR,
    LOG4BRAINS,
    Settings,
    read_adr_dir,
    read_log4brains,
)
from taskorch.records.schema import MAX_RECORD_BYTES


class Tree(Protocol):
    """Files by path from the root of a work tree, or of a commit's tree."""

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is no such file."""

    def below(self, folder: str) -> Iterator[tuple[str, bytes | str]]:
        """The files below a folder by path from there: content, or in words why there is none.

        Those that cannot be decisions have an empty one.
        """


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The files of a work tree.  Hidden folders are left out."""

    top: Path

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is no such file."""
        file = self.top / path
        return file.read_bytes() if file.is_file() and not file.is_symlink() else None

    def content(self, path: str) -> bytes | str:
        """What a file holds, or in words why it cannot be read."""
        return _content(os.path.normpath(os.path.join(self.top, path)))

    def below(self, folder: str) -> Iterator[tuple[str, bytes | str]]:
        """The files below a folder by path from there.  Raises BadPath where a link leads to it."""
        root = os.path.join(self.top, folder)
        if os.path.realpath(root) != os.path.normpath(os.path.join(os.path.realpath(self.top), folder)):
            raise BadPath(
                f"'{folder}' is, or lies below, a symbolic link", hint="name the folder where the files are"
            )
        for where, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                file = os.path.join(where, name)
                path = os.path.relpath(file, root).replace(os.sep, "/")
                if os.path.islink(file):
                    yield path, LINK
                elif os.path.isfile(file):
                    yield path, _content(file) if names.is_markup(path) else b""


@dataclass(frozen=True, slots=True)
class InCommit:
    """The files of a commit."""

    repo: Repository
    commit: str

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is no such file."""
        return file_at(open_objects(self.repo), self.commit, path)

    def below(self, folder: str) -> Iterator[tuple[str, bytes | str]]:
        """The files below a folder by path from there."""
        for path, data in files_below(self.repo, self.commit, folder):
            yield path, data if names.is_markup(path) or isinstance(data, str) else b""


@dataclass(frozen=True, slots=True)
class AdrFolder:
    """A folder of decisions: ``where`` it is from the root, and what is in it, by path from there.

    ``packages`` are further folders of it, from the root; ``homes`` the names and paths of packages, each
    with its folder from there.
    """

    where: str
    read: Folder
    packages: tuple[str, ...]
    homes: tuple[tuple[str, str], ...] = ()

    def full(self, path: str) -> str:
        """The path from the root of a file of the folder."""
        return posixpath.normpath(posixpath.join(self.where, path))


def read_adr_folder(tree: Tree, named: str) -> AdrFolder:
    """The decisions of a folder, or of that which the settings of its tool name there.

    Raises NotFound where there is none, BadPath for one out of the work tree, BadRecord for settings that
    cannot be read.
    """
    settings, where, packages = _meant(tree, named)
    files = dict(tree.below(where))
    for package in packages:
        back = posixpath.relpath(package, where)
        files |= {posixpath.join(back, path): data for path, data in tree.below(package)}
    if not files:
        raise NotFound(f"no files below '{where}'", hint="name the folder of the decisions, such as docs/adr")
    return AdrFolder(where, read_folder(files, settings), packages, _homes(settings, where, packages))


def folders_meant(tree: Tree, named: str) -> tuple[str, ...]:
    """The folders that `read_adr_folder` would read, from the root.  Raises BadPath or BadRecord."""
    _, where, packages = _meant(tree, named)
    return where, *packages


def settings_of(tree: Tree, named: str) -> Settings:
    """The settings of another tool that hold for a folder.  Raises BadPath or BadRecord."""
    return _meant(tree, named)[0]


def _meant(tree: Tree, named: str) -> tuple[Settings, str, tuple[str, ...]]:
    """The settings that hold for a folder, the folder that is meant, and further ones of its packages."""
    settings, home = _settings(tree, named)
    where = named
    if settings.adr_folder and home == named:
        where = posixpath.normpath(posixpath.join(home, settings.adr_folder))
    if _is_outside(where):
        raise BadPath(
            f"the settings in '{home}' name '{settings.adr_folder}', which is outside the work tree",
            hint="name a folder of this repository there",
        )
    main = settings.adr_folder and posixpath.normpath(posixpath.join(home, settings.adr_folder)) == where
    packages = [posixpath.join(home, one.adr_folder) for one in settings.packages] if main else []
    inside = tuple(path for one in packages if not _is_outside(path := posixpath.normpath(one)))
    return replace(settings, base=posixpath.relpath(where, home)), where, inside


def _homes(settings: Settings, where: str, packages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names and paths of the packages that are read, each with its folder from `where`."""
    known = {posixpath.relpath(package, where) for package in packages}
    homes = [(each, posixpath.relpath(each.adr_folder, settings.base)) for each in settings.packages]
    return tuple(
        (name, home) for each, home in homes for name in (each.name, each.path) if name and home in known
    )


def _is_outside(path: str) -> bool:
    return posixpath.isabs(path) or path == ".." or path.startswith("../")


def _settings(tree: Tree, named: str) -> tuple[Settings, str]:
    """The settings of another tool that hold for a folder, and the folder where they are."""
    folder = "" if named == "." else named
    while True:
        for name in (LOG4BRAINS, ADR_DIR):
            path = posixpath.join(folder, name)
            data = tree.read(path)
            if data is not None:
                return _read_settings(path, name, data), folder or "."
        if not folder:
            return Settings(), named
        folder = posixpath.dirname(folder)


def _read_settings(path: str, name: str, data: bytes) -> Settings:
    text = data.decode("utf-8", "replace")
    try:
        return read_log4brains(text) if name == LOG4BRAINS else read_adr_dir(text)
    except BadRecord as problem:
        problem.path = path
        problem.hint = problem.hint or "mend it: it says where the decisions are"
        raise


def _content(file: str) -> bytes | str:
    """What a file holds, or why it cannot be read; too large a one is cut off, but stays too large."""
    try:
        with open(file, "rb") as opened:
            return opened.read(MAX_RECORD_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
