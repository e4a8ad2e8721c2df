"""Taking over a folder of decisions that another tool keeps: imported, or adopted where it is."""

from __future__ import annotations

from pathlib import Path

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.names import is_markup
from taskorch.records.collection import Collection
from taskorch.records.decision import UNKNOWN
from taskorch.services.commit_after import commits
from taskorch.services.decisions.adopted import adopted_id
from taskorch.services.decisions.folders import AdrFolder, read_adr_folder
from taskorch.services.decisions.importing import imported, paths_of, source
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import config


def look_at(ws: Workspace, named: str, *, in_place: bool = False, cwd: Path | None = None) -> Json:
    """What `adopt` would do with a folder; nothing is written.  Raises NotFound, BadPath, BadRecord."""
    folder = read_adr_folder(ws.adr_tree, ws.repo.relative(named, cwd or ws.start))
    found = ws.load()
    new = [] if in_place else _new(found, folder)
    return _answer(ws, folder, found, new, in_place=in_place) | {"dry_run": True}


@commits("decision adopt")
def adopt(ws: Workspace, named: str, *, in_place: bool = False, cwd: Path | None = None) -> Json:
    """Take over the decisions of a folder, as `named` from `cwd`.

    In place: the settings name the folder from then on.  Otherwise a record of ours is made of each; those
    that were imported before are left as they are.  Raises NotFound, BadPath, BadRecord, TaskorchError.
    """
    with ws.writing(f"decision adopt {named}{' --in-place' if in_place else ''}") as found:
        folder = read_adr_folder(ws.adr_tree, ws.repo.relative(named, cwd or ws.start))
        if not folder.read.adrs:
            raise NotFound(
                f"no decisions in {folder.where}", hint="name the folder where the files of decisions are"
            )
        if in_place:
            new: list[Adr] = []
            _set_folder(ws, folder)
        else:
            new = _new(found, folder)
            paths = paths_of(folder)
            made = [imported(folder, adr, paths, ws.prefix) for adr in new]
            ws.write({one.path: one.text for one in made})
        return _answer(ws, folder, found, new, in_place=in_place) | {"dry_run": False}


def _set_folder(ws: Workspace, folder: AdrFolder) -> None:
    """Make the settings name a folder.  Raises TaskorchError where they name another one."""
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
