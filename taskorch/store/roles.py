"""The files of roles: those that come with taskorch, and the store's own in ``roles/*.yaml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from taskorch.errors import BadRecord
from taskorch.records import role
from taskorch.records.frontmatter import decode, refuse_conflicts
from taskorch.records.role import Role
from taskorch.records.schema import MAX_RECORD_BYTES
from taskorch.records.tree_text import read
from taskorch.store import templates
from taskorch.store.layout import Store
from taskorch.store.record_paths import IS_LINK

FOLDER = "roles"
_ENDS = (".yaml", ".yml")


def built_in() -> Iterator[Role]:
    """The roles that come with taskorch."""
    for name in role.BUILT_IN:
        path = f"{FOLDER}/{name}.yaml"
        found, _ = role.parse(read(templates.shipped(path), path), name, "")
        yield from found


def own(
    files: Iterable[tuple[str, bytes | str]], shown: Callable[[str], str]
) -> tuple[list[Role], list[BadRecord]]:
    """The roles in a store's own files, and what is wrong with these.

    Of each file its path in the store and its content, or in words why it has none; `shown` is how people
    name a path.  A file that cannot be read is a problem; the others count.
    """
    found: list[Role] = []
    problems: list[BadRecord] = []
    for path, data in files:
        roles, bad = _read(data, path, shown(path))
        found += roles
        problems += bad
    return found, problems


def _read(data: bytes | str, path: str, shown: str) -> tuple[list[Role], list[BadRecord]]:
    try:
        if isinstance(data, str):
            raise BadRecord(data, path=shown, hint="put a readable file there, or take it away")
        text = decode(data, shown)
        refuse_conflicts(text, shown)
        name = path.rpartition("/")[2].rpartition(".")[0]
        return role.parse(read(text, shown), name, shown)
    except BadRecord as problem:
        problem.hint = problem.hint or "mend that line: until then none of this file's roles count"
        return [], [problem]


def files(store: Store) -> Iterator[tuple[str, bytes | str]]:
    """Path and content of each role file of a store, by name; of one that is not read why, in words."""
    folder = store.root / FOLDER
    if folder.is_symlink():
        yield FOLDER, IS_LINK
        return
    try:
        names = sorted(filter(is_role_file, os.listdir(folder)))
    except FileNotFoundError:
        return
    except OSError as error:
        yield FOLDER, f"cannot be read: {error.strerror}"
        return
    for name in names:
        path = f"{FOLDER}/{name}"
        with suppress(FileNotFoundError):
            size = os.lstat(folder / name).st_size
            found = None if size > MAX_RECORD_BYTES else store.content(path)
            yield path, "larger than 1 MiB, so it is not read" if found is None else found


def is_role_file(name: str) -> bool:
    """Whether a file name is that of a role file."""
    return name.endswith(_ENDS) and not name.startswith(".")
