"""Bringing files back: records and work files, one by one or all that was lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError, UsageError
from taskorch.git import disk
from taskorch.git.paths import is_record
from taskorch.git.private_files import is_private
from taskorch.git.safety import blob_id, read_objects
from taskorch.records import ids
from taskorch.services.history import removal_of
from taskorch.services.safety.gone_store import of_deleted_store, records_at_head, settings_lacking, store_of
from taskorch.services.safety.hindrance import refuse_hindered
from taskorch.services.safety.lost import Lost, lost_files
from taskorch.services.safety.steps import steps_here
from taskorch.services.safety.versions import (
    BEFORE,
    CHECKPOINT,
    STASH,
    STEP,
    Version,
    every_version,
    is_folder_in_last,
    is_readable,
    is_same,
    version_elsewhere,
    version_in,
    version_row,
    versions_of,
)
from taskorch.services.shapes import Json
from taskorch.services.shell_words import as_argument, pathspec, word
from taskorch.services.workspace import Workspace
from taskorch.store.contents import Change, Content, content_of

_NAMES_A_RECORD = re.compile(r"[tds]-[0-9a-z]{2,8}\Z")
_KINDS = {"journal": STEP, "checkpoint": CHECKPOINT, "stash": STASH}


def restore(
    ws: Workspace,
    names: Sequence[str],
    *,
    source: str | None = None,
    replace: bool = False,
    cwd: Path | None = None,
) -> Json:
    """Put files back as a version has them: the newest, or the one that `source` names.  All or none.

    `names` are paths, or ids of records, with which the settings of a store that is gone come back: without
    them no record is read.  Refused where what is on disk now would be lost, unless
    `replace` (the journal then keeps it).
    """
    with ws.recording(f"restore {' '.join(names)}"):
        paths = [_path_of(ws, name, cwd or ws.start) for name in names]
        chosen = [(path, _version(ws, path, source)) for path in dict.fromkeys(paths)]
        chosen += _settings(ws, paths)
        changes = [_change(ws, path, version, replace=replace) for path, version in chosen]
        ws.change(changes)
        return _answer(ws, changes, [version.source for _, version in chosen])


def restore_all(ws: Workspace, *, source: str | None = None, dry_run: bool = False) -> Json:
    """Bring back all that was lost: records that no commit has, and the files of the last checkpoint; the
    whole store where it was deleted here and HEAD has it.

    `source` (``step:7``) names another one: after a loss, a session's start may have made the last.

    What is on disk now and was not saved stays as it is, and is told.
    """
    with ws.recording("restore --all"):
        lost, kept = lost_files(ws, _step_named(source) if source else None)
        changes = _lost_changes(ws, lost)
        of_head, lacking = of_deleted_store(ws, {one.path for one in lost} | {row["path"] for row in kept})
        if not dry_run:
            ws.change([*changes, *of_head])
        changes, kept = [*changes, *of_head], [*kept, *lacking]
        sources = [*(one.source for one in lost), *([(ws.repo.head or "")[:10]] * len(of_head))]
        return _answer(ws, changes, sources, kept, dry_run=dry_run)


def _step_named(source: str) -> int:
    """The number of the step that a source names.  Raises UsageError."""
    number = source.removeprefix(f"{STEP}:")
    if not source.startswith(f"{STEP}:") or not number.isdecimal():
        raise UsageError(
            f"'{source}' is no checkpoint", hint="--all goes with --from step:N; undo --list has them"
        )
    return int(number)


def list_versions(ws: Workspace, name: str, cwd: Path | None = None) -> Json:
    """All versions of one file, the newest first."""
    path = _path_of(ws, name, cwd or ws.start)
    present = content_of(ws.repo.work_tree / path)
    found = versions_of(ws, path)
    rows = [version_row(one, same=is_same(ws, path, present, one)) for one in found]
    return _answer(ws, (), ()) | {"path": path, "versions": rows}


def _path_of(ws: Workspace, name: str, cwd: Path) -> str:
    """The path, relative to the work tree's root, that a path or a record's id means."""
    if not _NAMES_A_RECORD.match(name.lower()) or os.path.lexists(cwd / name):
        return ws.repo.relative(name, cwd)
    found = record_called(ws, name)
    if found:
        return found
    store = store_of(ws)
    removed = removal_of(ws, name.lower(), store) if store else None
    if not removed:
        path = ws.repo.relative(name, cwd)
        if every_version(ws, path):  # a work file, called as records are
            return path
        raise NotFound(f"no version of '{name}' is known here", hint="give the whole id, or the path")
    return removed[1]


def record_called(ws: Workspace, name: str) -> str | None:
    """The path of the record that an id or the beginning of one means: of those that the journal, the disk
    or HEAD has.  Raises TaskorchError if there are several.
    """
    if not _NAMES_A_RECORD.match(name.lower()):
        return None
    left = {image.path: image.after is not None for step in steps_here(ws) for image in step.files}
    known = sorted(left, key=lambda path: (left[path], path))  # one that was moved is where it was left
    found = _by_id(name, [*known, *map(ws.shown, ws.store.paths() if ws.has_store else ())])
    store = None if found else store_of(ws)
    return _by_id(name, records_at_head(ws, store)) if store else found


def _by_id(name: str, known: Iterable[str]) -> str | None:
    """The record among paths whose id begins so.  Raises TaskorchError if there are several."""
    by_id = {_id_in(path): path for path in known if path.endswith(".md") and _id_in(path)}
    fitting = ids.match_prefix(name.lower(), by_id)
    if len(fitting) > 1:
        raise TaskorchError(f"'{name}' fits {len(fitting)} records", candidates=sorted(fitting))
    return by_id[fitting[0]] if fitting else None


def _settings(ws: Workspace, paths: Sequence[str]) -> list[tuple[str, Version]]:
    """The settings that records need beside them, where they are not on disk and can be had."""
    wanted = {one for path in paths if (one := settings_lacking(ws, path)) and one not in paths}
    known = ((path, every_version(ws, path)) for path in sorted(wanted))
    return [(path, found[0]) for path, found in known if found]


def _id_in(path: str) -> str:
    """The id that a record's file name begins with, empty if it has none."""
    found = path.rsplit("/", 1)[-1][:10]
    return found if ids.is_id(found) else ""


def _version(ws: Workspace, path: str, source: str | None) -> Version:
    """The version that `source` names, else the newest that can be read.  Raises NotFound."""
    if source and not _names_a_kept_one(source):
        return version_in(ws, path, source)
    fitting = [one for one in every_version(ws, path) if source is None or _fits(one, source)]
    for one in fitting:
        data = one.load()
        if data is not None and (source or is_readable(path, data)):
            return one
    elsewhere = version_elsewhere(ws, path)
    if elsewhere and source == elsewhere.source and elsewhere.load() is not None:
        return elsewhere
    where = f" in {source}" if source else ""
    hint = f"taskorch restore --list {as_argument(path)}"
    if disk.is_folder(ws.repo.work_tree, path) or is_folder_in_last(ws, path):
        hint = "it is a folder: name its files, or taskorch restore --all"
    elif elsewhere:
        there = f"taskorch restore {as_argument(path)} --from {elsewhere.source}"
        hint = f"another work tree had it, at {elsewhere.time}: {there}"
    raise NotFound(f"no version of {path} is known{where}", hint=hint)


def _names_a_kept_one(source: str) -> bool:
    return source in _KINDS or source.startswith((f"{STEP}:", f"{BEFORE}:", "stash@{"))


def _fits(version: Version, source: str) -> bool:
    return version.kind == _KINDS[source] if source in _KINDS else version.source == source


def _change(ws: Workspace, path: str, version: Version, *, replace: bool) -> Change:
    """The change that puts a version back.  Raises TaskorchError where it would lose what is there now."""
    refuse_hindered(ws, path)
    present = content_of(ws.repo.work_tree / path)
    if is_same(ws, path, present, version):
        raise TaskorchError(
            f"{path} is as in {version.source} already",
            hint=f"taskorch restore --list {as_argument(path)} shows other versions, --from names one",
        )
    if is_private(path) and not is_record(path):
        there = f"git restore --source={word(version.source)} --worktree -- {pathspec(path)}"
        raise TaskorchError(
            f"{path} has a name that secrets have: no copy of it is kept, so it could not be taken back",
            hint=f"to have it all the same: {there}",
        )
    wanted = version.content()
    if present and not replace and not _is_kept(ws, path, present):
        raise TaskorchError(
            f"{path} has changes that are saved nowhere",
            reasons=[
                f"on disk: {_described(present)}",
                f"{version.source} ({version.words}): {_described(wanted)}",
            ],
            hint="taskorch checkpoint saves what is on disk first; with --replace the journal keeps it",
        )
    return Change(path, present, wanted)


def _is_kept(ws: Workspace, path: str, present: Content) -> bool:
    """Whether what is on disk can be had again, or is a record that cannot be read."""
    if not is_readable(path, present.data):
        return True
    return any(is_same(ws, path, present, one) for one in versions_of(ws, path))


def _lost_changes(ws: Workspace, lost: Sequence[Lost]) -> list[Change]:
    blobs = read_objects(ws.safety_dir, (one.state[7:] for one in lost))
    out = []
    for one in lost:
        present = content_of(ws.repo.work_tree / one.path)
        out.append(Change(one.path, present, Content(one.state[:6], blobs[one.state[7:]])))
    return out


def _described(content: Content) -> str:
    return f"{blob_id(content.data)[:10]}, {len(content.data):,} bytes"


def _answer(
    ws: Workspace,
    changes: Sequence[Change],
    sources: Iterable[str],
    kept: Sequence[Json] = (),
    *,
    dry_run: bool = False,
) -> Json:
    rows = [
        {"path": change.path, "from": source, "replaced": change.before is not None}
        for change, source in zip(changes, sources, strict=True)
    ]
    step = (ws.step.number or None) if changes and not dry_run else None
    return {
        "step": step,
        "restored": rows,
        "kept": list(kept),
        "dry_run": dry_run,
        "safety_store": ws.safety_off,
        "path": None,
        "versions": [],
    }
