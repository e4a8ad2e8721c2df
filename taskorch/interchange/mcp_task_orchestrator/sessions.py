"""Sessions: of 1.x the session ids of operations and decisions, of 2.0 tables and ``session_*.json``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from taskorch.interchange.foreign import ForeignOperation, ForeignSession
from taskorch.interchange.mcp_task_orchestrator.draft import NAME, RECORDED, Draft
from taskorch.interchange.mcp_task_orchestrator.operations import Operation
from taskorch.interchange.mcp_task_orchestrator.source import in_lines
from taskorch.interchange.mcp_task_orchestrator.values import clipped, counted, is_empty, text_of, unpacked

_FILE = re.compile(r"session_(.*)\.json\Z")
_SAID = ("session_id", "created_at", "ended_at", "completed_at", "working_directory")


@dataclass(slots=True)
class _Session:
    """What is known of one session: ``times`` in UTC, the keys of its tasks, and lines for its notes."""

    times: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    purpose: str = ""
    lines: list[str] = field(default_factory=list)
    operations: list[ForeignOperation] = field(default_factory=list)
    decisions: int = 0


def read_sessions(
    draft: Draft, operations: Iterable[Operation], decided: dict[str, str], worked: Iterable[tuple[str, str]]
) -> set[str]:
    """All sessions; gives the files that were read for them.

    `decided` says when decisions were made, `worked` are (session, task) of tasks that name a session.
    """
    found: dict[str, _Session] = defaultdict(_Session)
    _of_operations(found, operations)
    _of_decisions(draft, found, decided)
    created = {task.key: task.created for task in draft.foreign.tasks}
    for session, task in worked:
        found[session].tasks.append(task)
        found[session].times += filter(None, [created.get(task)])
    _of_tables(draft, found)
    files = set(_of_files(draft, found))
    known, unnamed = draft.task_keys, found.pop("", _Session())
    draft.foreign.sessions += [_made(key, one, known) for key, one in found.items()]
    for key, known_session in found.items():
        if not any(known_session.times):
            draft.map(f"session {key}", "no time of it is known; it is the first of 1970")
    for one in unnamed.operations:
        draft.skip(
            f"task {one.task}", f"{one.op} of {one.path} names no session: in words in its notes alone"
        )
    return files


def _made(key: str, one: _Session, known: set[str]) -> ForeignSession:
    times = sorted(filter(None, one.times)) or ["1970-01-01T00:00:00Z"]
    notes = "\n".join(dict.fromkeys(one.lines))
    return ForeignSession(
        key,
        created=times[0],
        ended=times[-1],
        agent=", ".join(dict.fromkeys(one.agents)) or NAME,
        tasks=tuple(dict.fromkeys(task for task in one.tasks if task in known)),
        purpose=one.purpose or f"Work recorded by {NAME}{_how_much(one)}",
        notes=f"{RECORDED}\n\n{notes}" if notes else "",
        operations=tuple(one.operations),
    )


def _how_much(one: _Session) -> str:
    numbers = {"file operation": len(one.operations), "decision": one.decisions}
    said = [counted(number, what) for what, number in numbers.items() if number]
    return f": {', '.join(said)}" if said else ""


def _of_operations(found: dict[str, _Session], operations: Iterable[Operation]) -> None:
    for operation in operations:
        session = found[operation.session]
        session.times.append(operation.one.at)
        session.tasks.append(operation.one.task)
        session.operations.append(operation.one)


def _of_decisions(draft: Draft, found: dict[str, _Session], decided: dict[str, str]) -> None:
    for one in draft.foreign.decisions:
        if one.session:
            session = found[one.session]
            session.times.append(decided.get(one.key, ""))
            session.tasks += one.tasks
            session.decisions += 1


def _of_tables(draft: Draft, found: dict[str, _Session]) -> None:
    """The tables of 2.0 that were made and hardly ever filled."""
    for row in draft.project.rows("sessions"):
        session = found[row.text("id") or row.name]
        for column in ("created_at", "updated_at", "completed_at"):
            session.times += filter(None, [draft.clock.utc(row.raw(column))])
        session.lines += in_lines({**row.map("metadata"), **row.rest()})
    for row in draft.project.rows("session_contexts", "workflow_states", "session_events"):
        key, what = row.text("session_id"), row.text("context_key", "event_type") or "state"
        at = draft.clock.utc(row.raw("created_at")) or draft.clock.utc(row.raw("updated_at"))
        said = row.text("context_data", "state_data", "event_data")
        row.raw("updated_at")
        row.raw("id")
        found[key].lines += in_lines({f"{what} {at or ''}".strip(): clipped(said, 2000), **row.rest()})
        found[key].times += filter(None, [at])


def _of_files(draft: Draft, found: dict[str, _Session]) -> Iterable[str]:
    for path, text in draft.project.files.items():
        named = _FILE.match(path)
        if not named:
            continue
        data = unpacked(text)
        if not isinstance(data, dict):
            draft.skip(f"file {path}", "is no JSON object")
            continue
        yield path
        session = found[text_of(data.get("session_id")) or named[1]]
        times = [draft.clock.utc(data.get(key)) for key in ("created_at", "ended_at", "completed_at")]
        session.times += filter(None, times)
        folder = text_of(data.get("working_directory"))
        session.purpose = f"A session of {NAME} in {folder}" if folder else ""
        session.lines += in_lines(_flat({key: one for key, one in data.items() if key not in _SAID}))


def _flat(data: dict[str, Any], lead: str = "") -> dict[str, Any]:
    """Nested values by the names that lead to them."""
    out: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            out |= _flat(value, f"{lead}{key}, ")
        elif not is_empty(value):
            out[f"{lead}{key}"] = value
    return out
