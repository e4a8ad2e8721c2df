"""Writing decisions where they are kept: as ours, or in a folder of another tool in that tool's way."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace

from taskorch.errors import TaskorchError
from taskorch.interchange.adr import drafting, editing, writing
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.dialect import name_form
from taskorch.interchange.adr.drafting import Draft
from taskorch.interchange.adr.reading import read_adr
from taskorch.records import decision_body
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, REPLACING, SUPERSEDED, UNKNOWN, Decision
from taskorch.records.file_text import FileText
from taskorch.services.decisions.adopted import AdoptedFolder, adopted_id
from taskorch.services.decisions.filing import Filed, filed
from taskorch.services.decisions.folders import folders_meant
from taskorch.services.decisions.unfit import refuse_foreign, refuse_hidden_folders, refuse_unfit
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields

_PARTS = (
    "context", "drivers", "options", "decision", "rationale", "consequences", "confirmation", "risks",
    "pros_and_cons", "more",
)  # fmt: skip
_KEYS = {"Tasks": "tasks", "Governs": "governs", "Components": "components", "Tags": "labels"}
_UTF8 = "utf-8"
_WORDS = ("category", "impact", "implementation", "outcome")


def with_changes(ws: Workspace, one: Decision, changes: Mapping[str, str]) -> str:
    """The text of an adopted decision with ``status`` or other keys changed.  Raises TaskorchError."""
    folder = _folder_of(ws, one)
    assert folder
    dialect = folder.folder.read.dialect
    text = one.text
    for key, value in changes.items():
        adr = _as_adr(ws, folder, one, text)
        if key == "status":
            text = editing.with_status(adr, dialect, value)
        else:
            text = editing.with_key(adr, dialect, key, value)
    return text


def linked(ws: Workspace, new: Decision, links: Sequence[tuple[str, Decision]]) -> dict[str, str]:
    """What becomes of a decision that gets links to older ones, and of these: texts by path.

    Raises TaskorchError.
    """
    out: dict[str, str] = {}
    for kind, old in links:
        out[new.path] = _with_link(ws, new, out.get(new.path, new.text), kind, old)
        if _folder_of(ws, old):
            out[old.path] = _told(ws, old, out.get(old.path, old.text), kind, new)
        elif kind in REPLACING:
            out[old.path] = with_fields(old.text, FIELDS, {"status": SUPERSEDED})
    return out


def put_in_place(ws: Workspace, found: Collection, one: Decision) -> Decision:
    """A new decision, which is given in our form, as it is kept in the folder; without its links.

    Raises TaskorchError.
    """
    folder = ws.adopted()
    assert folder
    refuse_hidden_folders(ws.repo, ws.start, folders_meant(ws.adr_tree, ws.settings.decisions or ""))
    read = folder.folder.read
    place = filed(folder.folder, one)
    draft = draft_of(_unsaid(one, place), one.date or ws.now()[:10])
    if draft.deciders == (ws.repo.author(),) and not any(adr.deciders for adr in read.adrs):
        draft = replace(draft, deciders=())  # nobody named them, and the folder does not
    beside = replace(read.dialect, name=name_form(place.beside, read.dialect.name))
    name = posixpath.join(place.where, drafting.file_name(beside, place.number, draft))
    refuse_unfit(ws.repo, folder.folder, name, ws.prefix)
    path = folder.path(name)
    if any(known.path == path for known in found.decisions.values()):
        raise TaskorchError(f"there is a decision in {ws.shown(path)} already", hint="give it another title")
    text = writing.new_text(beside, place.beside, place.number, draft)
    new = replace(one, id=adopted_id(name), path=path, file=FileText(text))
    return replace(new, supersedes=(), refines=(), reverses=(), clarifies=())


def _unsaid(one: Decision, place: Filed) -> Decision:
    """A decision without the category and component that its subfolder says."""
    category = None if one.category in place.said else one.category
    return replace(one, category=category, components=tuple(c for c in one.components if c not in place.said))


def draft_of(one: Decision, day: str) -> Draft:
    """A decision of ours as it is written elsewhere; `day` is its date, ``YYYY-MM-DD``."""
    texts = {part: decision_body.part(one.text, part, one.body_start) for part in _PARTS}
    texts["decision"] = one.decision
    fields = {name: getattr(one, key) for name, key in _KEYS.items()}
    fields |= {key.capitalize(): (word,) for key in _WORDS if (word := getattr(one, key))}
    status = None if one.status == UNKNOWN else one.status
    return Draft(one.title, status, day, one.decision_makers, texts, fields)


def _folder_of(ws: Workspace, one: Decision) -> AdoptedFolder | None:
    """The folder a decision is kept in, None for one of ours.  Raises BadPath if others have it."""
    if not one.is_adopted:
        return None
    refuse_foreign(ws.repo, posixpath.dirname(ws.shown(one.path)))
    return ws.adopted()


def _with_link(ws: Workspace, new: Decision, text: str, kind: str, old: Decision) -> str:
    folder = _folder_of(ws, new)
    if not folder:
        return with_fields(text, FIELDS, {kind: [*_links_in(text, new, kind), old.id]})
    adr, other = _as_adr(ws, folder, new, text), _as_adr(ws, folder, old, old.text)
    return editing.with_link(adr, folder.folder.read.dialect, kind, other)


def _told(ws: Workspace, old: Decision, text: str, kind: str, new: Decision) -> str:
    """The text of an older decision that says what a newer one is to it, as other tools have it."""
    folder = _folder_of(ws, old)
    assert folder
    dialect = folder.folder.read.dialect
    adr, by = _as_adr(ws, folder, old, text), _as_adr(ws, folder, new, new.text)
    if kind in REPLACING:
        return editing.superseded(adr, dialect, by)
    return editing.with_link(adr, dialect, _BACK[kind], by)


_BACK = {"refines": "refined_by", "clarifies": "clarified_by"}


def _links_in(text: str, one: Decision, kind: str) -> tuple[str, ...]:
    from taskorch.records.decision import parse

    return parse(text, one.path).links(kind)


def _as_adr(ws: Workspace, folder: AdoptedFolder, one: Decision, text: str) -> Adr:
    """A decision as the folder's tool reads it; one of ours as well, for links to it."""
    shown = ws.shown(one.path)
    encoding = next(
        (adr.encoding for adr in folder.folder.read.adrs if folder.path(adr.path) == one.path), _UTF8
    )
    if encoding != _UTF8:
        raise TaskorchError(
            f"{shown} is {encoding} text, which is not written", hint="save the file as UTF-8 first"
        )
    return read_adr(posixpath.relpath(shown, folder.folder.where), text.encode())
