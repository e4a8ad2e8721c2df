"""Writing out a whole store, and taking one in again without loss."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from taskorch.errors import BadPath, BadRecord, NewerFormat, NotFound, TaskorchError
from taskorch.interchange import lines
from taskorch.records import schema
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.records.ids import KINDS, is_id
from taskorch.records.session import LOCAL
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import aside, config, files
from taskorch.store.contents import FILE, Change, Content, content_of
from taskorch.store.layout import INITIAL_FILES
from taskorch.store.record_paths import is_record_file

SOURCE = "taskorch"


def export(ws: Workspace) -> Iterator[str]:
    """The lines of an export of the store: settings, records, claims, roles, templates, all there is."""
    _ = ws.settings
    return lines.written(_files(ws))


def export_to(ws: Workspace, output: Path) -> Json:
    """Write an export to a file.  Raises TaskorchError where another one is in the way, or WriteFailed."""
    if output.is_dir() or (output.exists() and not _is_export(output)):
        raise TaskorchError(
            f"{output} is there already, and no export", hint="name a new file, or move that one away"
        )
    made = _files(ws)
    _ = ws.settings
    data = "".join(f"{line}\n" for line in lines.written(made)).encode("ascii")
    files.write(output, data)
    return {"output": str(output), "format": schema.FORMAT, "version": lines.VERSION, "bytes": len(data)} | {
        "files": _counts(made),
        "left_out": sorted(_links(ws.store.root)),
    }


def bring_in(ws: Workspace, name: str, *, dry_run: bool = False) -> Json:
    """Take in an export: every file that is not here becomes one, byte for byte; all or none.

    What is here and differs is left as it is and told.  Raises BadRecord, NewerFormat, NotFound.
    """
    wanted = _read(ws, name)
    with ws.writing(f"import {SOURCE} {name}"):
        here = _files(ws)
        ids = {owner: path for path in here if (owner := _owner(path))}
        new: dict[str, bytes] = {}
        skipped: list[Json] = []
        unchanged = 0
        for path, data in wanted.items():
            why = _why_not(ws, path, data, here, ids)
            if here.get(path) == data:
                unchanged += 1
            elif why:
                skipped.append({"item": path, "reason": why})
            else:
                new[path] = data
        if not dry_run:
            _write(ws, new)
    return {
        "source": SOURCE,
        "dry_run": dry_run,
        "created": _counts(new),
        "updated": 0,
        "unchanged": unchanged,
        "skipped": skipped,
    }


def _files(ws: Workspace) -> dict[str, bytes]:
    """The content of all files of the store by path, and of sessions that are kept in the git directory."""
    found = dict(_below(ws.store.root))
    found |= {f"{LOCAL}{path}": data for path, data in _below(ws.kept.root)}
    return found


def _below(root: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder; links are not followed, and what is half-written is none."""
    for folder, names, found in os.walk(root):
        names[:] = [name for name in names if name != aside.FOLDER]
        for name in found:
            path = Path(folder, name)
            if not name.startswith(files.TEMPORARY) and path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path.read_bytes()


def _links(root: Path) -> Iterator[str]:
    """The symbolic links below a folder: what they name may lie anywhere, so they are not exported."""
    for folder, names, found in os.walk(root):
        for path in (Path(folder, name) for name in (*names, *found)):
            if path.is_symlink():
                yield path.relative_to(root).as_posix()


def _read(ws: Workspace, name: str) -> dict[str, bytes]:
    file = ws.start / name
    if file.exists() and not file.is_file():  # reading a pipe would wait
        raise TaskorchError(f"{name} is not a file", hint="name an export")
    try:
        with file.open("rb") as opened:
            return lines.read(opened, name)
    except FileNotFoundError:
        raise NotFound(f"there is no {name}", hint="taskorch export --output FILE makes one") from None
    except OSError as error:
        raise TaskorchError(f"{name} cannot be read: {error.strerror}", hint="name an export") from None


def _why_not(
    ws: Workspace, path: str, data: bytes, here: Mapping[str, bytes], ids: Mapping[str, str]
) -> str | None:
    """Why a file is not taken in, in words; None where it is."""
    is_as_made = path in INITIAL_FILES and here.get(path) == INITIAL_FILES[path].encode()
    if path in here and not is_as_made:
        return "another version of it is here: taskorch restore, or your editor, can put this one there"
    other = ids.get(_owner(path) or "")
    if other and other != path:
        return f"its record is here as {other}"
    if path.startswith(LOCAL) and not is_record_file(path.rpartition("/")[2]):
        return "only records are kept in the git directory"
    if path == config.NAME and (problem := _unreadable(data)):
        return problem
    limit = schema.MAX_CLAIMS_BYTES if path.endswith(CLAIMS_SUFFIX) else schema.MAX_RECORD_BYTES
    if len(data) > limit:
        return f"it has {len(data):,} bytes, more than {limit:,}"
    return None if _is_inside(ws, path) else "its path leads out of the store"


def _unreadable(settings: bytes) -> str | None:
    """Why settings would make the store one that this taskorch cannot read."""
    try:
        config.load(settings, config.NAME)
    except (BadRecord, NewerFormat) as problem:
        return f"this taskorch cannot read it: {problem.message}"
    return None


def _is_inside(ws: Workspace, path: str) -> bool:
    """Whether a path, which a stranger may have written, is one of the store."""
    home = ws.kept.root if path.startswith(LOCAL) else ws.store.root
    parts = path.removeprefix(LOCAL).split("/")
    if not all(parts) or {".", "..", aside.FOLDER} & set(parts) or "\\" in path or "\0" in path:
        return False
    try:
        ws.repo.relative(str(ws.store.root / path), ws.repo.work_tree)
    except BadPath:
        return False
    folder = Path(os.path.realpath((home / path.removeprefix(LOCAL)).parent))
    return folder.is_relative_to(os.path.realpath(home))


def _owner(path: str) -> str | None:
    """What tells that two files are of one record: its id, and whether they are claims."""
    name = path.rpartition("/")[2]
    return name[:10] + path[-6:] if is_record_file(name) and is_id(name[:10]) else None


def _write(ws: Workspace, new: Mapping[str, bytes]) -> None:
    """Write files, those of the git directory as local state."""
    local = {path: data.decode("utf-8", "replace") for path, data in new.items() if path.startswith(LOCAL)}
    changes = [
        Change(ws.store.shown(path), content_of(ws.store.root / path), Content(FILE, data))
        for path, data in new.items()
        if path not in local
    ]
    ws.refuse_hidden_records(changes)
    ws.change(changes)
    ws.write(local)


def _counts(found: Mapping[str, bytes]) -> dict[str, int]:
    """How many records of each kind, claims and other files there are."""
    counts = dict.fromkeys((*KINDS.values(), "claim", "file"), 0)
    for path, data in found.items():
        name = path.rpartition("/")[2]
        if not is_record_file(name):
            counts["file"] += 1
        elif name.endswith(CLAIMS_SUFFIX):
            counts["claim"] += sum(b'"path"' in line for line in data.splitlines())
        else:
            counts[KINDS[name[0]]] += 1
    return counts


def _is_export(path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            return lines.is_export(opened.readline())
    except OSError:
        return False
