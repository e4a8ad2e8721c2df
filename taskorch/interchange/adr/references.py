"""Mentions of other decisions: 'Superceded by [12. Foo](0012-foo.md)', 'supersedes ADR-0012 and 13'."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from taskorch.interchange.adr.adr import Reference
from taskorch.interchange.adr.page import Page

_SUPERSEDE = r"super[sc]e+d|replace|obsolete|supplant|override|overrule|subsume"
_BACK = {
    "superseded_by": rf"(?:(?:{_SUPERSEDE}|deprecate|succeed|overrid)(?:e?d|en)?|in[ ]fav(?:ou)?r)",
    "amended_by": r"(?:amend|extend|modifi|update|adjust|augment|supplement|revise)e?d",
    "clarified_by": r"(?:clarifi|explain|detail)e?d",
    "refined_by": r"(?:refine|elaborate|specifie|specialise|specialize)d",
    "reversed_by": r"(?:reverse|revert|revoke|rescind)e?d",
    "relates": r"(?:relate|relate|link|inform|enable|block|follow|complement|reference|implement)e?d",
}
_FORTH = {
    "supersedes": rf"(?:{_SUPERSEDE}|deprecate|succeed)(?:e?s|ing)|supersession[ ]of",
    "amends": r"(?:amend|extend|modifie|update|adjust|augment|supplement|revise|build)(?:s"
    r"|ing)(?:[ ]up)?(?:[ ]?on)?",
    "clarifies": r"(?:clarifie|explain|detail)s|clarifying",
    "refines": r"(?:refine|elaborate|specifie|specialise|specialize)s|refining",
    "reverses": r"(?:reverse|revert|revoke|rescind)s",
    "relates": r"relate[sd](?:[ ](?:to|with))?|related|see(?:[ ]also)?|depends[ ]on|linked[ ]to|follows"
    r"|complements|requires|enables|references?|refer[ ]to|links?[ ]to|conflicts[ ]with",
}
_VERB = re.compile(
    r"(?ix) (?<![\w/-])"  # not in a path: 'after-builds-complete.md'
    r"(?P<part>(?:partly|partially|in[ ]parts?|parts?[ ]of[ ]which)[ ]+(?:is[ ]|been[ ])?)? (?:"
    + "|".join(
        rf"(?P<{kind}>(?:{words})(?P<part_{kind}>[ ]+(?:in[ ]parts?|partly"
        rf"|partially))?(?:[ ](?:on[ ])?[\d/.-]+)?(?:[ ]+(?:by|of)\b|(?=[ ]*:?[ ]*\[)))"
        for kind, words in _BACK.items()
    )
    + "|"
    + "|".join(
        rf"(?P<f_{kind}>(?:{words})\b(?!-\w)(?P<part_f_{kind}>[ ]+(?:in[ ]parts?|partly|partially|(?:(?:some"
        rf"|certain|several)[ ])?(?:parts?|aspects?|portions?|sections?|elements?)[ ]of))?)"
        for kind, words in _FORTH.items()
    )
    + ")"
)
_HINTS = re.compile(r"(?i)super|replac|obsolet|amend|clarif|refin|exten|rever|deprecat|favo")
_LINK = re.compile(
    r"(?<!!)\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"(?:\((?:<(?P<angle>[^<>\n]*)>|(?P<target>(?:[^()\n]|\([^()\n]*\))*?))(?:\s+\"[^\"\n]*\")?\s*\)"
    r"|\[(?P<label>[^\[\]]*)\])?"
)
_WIKI = re.compile(r"\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]")
_AUTO = re.compile(
    r"<((?:https?://|\.{0,2}/)?[^<>\s]+\.md[^<>\s]*|https?://[^<>\s]+)>|(?<![\w(\[/])(https?://[^\s<>()]+)"
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]]+)\]:[ \t]*<?([^\s<>]+)>?", re.MULTILINE)
_FILE = re.compile(r"(?<![\w(/\[])(?:[\w.~-]+/)*[\w.~#-]+\.(?:md|markdown|rst|adoc)\b", re.IGNORECASE)
_LABEL = r"(?:(?:adr|rfc|ad|dr|decision(?:[ ]record)?|record|no\.?|number|lld)s?[-_ #]*)?[#]?"
_NUMBER = rf"{_LABEL}\d{{1,8}}(?![\w]|-\d|[./]\d)"
_MENTION = re.compile(
    rf"(?ix) \s*[:=-]*\s* (?:(?:the|our|by|decision|to|with|is|of|from"
    rf"|and)\s+)* (?P<slug>(?:[\w-]+/)?\d{{8}}-[\w-]+ | (?:adr-?)?\d{{3,4}}[-_][a-z][\w-]+)"
    rf"| \s*[:=-]*\s* (?:(?:the|our|by|to|with|is|of|from|and|in|made|decisions?|previous|earlier"
    rf"|old)\s+)* (?P<list>{_NUMBER}(?:\s*(?:,|and|&|;|\+|/|,[ ]and)\s*{_NUMBER})*)"
)
_NAMED = re.compile(r"(?i)\b(?:adr|rfc)[-_ #]*(\d{1,8})(?![\w]|-\d)")
_DIGITS = re.compile(rf"(?i){_LABEL}(\d{{1,8}})")
_OF_ITSELF = re.compile(
    r"\bthis (?:adr|decision|decision record|record)\b(?=[^.\n]{0,40}(?:super[sc]ed|replac|amend|obsolet))"
)
_WEAKER = {"supersedes": "amends", "superseded_by": "amended_by"}
_PARTS = re.compile(
    r"(?i)[^\[\n]{0,60}?\b(?:sub)?(?:sections?|parts?|clauses?|portions?|aspects?|paragraphs?)\b(?=[^\[\n]{0,20}(?:\[|adr|\d))"
)
_STOPS = re.compile(r"[.;,:(|—–]|\s-\s")
_WHOSE = re.compile(
    r"(?i)\b(?:clauses?|sections?|parts?|portions?|aspects?|paragraphs?|options?|details?|decision \d+)\b"
)
_SENTENCE = 400  # characters that a sentence is looked through for
_LONGEST = 4000  # characters behind one verb
_SLOT = "\x00"

_SPELLED = {
    "supersedes": "supersedes supercedes superseedes supersede superseding replaces obsoletes",
    "superseded_by": "superseded-by superceded-by superseeded-by replaced-by obsoleted-by deprecated-by"
    " superseded superceded",
    "amends": "amends extends",
    "amended_by": "amended-by extended-by amended",
    "clarifies": "clarifies",
    "clarified_by": "clarified-by",
    "refines": "refines",
    "refined_by": "refined-by",
    "reverses": "reverses reverts",
    "reversed_by": "reversed-by reverted-by",
    "relates": "relates-to related-to related relates links related-adrs related-adr related-decisions"
    " depends-on see-also",
}
KEYS = {key: kind for kind, keys in _SPELLED.items() for key in keys.split()}
"""Keys of front matter and bullets that name other decisions, by normal name."""


def may_link(text: str) -> bool:
    """Whether `text` may mention a decision with a verb: a quick look."""
    return _HINTS.search(text) is not None


def in_text(page: Page, start: int, end: int, other: str | None, led: bool = False) -> list[Reference]:
    """The decisions that the text from `start` to `end` names, each with the verb before it.

    Links without one are of the kind `other`, or left out if that is None.  With `led`, only lines
    count that begin with a verb, or with 'This decision'.
    """
    text = page.plain[start:end]
    out: list[Reference] = []
    for at, lines in _blocks(text):
        block = lines.replace("\n", " ")
        verbs = _verbs(block)
        if led and verbs and not re.fullmatch(_LED, block[: verbs[0].start()]):
            verbs = []
        if led and not verbs and other is None:
            continue
        borders = [(0, other), *((verb.end(), _kind(verb)) for verb in verbs)]
        for place, (begin, kind) in enumerate(borders):
            stop = verbs[place].start() if place < len(verbs) else len(block)
            if kind and begin < stop:
                partly = place > 0 and _is_of_a_part(block, verbs[place - 1], stop)
                told = _WEAKER.get(kind, kind) if partly else kind
                out += _targets(page, block[begin:stop], start + at + begin, told, bare=place > 0)
    return out


def _verbs(block: str) -> list[re.Match[str]]:
    """The verbs of a text: within a link only one that it begins with, others are of a title there."""
    verbs = list(_VERB.finditer(block))
    if not verbs or "](" not in block:
        return verbs
    links = [found.span() for found in _LINK.finditer(block) if found[0][-1] == ")"]
    ends = [end for _, end in links]

    def is_of_title(at: int) -> bool:
        place = bisect_right(ends, at)
        return place < len(links) and links[place][0] + 1 < at

    return [verb for verb in verbs if not is_of_title(verb.start())]


_LED = re.compile(
    r"(?i)[\W_]*(?:(?:note|important|warning|update|edit|status)\b[\W_]*)*(?:(?:accepted|deprecated"
    r"|rejected)[\W_]+)?"
    r"(?:(?:this|the)(?: (?:adr|decision|decision record|record|document|proposal|rfc))?"
    r"|it)?[\W_]*(?:(?:has|is|was|been|now|also|have)[\W_]+)*"
)


def _is_of_a_part(block: str, verb: re.Match[str], stop: int) -> bool:
    """Whether only a part is meant: 'its hosting clauses superseded by', 'supersedes the section on'."""
    if _PARTS.match(block, verb.end(), stop):
        return True
    before = _STOPS.split(block[max(0, verb.start() - _SENTENCE) : verb.start()])[-1]
    return _kind(verb) == "superseded_by" and not re.fullmatch(_LED, before) and bool(_WHOSE.search(before))


def in_sentences(page: Page) -> list[Reference]:
    """The decisions that sentences anywhere name with 'This ADR supersedes' or the like."""
    lower = page.plain.lower()
    out: list[Reference] = []
    if not any(verb in lower for verb in ("super", "replac", "amend", "obsolet")):
        return out
    at = page.body_start
    while found := _OF_ITSELF.search(lower, at):
        ends = [lower.find(sign, found.end(), found.end() + _SENTENCE) for sign in ("\n\n", ". ")]
        at = min((end for end in ends if end > 0), default=min(found.end() + _SENTENCE, len(lower)))
        out += in_text(page, found.start(), at, None, led=True)
    return [one for one in out if one.kind != "relates"]


def in_value(page: Page, value: Any, start: int, kind: str) -> list[Reference]:
    """The decisions that the value of a key names, each under its kind."""
    texts = value if isinstance(value, list) else [value]
    out: list[Reference] = []
    for text in texts:
        if isinstance(text, str):
            out += _targets(page, text, start, kind, bare=True)
    return [Reference(one.kind, one.target, one.words, start) for one in out]


def _kind(verb: re.Match[str]) -> str:
    """The kind of link that a verb makes; to take the place of a part is to amend."""
    kind = next(
        name
        for name, words in verb.groupdict().items()
        if words and name not in ("part",) and not name.startswith("part_")
    )
    partly = verb["part"] or verb[f"part_{kind}"]
    kind = kind.removeprefix("f_")
    if partly and kind in ("supersedes", "superseded_by"):
        return "amends" if kind == "supersedes" else "amended_by"
    return kind


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs and list items with their offsets; one that ends in a colon goes on in the next."""
    at, begun, gathered = 0, 0, ""
    for line in text.split("\n"):
        bare = line.strip()
        done = gathered.rstrip().rstrip("*_")
        item = bare[:2] in ("- ", "* ", "+ ", "| ") or not bare
        if gathered and item and done and not done.endswith(":"):
            yield begun, gathered
            gathered = ""
        if not gathered:
            begun = at
            gathered = line if bare else ""
        else:
            gathered += "\n" + line
        at += len(line) + 1
    if gathered.strip():
        yield begun, gathered


def _targets(page: Page, text: str, at: int, kind: str, bare: bool) -> Iterator[Reference]:
    """The links in a piece of text, and with `bare` the numbers that directly follow."""
    text = text[:_LONGEST]
    holes = []
    for found in _links(page, text):
        holes.append(found[0])
        yield Reference(kind, found[1], found[2], at + found[0][0])
    if bare:
        for start, end in holes:
            text = text[:start] + _SLOT * (end - start) + text[end:]
        yield from _mentions(text, at, kind)


def _mentions(text: str, at: int, kind: str) -> Iterator[Reference]:
    for found in _FILE.finditer(text):
        yield Reference(kind, found[0], found[0], at + found.start())
        text = text[: found.start()] + _SLOT * len(found[0]) + text[found.end() :]
    first = re.match(r"[\s*_\"'(\[,]*", text)
    begin = first.end() if first else 0
    told = _MENTION.match(text, begin)
    if told and told["slug"]:
        yield Reference(kind, "", told["slug"], at + told.start("slug"))
        begin = told.end()
    elif told and told["list"]:
        for one in _DIGITS.finditer(text, told.start("list"), told.end("list")):
            yield Reference(kind, "", one[0].strip(), at + one.start())
        begin = told.end()
    for one in _NAMED.finditer(text, begin):
        yield Reference(kind, "", one[0], at + one.start())


def _links(page: Page, text: str) -> Iterator[tuple[tuple[int, int], str, str]]:
    """The links in `text`: offsets, target and words."""
    if "[[" in text:
        for found in _WIKI.finditer(text):
            yield found.span(), "", found[1].strip()
        text = _WIKI.sub(lambda found: " " * len(found[0]), text)
    if "[" in text:
        for found in _LINK.finditer(text):
            target = found["angle"] or found["target"]
            if target is None:
                target = _defined(page, found["label"] or found["words"])
            if target is not None:
                yield found.span(), target.strip(), found["words"]
        text = _LINK.sub(lambda found: " " * len(found[0]), text)
    if "http" in text or "<" in text:
        for found in _AUTO.finditer(text):
            yield found.span(), found[1] or found[2], ""


def _defined(page: Page, label: str) -> str | None:
    """The target of a link that is defined elsewhere in the file: ``[label]: target``."""
    if "]:" not in page.plain:
        return None
    wanted = " ".join(label.lower().split())
    for found in _DEFINITION.finditer(page.plain):
        if " ".join(found[1].lower().split()) == wanted:
            return found[2]
    return None
