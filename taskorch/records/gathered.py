"""What is in a store at one moment: records by id, claims by session, and what is none of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from taskorch.errors import BadRecord
from taskorch.records.claim import Claim
from taskorch.records.decision import Decision
from taskorch.records.session import Session
from taskorch.records.shelf import Shelf
from taskorch.records.task import Task
from taskorch.records.task_claims import TaskClaims

Record = Task | Decision | Session

CLAIMS_SUFFIX = ".claims.jsonl"


@dataclass
class Gathered:
    """Records by id, claims by session, and a problem for each file or line that is no record.

    ``carried`` are the claims files of tasks, by path: their claims are among those of the sessions
    they name, which need not be here; ``begun`` and ``places`` say when such a session began, and in
    which order its tasks.  ``own`` are the sessions that have a claims file of their own.  ``twins`` are
    the paths of the records with one id, of which the first is among the records.  ``other_names`` are
    the ids of decisions that other tools named or numbered, by `finding.other_name`; ``numbers`` are those of
    adopted ones.  Paths are relative to the store.
    """

    tasks: Mapping[str, Task] = field(default_factory=Shelf)
    decisions: Mapping[str, Decision] = field(default_factory=Shelf)
    sessions: Mapping[str, Session] = field(default_factory=Shelf)
    claims: dict[str, list[tuple[Claim, int]]] = field(default_factory=dict)
    carried: dict[str, TaskClaims] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    begun: dict[str, str] = field(default_factory=dict)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[BadRecord] = field(default_factory=list)
    twins: dict[str, list[str]] = field(default_factory=dict)
    other_names: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Record]:
        yield from self.tasks.values()
        yield from self.decisions.values()
        yield from self.sessions.values()
