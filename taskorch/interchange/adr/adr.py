"""What is read of a decision that another tool keeps, and of a whole folder of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

INVERSE = {
    "supersedes": "superseded_by",
    "amends": "amended_by",
    "clarifies": "clarified_by",
    "refines": "refined_by",
    "reverses": "reversed_by",
    "relates": "relates",
}
INVERSE |= {back: kind for kind, back in INVERSE.items()}
"""Each kind of link and how it reads from the other end."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read.  ``path`` as it was given, ``line`` from 1."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its character offsets in the text, and the form it is written in.

    ``form`` is one of ``front matter``, ``bullet``, ``bold``, ``line``, ``table``, ``section``,
    ``heading``, ``badge``, ``status`` (a date within it), ``log`` (a date in a change log) and
    ``name`` (of the file: no offsets).
    ``outer`` are the offsets of what
    is around it: the whole content of a section, else the value again.  ``key`` is the key, the
    heading or the marker and key as they are spelled (``* Status``).
    """

    form: str
    start: int
    end: int
    key: str = ""
    outer: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Reference:
    """A decision that is named in a text: the kind of link, how it is named, at which offset.

    ``target`` is a path or URL as it stands in a link, empty for a bare mention; ``words`` is the
    link's text or the mention (``ADR-0012``).
    """

    kind: str
    target: str
    words: str
    offset: int


@dataclass(frozen=True, slots=True)
class Adr:
    """One decision as its file has it.

    ``path`` is the one it was given under.  ``number`` is that of the file name, else of the heading;
    names with a date for a number (``20201016-x``) have it as ``20201016``.  ``status`` is one of the five of
    `taskorch.records.decision.STATUSES`, None where it says none of them; ``raw_status`` the words
    that stand there, on one line.  ``date`` is ``YYYY-MM-DD``.  ``links`` maps the kinds of `INVERSE`
    to paths of others of the folder, said on either side; `read_adr` leaves it empty and gives
    ``references``; ``successors`` are those that its own file says it was superseded by.  ``metadata``
    has all keys of front matter, bullets, bold lines and tables by lower-case name with hyphens, as
    `frontmatter` reads values.  ``text`` is the whole file and ``body_start`` where its Markdown
    begins; ``encoding`` is how its bytes were read: where it is not
    ``utf-8`` the file must not be written back as such.
    """

    path: str
    number: int | None
    title: str
    status: str | None
    raw_status: str | None
    date: str | None
    deciders: tuple[str, ...]
    category: str | None
    tags: tuple[str, ...]
    metadata: Mapping[str, Any]
    text: str
    body_start: int
    encoding: str
    sections: tuple[str, ...]
    heading: str | None
    title_place: Place | None
    status_place: Place | None
    date_place: Place | None
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    successors: tuple[str, ...] = ()

    @property
    def supersedes(self) -> tuple[str, ...]:
        """The decisions this one takes the place of."""
        return self.links.get("supersedes", ())

    @property
    def superseded_by(self) -> tuple[str, ...]:
        """The decisions that took the place of this one."""
        return self.links.get("superseded_by", ())
