"""Issues with every key that beads writes, each with a value that stands nowhere else."""

from __future__ import annotations

from typing import Any

WHOLE: dict[str, Any] = {
    "_type": "issue",
    "id": "bd-a1",
    "title": "Whole title",
    "description": "What it is\n\n## Steps\n\n1. one",
    "design": "How it is to be built",
    "acceptance_criteria": "- [x] first works\n- second works",
    "notes": "What was seen",
    "spec_id": "spec-77",
    "status": "hooked",
    "priority": 4,
    "issue_type": "feature",
    "assignee": "beads/crew/ann",
    "owner": "ann@example.org",
    "estimated_minutes": 1234,
    "created_at": "2025-11-02T21:58:07.295058-08:00",
    "created_by": "bob",
    "updated_at": "2025-11-03T20:56:22.700641-08:00",
    "started_at": "2025-11-03T01:00:00Z",
    "closed_at": "2025-11-03T20:56:23Z",
    "close_reason": "not for now",
    "closed_by_session": "session-9",
    "due_at": "2026-01-01T00:00:00Z",
    "defer_until": "2026-02-02T00:00:00Z",
    "external_ref": "gh-99",
    "source_system": "jira-bridge",
    "metadata": {"tool": {"version": "7.7.1"}, "files": ["src/a.go"]},
    "compaction_level": 2,
    "compacted_at": "2025-12-12T00:00:00Z",
    "compacted_at_commit": "0123abcd",
    "original_size": 4567,
    "labels": ["web", "two words"],
    "dependencies": [
        {"issue_id": "bd-a1", "depends_on_id": "bd-p", "type": "parent-child", "created_by": "bob"},
        {"issue_id": "bd-a1", "depends_on_id": "bd-p2", "type": "parent-child"},
        {"issue_id": "bd-a1", "depends_on_id": "bd-b", "type": "blocks", "created_at": "2025-11-02"},
        {"issue_id": "bd-a1", "depends_on_id": "bd-gone", "type": "blocks"},
        {"issue_id": "bd-a1", "depends_on_id": "bd-w", "type": "waits-for", "metadata": '{"gate":"all-c"}'},
        {"issue_id": "bd-a1", "depends_on_id": "bd-d", "type": "discovered-from", "thread_id": "thread-5"},
        {"issue_id": "bd-a1", "depends_on_id": "bd-r", "type": "related"},
        {"type": "odd-link"},
    ],
    "comments": [
        {"id": 41, "issue_id": "bd-a1", "author": "carl", "text": "A comment",
         "created_at": "2025-11-04T00:00:00Z"},
        "a bare comment",
    ],
    "sender": "mayor",
    "wisp_type": "patrol-w",
    "bonded_from": [{"source_id": "bd-proto", "bond_type": "sequential", "bond_point": "end"}],
    "await_type": "gh:run",
    "await_id": "run-31",
    "timeout": 3600000000000,
    "waiters": ["mail/one", "mail/two"],
    "source_formula": "release-f",
    "source_location": "steps[3]",
    "mol_type": "swarm",
    "work_type": "mutex",
    "event_kind": "agent.started",
    "actor": "actor-1",
    "target": "target-1",
    "payload": '{"a": "pay"}',
    "a_key_of_tomorrow": "new thing",
}  # fmt: skip
OTHERS: list[dict[str, Any]] = [
    {"id": name, "title": f"Title of {name}", "status": status, "priority": priority, "issue_type": "task",
     "created_at": "2025-11-01T00:00:00Z"}
    for name, status, priority in (
        ("bd-p", "open", 0), ("bd-p2", "in_progress", 1), ("bd-b", "closed", 2), ("bd-w", "deferred", 3),
        ("bd-d", "blocked", 2), ("bd-r", "pinned", 2),
    )
]  # fmt: skip
GONE: dict[str, Any] = {
    "id": "bd-gone", "title": "Deleted", "status": "tombstone", "priority": 2, "issue_type": "bug",
    "created_at": "2025-11-01T00:00:00Z", "deleted_at": "2025-12-24T00:00:00Z", "deleted_by": "dave",
    "delete_reason": "a batch", "original_type": "chore-o",
}  # fmt: skip
ISSUES = [WHOLE, *OTHERS, GONE]
