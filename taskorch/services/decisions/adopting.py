"""Taking over a folder of decisions that another tool keeps: imported, or adopted where it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from taskorch.errors import BadPath, NotFound, TaskorchError
from taskorch.git.paths import is_below
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.names import is_markup
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, REJECTED, SUPERSEDED, UNKNOWN
from taskorch.services.commit_after import commits
from taskorch.services.decisions.adopted import adopted_id
from taskorch.services.decisions.folders import AdrFolder, folders_meant, read_adr_folder
from taskorch.services.decisions.importing import Imported, imported, records_of, source
from taskorch.services.decisions.unfit import refuse_hidden_folders, refuse_unfit
from taskorch.services.hidden_records import refuse_ignored
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields
from taskorch.store import config
from taskorch.store.layout import record_path


def look_at(ws: Workspace, named: str, *, in_place: bool = False, cwd: Path | None = None) -> Json:
    """What `adopt` would do with a folder; nothing is written.  Raises NotFound, BadPath, BadRecord."""
    folder = _read(ws, named, cwd)
    found = ws.load()
    new = [] if in_place else _new(found, folder)
    _refuse_unfit(ws, folder, new, in_place=in_place)
    return _answer(ws, folder, found, new, in_place=in_place) | {"dry_run": True}


@commits("decision adopt")
def adopt(ws: Workspace, named: str, *, in_place: bool = False, cwd: Path | None = None) -> Json:
    """Take over the decisions of a folder, as `named` from `cwd`.

    In place: the settings name the folder from then on.  Otherwise a record of ours is made of each; those
    that were imported before are left as they are.  Raises NotFound, BadPath, BadRecord, TaskorchError.
    """
    with ws.writing(f"decision adopt {named}{' --in-place' if in_place else ''}") as found:
        folder = _read(ws, named, cwd)
        if not folder.read.adrs:
            raise NotFound(
                f"no decisions in {folder.where}", hint="name the folder where the files of decisions are"
            )
        new = [] if in_place else _new(found, folder)
        _refuse_unfit(ws, folder, new, in_place=in_place)
        if in_place:
            _set_folder(ws, found, folder)
        else:
            ones = records_of(folder)
            made = [imported(folder, adr, ones, ws.prefix) for adr in new]
            ws.write({**_outdated(found, made), **{one.path: one.text for one in made}})
        return _answer(ws, folder, found, new, in_place=in_place) | {"dry_run": False}


def _read(ws: Workspace, named: str, cwd: Path | None) -> AdrFolder:
    """The folder that is meant.  Raises NotFound, BadPath, BadRecord."""
    where = ws.repo.relative(named, cwd or ws.start)
    if is_below(where, ws.prefix):
        raise BadPath(
            f"{ws.prefix} has taskorch's own records",
            hint="name the folder where another tool keeps decisions",
        )
    refuse_hidden_folders(ws.repo, ws.start, folders_meant(ws.adr_tree, where))
    return read_adr_folder(ws.adr_tree, where)


def _refuse_unfit(ws: Workspace, folder: AdrFolder, new: Sequence[Adr], *, in_place: bool) -> None:
    """Raise TaskorchError where what is to be written would not be committed."""
    if in_place:
        refuse_unfit(ws.repo, folder, "0000-new.md", ws.prefix)
    elif new:
        refuse_ignored(ws.repo, ws.prefix, [ws.shown(record_path(adopted_id(new[0].path), "x", ""))])


def _outdated(found: Collection, made: Sequence[Imported]) -> dict[str, str]:
    """The records that were imported before and are replaced by what is now: superseded, by path."""
    named = {old for one in made for old in (*one.one.supersedes, *one.one.reverses)}
    known = [found.decisions[old] for old in sorted(named) if old in found.decisions]
    return {
        old.path: with_fields(old.text, FIELDS, {"status": SUPERSEDED})
        for old in known
        if old.status not in (SUPERSEDED, REJECTED) and not old.is_adopted
    }


def _set_folder(ws: Workspace, found: Collection, folder: AdrFolder) -> None:
    """Make the settings name a folder.

    Raises TaskorchError where they name another one, or where records were made of its decisions.
    """
    made = [found.decisions.get(adopted_id(adr.path)) for adr in folder.read.adrs]
    twice = [ws.shown(one.path) for one in made if one and not one.is_adopted]
    if twice:
        raise TaskorchError(
            f"decisions of {folder.where} are records of their own already: {twice[0]}"
            + (f" and {len(twice) - 1} more" if twice[1:] else ""),
            hint="keep these, and import new ones without --in-place; or remove these records first",
        )
    known = ws.settings.decisions
    if known not in (None, folder.where):
        raise TaskorchError(
            f"decisions are kept in {known} already",
            hint=f"take 'decisions' out of {ws.shown(config.NAME)} first, or import without --in-place",
        )
    ws.write(
        {config.NAME: config.with_setting(ws.store.read(config.NAME).decode(), "decisions", folder.where)}
    )


def _new(found: Collection, folder: AdrFolder) -> list[Adr]:
    """The decisions of a folder of which no record was made yet."""
    known = {one.source for one in found.decisions.values() if one.source}
    return [
        adr
        for adr in folder.read.adrs
        if source(folder, adr) not in known and not found.is_taken(adopted_id(adr.path))
    ]


def _answer(ws: Workspace, folder: AdrFolder, found: Collection, new: list[Adr], *, in_place: bool) -> Json:
    made = {adr.path for adr in new}
    rows = []
    for adr in folder.read.adrs:
        rows.append(_row(folder, adr) | {"imported": adr.path in made})
    return {
        "dialect": folder.read.dialect.tool,
        "dir": folder.where,
        "in_place": in_place,
        "decisions": rows,
        "problems": [
            {"path": folder.full(one.path), "line": one.line, "message": one.message}
            for one in folder.read.problems
        ],
        "left_out": [folder.full(path) for path in folder.read.left_out if is_markup(path)],
        "skipped": [{"item": folder.full(path), "reason": why} for path, why in folder.read.left_out.items()],
        "unread": [folder.full(path) for path in folder.read.unread],
    }


def _row(folder: AdrFolder, adr: Adr) -> Json:
    return {
        "id": adopted_id(adr.path),
        "path": folder.full(adr.path),
        "number": adr.number,
        "title": adr.title,
        "status": adr.status or UNKNOWN,
        "raw_status": adr.raw_status,
        "date": adr.date,
        "deciders": list(adr.deciders),
        "category": adr.category,
        "supersedes": [folder.full(path) for path in adr.supersedes],
        "superseded_by": [folder.full(path) for path in adr.superseded_by],
        "amends": [folder.full(path) for path in adr.links.get("amends", ())],
        "amended_by": [folder.full(path) for path in adr.links.get("amended_by", ())],
    }
