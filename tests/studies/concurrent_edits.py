"""Random records, and single edits of them as the commands of taskorch make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from taskorch.records import decision, ids, sections, session, task
from taskorch.records.decision_body import HEADINGS
from taskorch.store import templates

WORDS = re.findall(
    r"\w+",
    "login cache parser index token retry schema queue export layout search upload audit quota theme "
    "webhook backup invoice locale session banner filter report sidebar",
)
NAMES = ["ana", "bo", "chen", "dana", "eli", "fay"]


@dataclass(frozen=True)
class Draft:
    """A record: the values of its front matter, and its body."""

    kind: str
    values: Mapping[str, Any]
    body: str


@dataclass(frozen=True)
class Edit:
    """One edit: the fields, sections and parts of sections it concerns, and what it makes of them."""

    kind: str
    concerns: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    body: Callable[[str], str] = lambda body: body

    def apply(self, draft: Draft) -> Draft:
        return Draft(draft.kind, {**draft.values, **self.values}, self.body(draft.body))


def phrase(random: Random, least: int = 2, most: int = 6) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(least, most)))


def paragraphs(random: Random, least: int, most: int) -> str:
    return "\n\n".join(f"{phrase(random, 5, 14).capitalize()}." for _ in range(random.randint(least, most)))


def record_id(random: Random, kind: str) -> str:
    return ids.new_id(kind, random.randbytes(ids.RANDOM_BYTES))


def when(random: Random) -> str:
    return f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}T{random.randint(0, 23):02}:00:00Z"


def some(random: Random, values: list[str], most: int) -> list[str]:
    return random.sample(values, random.randint(0, most))


def with_notes(random: Random, body: str, title: str, most: int) -> str:
    for _ in range(random.randint(0, most)):
        body = _append(body, title, paragraphs(random, 1, 2), f"### {when(random)} {random.choice(NAMES)}")
    return body


def _append(body: str, title: str, text: str, heading: str = "") -> str:
    return sections.append(body, title, text, "\n", 0, heading)


def _replace(body: str, title: str, text: str) -> str:
    return sections.replace(body, title, text, "\n", 0)


# -- tasks


def new_task(random: Random) -> Draft:
    """A task as it looks some days after ``task new``."""
    criteria = [f"{phrase(random)} {number}" for number in range(random.randint(0, 5))]
    values = {
        "id": record_id(random, "task"),
        "title": phrase(random).capitalize(),
        "created": when(random),
        "status": random.choice([task.PENDING, task.ACTIVE, task.ACTIVE, task.BLOCKED]),
        "priority": random.choice(task.PRIORITIES),
        "complexity": random.choice(task.COMPLEXITIES),
        "assignee": random.choice([None, *NAMES]),
        "specialist": random.choice([None, "implementer", "tester"]),
        "stream": random.choice([None, None, "docs"]),
        "labels": some(random, WORDS, 3),
        "depends_on": [record_id(random, "task") for _ in range(random.randint(0, 2))],
        "parent": random.choice([None, record_id(random, "task")]),
        "artifacts": [f"src/{name}.py" for name in some(random, WORDS, 1)],
    }
    if values["status"] == task.BLOCKED:
        values["reason"] = phrase(random)
    body = templates.render(
        "task",
        {
            "description": paragraphs(random, 0, 3),
            "criteria": "\n".join(f"- [{random.choice(' x')}] {one}" for one in criteria),
        },
        None,
    )
    return Draft("task", values, with_notes(random, body, task.NOTES, 2))


def _status(random: Random, draft: Draft) -> Edit:
    """What start, complete --force, block, fail, cancel and reopen write."""
    status = random.choice([one for one in task.STATUSES if one != draft.values["status"]])
    reason = phrase(random) if status in (task.BLOCKED, task.FAILED, task.CANCELLED) else None
    forced = phrase(random) if status == task.COMPLETED and random.random() < 0.3 else None
    values = {"status": status, "reason": reason, "forced": forced}
    return Edit("status", frozenset({"status"}), values)


def _completion(random: Random, draft: Draft) -> Edit:
    """What ``task complete`` writes at once."""
    results = paragraphs(random, 1, 2)
    values = {
        "status": task.COMPLETED,
        "reason": None,
        "artifacts": [*draft.values["artifacts"], f"src/{phrase(random, 1, 1)}_{random.randint(0, 99)}.py"],
    }
    return Edit(
        "complete",
        frozenset({"status", "artifacts", task.RESULTS}),
        values,
        lambda body: _append(body, task.RESULTS, results),
    )


def _scalar(name: str, choices: Callable[[Random], Any]) -> Callable[[Random, Draft], Edit | None]:
    def edit(random: Random, draft: Draft) -> Edit | None:
        value = choices(random)
        return None if value == draft.values.get(name) else Edit(name, frozenset({name}), {name: value})

    return edit


def _added(name: str, make: Callable[[Random], Any]) -> Callable[[Random, Draft], Edit | None]:
    def edit(random: Random, draft: Draft) -> Edit | None:
        value, present = make(random), list(draft.values.get(name) or ())
        if value in present:
            return None
        return Edit(f"{name} +", frozenset({name}), {name: [*present, value]})

    return edit


def _removed(name: str) -> Callable[[Random, Draft], Edit | None]:
    def edit(random: Random, draft: Draft) -> Edit | None:
        present = list(draft.values.get(name) or ())
        if not present:
            return None
        gone = random.choice(present)
        return Edit(f"{name} -", frozenset({name}), {name: [one for one in present if one != gone]})

    return edit


def _tick(random: Random, draft: Draft) -> Edit | None:
    open_ones = [one for one in sections.criteria(draft.body, task.CRITERIA, 0) if not one.done]
    if not open_ones:
        return None
    one = random.choice(open_ones)
    return Edit(
        "tick", frozenset({f"criterion {one.text}"}), body=lambda body: sections.tick(body, one.mark, True)
    )


def _criterion(random: Random, draft: Draft) -> Edit:
    text = f"{phrase(random)} {random.randint(100, 999)}"
    return Edit(
        "criterion +",
        frozenset({"criteria"}),
        body=lambda body: sections.add_criteria(body, task.CRITERIA, [text], "\n", 0),
    )


def _note(title: str) -> Callable[[Random, Draft], Edit]:
    def edit(random: Random, draft: Draft) -> Edit:
        text, heading = paragraphs(random, 1, 2), f"### {when(random)} {random.choice(NAMES)}"
        return Edit("note", frozenset({title}), body=lambda body: _append(body, title, text, heading))

    return edit


def _written(kind: str, title: str) -> Callable[[Random, Draft], Edit]:
    def edit(random: Random, draft: Draft) -> Edit:
        text = paragraphs(random, 1, 2)
        return Edit(kind, frozenset({title}), body=lambda body: _replace(body, title, text))

    return edit


def _reworded(kind: str, title: str) -> Callable[[Random, Draft], Edit]:
    """One paragraph of a section written anew, as in an editor; the first, if there is none."""

    def edit(random: Random, draft: Draft) -> Edit:
        new = paragraphs(random, 1, 1)
        lines = sections.content(draft.body, title, 0).split("\n")
        present = [line for line in lines if line and line[0] not in "#*"]
        if not present:
            return Edit(kind, frozenset({title}), body=lambda body: _append(body, title, new))
        old = random.choice(present)
        return Edit(kind, frozenset({title}), body=lambda body: body.replace(old, new, 1))

    return edit


Make = Callable[[Random, Draft], Edit | None]


def _title(random: Random) -> str:
    return phrase(random, 3, 7).capitalize()


TASK_EDITS: dict[str, Make] = {
    "title": _scalar("title", _title),
    "status": _status,
    "complete": _completion,
    "assignee": _scalar("assignee", lambda random: random.choice([None, *NAMES])),
    "priority": _scalar("priority", lambda random: random.choice(task.PRIORITIES)),
    "labels +": _added("labels", lambda random: phrase(random, 1, 1)),
    "labels -": _removed("labels"),
    "depends_on +": _added("depends_on", lambda random: record_id(random, "task")),
    "parent": _scalar("parent", lambda random: random.choice([None, record_id(random, "task")])),
    "artifacts +": _added("artifacts", lambda random: f"src/{phrase(random, 1, 1)}.py"),
    "specialist": _scalar("specialist", lambda random: random.choice([None, "implementer", "reviewer"])),
    "stream": _scalar("stream", lambda random: random.choice([None, "docs", "testing"])),
    "complexity": _scalar("complexity", lambda random: random.choice(task.COMPLEXITIES)),
    "description": _reworded("description", task.DESCRIPTION),
    "tick": _tick,
    "criterion +": _criterion,
    "results": _written("results", task.RESULTS),
    "next action": _written("next action", task.NEXT_ACTION),
    "note": _note(task.NOTES),
}

# -- decisions


def new_decision(random: Random) -> Draft:
    """A decision as ``decision new`` makes it."""
    title = _title(random)
    values = {
        "id": record_id(random, "decision"),
        "title": title,
        "date": when(random)[:10],
        "status": decision.PROPOSED,
        "category": random.choice(decision.CATEGORIES),
        "impact": random.choice(decision.IMPACTS),
        "decision-makers": some(random, NAMES, 2),
        "tasks": [record_id(random, "task") for _ in range(random.randint(0, 2))],
        "governs": [{"path": f"src/{name}.py"} for name in some(random, WORDS, 2)],
        "components": some(random, WORDS, 2),
        "labels": some(random, WORDS, 2),
        "implementation": random.choice([None, "planned"]),
    }
    texts = {name: paragraphs(random, 1, 2) for name in ("context", "decision", "rationale", "consequences")}
    lists = {name: "\n".join(f"* {phrase(random)}" for _ in range(2)) for name in ("options", "risks")}
    return Draft("decision", values, templates.render("decision", {"title": title, **texts, **lists}, None))


def _link(name: str) -> Make:
    return _added(name, lambda random: record_id(random, "decision"))


DECISION_EDITS: dict[str, Make] = {
    "title": _scalar("title", _title),
    "status": _scalar("status", lambda random: random.choice(decision.STATUSES)),
    "category": _scalar("category", lambda random: random.choice(decision.CATEGORIES)),
    "impact": _scalar("impact", lambda random: random.choice(decision.IMPACTS)),
    "decision-makers +": _added("decision-makers", lambda random: random.choice(NAMES)),
    "tasks +": _added("tasks", lambda random: record_id(random, "task")),
    **{f"{name} +": _link(name) for name in decision.LINKS},
    "governs +": _added("governs", lambda random: {"path": f"src/{phrase(random, 1, 1)}_x.py"}),
    "components +": _added("components", lambda random: phrase(random, 1, 1)),
    "labels +": _added("labels", lambda random: phrase(random, 1, 1)),
    "implementation": _scalar("implementation", lambda random: random.choice(["in_progress", "completed"])),
    "outcome": _scalar("outcome", phrase),
    "context": _reworded("context", HEADINGS["context"][0]),
    "options": _written("options", "Considered Options"),
    "decision": _reworded("decision", HEADINGS["decision"][0]),
}

# -- sessions


def new_session(random: Random) -> Draft:
    """A session as ``session start`` makes it, with some notes."""
    values = {
        "id": record_id(random, "session"),
        "agent": random.choice(NAMES),
        "created": when(random),
        "tasks": [record_id(random, "task") for _ in range(random.randint(0, 2))],
        "base": random.randbytes(20).hex(),
        "onto": random.randbytes(20).hex(),
        "branch": random.choice(["main", "topic"]),
        "dirty_count": str(random.randint(0, 9)),
    }
    body = templates.render("session", {"purpose": paragraphs(random, 0, 1)}, None)
    return Draft("session", values, with_notes(random, body, session.NOTES, 2))


SESSION_EDITS: dict[str, Make] = {
    "tasks +": _added("tasks", lambda random: record_id(random, "task")),
    "ended": _scalar("ended", when),
    "purpose": _written("purpose", session.PURPOSE),
    "note": _note(session.NOTES),
    "summary": _written("summary", session.SUMMARY),
    "hand-off": _written("hand-off", session.HANDOFF),
}

NEW: dict[str, Callable[[Random], Draft]] = {
    "task": new_task,
    "decision": new_decision,
    "session": new_session,
}
EDITS: dict[str, dict[str, Make]] = {
    "task": TASK_EDITS,
    "decision": DECISION_EDITS,
    "session": SESSION_EDITS,
}


def pair(random: Random, kind: str, first: str = "", second: str = "") -> tuple[Draft, Edit, Edit]:
    """A record and two edits of it: of the kinds given, or of any."""
    makers = EDITS[kind]
    while True:
        draft = NEW[kind](random)
        left = makers[first or random.choice(list(makers))](random, draft)
        right = makers[second or random.choice(list(makers))](random, draft)
        if left and right:
            return draft, left, right
