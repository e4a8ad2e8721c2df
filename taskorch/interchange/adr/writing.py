"""A new decision in the way of a folder: its front matter, heading, lines at the top and sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.dialect import Dialect
from taskorch.interchange.adr.drafting import Draft, keyed
from taskorch.interchange.adr.metadata import normal
from taskorch.records import frontmatter
from taskorch.records.decision_body import BELOW_OUTCOME, HEADINGS
from taskorch.records.document import Document
from taskorch.records.edit import render_field

_STATUS = ("status", "adr-status", "decision-status", "state")
_DATES = ("date", "decision-date", "date-decided", "decided-on", "created", "last-updated", "updated")
_PEOPLE = ("deciders", "decision-makers", "decider", "decision-maker", "author", "authors", "owner")
_WORDS = ("category", "impact", "implementation", "outcome")  # fields that are one word or sentence
_INLINE = ("bullet", "bold", "line")
_MADR = ("context", "drivers", "options", "decision", "pros_and_cons", "more")
_NYGARD = ("context", "drivers", "options", "decision", "consequences", "pros_and_cons", "more")
_OF_NYGARD = {"context": "Context", "decision": "Decision"}
"""The headings of Michael Nygard's form that are not those of MADR."""
_FURTHER_HEADINGS = {
    "context": ("Motivation", "Issue"),
    "decision": ("Outcome", "Resolution", "Proposed Solution", "Solution"),
    "consequences": ("Consequence", "Impact"),
}
"""Headings that folders have for a part beside those of `HEADINGS`."""
_HALF = 0.5
_CHOSEN = re.compile(r"Chosen option: (?!.*\bbecause\b).+", re.IGNORECASE)
_BECAUSE = re.compile(r"because\s+", re.IGNORECASE)
_MORE_THAN_A_SENTENCE = re.compile(r"\n|\A([-*+>#|]|\d+[.)]\s|```)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_RST = "=-~^\"'"
BAR = "\\|"


def new_text(dialect: Dialect, adrs: Sequence[Adr], number: int, draft: Draft) -> str:
    """The file of a new decision; `adrs` are those of the folder, whose front matter it follows."""
    parts = [head(dialect, adrs, number, draft), *_sections(dialect, draft)]
    text = "\n\n".join(parts) + "\n"
    return (as_rst(text) if dialect.name.endswith(".rst") else text).replace("\n", dialect.newline)


def as_rst(text: str) -> str:
    """Markdown with its headings as those of reStructuredText; the rest of it reads alike in both."""
    return _HEADING.sub(lambda found: f"{found[2]}\n{_RST[len(found[1]) - 1] * len(found[2].encode())}", text)


def head(dialect: Dialect, adrs: Sequence[Adr], number: int, draft: Draft) -> str:
    """What stands above the sections of its text: front matter, title, who decided when, the status."""
    example = _newest_with_front_matter(adrs)
    if example:
        front = _front_matter(dialect, adrs, example, number, draft)
    else:
        front = _own_front_matter(dialect, draft)
    title = dialect.heading.format(number=number, title=draft.title)
    below: list[str] = []
    if dialect.status_form in ("section", "heading", "badge"):
        key = dialect.status_key if dialect.status_form == "section" else None
        below = [_titled(key or "Status"), *filter(None, [_status(dialect, draft)])]
    elif "Status" in dialect.sections and dialect.status_form == "front matter":
        below = ["## Status", *filter(None, [_status(dialect, draft)])]  # these say it twice
    if dialect.date_form == "section":
        below += [_titled(dialect.date_key or "Date"), _day(dialect, draft)]
    if dialect.date_form == "log":
        below = [f"## {dialect.date_key}", f"{dialect.marker} {_day(dialect, draft)}: first draft", *below]
    return front + "\n\n".join([title, *_lines(dialect, draft, has_front=bool(front)), *below])


def _titled(title: str) -> str:
    """A heading; a bold line that stands for one is as it is."""
    return title if title.startswith(("**", "__")) else f"## {title}"


def _status(dialect: Dialect, draft: Draft) -> str:
    """The folder's word for the status; empty where it is not known."""
    return dialect.words[draft.status] if draft.status else ""


def _newest_with_front_matter(adrs: Sequence[Adr]) -> Adr | None:
    """The newest of the decisions that have front matter, where most of them do."""
    with_front = [adr for adr in adrs if _document(adr)]
    if len(with_front) <= len(adrs) * _HALF:
        return None
    return max(with_front, key=lambda adr: (adr.number or 0, adr.date or "", adr.path))


def _document(adr: Adr) -> Document | None:
    return frontmatter.front_matter(adr.text, adr.path)


def _own_front_matter(dialect: Dialect, draft: Draft) -> str:
    """The front matter of MADR 3 and 4 where a folder has no example of it."""
    if dialect.status_form not in (None, "front matter") or dialect.tool not in ("madr3", "madr4"):
        return ""
    fields: dict[str, Any] = {
        "status": _status(dialect, draft),
        "date": _day(dialect, draft),
        _people(dialect): ", ".join(draft.deciders) or None,
        **_fields(draft),
    }
    lines = [_rendered(key, value) for key, value in fields.items() if value]
    return f"---\n{''.join(lines)}---\n\n"


def _people(dialect: Dialect) -> str:
    return "decision-makers" if dialect.tool == "madr4" else "deciders"


def _front_matter(dialect: Dialect, adrs: Sequence[Adr], example: Adr, number: int, draft: Draft) -> str:
    """The front matter of the newest decision with this one's values in it."""
    documents = [found for adr in adrs if (found := _document(adr))]
    document = _document(example)
    assert document
    shared = Counter((key, repr(entry.value)) for one in documents for key, entry in one.entries.items())
    quoted = {
        key: sign
        for key, entry in document.entries.items()
        if (sign := example.text[entry.value_start : entry.value_end][:1]) in ("'", '"')
    }
    out: dict[str, Any] = {}
    for key, entry in document.entries.items():
        value = _value(dialect, key, entry.value, example, number, draft)
        if value is None and shared[key, repr(entry.value)] > len(documents) * _HALF:
            value = entry.value
        if value is not None:
            out[key] = value
    if (
        draft.status
        and not any(normal(key) in _STATUS for key in out)
        and dialect.status_form in (None, "front matter")
    ):
        out["status"] = _status(dialect, draft)
    if dialect.date_form == "front matter" and not any(normal(key) in _DATES for key in out):
        out["date"] = _day(dialect, draft)
    if draft.deciders and not any(normal(key) in _PEOPLE for key in out):
        out[_people(dialect)] = ", ".join(draft.deciders)
    out |= _fields(draft)
    lines = [_rendered(key, value, quoted.get(key, "")) for key, value in out.items()]
    after = example.text[document.body_start :]
    blank = "\n" if after.startswith(("\n", "\r\n")) else ""
    return f"---\n{''.join(lines)}---\n{blank}"


def _value(dialect: Dialect, key: str, old: Any, example: Adr, number: int, draft: Draft) -> Any:
    """This decision's value of a key; None where it has none of its own."""
    name = normal(key)
    if name in _STATUS:
        return _status(dialect, draft) or None
    if name in _DATES:
        return _day(dialect, draft)
    if name in _PEOPLE:
        return (list(draft.deciders) if isinstance(old, list) else ", ".join(draft.deciders)) or None
    if name == "title":
        return _retitled(str(old), example, number, draft)
    digits = re.fullmatch(r"(\D*)(\d+)", old) if isinstance(old, str) else None
    if digits and example.number is not None and int(digits[2]) == example.number:
        width = len(digits[2]) if digits[2].startswith("0") else 0
        return f"{digits[1]}{number:0{width}d}"
    return None


def _retitled(old: str, example: Adr, number: int, draft: Draft) -> str:
    """The new title with what stands before the old one, such as a number."""
    before = old.removesuffix(example.title)
    if before == old:
        return draft.title
    return re.sub(r"\d+", lambda found: f"{number:0{len(found[0])}d}", before) + draft.title


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        key.lower(): values[0] if key.lower() in _WORDS else list(values)
        for key, values in draft.fields.items()
        if values
    }


def _rendered(key: str, value: Any, quote: str = "") -> str:
    """A line of front matter, in the quotes that others have around the values of this key."""
    if quote and isinstance(value, str) and not re.search(r"[\"'\\\n]", value):
        return f"{key}: {quote}{value}{quote}\n"
    plain = isinstance(value, str) and re.fullmatch(r"\d+|\d{4}-\d\d-\d\d", value)
    return f"{key}: {value}\n" if plain else render_field(key, value, "\n")


def _day(dialect: Dialect, draft: Draft) -> str:
    if not draft.date:
        return ""
    said = date.fromisoformat(draft.date).strftime(dialect.date_format)
    return re.sub(r"(?<!\d)0(?=\d\b)", "", said) if "%B" in dialect.date_format else said


def _lines(dialect: Dialect, draft: Draft, *, has_front: bool) -> list[str]:
    """The lines between title and sections, in blocks: status, date, who decided, and further keys."""
    fields = {} if has_front else {"Deciders": draft.deciders, **draft.fields}
    further = {key: ", ".join(values) for key, values in fields.items() if values}
    status, day = _status(dialect, draft), _day(dialect, draft)
    if "table" in (dialect.status_form, dialect.date_form):
        said = {"Status": status} if dialect.status_form == "table" and status else {}
        dated = {"Date": day} if dialect.date_form == "table" else {}
        rows = {**said, **dated, **further}
        in_list = _blocks([f"{dialect.marker} {key}: {value}" for key, value in rows.items()])
        return in_list if dialect.name.endswith(".rst") else [_table(rows)]
    said = {}
    if dialect.status_form in _INLINE and status:
        said[dialect.status_key or _like_date(dialect, "Status")] = status
    if dialect.date_form in _INLINE and day:
        said[dialect.date_key or ""] = day
    lead = next(filter(None, said), f"{dialect.marker} Date:")
    for key, value in further.items():
        said[re.sub(r"[A-Za-z][A-Za-z ]*", key, lead, count=1)] = value
    return _blocks([keyed(key, value) for key, value in said.items()])


def _like_date(dialect: Dialect, key: str) -> str:
    """A key as that of the date is written, else one of a list."""
    written = dialect.date_form in _INLINE and dialect.date_key
    return re.sub(r"[A-Za-z][A-Za-z ]*", key, written, count=1) if written else f"{dialect.marker} {key}:"


def _table(rows: Mapping[str, str]) -> str:
    cells = [f"| {key} | {value.replace('|', BAR)} |" for key, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *cells])


def _blocks(lines: Iterable[str]) -> list[str]:
    """Items of a list directly below each other, other lines apart."""
    out: list[str] = []
    for line in lines:
        if out and _is_item(line) and _is_item(out[-1]):
            out[-1] += f"\n{line}"
        else:
            out.append(line)
    return out


def _is_item(line: str) -> bool:
    return line.startswith(("- ", "* ", "+ "))


def _sections(dialect: Dialect, draft: Draft) -> list[str]:
    madr = dialect.tool.startswith("madr") or dialect.tool == "log4brains"
    names = {title.lower(): title for title in dialect.sections}
    texts = _nested(draft.texts) if madr and "consequences" not in _top(dialect) else _flat(draft.texts)
    out: list[str] = []
    for part in _MADR if madr else _NYGARD:
        text = texts.get(part, "").strip("\n")
        if text:
            usual = HEADINGS[part][0] if madr else _OF_NYGARD.get(part, HEADINGS[part][0])
            known = (usual, *HEADINGS[part], *_FURTHER_HEADINGS.get(part, ()))
            title = next((names[name.lower()] for name in known if name.lower() in names), usual)
            out += [f"## {title}", text]
    return out


def _top(dialect: Dialect) -> set[str]:
    return set() if dialect.tool.startswith("madr") else {title.lower() for title in dialect.sections}


def _nested(texts: Mapping[str, str]) -> dict[str, str]:
    """The parts of MADR: reasons, consequences and the like stand below the outcome."""
    choice = _choice(texts)
    told = {**texts, "decision": choice, "rationale": ""} if choice else texts
    return {
        **texts,
        "decision": _with_parts(told, "decision", BELOW_OUTCOME),
    }


def _flat(texts: Mapping[str, str]) -> dict[str, str]:
    """The parts of Michael Nygard's form: the reasons stand below the decision, risks with what follows."""
    return {
        **texts,
        "decision": _with_parts(texts, "decision", ("rationale",)),
        "consequences": _with_parts(texts, "consequences", ("risks", "confirmation")),
    }


def _choice(texts: Mapping[str, str]) -> str:
    """What was decided and why in one sentence, as MADR has it; empty where they are more than that."""
    decided, why = (texts.get(part, "").strip("\n") for part in ("decision", "rationale"))
    if not _CHOSEN.fullmatch(decided) or not why or _MORE_THAN_A_SENTENCE.search(why):
        return ""
    return f"{decided.rstrip('.')}, because {_BECAUSE.sub('', why)}"


def _with_parts(texts: Mapping[str, str], part: str, below: Iterable[str]) -> str:
    """A part with others as its subsections."""
    out = [texts.get(part, "").strip("\n")]
    out += [f"### {one.capitalize()}\n\n{text}" for one in below if (text := texts.get(one, "").strip("\n"))]
    return "\n\n".join(filter(None, out))
