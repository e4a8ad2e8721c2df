"""Decisions written out as a folder that another tool reads, with an index page; or as JSON."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from taskorch.errors import BadPath, TaskorchError
from taskorch.git.paths import is_below
from taskorch.interchange.adr import drafting, editing, writing
from taskorch.interchange.adr.dialect import Dialect
from taskorch.interchange.adr.page import read_page
from taskorch.interchange.adr.presets import BY_NAME
from taskorch.interchange.adr.reading import read_adr
from taskorch.interchange.adr.relinking import relinked
from taskorch.records import decision_body
from taskorch.records.collection import Collection
from taskorch.records.decision import LINKS, REPLACING, Decision, names_in
from taskorch.services.decisions.in_place import draft_of
from taskorch.services.decisions.listing import show_decision
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import files

FORMATS = (*BY_NAME, "json")
INDEX = "index.md"
_BACK = {"refines": "refined_by", "clarifies": "clarified_by", "reverses": "reversed_by"}
_DATED = 10_000_000  # numbers from here on are dates
_NYGARD = {"context": "Context", "decision": "Decision", "consequences": "Consequences"}
_MADR = {"context": "Context and Problem Statement", "decision": "Decision Outcome"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A decision with its number and file name in the new folder."""

    one: Decision
    number: int
    name: str


def export_decisions(ws: Workspace, named: str, form: str, *, cwd: Path | None = None) -> Json:
    """Write all decisions into a folder, as `named` from `cwd`, in the form of a tool or as JSON.

    Files that are there are left as they are; where one stands in the way, nothing is written.  Raises
    TaskorchError, BadPath.
    """
    found = ws.load()
    where = _folder_for(ws, named, cwd or ws.start)
    texts = _json(ws, found) if form == "json" else _folder(ws, found, where, BY_NAME[form])
    top = ws.repo.work_tree / where
    _refuse_others(top, where, texts)
    new = {name: text for name, text in texts.items() if not (top / name).exists()}
    files.write_many({top / name: text.encode() for name, text in new.items()})
    return {
        "dir": where,
        "format": form,
        "decisions": len(found.decisions),
        "files": [posixpath.join(where, name) for name in texts],
        "written": [posixpath.join(where, name) for name in new],
    }


def _folder_for(ws: Workspace, named: str, cwd: Path) -> str:
    """The folder that is meant, from the root.  Raises TaskorchError for those that are no place for it."""
    where, top = ws.repo.relative(named, cwd), ws.repo.work_tree
    own = next((one for one in (ws.prefix, ws.settings.decisions) if one and is_below(where, one)), None)
    if own:
        raise TaskorchError(
            f"{own} is where taskorch itself keeps decisions", hint="name another folder, such as docs/export"
        )
    if not (top / where).resolve().is_relative_to(top.resolve()):
        raise BadPath(f"'{where}' is a link that leads outside the work tree", hint="name another folder")
    if (top / where).exists() and not (top / where).is_dir():
        raise TaskorchError(f"{where} is not a folder", hint="name a folder that is new")
    return where


def _refuse_others(top: Path, where: str, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        file = top / name
        known = file.read_bytes() if file.is_file() and not file.is_symlink() else None
        if known != text.encode() and os.path.lexists(file):
            raise TaskorchError(
                f"{where}/{name} is there already, with other content",
                hint="name a folder that is new, or move the old files away",
            )


def _json(ws: Workspace, found: Collection) -> dict[str, str]:
    shown = [show_decision(ws, one.id) for one in _ordered(found)]
    return {"decisions.json": json.dumps({"decisions": shown}, indent=2, ensure_ascii=False) + "\n"}


def _folder(ws: Workspace, found: Collection, where: str, dialect: Dialect) -> dict[str, str]:
    placed = _placed(found, dialect)
    names = {one.one.id: one.name for one in placed}
    full = {ws.shown(one.one.path): posixpath.join(where, one.name) for one in placed}
    texts = {one.name: _text(ws, dialect, one, full, where) for one in placed}
    for one in placed:
        for kind in LINKS:
            for other in one.one.links(kind):
                if other in names:
                    _link(dialect, texts, kind, one.name, names[other])
    return {**texts, INDEX: _index(placed)}


def _ordered(found: Collection) -> list[Decision]:
    return sorted(found.decisions.values(), key=lambda one: (one.date or "", one.id))


def _placed(found: Collection, dialect: Dialect) -> list[_Placed]:
    """The decisions with their numbers: those they had elsewhere, where these are told apart by them."""
    ordered = _ordered(found)
    had = {one.id: number for one in ordered if (number := _number_had(found, one)) is not None}
    known = Counter(had.values())
    given = {one: number for one, number in had.items() if known[number] == 1 and number < 10_000_000}
    free = iter(number for number in range(1, len(ordered) * 2 + 2) if number not in given.values())
    out, taken = [], set()
    day = next((one.date for one in ordered if one.date), "1970-01-01")
    for one in ordered:
        number = given[one.id] if one.id in given else next(free)
        draft = draft_of(one, (one.date or day)[:10])
        name = drafting.file_name(dialect, number, draft)
        if name in taken:
            name = f"{name.removesuffix('.md')}-{one.id[2:6]}.md"
        taken.add(name)
        out.append(_Placed(one, number, name))
    return sorted(out, key=lambda placed: placed.name)


def _number_had(found: Collection, one: Decision) -> int | None:
    """The number a decision had where it was imported from, or has where it is kept."""
    told = names_in(one.source)[2:] if one.source else ()
    return int(told[0]) if told else found.numbers.get(one.id)


def _text(ws: Workspace, dialect: Dialect, placed: _Placed, full: Mapping[str, str], where: str) -> str:
    one = placed.one
    draft = draft_of(one, (one.date or "")[:10])
    top = writing.head(dialect, (), placed.number, draft)
    there = posixpath.join(where, placed.name)
    source = ws.shown(one.path)
    page, span = read_page(source, one.text), (_after_title(one), len(one.text))
    body = relinked(page, span, source, there, lambda path: full.get(path, path))
    return f"{top}\n\n{_titled(_renamed(body, dialect).strip(), dialect)}\n".replace("\r\n", "\n")


def _titled(body: str, dialect: Dialect) -> str:
    """The body, which the status stands above as a section: its first lines are not of that."""
    if dialect.status_form != "section" or not body or body.startswith("#"):
        return body
    return f"## {'Details' if decision_body.find(body, 'context', 0) else 'Context'}\n\n{body}"


def _after_title(one: Decision) -> int:
    found = re.compile(r"^#[ \t][^\n]*\n?", re.MULTILINE).search(one.text, one.body_start)
    return found.end() if found and not one.text[one.body_start : found.start()].strip() else one.body_start


def _renamed(body: str, dialect: Dialect) -> str:
    """The body with the headings that the tool's users expect."""
    usual = _NYGARD if dialect.tool == "adr-tools" else _MADR
    for part, title in usual.items():
        section = decision_body.find(body, part, 0)
        if section:
            body = f"{body[: section.heading]}## {title}\n{body[section.start :]}"
    return body


def _link(dialect: Dialect, texts: dict[str, str], kind: str, newer: str, older: str) -> None:
    """Write a link into both files, as the tool does."""
    new, old = (read_adr(name, texts[name].encode()) for name in (newer, older))
    texts[newer] = editing.with_link(new, dialect, kind, old)
    if kind in REPLACING:
        texts[older] = editing.superseded(old, dialect, new)
    else:
        texts[older] = editing.with_link(old, dialect, _BACK[kind], new)


def _index(placed: Sequence[_Placed]) -> str:
    rows = [
        f"| {each.number} | [{_cell(each.one.title)}]({each.name}) "
        f"| {each.one.status} | {(each.one.date or '')[:10]} |"
        for each in placed
    ]
    head = ["# Decisions", "", "| | Decision | Status | Date |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"([\\|\[\]])", r"\\\1", text)
