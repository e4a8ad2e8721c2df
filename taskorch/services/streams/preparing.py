"""Preparing work in a stream: what is uncommitted is kept, and it is told what is ready and what is asked."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.records.collection import Collection
from taskorch.records.task import Task
from taskorch.services.markdown import counted
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json
from taskorch.services.shell_words import word
from taskorch.services.streams.defining import guidance, named
from taskorch.services.streams.readiness import readiness
from taskorch.services.workspace import Workspace


def prepare(ws: Workspace, stream: str, task_ids: Sequence[str]) -> Json:
    """Keep what is uncommitted in a checkpoint, and tell whether the tasks are ready; no record changes.

    ``{work_stream_type, total_tasks, readiness_status (see `readiness`), context_protection_enabled,
    execution_guidance [], recommendations [], checkpoint, safety_store}``.
    ``context_protection_enabled``: everything that is uncommitted now is in the checkpoint.  Raises
    NotFound for a stream that does not exist, BadRecord where its file cannot be read.
    """
    one = named(ws, stream)
    with ws.writing(f"stream prepare {one.name}"):
        kept = take_if_possible(ws, f"stream prepare {one.name}")
    status = readiness(ws, task_ids, one.name, checkpoint=kept)
    return {
        "work_stream_type": one.name,
        "total_tasks": len(status["task_readiness"]),
        "readiness_status": status,
        "context_protection_enabled": not kept["failed"] and not kept["left_out"],
        "execution_guidance": guidance(ws, one.name),
        "recommendations": _recommendations(ws.load(), one.name, status, kept),
        "checkpoint": kept,
        "safety_store": ws.safety_off,
    }


def _recommendations(found: Collection, stream: str, status: Json, kept: Json) -> list[str]:
    """What to do next, the first thing first, each with its command."""
    tasks = [found.tasks[row["task_id"]] for row in status["task_readiness"] if row["exists"]]
    ready = {row["task_id"] for row in status["task_readiness"] if row["ready"]}
    return [
        *_mending(status),
        *_protecting(kept),
        *(_note for one in tasks for _note in _notes(one, stream)),
        *_going_on(_in_order(found, [one for one in tasks if one.id in ready]), stream),
    ]


def _mending(status: Json) -> list[str]:
    """The tasks to do something about before they can be worked on."""
    rows = [row for row in status["task_readiness"] if not row["ready"]]
    lost = [row["name"] for row in rows if not row["exists"]]
    closed = [row["task_id"] for row in rows if row["status"] not in (None, "pending", "active")]
    out = [f"name tasks that exist (taskorch task list shows them), not: {', '.join(lost)}"] if lost else []
    return out + [f"leave {one} out, or open it again: taskorch task reopen {one}" for one in closed]


def _protecting(kept: Json) -> list[str]:
    if kept["failed"]:
        return ["commit what you have before you begin: nothing that is uncommitted could be kept"]
    out = [f"commit, or let git ignore, what no checkpoint has: {one['path']}" for one in kept["left_out"]]
    if kept["files"]:
        files = counted(len(kept["files"]), "uncommitted file")
        out.append(
            f"{files} as of now: taskorch restore PATH --from step:{kept['step']} brings one of them back"
        )
    return out


def _notes(one: Task, stream: str) -> list[str]:
    out = []
    if one.stream and one.stream != stream:
        out.append(
            f"{one.id} is of the stream {one.stream}; if it is of this one: "
            f"taskorch task edit {one.id} --stream {word(stream)}"
        )
    if one.is_open and not one.criteria:
        out.append(f"say what {one.id} has to fulfil: taskorch task edit {one.id} --accept 'TEXT'")
    return out


def _in_order(found: Collection, tasks: Sequence[Task]) -> list[Task]:
    """The tasks so that none comes before one that it depends on, else in the order given."""
    left, out = list(tasks), list[Task]()
    while left:
        waiting = {one.id for one in left}
        one = next((one for one in left if not waiting & set(found.waits_for(one))), left[0])
        left.remove(one)
        out.append(one)
    return out


def _going_on(tasks: Sequence[Task], stream: str) -> list[str]:
    if not tasks:
        return []
    order = [f"work in this order: {', '.join(one.id for one in tasks)}"] if len(tasks) > 1 else []
    first = tasks[0].id
    done = f"taskorch stream complete {word(stream)} {first} --results 'what was done'"
    begin = [f"begin: taskorch task start {first}"] if tasks[0].status != "active" else []
    return [*order, *begin, f"when it is done: {done}"]
