"""Reading objects with pygit2: file contents, and the records of a commit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from taskorch.errors import NotARepository
from taskorch.git.process import not_here
from taskorch.git.repository import Repository

_MAX_REPLACED = 5
"""How often a replacement is replaced again: git's own bound (replace-object.c)."""

_WINDOW_BYTES = 4 << 20
_CACHE_BYTES = 8 << 20

_NO_CONTENT = "its content is not in this clone, and nothing is fetched"


class Objects:
    """The objects of a repository and our own, read by libgit2 as git reads them.

    libgit2 gets the object folders alone, not the repository: of that it would refuse settings it
    does not know (``extensions.partialClone`` for one), though objects are the same with them.
    """

    def __init__(self, repo: Repository) -> None:
        import pygit2

        # by itself libgit2 maps whole packs and keeps up to 256 MiB of objects
        pygit2.settings.mwindow_size = _WINDOW_BYTES
        pygit2.settings.mwindow_mapped_limit = 4 * _WINDOW_BYTES
        pygit2.settings.cache_max_size(_CACHE_BYTES)
        database = pygit2.Odb(str(repo.user_objects_dir))
        inherited = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
        others = [repo.working_dir / one for one in inherited.split(os.pathsep) if one]
        for folder in [*repo.known_objects_dirs, *others]:
            if folder.is_dir():
                database.add_disk_alternate(str(folder))
        self._opened = pygit2.Repository()
        self._opened.set_odb(database)
        self._replaced = repo.replaced

    def get(self, oid: str) -> Any:
        """The object of an id, or the one that git takes in its place.

        Raises KeyError or pygit2.GitError where it is not here.
        """
        for _ in range(_MAX_REPLACED):
            if oid not in self._replaced:
                break
            oid = self._replaced[oid]
        return self._opened[oid]

    def size(self, oid: str) -> int | None:
        """How many bytes an object has, without reading them; None if it is not here."""
        import pygit2

        try:
            return int(self._opened.odb.read_header(self._replaced.get(oid, oid))[1])
        except (KeyError, ValueError, pygit2.GitError):
            return None

    def has(self, oid: str) -> bool:
        """Whether there is an object of this id here."""
        return bool(self._opened.odb.exists(oid))


def open_objects(repo: Repository) -> Objects:
    """The repository's objects, with our own as well.  Raises NotARepository."""
    import pygit2

    folders = tuple(repo.known_objects_dirs)  # of ours there may be none yet
    try:
        opened: Objects = repo.opened.get(folders) or Objects(repo)
        repo.opened[folders] = opened
        return opened
    except pygit2.GitError as error:
        raise NotARepository(f"libgit2 cannot read this repository: {error}") from None


def read_blob(opened: Objects, oid: str) -> bytes | None:
    """The content of a blob, None if it is not here (or is no blob, a submodule's commit)."""
    import pygit2

    try:
        found = opened.get(oid)
    except (KeyError, ValueError, pygit2.GitError):
        return None
    return bytes(found.data) if isinstance(found, pygit2.Blob) else None


def known_objects(repo: Repository, oids: Iterable[str]) -> set[str]:
    """Those of the object ids that are here; asking git itself would end at the first that is not."""
    wanted = set(oids)
    if not wanted:
        return wanted
    opened = open_objects(repo)
    return {oid for oid in wanted if opened.has(oid)}


def files_below(repo: Repository, commit: str, folder: str) -> Iterator[tuple[str, bytes | str]]:
    """Path below `folder` of all under it in a commit's tree; content, or in words why it has none.

    Raises GitFailed where a tree is not here.
    """
    import pygit2

    opened = open_objects(repo)
    try:
        tree = _at(opened, commit, folder)
        if isinstance(tree, pygit2.Tree):
            yield from _walk(opened, tree, "")
    except (KeyError, pygit2.GitError):
        raise not_here(f"reading the records of {commit[:10]}") from None


def file_at(opened: Objects, commit: str, path: str) -> bytes | None:
    """The content of a file in a commit's tree, None if it has none there."""
    import pygit2

    try:
        found = _at(opened, commit, path)
    except (KeyError, ValueError, pygit2.GitError):
        return None
    return bytes(found.data) if isinstance(found, pygit2.Blob) else None


def smudged(repo: Repository, commit: str, path: str) -> bytes | None:
    """A file of a commit as a checkout would write it, filters applied; None if it is not here."""
    done = repo.git(["cat-file", "--filters", f"{commit}:{path}"], allow=(0, 128))
    return None if done.code else done.out


def _at(opened: Objects, commit: str, path: str) -> Any:
    """What a commit has at a path (its root for an empty one), None if nothing.

    Raises KeyError or pygit2.GitError where that, or a tree on the way, is not here.
    """
    import pygit2

    found = opened.get(str(opened.get(commit).tree_id))
    for name in path.split("/") if path else ():
        if not isinstance(found, pygit2.Tree) or name not in found:
            return None
        found = opened.get(str(found[name].id))
    return found


def _walk(opened: Objects, tree: Any, prefix: str) -> Iterator[tuple[str, bytes | str]]:
    import pygit2

    for entry in tree:
        path = f"{prefix}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _walk(opened, opened.get(str(entry.id)), f"{path}/")
        elif not isinstance(entry, pygit2.Blob):
            yield path, "not a file, so it is not read"
        elif entry.filemode == pygit2.enums.FileMode.LINK:
            yield path, "a symbolic link, which is not read"
        else:
            content = read_blob(opened, str(entry.id))
            yield path, _NO_CONTENT if content is None else content
