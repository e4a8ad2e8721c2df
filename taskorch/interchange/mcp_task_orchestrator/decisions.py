"""Decisions of 1.4 to 1.8, with their alternatives, their risks, and how they evolved."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from taskorch.interchange.foreign import ForeignDecision
from taskorch.interchange.mcp_task_orchestrator import words
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.subtasks import key_of
from taskorch.interchange.mcp_task_orchestrator.values import clipped, is_empty, listed, text_of, words_of
from taskorch.records.decision_words import ACCEPTED, PROPOSED, SUPERSEDED

_LINKS = {
    "superseded": "supersedes", "supersedes": "supersedes", "supersede": "supersedes",
    "refined": "refines", "refines": "refines", "refine": "refines",
    "reversed": "reverses", "reverses": "reverses", "reverse": "reverses",
    "clarified": "clarifies", "clarifies": "clarifies", "clarify": "clarifies",
}  # fmt: skip
_OPS = {"created": "create", "modified": "modify", "deleted": "delete"}
_OF_A_FILE = re.compile(r"(Created|Modified|Deleted) file: (.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evolved:
    """What became of decisions: the links of each newer one, and words that go with them."""

    links: dict[str, dict[str, list[str]]]
    said: dict[str, list[str]]
    replaced: set[str]


def read_decisions(draft: Draft) -> dict[str, str]:
    """The decisions; gives when each was made, in UTC."""
    rows = draft.project.rows("architectural_decisions")
    evolved = _evolution(draft, {row.text("decision_id"): row.text("title") for row in rows})
    when: dict[str, str] = {}
    for row in rows:
        one, at = _decision(draft, row, evolved)
        draft.foreign.decisions.append(one)
        when.setdefault(one.key, at or "")
    return when


def reasons(draft: Draft) -> dict[tuple[str, str, str], str]:
    """Why files were changed, by task, operation and path: each was recorded as a decision of its own."""
    out: dict[tuple[str, str, str], str] = {}
    for row in draft.project.rows("architectural_decisions"):
        found = _OF_A_FILE.fullmatch(row.text("title").strip())
        if found and row.text("rationale"):
            key = row.text("subtask_id"), _OPS[found[1].lower()], draft.places.shown(found[2])
            out[key] = row.text("rationale")
    return out


def _decision(draft: Draft, row: Row, evolved: Evolved) -> tuple[ForeignDecision, str | None]:
    key = key_of(draft, row, "decision_id")
    item = f"decision {key}"
    at = draft.clock.utc(row.raw("timestamp")) or draft.clock.local(row.raw("created_at"))
    status, labels = words.decision_status(draft, item, row.word("status"))
    if key in evolved.replaced and status in (ACCEPTED, PROPOSED):
        draft.map(item, f"is {status} there, and {SUPERSEDED}, because a newer decision replaces it")
        status = SUPERSEDED
    category, of_category = words.category(draft, item, row.word("category"))
    impact, of_impact = words.impact(draft, item, row.word("impact_level"))
    done, of_done = words.implementation(draft, item, row.word("implementation_status"))
    number = row.text("decision_number").strip()
    outcome = row.text("outcome_assessment")
    one = ForeignDecision(
        key,
        row.text("title"),
        status=status,
        number=int(number) if number.isascii() and number.isdecimal() else None,
        date=at[:10] if at else None,
        session=row.text("session_id") or None,
        category=category,
        impact=impact,
        decision_makers=tuple(filter(None, [row.text("specialist_type")])),
        tasks=tuple(filter(None, [row.text("subtask_id")])),
        components=tuple(words_of(one) for one in row.list("affected_components")),
        labels=(*labels, *of_category, *of_impact, *of_done),
        implementation=done,
        outcome=outcome or None,
    )
    one = _with_files(draft, row, _with_links(row, one, evolved))
    row.raw("updated_at")
    row.raw("created_at")
    return replace(one, texts=_texts(draft, row, one, evolved)), at


def _with_links(row: Row, one: ForeignDecision, evolved: Evolved) -> ForeignDecision:
    links: dict[str, Any] = {kind: tuple(keys) for kind, keys in evolved.links[one.key].items()}
    linked = {key for keys in links.values() for key in keys}
    named = [key for key in map(words_of, row.list("supersedes")) if key not in linked]
    return replace(one, **links | {"supersedes": (*links.get("supersedes", ()), *named)})


def _with_files(draft: Draft, row: Row, one: ForeignDecision) -> ForeignDecision:
    """The files that a decision governs; of those outside of the project is told."""
    governs = []
    for name in map(words_of, row.list("affected_files")):
        path = draft.places.relative(name)
        if path:
            governs.append(path)
        else:
            draft.skip(f"decision {one.key}", f"affects {clipped(name)}, which is not in the project")
    return replace(one, governs=tuple(dict.fromkeys(governs)))


def _texts(draft: Draft, row: Row, one: ForeignDecision, evolved: Evolved) -> dict[str, str]:
    options = [_option(value) for value in row.list("alternatives_considered")]
    risks = [f"* {words_of(risk)}" for risk in row.list("risks")]
    risks += [f"* Mitigation: {words_of(way)}" for way in row.list("mitigation_strategies")]
    texts = {
        "context": _joined(row.text("problem_statement"), row.text("context")),
        "options": "\n".join(f"* {name}" for name, _ in options),
        "decision": row.text("decision"),
        "rationale": row.text("rationale"),
        "consequences": _trade_offs(row),
        "risks": "\n".join(risks),
        "confirmation": "\n".join(f"* {words_of(one)}" for one in row.list("success_criteria")),
        "pros_and_cons": "\n\n".join(f"### {name}\n\n{text}" for name, text in options if text),
    }
    return texts | {"more": "\n".join([*_more(draft, row), *evolved.said[one.key]])}


def _more(draft: Draft, row: Row) -> list[str]:
    """What has no place of its own; asked for last, it has also the columns that nobody knows."""
    review = row.raw("review_schedule")
    more = {
        "implementation": row.text("implementation_approach"),
        "lessons learned": row.text("lessons_learned"),
        "depends on the decisions": ", ".join(map(words_of, row.list("dependencies"))),
        "review": draft.clock.local(review) or review,
    }
    more |= row.rest()
    return in_lines({name: value for name, value in more.items() if not is_empty(value)})


def _joined(*texts: str) -> str:
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _trade_offs(row: Row) -> str:
    return "\n".join(f"* {name}: {words_of(value)}" for name, value in row.map("trade_offs").items())


def _option(value: Any) -> tuple[str, str]:
    """An alternative: its name, and what is said of it in the form of MADR."""
    if not isinstance(value, dict):
        return clipped(words_of(value)), ""
    said = dict(value)
    name = clipped(text_of(said.pop("name", ""))) or clipped(text_of(said.get("description"))) or "unnamed"
    pros, cons = listed(said.pop("pros", [])), listed(said.pop("cons", []))
    lines = (
        [f"* {clipped(text_of(said.pop('description')), 2000)}"] if text_of(said.get("description")) else []
    )
    lines += [f"* Good, because {' '.join(words_of(one).split())}" for one in pros]
    lines += [f"* Bad, because {' '.join(words_of(one).split())}" for one in cons]
    lines += [f"* {key}: {' '.join(words_of(one).split())}" for key, one in said.items() if not is_empty(one)]
    return name, "\n".join(lines)


def _evolution(draft: Draft, titles: dict[str, str]) -> Evolved:
    links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    said: dict[str, list[str]] = defaultdict(list)
    replaced: set[str] = set()
    for row in draft.project.rows("decision_evolution"):
        old, new = row.text("original_decision_id"), row.text("new_decision_id")
        word, reason = row.word("evolution_type"), row.text("evolution_reason")
        kind = _LINKS.get(word)
        if not old or new not in titles:
            draft.skip(row.name, f"'{new}' has {word} '{old}', and is not in the source: {reason}")
            continue
        if kind and old not in links[new][kind]:
            links[new][kind].append(old)
        elif not kind:
            draft.map(f"decision {new}", f"'{word}' is no link of ours; it is in words")
        if kind in ("supersedes", "reverses"):
            replaced.add(old)
        when = draft.clock.utc(row.raw("timestamp"))
        about = f"{kind or word} '{clipped(titles.get(old) or old)}'" + (f", {when[:10]}" if when else "")
        said[new] += in_lines({about: reason or "no reason given"})
        row.raw("evolution_id")
        said[new] += in_lines(row.rest())
    return Evolved(links, said, replaced)
