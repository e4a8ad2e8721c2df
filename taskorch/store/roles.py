"""The files of roles: those that come with taskorch, and the store's own in ``roles/*.yaml``."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
_MAX_FILES = 1000


def built_in() -> Iterator[Role]:
    """The roles that come with taskorch."""
    for name in role.BUILT_IN:
        path = f"{FOLDER}/{name}.yaml"
        found, _ = role.parse(read(templates.shipped(path), path), name, "")
        yield from found


def own(store: Store) -> tuple[list[Role], list[BadRecord]]:
    """The roles in the store's own files, by their names in order, and what is wrong with these.

    A file that cannot be read is a problem; the others count.
    """
    found: list[Role] = []
    problems: list[BadRecord] = []
    try:
        names = _names(store)
    except BadRecord as problem:
        return [], [problem]
    for name in names:
        shown = store.shown(f"{FOLDER}/{name}")
        try:
            text = decode(_content(store, name, shown), shown)
            refuse_conflicts(text, shown)
            roles, bad = role.parse(read(text, shown), name.rpartition(".")[0], shown)
        except BadRecord as problem:
            problem.hint = problem.hint or "mend that line: until then none of this file's roles count"
            roles, bad = [], [problem]
        found += roles
        problems += bad
    return found, problems


def _names(store: Store) -> list[str]:
    folder = store.root / FOLDER
    shown = store.shown(FOLDER)
    if folder.is_symlink():
        raise BadRecord(IS_LINK, path=shown, hint="make it a real folder")
    try:
        names = [name for name in os.listdir(folder) if name.endswith(_ENDS) and name[0] != "."]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadRecord(f"cannot be read: {error.strerror}", path=shown) from None
    if len(names) > _MAX_FILES:
        raise BadRecord(
            f"more than {_MAX_FILES:,} files: none is read", path=shown, hint="put roles together"
        )
    return sorted(names)


def _content(store: Store, name: str, shown: str) -> bytes:
    """The bytes of a role file.  Raises BadRecord where they are not to be read."""
    path = f"{FOLDER}/{name}"
    with suppress(OSError):
        if os.lstat(store.root / path).st_size > MAX_RECORD_BYTES:
            raise BadRecord("larger than 1 MiB, so it is not read", path=shown, hint="shorten it")
    found = store.content(path)
    if not isinstance(found, bytes):
        said = found or "not there any more"
        raise BadRecord(said, path=shown, hint="put a readable file there, or take it away")
    return found
