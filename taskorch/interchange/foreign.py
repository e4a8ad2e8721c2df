"""What was read from another system, before it becomes records: plain values, in the words of our records.

A reader of a system gives a `Foreign`.  What stands in it under a key is named by that key elsewhere in it;
nothing in it is checked yet but that it is text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ForeignTask:
    """A task: ``key`` is its id in the source, which becomes the alias unless there is another one.

    ``status`` and the other words are ours; ``depends_on`` and ``parent`` are keys.  ``created`` is a time
    in UTC as records have it, None where the source does not say.  Texts are Markdown.  ``comments`` are
    further notes, each with what stands above it: when and who.
    """

    key: str
    title: str
    status: str = "pending"
    alias: str | None = None
    created: str | None = None
    description: str = ""
    criteria: tuple[tuple[str, bool], ...] = ()
    results: str = ""
    next_action: str = ""
    notes: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    deleted: bool = False
    assignee: str | None = None
    priority: str | None = None
    complexity: str | None = None
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    parent: str | None = None
    artifacts: tuple[str, ...] = ()
    specialist: str | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignDecision:
    """A decision; ``texts`` are the parts of its body by the places of the template ``decision``:

    ``context, drivers, options, decision, rationale, consequences, risks, confirmation, pros_and_cons,
    more``.  ``tasks`` and the links are keys, ``session`` is one.
    """

    key: str
    title: str
    status: str = "accepted"
    number: int | None = None
    date: str | None = None
    session: str | None = None
    category: str | None = None
    impact: str | None = None
    decision_makers: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    refines: tuple[str, ...] = ()
    reverses: tuple[str, ...] = ()
    clarifies: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    implementation: str | None = None
    outcome: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignClaim:
    """What a task did to a path; states are as in claims, ``"<mode> <object id>"`` or None."""

    task: str
    path: str
    op: str
    before: str | None
    after: str | None
    source: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignOperation:
    """What a task did to a path, told without objects of git; the content's SHA-256 may lead to them.

    ``path`` and ``source`` are relative to the project, or absolute where its root is not known.  ``op`` is
    that of a claim, or another word, ``at`` a time in UTC or empty.
    """

    task: str
    path: str
    op: str
    at: str = ""
    sha256: str | None = None
    source: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignSession:
    """A session that is over; ``tasks`` are keys.

    ``operations`` become claims beside ``claims`` where their content is found in the repository.
    """

    key: str
    created: str
    ended: str
    agent: str | None = None
    tasks: tuple[str, ...] = ()
    purpose: str = ""
    notes: str = ""
    summary: str = ""
    handoff: str = ""
    claims: tuple[ForeignClaim, ...] = ()
    operations: tuple[ForeignOperation, ...] = ()


@dataclass(slots=True)
class Foreign:
    """All that was read from a source of the system `name`.

    ``files`` are further files by path relative to the store, such as roles.  ``mapped`` says what was
    written otherwise than it was read, ``skipped`` what was not read at all: each an item, and how or why.
    ``root`` is the absolute path of the folder that paths in it are relative to, where that is known.
    """

    name: str
    tasks: list[ForeignTask] = field(default_factory=list)
    decisions: list[ForeignDecision] = field(default_factory=list)
    sessions: list[ForeignSession] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    mapped: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    root: str | None = None
