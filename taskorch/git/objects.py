"""Reading objects with pygit2: file contents, and the records of a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from taskorch.errors import NotARepository
from taskorch.git.process import not_here
from taskorch.git.repository import Repository

_NO_CONTENT = "its content is not in this clone, and nothing is fetched"


def open_objects(repo: Repository) -> Any:
    """pygit2's view of the repository, with our own objects as well.  Raises NotARepository."""
    import pygit2

    try:
        opened = pygit2.Repository(str(repo.git_dir))
    except pygit2.GitError as error:
        raise NotARepository(f"libgit2 cannot read this repository: {error}") from None
    for folder in repo.known_objects_dirs:
        opened.odb.add_disk_alternate(str(folder))
    return opened


def read_blob(opened: Any, oid: Any) -> bytes | None:
    """The content of a blob, None if it is not here (or is no blob, a submodule's commit)."""
    import pygit2

    try:
        found = opened.get(oid)
    except (KeyError, ValueError, pygit2.GitError):
        return None
    return bytes(found.data) if isinstance(found, pygit2.Blob) else None


def known_objects(repo: Repository, oids: Iterable[str]) -> set[str]:
    """Those of the object ids that are here; asking git itself would end at the first that is not."""
    odb = open_objects(repo).odb
    return {oid for oid in oids if odb.exists(oid)}


def files_below(repo: Repository, commit: str, folder: str) -> Iterator[tuple[str, bytes | str]]:
    """Path below `folder` of all under it in a commit's tree; content, or in words why it has none.

    Raises GitFailed where a tree is not here.
    """
    import pygit2

    opened = open_objects(repo)
    try:
        tree: Any = opened[opened[commit].tree_id]
        # a folder that is known by name has a tree, here or not
        for name in folder.split("/") if folder else ():
            if not isinstance(tree, pygit2.Tree) or name not in tree:
                return
            tree = opened[tree[name].id]
        if isinstance(tree, pygit2.Tree):
            yield from _walk(opened, tree, "")
    except (KeyError, pygit2.GitError):
        raise not_here(f"reading the records of {commit[:10]}") from None


def file_at(opened: Any, commit: str, path: str) -> bytes | None:
    """The content of a file in a commit's tree, None if it has none there."""
    import pygit2

    try:
        found = opened[commit].peel(pygit2.Tree)[path]
    except (KeyError, ValueError, pygit2.GitError):
        return None
    return bytes(found.data) if isinstance(found, pygit2.Blob) else None


def smudged(repo: Repository, commit: str, path: str) -> bytes | None:
    """A file of a commit as a checkout would write it, filters applied; None if it is not here."""
    done = repo.git(["cat-file", "--filters", f"{commit}:{path}"], allow=(0, 128))
    return None if done.code else done.out


def _walk(opened: Any, tree: Any, prefix: str) -> Iterator[tuple[str, bytes | str]]:
    import pygit2

    for entry in tree:
        path = f"{prefix}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _walk(opened, entry, f"{path}/")
        elif not isinstance(entry, pygit2.Blob):
            yield path, "not a file, so it is not read"
        elif entry.filemode == pygit2.enums.FileMode.LINK:
            yield path, "a symbolic link, which is not read"
        else:
            content = read_blob(opened, entry.id)
            yield path, _NO_CONTENT if content is None else content
