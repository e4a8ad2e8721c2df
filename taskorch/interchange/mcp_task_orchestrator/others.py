"""The tables and files that are about tasks but no tasks themselves, and those that nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import in_lines
from taskorch.interchange.mcp_task_orchestrator.values import counted, words_of

READ = {
    "architectural_decisions", "decision_evolution", "file_operations", "file_verifications",
    "generic_tasks", "session_contexts", "session_events", "sessions", "subtasks", "task_archives",
    "task_artifacts", "task_attributes", "task_breakdowns", "task_dependencies", "task_events",
    "task_lifecycle", "task_prerequisites", "tasks", "workflow_states", "workspace_artifacts",
}  # fmt: skip
"""The tables whose rows become records or stand in their texts."""
LEFT_OUT = {
    "legacy_task_mapping": "ids before a migration of the old system, which are the same",
    "lock_tracking": "locks of its server, which mean nothing elsewhere",
    "maintenance_operations": "what its maintenance did to itself; taskorch doctor looks after the store",
    "migration_history": "changes of its own tables",
    "project_health_metrics": "measurements of its maintenance",
    "schema_migrations": "changes of its own tables",
    "specialist_assignments": "a log of its role service; tasks name their specialist",
    "specialist_metrics": "a log of its role service",
    "specialist_templates": "texts of its role service; roles are read from roles/*.yaml",
    "specialist_usage": "a log of its role service",
    "specialists": "built-in roles as its server wrote them; roles are read from roles/*.yaml",
    "stale_task_tracking": "derived from the tasks; taskorch doctor derives it anew",
    "task_templates": "templates of a version that was never shipped",
    "orchestration_state": "the state of its server",
    "session_metadata": "the state of its server",
    "workspace_configurations": "settings of its server",
    "workspace_tasks": "which of its workspaces a task is in: here it is the repository",
    "workspaces": "the folders of its projects, read to make paths relative",
}
"""The tables that are left out, and why."""


def read_lifecycle(draft: Draft) -> None:
    """The stages that tasks went through: one line each in their notes."""
    known = draft.task_keys
    lost = 0
    for row in draft.project.rows("task_lifecycle"):
        task, at = row.text("task_id"), draft.clock.local(row.raw("created_at")) or ""
        stages = " → ".join(filter(None, [row.text("previous_stage"), row.text("lifecycle_stage")]))
        row.raw("id")
        usual = {"automated_transition": ("0", "1")}
        said = [row.text("transition_reason"), *(f"{k} {words_of(v)}" for k, v in row.rest(usual).items())]
        if task in known:
            draft.record(task, in_lines({f"{at} {stages}".strip(): "; ".join(filter(None, said))}))
        else:
            lost += 1
    if lost:
        draft.skip("table task_lifecycle", f"{counted(lost, 'row')} of tasks that are not in the source")


def read_prerequisites(draft: Draft) -> None:
    """What had to hold before a task: criteria of it, ticked where it held."""
    tasks = {task.key: number for number, task in reversed(list(enumerate(draft.foreign.tasks)))}
    for row in draft.project.rows("task_prerequisites"):
        key, text = row.text("parent_task_id"), row.text("description")
        if key not in tasks:
            draft.skip(row.name, f"a prerequisite of '{key}', which is not in the source: {text}")
            continue
        kind, how = row.text("prerequisite_type"), row.text("validation_criteria")
        words = (
            f"{text or 'no description'} ({', '.join(filter(None, [kind, how]))})" if kind or how else text
        )
        task = draft.foreign.tasks[tasks[key]]
        criteria = (*task.criteria, (words, row.flag("is_satisfied")))
        draft.foreign.tasks[tasks[key]] = replace(task, criteria=criteria)
        draft.map(f"task {key}", "its prerequisites are acceptance criteria")


def read_roles(draft: Draft) -> set[str]:
    """The files of roles, as they are."""
    found = {
        path: text
        for path, text in draft.project.files.items()
        if path.startswith("roles/") and path.count("/") == 1 and path.endswith((".yaml", ".yml"))
    }
    draft.foreign.files.update(found)
    for path in found:
        draft.map(f"file {path}", "is copied to the roles of the store, as it is")
    return set(found)


def tell_the_rest(draft: Draft, read: Collection[str]) -> None:
    """Tables and files that were not read, with how much is in them and why."""
    for database in draft.project.databases:
        draft.foreign.skipped += database.problems
        for table, rows in database.tables.items():
            if rows and table not in READ:
                why = LEFT_OUT.get(table, f"no version that is known has this table ({database.name})")
                draft.skip(f"table {table}", f"{counted(len(rows), 'row')}: {why}")
    for path in draft.project.files:
        if path not in read:
            draft.skip(f"file {path}", "nothing is known of it")
    for path, reason in draft.project.unread.items():
        draft.skip(f"file {path}", reason)
