"""What one decision's file gives: its page, its name, and the values of front matter and top by key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from taskorch.interchange.adr import titles
from taskorch.interchange.adr.adr import Place
from taskorch.interchange.adr.metadata import Value, normal
from taskorch.interchange.adr.names import Name
from taskorch.interchange.adr.page import Page
from taskorch.interchange.adr.references import KEYS
from taskorch.records.document import Entry

STATUS_KEYS = ("status", "adr-status", "decision-status", "current-status", "state", "statut", "estado")
_STATUS_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:adr|decision|current|record|document|proposal)\s+)?(?:status|state|statut"
    r"|estado|stato)(?:\s+of (?:this|the) \w+)?[\W_]*$"
)
STATUS_IN_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:adr|decision|current)\s+)?status\b[*_`\s]*(?:[:–—(-]|\bis\b)[*_`\s]*(\S.*?)[*_`\s]*$"
)
_DATE_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:decision|creation|approval)\s+)?dates?(?:\s+(?:of decision|decided|accepted"
    r"|created))?[\W_]*$"
)
_DATE_IN_HEADING = re.compile(r"(?i)\W*date\b\W*:\W*\d?.*\d{4}|\W*date\b\W*:.*\d")
_LOG_SECTION = re.compile(
    r"(?i)[\W\d_]*(?:change[ -]?log|(?:revision|change|version|document)s? history|history|revisions"
    r"|changes)[\W_]*$"
)
_LINK_SECTION = re.compile(
    r"(?i)[\W\d_]*(?:links?|related(?: (?:adrs?|decisions?|decision records?|documents?|links?|work"
    r"|artifacts?))?|relations(?:hips)?|see also"
    r"|more information|references|notes?|additional information|further information)[\W_]*$"
)
_KIND_SECTION = re.compile(
    r"(?i)[\W\d_]*(supersedes|superseded[ -]by|supercedes|superceded[ -]by|replaces|replaced[ -]by"
    r"|amends|amended[ -]by|clarifies|clarified[ -]by|refines|refined[ -]by|extends|extended[ -]by)[\W_]*$"
)
_DECIDER_SECTION = re.compile(r"(?i)[\W\d_]*(?:deciders?|decision[ -]makers?)[\W_]*$")


@dataclass(frozen=True, slots=True)
class Source:
    """A page with all that was found on it; ``title_at`` is the index of the heading that is the title.

    ``top`` are the offsets of the text above the first section.
    """

    page: Page
    name: Name
    title_at: int | None
    front: dict[str, Entry]
    values: dict[str, Value]
    top: tuple[int, int]

    def words(self, entry: Entry) -> str:
        """The value of a key as words: what is no string or list of them, as it is spelled."""
        if isinstance(entry.value, str):
            return entry.value
        if isinstance(entry.value, list) and all(isinstance(one, str) for one in entry.value):
            return ", ".join(entry.value)
        return self.page.text[entry.value_start : entry.value_end]


@lru_cache(maxsize=4096)  # most headings of a folder are the same few
def told_of(heading: str) -> str | None:
    """What a section tells: ``status``, ``date``, ``deciders``, ``links`` or a kind of these."""
    bare = titles.plain(heading)
    if _STATUS_HEADING.match(bare):
        return "status"
    if STATUS_IN_HEADING.match(bare):
        return "said status"
    if _DATE_HEADING.match(bare):
        return "date"
    if _DECIDER_SECTION.match(bare):
        return "deciders"
    if _DATE_IN_HEADING.match(bare):
        return "said date"
    if _LOG_SECTION.match(bare):
        return "log"
    kind = _KIND_SECTION.match(bare)
    if kind:
        return KEYS[normal(kind[1])]
    return "links" if _LINK_SECTION.match(bare) else None


def front_place(entry: Entry) -> Place:
    """Where the value of a key of front matter stands."""
    span = (entry.value_start, entry.value_end)
    return Place("front matter", *span, entry.key, span)
