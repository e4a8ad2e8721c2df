"""Looking for everything that is wrong with a store, and changing nothing."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from taskorch.errors import BadRecord
from taskorch.records import decision, frontmatter, ids
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.gathered import CLAIMS_SUFFIX, Record
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.archive.choosing import Choice
from taskorch.services.hidden_records import left_out_of_store
from taskorch.services.roles import own_roles
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.streams.defining import problems as stream_problems
from taskorch.services.workspace import Workspace
from taskorch.store import files
from taskorch.store.folders import ARCHIVE, FOLDERS
from taskorch.store.record_paths import is_archived, is_record_file


def examine(ws: Workspace, *, stale: bool = False, fix: bool = False) -> Json:
    """Every problem of the store, by path, line and column; with `stale` also what lies about.

    Only `fix` changes something, of what lies about.
    """
    lying = _stale(ws, fix=fix) if stale else None
    found = ws.load().whole
    found.problems += ws.settings.unknown
    found.problems += stream_problems(ws)
    found.problems += list(_links(ws, found))
    found.problems += list(_names(ws, found))
    found.problems += list(_rings(ws, found))
    found.problems += list(_supersession(ws, found))
    found.problems += list(_archived(ws, found))
    found.problems += list(_strays(ws))
    found.problems += own_roles(ws)[1]
    found.problems += list(left_out_of_store(ws.repo, ws.prefix))
    rows = problem_rows(found)
    for problem in found.problems:
        for more in problem.reasons:  # further problems of the same record
            line, column, message = more.split(":", 2)
            rows.append(_row(problem.path, int(line), int(column), message.strip()))
    rows.sort(key=lambda row: (row["path"], row["line"], row["column"]))
    checked = {
        "tasks": len(found.tasks),
        "decisions": len(found.decisions),
        "sessions": len(found.sessions),
        "claims": sum(len(lines) for lines in found.claims.values()),
    }
    unfixed = lying["unfixed"] if lying else 0
    return {"problems": rows, "checked": checked, "stale": lying, "found": len(rows) + unfixed}


def _stale(ws: Workspace, *, fix: bool) -> Json:
    """What lies about, and how much of it was not mended."""
    from taskorch.services.staleness.stale import count, look  # slow to load

    data = look(ws, fix=fix)
    return data | {"unfixed": count(data)}


def link_problems(ws: Workspace, found: Collection) -> list[BadRecord]:
    """Links that lead nowhere, and rings."""
    return [*_links(ws, found), *_rings(ws, found)]


def _row(path: str, line: int, column: int, message: str) -> Json:
    return {"path": path, "line": line, "column": column, "field": None, "message": message, "hint": None}


def dangling_links(ws: Workspace, found: Collection, records: Iterable[Record]) -> Iterator[BadRecord]:
    """The links in fields of some records that name no task or decision here."""
    known = {*found.tasks, *found.decisions}
    for record in records:
        fields = ["tasks", *decision.LINKS] if not isinstance(record, Task) else ["depends_on", "parent"]
        for field in fields:
            named = getattr(record, field, None) or ()
            if isinstance(record, Session) and record.is_local:
                continue  # its tasks are on whichever branch it worked on
            for other in (named,) if isinstance(named, str) else named:
                if other not in known and not found.is_unreadable(other):
                    yield _at(
                        ws, record, field, f"'{field}' names {other}, which is not here",
                        f"take it out, or bring {other} back: git log --all -- '*{other}*'",
                    )  # fmt: skip


def _links(ws: Workspace, found: Collection) -> Iterator[BadRecord]:
    yield from dangling_links(ws, found, found)
    for path, carried in found.carried.items():
        task = path.rsplit("/", 1)[-1][:10]
        if carried.lines and task not in found.tasks and not found.is_unreadable(task):
            yield BadRecord(
                f"claims of {task}, which is no task here", path=ws.shown(path),
                hint=f"delete the file, or bring the task back: taskorch restore {task}",
            )  # fmt: skip
    for owner, lines in found.claims.items():
        if owner not in found.own:
            continue
        session = found.sessions.get(owner)
        path = session.claims_path if session else _file_of_claims(ws, owner)
        if not session:
            yield BadRecord(
                f"claims of session {owner}, which has no readable record", path=ws.shown(path),
                hint="mend the session's record, or bring it back from git",
            )  # fmt: skip
        for claim, number in lines:
            if claim.task not in found.tasks and not found.is_unreadable(claim.task):
                yield BadRecord(
                    f"a claim of {claim.task}, which is no task here", path=ws.shown(path), line=number
                )


def _file_of_claims(ws: Workspace, owner: str) -> str:
    """Where the claims of a session stand whose record cannot be read."""
    name = f"{owner}{CLAIMS_SUFFIX}"
    return next((path for path in ws.store.paths() if path.endswith(f"/{name}")), f"sessions/{name}")


def _names(ws: Workspace, found: Collection) -> Iterator[BadRecord]:
    aliases: dict[tuple[str | None, str], list[Task]] = defaultdict(list)
    for record in found:
        name = record.path.rsplit("/", 1)[-1]
        kept_elsewhere = isinstance(record, Decision) and record.is_adopted  # its id follows from its path
        if not name.startswith(record.id) and not kept_elsewhere:
            yield _at(
                ws, record, "id", f"the file is named {name}, the record {record.id}", "make them agree"
            )
        if isinstance(record, Task) and record.alias:
            aliases[record.parent, record.alias].append(record)
            if ids.is_id(record.alias):
                yield _at(ws, record, "alias", f"the alias '{record.alias}' looks like an id", "change it")
    for (_, alias), sharing in aliases.items():
        for record in sharing[1:]:
            first = sharing[0].id
            yield _at(ws, record, "alias", f"the alias '{alias}' is also that of {first}", "change one")


def _rings(ws: Workspace, found: Collection) -> Iterator[BadRecord]:
    for one in found.tasks.values():
        for field, edges in (("depends_on", found.dependency_edges), ("parent", found.parent_edges)):
            way = found.cycle(one.id, edges)
            if way and one.id == min(way):  # a ring is told once
                words = f"'{field}' leads in a ring: {' -> '.join(way)}"
                yield _at(ws, one, field, words, f"taskorch task edit {one.id}")
    for newer in found.decisions.values():
        ring = found.cycle(newer.id, found.decision_edges)
        if ring and newer.id == min(ring):
            kind = next(kind for kind in decision.LINKS if ring[1] in newer.links(kind))
            words = f"'{kind}' leads in a ring: {' -> '.join(ring)}"
            where = ws.shown(newer.path) if newer.is_adopted else f"taskorch decision edit {newer.id}"
            yield _at(ws, newer, kind, words, f"take one of these links out: {where}")


def _supersession(ws: Workspace, found: Collection) -> Iterator[BadRecord]:
    adopted = ws.adopted()
    for old in found.decisions.values():
        by, back = found.replaced_by(old.id), found.back_links(old.id)
        if by and old.status != decision.SUPERSEDED:
            words = f"superseded by {by[0]}, but its status is {old.status}"
            verb = "supersede" if by[0] in back["superseded_by"] else "reverse"
            hint = f"taskorch decision {verb} {old.id} --by {by[0]}"
            if old.is_adopted:
                hint = f"say so in its status: superseded by {_from(old, found.decisions[by[0]])}"
            yield _at(ws, old, "status", words, hint)
        rejected = [*back["superseded_by"], *back["reversed_by"]]
        if rejected and not by and old.status == decision.SUPERSEDED:
            words = f"superseded by {rejected[0]}, which was rejected: neither of them stands"
            hint = f"if it holds again: taskorch decision accept {old.id}; else supersede it by another one"
            yield _at(ws, old, "status", words, hint)
        instead = found.standing_ends(old.id)
        if len(instead) > 1 and len(by) > 1 and not (old.is_adopted and adopted and adopted.says(old, by)):
            words = f"superseded more than once: {', '.join(instead)} stand in its place"
            hint = f"if one is to stand: taskorch decision supersede {instead[0]} --by {instead[1]}"
            hint += ", or the other way round"
            if old.is_adopted:
                names = " and ".join(_from(old, found.decisions[one]) for one in by)
                hint += f"; if all are, say so in its status: superseded by {names}"
            yield _at(ws, old, "id", words, hint)


def _from(old: Decision, new: Decision) -> str:
    """How a decision's file names another file."""
    return posixpath.relpath(new.path, posixpath.dirname(old.path))


def _archived(ws: Workspace, found: Collection) -> Iterator[BadRecord]:
    """Archived records that are not to be there: a merge can have opened them, or made others below them."""
    back = "taskorch archive moves it back"
    for one in Choice(found).returning():
        why = "is open" if one.is_open else "has its parent or a subtask outside"
        yield _at(ws, one, "status", f"is in the archive, and {why}", back)
    for decision_ in found.decisions.values():
        if is_archived(decision_.path):
            yield _at(ws, decision_, "id", "a decision in the archive", "move its file to decisions/")


def _strays(ws: Workspace) -> Iterator[BadRecord]:
    """Files in the record folders that are none of ours: odd names, left-overs of killed writers."""
    for folder in (*FOLDERS, ARCHIVE):
        top = ws.store.root / folder
        for path in [] if top.is_symlink() else sorted(top.rglob("*")):
            shown = ws.shown(path.relative_to(ws.store.root).as_posix())
            if path.name.startswith(files.TEMPORARY):
                yield BadRecord("left over from a command that was killed", path=shown, hint="delete it")
            elif is_record_file(path.name) or _is_of_others(path.relative_to(top)):
                continue
            elif path.is_file() or path.is_symlink():
                yield BadRecord("not a record: its name has no id", path=shown, hint="move it elsewhere")


def _is_of_others(path: Path) -> bool:
    """Whether a path is hidden, or what an editor keeps beside a file: its user knows of it or need not."""
    name = path.name
    kept = name.endswith("~") or (name.startswith("#") and name.endswith("#"))
    return kept or any(part.startswith(".") for part in path.parts)


def _at(ws: Workspace, record: Record, field: str, message: str, hint: str) -> BadRecord:
    """A problem at a field's line."""
    line, column = 1, 1
    with suppress(BadRecord):  # another tool's form need not have fields
        document = frontmatter.parse(record.text, record.path)
        entry = document.entries.get(field)
        line, column = document.position(entry.start) if entry else (1, 1)
    return BadRecord(message, path=ws.shown(record.path), line=line, column=column, field=field, hint=hint)
