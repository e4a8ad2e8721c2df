"""How a folder writes its decisions, learnt from its files: the newest count more.

A writer goes by these facts, so that a new decision or a changed status looks like the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from taskorch.interchange.adr import dates, link_keys, names, statuses, titles
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.settings import Settings
from taskorch.interchange.adr.tools import tool_of
from taskorch.interchange.adr.votes import Votes
from taskorch.records.decision import STATUSES

_SUPERSEDED = re.compile(r"\b(super[sc]e+ded|replaced)( +by\b)", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^([-*+]) +\S", re.MULTILINE)
_ISO, _DAY_FIRST = re.compile(r"\d{4}([-/. ])\d{1,2}\1\d{1,2}"), re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}")
_SAYS_LESS = {
    "accepted": re.compile(r"(?i)implement|\b(?:done|completed?|released|shipped|live)\b"),
    "proposed": re.compile(r"(?i)\b(?:on[ -]hold|deferred|postponed|paused|parked|stalled)\b"),
}
"""What a folder says of some, and nobody means of one that is just accepted or proposed."""
_SIGN = re.compile(r"[^\w\s*_~`>\[\](){}#|<\"'.:-]+\s+(?=\w)")
_ENOUGH = 1000  # decisions tell how a folder writes
_VERBS = ("superseded_by", "supersedes", "amends", "amended_by", "relates")
_OWN_WORDS = re.compile(rf"(?i)\b(?:{names.WORD}|decisions?|records?|no|number)s?(?=\b|_)")
_PLURAL = re.compile(rf"(?i)\b({names.WORD})s(?=[ -]*\{{number)")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The forms of a folder.

    ``tool`` is one of `tools.TOOLS`.  ``name`` is the form of file names and ``heading`` that of titles, for
    `str.format` with ``number`` (an integer), ``date``, ``slug`` and ``title``: ``{number:04d}-{slug}.md``,
    ``# {number}. {title}``.  ``status_form`` and ``date_form`` are those of `Place`, None where no file
    says any; ``status_key`` and ``date_key`` the key or heading as it is spelled.  ``words`` has for each
    of the five statuses the word the folder uses.  ``date_format`` is for `strftime`.  ``link`` is the
    form of links between decisions, with ``name`` for the file's; ``superseded_by`` the words before one.
    ``link_keys`` has the keys of front matter that name what a decision supersedes or is superseded by, and
    the form of their values, by kind of link.
    ``marker`` begins list items, ``newline`` ends lines, ``sections`` are those that most files have.
    """

    tool: str
    name: str
    heading: str
    status_form: str | None
    status_key: str | None
    words: Mapping[str, str]
    date_form: str | None
    date_key: str | None
    date_format: str
    link: str
    superseded_by: str
    marker: str
    newline: str
    sections: tuple[str, ...]
    link_keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def learn(adrs: Sequence[Adr], templates: Iterable[bytes], settings: Settings) -> Dialect:
    """The forms that most of the decisions have.  Without any they are those of MADR 4."""
    ranked = _by_age(adrs)
    tool = tool_of(ranked, templates, settings)
    status: Votes[tuple[str, str]] = Votes()
    date: Votes[tuple[str, str]] = Votes()
    formats: Votes[str] = Votes()
    headings: Votes[str] = Votes()
    markers: Votes[str] = Votes()
    newlines: Votes[str] = Votes()
    width = _width(ranked)
    for adr, weight in ranked:
        newlines.add("\r\n" if "\r\n" in adr.text else "\n", weight)
        if adr.title_place and adr.title_place.form == "heading":
            headings.add(_heading_form(adr), weight)
        if adr.status_place:
            status.add((adr.status_place.form, adr.status_place.key), weight)
        if adr.date_place and adr.date_place.form not in ("name", "status"):
            date.add((adr.date_place.form, adr.date_place.key), weight)
            formats.add(_date_format(adr.text[adr.date_place.start : adr.date_place.end]), weight)
        for found in _LIST_ITEM.findall(adr.text, adr.body_start):
            markers.add(found, weight)
    status_form, status_key = status.winner(("", ""))
    date_form, date_key = date.winner(("", ""))
    words = _words(ranked, tool)
    return Dialect(
        tool=tool,
        name=name_form(adrs, "{number:04d}-{slug}.md"),
        heading=headings.winner("# {title}"),
        status_form=status_form or None,
        status_key=status_key or None,
        words=words,
        date_form=date_form or None,
        date_key=date_key or None,
        date_format=formats.winner("%Y-%m-%d"),
        link=_link_form(ranked, tool, width if adrs else 4),
        superseded_by=_superseded_by(ranked, words, tool),
        marker=markers.winner("-" if tool == "log4brains" else "*"),
        newline=newlines.winner("\n"),
        sections=_sections(ranked),
        link_keys={kind: known for kind in link_keys.KINDS if (known := link_keys.written_as(adrs, kind))},
    )


def _by_age(adrs: Sequence[Adr]) -> list[tuple[Adr, float]]:
    """The newest decisions, from old to new, with weights from 1 to 3."""
    ordered = sorted(adrs, key=lambda adr: (adr.number or 0, adr.date or "", adr.path))
    if any(adr.number is None for adr in adrs):
        ordered = sorted(adrs, key=lambda adr: (adr.date or "", adr.number or 0, adr.path))
    ordered = ordered[-_ENOUGH:]
    last = max(len(ordered) - 1, 1)
    return [(adr, 1 + 2 * place / last) for place, adr in enumerate(ordered)]


def _width(ranked: list[tuple[Adr, float]]) -> int:
    """How many digits the numbers of file names are filled up to; 0 if they are not."""
    votes: Votes[int] = Votes()
    for adr, weight in ranked:
        name = names.take_apart(names.stem(adr.path))
        if name.digits and not (name.date and len(name.digits) >= 8):
            padded = name.digits[0] == "0"
            votes.add(len(name.digits) if padded else 0, weight if padded or len(name.digits) < 3 else 0)
    return votes.winner(0)


def name_form(adrs: Sequence[Adr], otherwise: str) -> str:
    """The form of most of the decisions' file names; `otherwise` where there are none."""
    ranked = _by_age(adrs)
    width = _width(ranked)
    votes: Votes[str] = Votes()
    for adr, weight in ranked:
        votes.add(_name_form(adr, width), weight)
    return votes.winner(otherwise)


def _name_form(adr: Adr, width: int) -> str:
    """The form of a file's name."""
    own = names.stem(adr.path)
    name = names.take_apart(own)
    tail = adr.path[adr.path.rindex(own) + len(own) :]
    slug = "{slug}" if name.slug else ""
    word = name.word.replace("{", "{{").replace("}", "}}")
    if name.date and len(name.digits) == 8:
        return f"{word}{{date:%Y%m%d}}{name.separator}{slug}{tail}"
    number = f"{{number:0{width}d}}" if width else "{number}"
    if name.date:
        day = own[:10]
        form = f"%Y{day[4]}%m{day[7]}%d"
        counted = f"{name.separator}{number}" if name.digits else name.separator
        between = own[10 + len(name.separator) + len(name.digits) :][:1] if name.digits else ""
        return f"{{date:{form}}}{counted}{between}{slug}{tail}"
    return f"{word}{number}{name.separator}{slug}{tail}" if name.digits else f"{{slug}}{tail}"


def _heading_form(adr: Adr) -> str:
    """The form of a heading."""
    level = adr.title_place.key if adr.title_place else "#"
    text = adr.heading or ""
    at = text.rfind(adr.title)
    if at < 0 or text[at + len(adr.title) :].strip("*_`# "):
        return f"{level} {{title}}"
    before = text[:at].replace("{", "{{").replace("}", "}}")
    digits = re.search(r"\d+", before)
    if digits:
        form = f"{{number:0{len(digits[0])}d}}" if digits[0][0] == "0" else "{number}"
        before = before[: digits.start()] + form + before[digits.end() :]
    return f"{level} {before}{{title}}"


def _date_format(spelled: str) -> str:
    found = _ISO.match(spelled)
    if found:
        return f"%Y{found[1]}%m{found[1]}%d"
    found = _DAY_FIRST.match(spelled)
    if found:
        day, month = spelled.split(found[1])[:2]
        return (
            f"%m{found[1]}%d{found[1]}%Y"
            if int(month) > 12 or int(day) == 0
            else f"%d{found[1]}%m{found[1]}%Y"
        )
    if re.match(r"\d{8}$", spelled):
        return "%Y%m%d"
    if re.match(r"[A-Za-z]{4,}", spelled):
        return "%B %d, %Y"
    return (
        "%d %B %Y" if re.match(r"\d{1,2}\w* (?:of )?[A-Za-z]", spelled) and dates.iso(spelled) else "%Y-%m-%d"
    )


def _words(ranked: list[tuple[Adr, float]], tool: str) -> dict[str, str]:
    """The folder's word for each status; for those it never used, in the case of the others."""
    votes: dict[str, Votes[str]] = defaultdict(Votes)
    cases: Votes[str] = Votes()
    for adr, weight in ranked:
        if not adr.status or not adr.raw_status:
            continue
        word = _short_word(adr.raw_status, adr.status)
        bare = re.sub(r"[^A-Za-z]", "", word)
        if bare:
            cases.add("upper" if bare.isupper() else "capital" if bare[0].isupper() else "lower", weight)
        if adr.status not in _SAYS_LESS or not _SAYS_LESS[adr.status].search(word):
            votes[adr.status].add(word, weight)
    case = cases.winner("capital" if tool == "adr-tools" else "lower")
    return {status: votes[status].winner(_cased(status, case)) for status in STATUSES}


def _short_word(raw: str, status: str) -> str:
    """The word of a status without what follows it: links, dates, reasons."""
    said = raw.split()
    # A sign before the word is part of how the folder writes it.
    for end in range(1, min(len(said), 3) + 1):
        words = " ".join(said[:end]).rstrip(",;:.([")
        if re.search(r"[^\W\d_]", words) and statuses.present(words)[0] == status:
            return words
    return said[0] if len(said) == 1 and statuses.present(raw)[0] == status else status


def _cased(word: str, case: str) -> str:
    return word.upper() if case == "upper" else word.capitalize() if case == "capital" else word


def _superseded_by(ranked: list[tuple[Adr, float]], words: Mapping[str, str], tool: str) -> str:
    votes: Votes[str] = Votes()
    for adr, weight in ranked:
        if adr.status == "superseded" and adr.raw_status and (found := _SUPERSEDED.search(adr.raw_status)):
            votes.add(found[0], weight)
    accepted = words["accepted"]
    case = "capital" if re.sub(r"\W", "", accepted)[:1].isupper() else "lower"
    sign = _SIGN.match(words["superseded"])
    return (sign[0] if sign else "") + votes.winner(_cased("superseded by", case))


def _link_form(ranked: list[tuple[Adr, float]], tool: str, width: int) -> str:
    """The form of links: the words in brackets by what they are made of, and the path."""
    by_path = {adr.path: adr for adr, _ in ranked}
    votes: Votes[str] = Votes()
    for adr, weight in ranked:
        targets = [by_path[path] for kind in _VERBS for path in adr.links.get(kind, ()) if path in by_path]
        for reference in adr.references:
            if reference.words.isdigit() and reference.offset < adr.body_start:
                continue  # a key's: 'superseded-by: 0012'
            for other in targets:
                if _names(reference.target, other):
                    votes.add(f"[{_worded(reference.words, other)}]({_prefixed(reference.target)})", weight)
                elif not reference.target and re.search(rf"(?<!\d)0*{other.number}(?!\d)", reference.words):
                    votes.add(_worded(reference.words, other), weight)
    usual = {"adr-tools": "[{number}. {title}]({name})", "log4brains": "[{stem}]({name})"}
    number = f"{{number:0{width}d}}" if width else "{number}"
    if sum(adr.path.endswith(".rst") for adr, _ in ranked) * 2 > len(ranked):
        return votes.winner(f"`ADR-{number} <{{name}}>`__")
    return votes.winner(usual.get(tool, f"[ADR-{number}]({{name}})"))


def _names(target: str, other: Adr) -> bool:
    return bool(target) and target.rsplit("/", 1)[-1] == other.path.rsplit("/", 1)[-1]


def _prefixed(target: str) -> str:
    return "./{name}" if target.startswith("./") else "{name}"


def _worded(words: str, other: Adr) -> str:
    """A link's words with what they say of the other decision as fields."""
    own = names.stem(other.path)
    if words.startswith(own):
        return "{stem}" + words.removeprefix(own).replace("{", "{{").replace("}", "}}")
    out = words.replace("{", "{{").replace("}", "}}")
    if titles.named(words, other.number)[0].lower() == other.title.lower():
        at = out.lower().rfind(other.title.lower())
        out = out[:at] + "{title}" if at >= 0 else "{title}"
    found = re.search(rf"(?<!\d)(0*){other.number}(?!\d)", out) if other.number is not None else None
    if found:
        form = f"{{number:0{len(found[0])}d}}" if found[1] else "{number}"
        out = out[: found.start()] + form + out[found.end() :]
    out = _PLURAL.sub(r"\1", out)
    # Words that are neither number nor title tell of the one decision that was linked to.
    rest = _OWN_WORDS.sub("", re.sub(r"\{[^{}]*\}", "", out))
    return out if "{" in out and not re.search(r"\w", rest) else "{title}"


def _sections(ranked: list[tuple[Adr, float]]) -> tuple[str, ...]:
    """The sections that at least half of the files have, in their usual order."""
    weights: dict[str, float] = defaultdict(float)
    places: dict[str, float] = defaultdict(float)
    total = sum(weight for _, weight in ranked)
    for adr, weight in ranked:
        for place, title in enumerate(dict.fromkeys(adr.sections)):
            weights[title] += weight
            places[title] += weight * place
    usual = [title for title in weights if weights[title] * 2 >= total]
    return tuple(sorted(usual, key=lambda title: places[title] / weights[title]))
