"""The Markdown of a new decision: what people said, in the form of a template."""

from __future__ import annotations

import re
from collections.abc import Iterable

from taskorch.records import decision_body, sections
from taskorch.records.decision_body import BELOW_OUTCOME, HEADINGS
from taskorch.records.guidance import Guidance, guidance_of, without_empty_sections, without_guidance
from taskorch.services.decisions.given import Given
from taskorch.services.workspace import Workspace
from taskorch.services.writing import one_liners
from taskorch.store import templates

DEFAULT = "decision"
FOR_EDITOR = "madr"
NOTE = "<!-- What stands in {braces} goes when you save, and sections left empty; so does this line. -->"
NO_TITLE = "# {short title, representative of solved problem and found solution}"
_OF_MADR = """
<!-- This is an optional element. Feel free to remove. -->
<!-- numbers of drivers can vary -->
<!-- numbers of options can vary -->
<!-- numbers of consequences can vary -->
<!-- numbers of pros and cons can vary -->
<!-- use "neutral" if the given argument weights neither for good nor bad -->
"""
"""The comments of MADR's template, which people copy: https://github.com/adr/madr/tree/develop/template"""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"^# .*\{.*\}.*$", re.MULTILINE)
_ARGUED = re.compile(r"(good|neutral|bad),? because\b", re.IGNORECASE)


def shape(ws: Workspace, name: str | None) -> str:
    """The text of a template without front matter, which is ours."""
    text = templates.form(name, ws.store) if name else templates.load(DEFAULT, ws.store)
    return "\n" + _FRONT_MATTER.sub("", text).lstrip("\n")


def said_by(text: str) -> Guidance:
    """The guidance of a template, and of those that come with taskorch."""
    return guidance_of(
        [text, NOTE, NO_TITLE, _OF_MADR, *(templates.load(name, None) for name in templates.FORMS)]
    )


def body(given: Given, template: str, *, named: bool) -> str:
    """The body of a decision that is made at once; of a template that was `named` no guidance is left."""
    texts = _texts(given, template)
    text = templates.fill(template, texts)
    if named:
        text = without_guidance(_titled(text, texts["title"]), said_by(template), 0, "the decision")
    text = _with_others(text, texts, templates.places(template))
    return without_empty_sections(text, 0).rstrip("\n") + "\n" if named else text


def guided(given: Given, template: str) -> str:
    """The body of a decision that somebody is about to write: with what is known, and with guidance."""
    texts = _texts(given, template)
    texts["title"] = texts["title"] or NO_TITLE.removeprefix("# ")
    text = _titled(templates.fill(template, texts, guided=True), texts["title"])
    return f"\n{NOTE}\n" + _with_others(text, texts, templates.places(template))


def _texts(given: Given, template: str) -> dict[str, str]:
    """What goes into the places of a template, by their words."""
    argued = given.arguments()
    compared = bool(given.alternatives or given.pros or given.cons)
    as_madr = compared and decision_body.find(template, "options", 0)
    chosen = f'Chosen option: "{given.chosen}"' if as_madr and given.chosen else ""
    why = sections.safe(given.rationale or "")
    decided = chosen or sections.safe(given.decision or given.chosen)
    texts = {
        "title": sections.one_line(given.title or ""),
        "context": sections.safe(given.context or ""),
        "drivers": _bullets("a driver", given.drivers),
        "options": "\n".join(f"* {name}" for name in argued) if compared else "",
        "decision": decided,
        "choice": f'Chosen option: "{given.chosen}", because {why}' if given.chosen and why else decided,
        "rationale": why,
        "consequences": _bullets("a consequence", given.consequences),
        "risks": _bullets("a risk", given.risks),
        "confirmation": sections.safe(given.confirmation or ""),
        "pros_and_cons": "\n\n".join(_argued(name, *both) for name, both in argued.items() if any(both)),
        "more": "",
    }
    return texts


def _bullets(what: str, items: Iterable[str]) -> str:
    return "\n".join(f"* {item}" for item in one_liners(what, items))


def _argued(name: str, pros: list[str], cons: list[str]) -> str:
    lines = [*(_argument("Good", one) for one in pros), *(_argument("Bad", one) for one in cons)]
    return "\n".join([f"### {name}", "", *lines])


def _argument(worth: str, text: str) -> str:
    return f"* {text}" if _ARGUED.match(text) else f"* {worth}, because {text}"


def _titled(text: str, title: str) -> str:
    """`text` with the title for a placeholder that stands as one."""
    return _TITLE.sub(lambda _: f"# {title}", text, count=1) if title else text


def _with_others(text: str, texts: dict[str, str], places: set[str]) -> str:
    """`text` with what has no place in the template: below its heading, or in a section at the end."""
    covered = places | ({"decision", "rationale"} if "choice" in places else {"choice"}) | {"title"}
    for name, value in texts.items():
        if value and name not in covered:
            text = _put(text, name, value)
    return text


def _put(text: str, name: str, value: str) -> str:
    there = decision_body.find(text, name, 0)
    if there:
        return _inserted(text, there.start, value)
    outcome = decision_body.find(text, "decision", 0) if name in BELOW_OUTCOME else None
    if outcome:
        return _inserted(text, outcome.end, f"### {HEADINGS[name][0]}\n\n{value}")
    return _inserted(text, len(text), f"## {HEADINGS[name][0]}\n\n{value}")


def _inserted(text: str, at: int, block: str) -> str:
    """`text` with a block at an offset, an empty line around it."""
    above, below = text[:at].rstrip("\n"), text[at:].lstrip("\n")
    return f"{above}\n\n{block}\n" + (f"\n{below}" if below else "")
