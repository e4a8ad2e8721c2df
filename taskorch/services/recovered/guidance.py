"""What to do next, said in sentences, from what recovery found: the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.records import decision as decisions
from taskorch.records.collection import Collection
from taskorch.records.task import BLOCKED, CANCELLED, COMPLETED, NEXT_ACTION, Task
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.markdown import counted
from taskorch.services.recovered import local_steps, unclaimed_commits
from taskorch.services.recovered.decided_elsewhere import in_words as decided
from taskorch.services.recovered.lacking_records import Lacking
from taskorch.services.recovered.rung_advice import advice
from taskorch.services.shapes import Json
from taskorch.services.shell_words import reading

_SHOWN = 5


def for_task(
    found: Collection,
    one: Task,
    answer: Json,
    verdicts: Sequence[Verdict],
    lacks: Lacking,
    at: str | None = None,
) -> list[str]:
    """Where the task stands and what is left, the most pressing first; before it the records that lack.

    `at` is the revision that is looked at.
    """
    package = answer["recovery_package"]
    if one.deleted:
        return [*lacks.said, _standing(one, verdicts, (), lacks), *local_steps.first(package["local"])]
    return [
        *lacks.said,
        _standing(one, verdicts, [found.tasks[row["id"]] for row in answer["task"]["subtasks"]], lacks),
        *local_steps.elsewhere(package["local"]),
        *local_steps.first(package["local"]),
        *_hand_off(answer, reading(at)),
        *_blockers(found, one),
        *advice(verdicts, package),
        *unclaimed_commits.step(package["unclaimed_commits"]),
        *package["untold"],
        *local_steps.still_here(package["local"]),
        *_decisions(package),
        *_open_parts(found, one),
        *_by_others(package["changed_since_by_others"], going_on=one.is_open),
        *_left_in_code(package),
        *_tests(package, verdicts),
        *_behind(answer["head"], package["against_default"]),
    ]


def for_project(found: Collection, active: Sequence[Task], local: Json) -> list[str]:
    """Where the project stands."""
    ready = found.ready()
    blocked = sum(one.status == BLOCKED for one in found.tasks.values())
    held = f", {counted(blocked, 'blocked task')}" if blocked else ""
    out = [f"{counted(len(active), 'active task')}{held} and {counted(len(ready), 'ready task')}."]
    out += local_steps.first(local)
    out += [f"Active: {one.id} {one.title}" for one in active[:_SHOWN]]
    there = {row["task"]: row for row in local["on_branches"]}
    out += local_steps.under_way_elsewhere(there.values())
    free = [one for one in ready if one.id not in there]
    if not active and free:
        out.append(f"Next: {free[0].id} {free[0].title}")
    return out


def _standing(one: Task, verdicts: Sequence[Verdict], subtasks: Sequence[Task], lacks: Lacking) -> str:
    landed = sum(verdict.counts_as == "landed" for verdict in verdicts)
    counting = sum(verdict.counts_as != "not counted" for verdict in verdicts)
    state = "deleted, and nothing is left to do for it" if one.deleted else one.status
    if not verdicts and subtasks and not lacks.claims:
        names = ", ".join(child.id for child in subtasks[:_SHOWN])
        more = f" and {len(subtasks) - _SHOWN} more" if len(subtasks) > _SHOWN else ""
        live = [child for child in subtasks if child.status != CANCELLED]
        done = sum(child.status == COMPLETED for child in live)
        progress = f"{done} of {counted(len(live), 'subtask')} completed"
        return f"{one.id} is {state}, {progress}; the work is in them: {names}{more}."
    if not verdicts:
        left = " in what is left of its claims" if lacks.claims else ""
        return f"{one.id} is {state}; no file changes are claimed for it{left}."
    files = f"{landed} of {claimed(counting, lacks)} landed in this history{untold(verdicts)}"
    return f"{one.id} is {state}; {files}."


def claimed(count: int, lacks: Lacking) -> str:
    """How many file changes are claimed, as far as the claims are there and can be read."""
    return counted(count, "file change") + (" in what is left of its claims" if lacks.claims else "")


def untold(verdicts: Sequence[Verdict]) -> str:
    """Of how many changes cannot be told, in words that follow a count; another step says why."""
    unknown = sum(verdict.counts_as == "unknown" for verdict in verdicts)
    return f"; whether {unknown} of them did cannot be told here" if unknown else ""


def since_then(package: Json) -> list[str]:
    """What became of the work since: decisions that no longer stand, edits of others, marks left in code."""
    return [
        *_decisions(package),
        *_by_others(package["changed_since_by_others"]),
        *_left_in_code(package),
    ]


def _hand_off(answer: Json, shown: str) -> list[str]:
    last, others = answer["session_info"], [one["id"] for one in answer.get("handoffs", ())]
    if last and last["handoff"]:
        out = [f"Read the hand-off of session {last['id']}."]
    elif others:
        out = [f"Read the hand-off of session {others.pop(0)}; {last['id']} left none since."]
    else:
        out = []
    return out + [
        f"Read that of {one} as well, which nobody went on from: taskorch recover --session {one}{shown}."
        for one in others
    ]


def _blockers(found: Collection, one: Task) -> list[str]:
    out = []
    if one.status == BLOCKED:
        out.append(f"It is blocked: {one.reason}" if one.reason else "It is blocked, and no reason is given.")
    for name in found.waits_for(one):
        other = found.tasks.get(name)
        if not other:
            gone = "cannot be read" if found.is_unreadable(name) else "is gone"
            out.append(f"Waits for {name}, which {gone}.")
            continue
        never = ", and will not be completed so" if not other.is_open else ""
        held = [further for further in found.waits_for(other)[:_SHOWN] if other.is_open]
        waiting = f", which waits for {', '.join(held)} itself" if held else ""
        out.append(f"Waits for {name} {other.title} ({other.status}{never}){waiting}.")
    action = one.section(NEXT_ACTION)
    return [*out, f"Next action recorded: {action}"] if action else out


def _decisions(package: Json) -> list[str]:
    out = []
    for one in package["key_decisions"]:
        if not one["stands"]:
            instead = "".join(_instead(other) for other in one["instead"])
            meanwhile = one["status"] in decisions.STANDING
            state = "no longer so on the default branch" if meanwhile else one["status"]
            out.append(f"The decision {one['id']} {one['title']} is {state}{instead}.")
    for row in package["local"].get("decided_on_branches", ()):
        what = f"The decision {row['id']} {row['title']} is {decided(row)}"
        out.append(f"{what} on {row['ref']}, not here: see the local findings.")
    return out


def _instead(other: Json) -> str:
    """Which decision is meant to stand in place of one; only an accepted one is to be followed."""
    named = f"{other['id']} {other['title']}"
    if other["status"] == decisions.ACCEPTED:
        return f": follow {named} (accepted)"
    if other["status"] == decisions.PROPOSED:
        return f"; {named} is to stand instead, but is only proposed: nobody has accepted it yet"
    return f"; {named} came instead, which is {other['status']} itself"


def _open_parts(found: Collection, one: Task) -> list[str]:
    left = [(n, criterion.text) for n, criterion in enumerate(one.criteria, 1) if not criterion.done]
    out = [f"Open criterion: {text} ({number})" for number, text in left]
    return out + [
        f"Open subtask: {c.id} {c.title} ({c.status})." for c in found.children(one.id) if c.is_open
    ]


def _by_others(rows: Sequence[Json], *, going_on: bool = True) -> list[str]:
    """A sentence for each file that others changed since: its newest commit, and how many more."""
    of_path: dict[str, list[Json]] = {}
    for row in rows:
        of_path.setdefault(row["path"], []).append(row)
    out = []
    for path, found in of_path.items():
        row, more = found[0], len(found) - 1
        name = row["renamed_to"]
        lines = "" if not _is_counted(row) else f", +{row['added']} -{row['removed']}"
        what = "deleted" if row["deleted"] else f"renamed to {name}" if name else "changed"
        who = f"{row['author']} on {row['date'][:10]} in {row['commit'][:10]} ({row['subject']}{lines})"
        earlier = f", and in {counted(more, 'commit')} before that" if more else ""
        out.append(
            f"{path} was {what} since by {who}{earlier}{': read it before going on' if going_on else ''}."
        )
    return out


def _is_counted(row: Json) -> bool:
    """Whether the lines of a change by others say something: not of a file that was renamed and no more."""
    return row["added"] is not None and not (row["renamed_to"] and not row["added"] + row["removed"])


def _left_in_code(package: Json) -> list[str]:
    rows = package["markers"]
    if not rows:
        return []
    named = ", ".join(f"{row['path']}:{row['line']}" for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    words = "/".join(dict.fromkeys(row["marker"] for row in rows))
    verb = "stands" if len(rows) == 1 else "stand"
    return [f"{counted(len(rows), f'{words} line')} that it added still {verb}: {named}{more}."]


def _tests(package: Json, verdicts: Sequence[Verdict]) -> list[str]:
    """That source was changed and nothing that looks like a test with it."""
    from taskorch.services.recovered.changed_tests import is_code

    edited = {v.claim.path for v in verdicts if v.claim.after and v.claim.after != v.claim.before}
    code = sum(is_code(path) for path in edited)
    if not code or package["tests_changed"]:
        return []
    return [f"No file that looks like a test was changed with its {counted(code, 'source file')}."]


def _behind(head: str | None, apart: Json | None) -> list[str]:
    """How far HEAD, or the commit that is looked at, is behind the default branch."""
    if not apart or not apart["behind"]:
        return []
    ahead = f" and {apart['ahead']} ahead of" if apart["ahead"] else ""
    where = f"{counted(apart['behind'], 'commit')} behind{ahead} the default branch"
    return [f"Rungs and files here are those of {(head or '')[:10]}, {where} ({apart['commit'][:10]})."]
