"""Titles of decisions: headings without numbers and wrapping markup."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from taskorch.interchange.adr.names import WORD
from taskorch.interchange.adr.page import Page

_MARKED = re.compile(r"(\*\*\*|\*\*|__|\*|_|`|~~)(?=\S)(.+?)(?<=\S)\1")
_LINKED = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_LINK_WITHIN = re.compile(r"(?<![!\\])\[([^\[\]]+)\]\([^()\s]*\)")
_QUOTED = re.compile(r'"[^"]+"|“[^“”]+”')
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ANCHOR = re.compile(r"\s*(?:\{[#:][^{}]*\}|<a [^<>]*>\s*</a>)\s*$")
_ANCHOR_BEFORE = re.compile(r"^(?:<a [^<>]*>\s*(?:</a>)?\s*)+")
_PREFIX = re.compile(
    rf"""(?ix) \[? (?:{WORD}) s? [-_ #:.]* (?P<a>\d+) [a-z]? \]? (?: \s*[-.:,;)\]–—|_]+\s* | \s+ | $ )
    | [\[(]? \#? (?P<b>\d+) [a-z]? [\])]? (?: \s*[.:)–—|]+(?:\s+|$|(?=[^\d\s])) | \s+[-–—]+\s+ | -\s+ | \s*$ )
    | (?P<project>[A-Za-z][A-Za-z -]{{0,30}}?[-\ ])? adr[-_ ] (?:[a-z]{{1,14}}[-_ ])? (?P<f>\d{{3,}})
    (?:\s*[.:–—|]+\s*|\s+-\s+|\s+|$)
    | adr[-_ ](?:n+|x+|candidate|draft|proposal) (?:\s*[.:–—|]+\s*|\s+-\s+)
    | (?-i:n{{1,4}}|N{{4}}|NUMBER|x{{2,4}}|X{{2,4}}) [.:] \s+
    | (?P<c>(?:adr|(?:architecture|architectural)[ ]decision(?:[ ]record)?)(?:[ ]\(adr\))?
    | (?:design[ ])?decision(?:[ ]record)? | title | rfc) \s*(?: : | \s[-–—] )\s+
    | (?P<b2>\d{{3,}}) [-_] (?=[a-z])
    | (?P<d>\d+) \s+ (?=\S) | (?P<key>(?-i:[A-Z]{{2,8}})) [- ] (?P<e>\d+) (?:\s*[.:–—|]+\s*|\s+-\s+|\s+|$)
    | (?P<day>\d{{4}}-\d{{2}}-\d{{2}}) \s*[-.:_–—]*\s*
    """
)
_NO_TITLE = re.compile(
    r"(?i)(?:title|adr|adrs|architecture decision(?: record)?s?|architectural decision(?: record)?s?"
    r"|decision(?: record)?s?"
    r"|table of contents|contents|toc|abstract|summary|status|context|overview|introduction|background"
    r"|change ?log|metadata|date|deciders"
    r"|context and problem statement|(?:short |decision |record |adr |your |insert )*title(?: (?:of|for"
    r"|here)\b.*| \(a .*)?|\{.*\}|<%.*%>|\[(?:short|title|decision|insert).*\]|consequences"
    r"|problem(?: statement)?|decision outcome|considered options|motivation|proposal|options"
    r"|alternatives|need)"
)


def find(page: Page) -> int | None:
    """The index of the heading that is the decision's title, None if there is none."""
    for place, heading in enumerate(page.headings[:3]):
        if heading.level == 1 and named(heading.text, None)[0] and not is_section(heading.text):
            return place
    if page.headings:
        first = page.headings[0]
        lead = page.plain[page.body_start : first.start].strip()
        alone = all(heading.level > first.level for heading in page.headings[1:])
        if (
            not is_section(first.text)
            and named(first.text, None)[0]
            and (alone or not lead)
            and (
                first.level == 1
                or _stands_out(page)
                or not (lead or any(one.level == 1 for one in page.headings))
            )
        ):
            return 0
        if len(page.headings) > 1 and (first.level == 1 or _is_number(first.text)) and _is_bare(first.text):
            second = page.headings[1]
            if not is_section(second.text) and named(second.text, None)[0]:
                return 1
    return None


@lru_cache(maxsize=4096)  # most headings of a folder are the same few
def is_section(text: str) -> bool:
    """Whether a heading is one that decisions have, not a title of its own."""
    return _NO_TITLE.fullmatch(plain(text).strip(" :.?")) is not None


def _stands_out(page: Page) -> bool:
    """Whether the first heading is higher than all others, or numbered."""
    first = page.headings[0]
    higher = all(heading.level > first.level for heading in page.headings[1:])
    return higher or named(first.text, None)[1] is not None


def _is_bare(text: str) -> bool:
    return is_section(text) or not named(text, None)[0]


def _is_number(text: str) -> bool:
    return named(text, None)[1] is not None


def plain(text: str) -> str:
    """A heading's text without its closing number signs, anchors and the markup around all of it."""
    bare = text.strip()
    if bare[-1:].isalnum() and bare[:1].isalnum():
        return bare
    if bare.endswith("#"):
        bare = re.sub(r"(?:^|\s)#+$", "", bare).rstrip()
    bare = _ANCHOR.sub("", bare)
    if bare.startswith("<a "):
        bare = _ANCHOR_BEFORE.sub("", bare)
    return unwrapped(bare)


def unwrapped(text: str) -> str:
    """`text` without markup that is around the whole of it."""
    while True:
        found = _MARKED.fullmatch(text) or _LINKED.fullmatch(text)
        if not found or (found.re is _MARKED and found[1] in found[2]):
            return text
        text = found[found.lastindex or 0].strip()


def named(text: str, number: int | None) -> tuple[str, int | None]:
    """A heading's title and number.  `number` is that of the file name, if it has one."""
    bare = plain(text)
    told: int | None = None
    for _ in range(3):
        found = _PREFIX.match(bare)
        if not found:
            break
        digits = found["a"] or found["b"] or found["b2"] or found["d"] or found["e"] or found["f"]
        rest = bare[found.end() :].strip()
        if found["d"] and not _counts(found["d"], number):
            break
        if found["key"] and number is not None and int(found["e"]) != number:
            break
        if found["project"] and number is not None and int(found["f"]) != number:
            break  # of another: 'Undo ADR 109 (Reduce the API)'
        if told is not None and digits and not found["a"]:
            break
        told = int(digits) if digits and told is None else told
        bare = unwrapped(rest)
    bare = _LINK_WITHIN.sub(r"\1", bare) if "](" in bare else bare
    return spelled_out(bare[1:-1] if _QUOTED.fullmatch(bare) else bare), told


def spelled_out(text: str) -> str:
    """`text` with HTML's entities and escaped signs as the characters they stand for."""
    if "&" in text:
        text = html.unescape(text).replace("\xa0", " ").strip()
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _counts(digits: str, number: int | None) -> bool:
    """Whether a number before a title, without a sign behind it, is the decision's and not of the title."""
    return (len(digits) > 2 and digits[0] == "0") or (number is not None and int(digits) == number)
