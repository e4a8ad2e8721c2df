"""Where the record files of a store are.  There may be many: names alone are asked for, no file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.store.folders import ARCHIVE, FOLDERS, OF_KIND
from taskorch.store.looks import LOOKS

IS_LINK = "a symbolic link, which is not read"
_KINDS = ("t-", "d-", "s-")
_ENDS = (".md", CLAIMS_SUFFIX)


def is_record_file(name: str) -> bool:
    """Whether a file name is that of a record or of claims."""
    return name.startswith(_KINDS) and name.endswith(_ENDS)


def is_record_path(path: str) -> bool:
    """Whether a path of the store is that of a record, or of what stands where a folder of them should."""
    folder, *names = path.split("/")
    return folder in (*FOLDERS, ARCHIVE) and (
        not names or (len(names) <= _depth(folder) and is_record_file(names[-1]))
    )


def is_archived(path: str) -> bool:
    """Whether a path relative to the store is that of an archived record."""
    return path.startswith(f"{ARCHIVE}/")


def record_paths(root: str, *, ordered: bool = True) -> tuple[list[str], list[tuple[str, str]]]:
    """The paths named as records, relative to the store in the folder `root`, sorted if `ordered`.

    Archived ones are left out.

    And the folders of records that cannot be read, each with why not in words.
    """
    return _paths_in(root, FOLDERS, ordered=ordered)


def archived_paths(root: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The same of archived records."""
    LOOKS.count += 1
    return _paths_in(root, (ARCHIVE,), ordered=True)


def _paths_in(root: str, folders: Iterable[str], *, ordered: bool) -> tuple[list[str], list[tuple[str, str]]]:
    paths: list[str] = []
    unreadable: list[tuple[str, str]] = []
    for folder in folders:
        for below, names in _folders(root, folder, _depth(folder), unreadable):
            paths += [f"{below}/{n}" for n in names if n.startswith(_KINDS) and n.endswith(_ENDS)]
    return sorted(paths) if ordered else paths, unreadable


def _depth(folder: str) -> int:
    """How deep records lie: sessions and archived records lie in folders of months."""
    return 2 if folder in (OF_KIND["session"], ARCHIVE) else 1


def _folders(
    root: str, folder: str, depth: int, unreadable: list[tuple[str, str]]
) -> Iterator[tuple[str, list[str]]]:
    """A folder and those in it, as far as `depth` says, each with the names in it."""
    place = f"{root}/{folder}"
    if os.path.islink(place):
        unreadable.append((folder, IS_LINK))
        return
    try:
        names = os.listdir(place)
    except FileNotFoundError:
        return
    except OSError as error:
        unreadable.append((folder, f"cannot be read: {error.strerror}"))
        return
    yield folder, names
    for name in names if depth > 1 else ():
        if not is_record_file(name) and os.path.isdir(f"{place}/{name}"):
            yield from _folders(root, f"{folder}/{name}", depth - 1, unreadable)
