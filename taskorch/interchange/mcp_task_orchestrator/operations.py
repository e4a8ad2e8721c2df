"""File operations of 1.4 to 1.8, with what the old system's verification said of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taskorch.interchange.foreign import ForeignOperation
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.values import clipped, counted, text_of, words_of

_MOST_LINES = 2000
_SOURCES = ("source_path", "original_path", "old_path", "from_path", "source", "from", "src")
"""Keys of a move's or copy's metadata that may say where it came from; nobody wrote one."""
_OPS = {"created": "create", "modified": "modify", "edit": "modify", "deleted": "delete", "rename": "move"}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as it is read: what may become a claim, and the words that keep it."""

    session: str
    one: ForeignOperation
    words: str


def read_operations(draft: Draft, whys: dict[tuple[str, str, str], str]) -> list[Operation]:
    """All operations in the order of time; what was recorded of them goes into the notes of their tasks.

    `whys` are the reasons by task, operation and path: the old system keeps them as decisions.
    """
    checks = _checks(draft)
    found = [_operation(draft, row, checks, whys) for row in draft.project.rows("file_operations")]
    for operation, rows in checks.items():
        draft.skip(
            "table file_verifications",
            f"{counted(len(rows), 'row')} of {operation}, which is not in the source",
        )
    found.sort(key=lambda operation: operation.one.at)
    _record(draft, found)
    return found


def _operation(
    draft: Draft, row: Row, checks: dict[str, list[Row]], whys: dict[tuple[str, str, str], str]
) -> Operation:
    task, session = row.text("subtask_id"), row.text("session_id", "original_session_id")
    word, metadata = row.word("operation_type"), row.map("file_metadata")
    op, path = _OPS.get(word, word), draft.places.shown(row.text("workspace_relative_path", "file_path"))
    source = next((text_of(metadata[key]) for key in _SOURCES if text_of(metadata.get(key))), "")
    at = draft.clock.utc(row.raw("timestamp")) or draft.clock.local(row.raw("created_at")) or ""
    sha256 = row.text("content_hash").strip().lower()
    status = row.text("verification_status")
    verified = _in_short(checks.pop(row.text("operation_id"), []), status)
    for column in ("created_at", "original_session_id", "workspace_id", "file_path", "file_size"):
        row.raw(column)
    size = row.text("file_size")
    facts = [f"SHA-256 {sha256}" if sha256 else "", f"{size} bytes" if size else "", verified]
    facts += [f"{name}: {words_of(value)}" for name, value in {**metadata, **row.rest()}.items()]
    said = "; ".join(fact for fact in facts if fact)
    why = whys.get((task, op, path))
    one = ForeignOperation(
        task, path, op, at, sha256 or None, draft.places.shown(source) if source else None, why
    )
    return Operation(session, one, f"{word or 'touched'} `{clipped(path)}`" + (f": {said}" if said else ""))


def _checks(draft: Draft) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in draft.project.rows("file_verifications"):
        found[row.text("operation_id")].append(row)
    count = sum(map(len, found.values()))
    if count:
        checks = f"{counted(count, 'check')} of {counted(len(found), 'file operation')}"
        how = f"{checks}: a line each in the notes of the task"
        draft.map("table file_verifications", how)
    return found


def _in_short(checks: Sequence[Row], status: str) -> str:
    """All checks of one operation in a few words: how often which came out, and what the last one said."""
    if not checks:
        return f"verification: {status}" if status else ""
    last = max(checks, key=lambda row: (row.text("verification_timestamp"), row.name))
    counts = Counter(row.word("verification_status") or "unknown" for row in checks)
    results = ", ".join(f"{counted(count, 'time')} {word}" for word, count in sorted(counts.items()))
    exists = "" if last.flag("file_exists") else " (no file there)"
    errors = "; ".join(words_of(one) for one in last.list("errors"))
    return f"checked {results}{exists}" + (f", at last: {errors}" if errors else "")


def _record(draft: Draft, operations: Sequence[Operation]) -> None:
    """One line for what is the same, with the time of the last."""
    by_task: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for operation in operations:
        by_task[operation.one.task].setdefault(operation.words, []).append(operation.one.at)
    known = draft.task_keys
    for task, lines in by_task.items():
        if task not in known:
            count = sum(map(len, lines.values()))
            draft.skip(
                "table file_operations", f"{counted(count, 'row')} of '{task}', which is not in the source"
            )
            continue
        draft.record(task, list(_lines(lines))[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            left = len(lines) - _MOST_LINES
            draft.skip(f"task {task}", f"{left} of {len(lines)} file operations have no line in its notes")


def _lines(lines: dict[str, list[str]]) -> Iterator[str]:
    for words, times in lines.items():
        often = f", {len(times)} times, the last" if len(times) > 1 else ""
        yield in_lines({f"file{often} {times[-1]}".rstrip(): words})[0]
