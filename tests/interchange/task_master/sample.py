"""Tasks with every key that Task Master writes, each with a value that stands nowhere else."""

from __future__ import annotations

from typing import Any

SUBTASK: dict[str, Any] = {
    "id": 1,
    "title": "First part",
    "description": "Part of it",
    "status": "review",
    "dependencies": [],
    "acceptanceCriteria": "- one works\n- two works",
    "details": "<info added on 2025-05-01>\nmore\n</info>",
    "parentTaskId": 1,
    "parentId": "undefined",
    "parentTask": {"id": 1, "title": "Its task again", "status": "in-progress"},
    "isSubtask": True,
    "testStrategy": "Try the part",
    "updatedAt": "2026-01-08T21:17:16.264Z",
}
TASK: dict[str, Any] = {
    "id": "1",
    "title": "Whole title",
    "description": "What it is",
    "status": "in-progress",
    "previousStatus": "was-review",
    "dependencies": [2, "3", "2.1"],
    "priority": "high",
    "details": "How to do it",
    "testStrategy": "How to test it",
    "complexity": 7,
    "recommendedSubtasks": 66,
    "expansionPrompt": "Break it down",
    "complexityReasoning": "It has parts",
    "createdAt": "2025-06-01T10:00:00Z",
    "updatedAt": "2025-10-10T08:45:46.816Z",
    "effort": 33,
    "actualEffort": 44,
    "tags": ["web"],
    "assignee": "ann",
    "databaseId": "uuid-1",
    "relevantFiles": [{"path": "src/a.ts", "description": "the reader", "action": "modify"}],
    "codebasePatterns": ["pattern one"],
    "existingInfrastructure": [{"name": "Store", "location": "src/store.ts", "usage": "call it"}],
    "scopeBoundaries": {"included": "the reader", "excluded": "the writer"},
    "implementationApproach": "Step by step",
    "technicalConstraints": ["no network"],
    "acceptanceCriteria": ["it reads", "it writes"],
    "skills": ["typescript"],
    "category": "development",
    "metadata": {"jira": "KEY-7", "nested": {"deep": [1.5, "two"]}},
    "a_key_of_tomorrow": "new thing",
    "subtasks": [SUBTASK, {"id": 2, "title": "Second part", "status": "done", "dependencies": [1, "1.1", 3]}],
}
OTHERS: list[dict[str, Any]] = [
    {"id": 2, "title": "Two", "status": "done", "dependencies": [], "subtasks": [
        {"id": 1, "title": "Part of two", "status": "deferred", "dependencies": [7]}]},
    {"id": 3, "title": "Three", "status": "cancelled", "priority": "urgent", "dependencies": [99]},
]  # fmt: skip
TAGS: dict[str, Any] = {
    "master": {
        "tasks": [TASK, *OTHERS],
        "metadata": {"created": "2025-06-13T23:52:56.848Z", "updated": "2025-08-02T14:13:14Z", "taskCount": 3,
                     "description": "The main tag"},
    },
    "side": {"tasks": [{"id": 1, "title": "Elsewhere", "status": "pending"}, {"id": 8, "title": "Alone"}]},
    "version": "9.9",
}  # fmt: skip
