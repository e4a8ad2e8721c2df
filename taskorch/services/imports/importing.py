"""Importing: records made of what another system keeps, as one step, and again when that has changed.

What was imported before is known by its id, which follows from where it came from.  A second run changes
nothing; what has changed in the source is brought up to date, unless the record was changed here since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from taskorch.errors import BadRecord, TaskorchError
from taskorch.interchange.foreign import Foreign
from taskorch.records import claim as claims
from taskorch.records.collecting import read_record
from taskorch.records.collection import Collection
from taskorch.records.gathered import Record
from taskorch.records.schema import MAX_RECORD_BYTES
from taskorch.records.session import Session
from taskorch.services.imports.matching_content import with_claims
from taskorch.services.imports.placing import folder_of, placed
from taskorch.services.imports.rendering import Made, Maker, is_as_made, told
from taskorch.services.imports.untangling import untangled
from taskorch.services.moments import later, moment, spelt
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

KINDS = ("task", "decision", "session", "claim", "file")
_CHANGED_HERE = (
    "was changed here and in the source since it was imported; --theirs takes what the source says"
)


def import_foreign(
    ws: Workspace, foreign: Foreign, *, name: str | None = None, theirs: bool = False, dry_run: bool = False
) -> Json:
    """Bring in what was read from a source; `name` tells it from other sources of the same system.

    With `theirs` also what was changed here since becomes as the source has it.  Gives ``{source, created
    {task, decision, session, claim, file}, updated, unchanged, skipped [{item, reason}], mapped [{item,
    how}], dry_run}``.
    """
    if dry_run:
        return _Import(ws, ws.load(), foreign, name, theirs).answer() | {"dry_run": True}
    with ws.writing(f"import {name or foreign.name}") as found:
        plan = _Import(ws, found, foreign, name, theirs)
        if plan.texts:
            ws.write(plan.texts)
        return plan.answer() | {"dry_run": False}


@dataclass
class _Import:
    """What is to be written, by path relative to the store, and what is told of it."""

    ws: Workspace
    found: Collection
    foreign: Foreign
    name: str | None
    theirs: bool
    texts: dict[str, str | None] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    updated: int = 0
    unchanged: int = 0

    def __post_init__(self) -> None:
        self.maker = Maker(self.ws, self.name or self.foreign.name)
        folder = folder_of(self.ws, self.foreign)
        foreign = placed(untangled(self.foreign), folder)
        self.foreign = with_claims(self.ws.repo, foreign, folder, self._claims_there)
        self.skipped = self.foreign.skipped
        for one, item in self._made():
            try:
                self._put(one, item)
            except TaskorchError as error:  # of what the source has of it no record can be made
                self.skipped.append((item, error.message))
        for path, text in self.foreign.files.items():
            self._put_file(path, text)

    def answer(self) -> Json:
        """The report."""
        return {
            "source": self.foreign.name,
            "created": {kind: self.created[kind] for kind in KINDS},
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": [{"item": item, "reason": reason} for item, reason in self.skipped],
            "mapped": [{"item": item, "how": how} for item, how in self.foreign.mapped],
        }

    def _made(self) -> Iterator[tuple[Made, str]]:
        """The records of all items, each with what its item is called in the report."""
        maker, begin = self.maker, self._begin()
        for place, task in enumerate(self.foreign.tasks):
            known = self.found.tasks.get(maker.id_of("task", task.key))
            created = known.created if known else later(begin, place)  # so they keep their order
            yield maker.task(task, created), f"task {task.key}"
        for decision in self.foreign.decisions:
            yield maker.decision(decision), f"decision {decision.key}"
        for session in self.foreign.sessions:
            yield maker.session(session), f"session {session.key}"

    def _begin(self) -> str:
        """When tasks were made of which the source does not say it: the same wherever it is imported, where
        it says it of any other; else two branches that import it would conflict.
        """
        said = (moment(one.created) for one in self.foreign.tasks if one.created)
        return max((spelt(one) for one in said if one), default=self.ws.instant())

    def _put(self, one: Made, item: str) -> None:
        data = one.text.encode()
        if len(data) > MAX_RECORD_BYTES:
            raise TaskorchError(f"its record would have {len(data):,} bytes, more than {MAX_RECORD_BYTES:,}")
        read_record(one.path, data)  # raises what is wrong with it
        known = self._known(one)
        if known is None:
            self.created[one.kind] += 1
            self.created["claim"] += _count(one.claims)
            self._write(one, one.path)
        elif known.source != one.source:
            raise TaskorchError(f"{known.id} has its id and is none of this source's")
        elif known.imported == told(one.text):
            self.unchanged += 1 + _count(one.claims)
        elif _is_another(known, one):
            raise TaskorchError(
                f"{known.id} came from another source of this system; --name NAME keeps them apart"
            )
        elif self.theirs or is_as_made(known.text, self._claims_of(known)):
            self.updated += 1
            self._write(one, known.path)
        else:
            raise TaskorchError(f"{known.id} {_CHANGED_HERE}")

    def _known(self, one: Made) -> Record | None:
        """The record with the id of one.  Raises TaskorchError if it cannot be read."""
        records: dict[str, Record] = getattr(self.found, f"{one.kind}s")
        known = records.get(one.id)
        if known is None and self.found.is_unreadable(one.id):
            raise TaskorchError(f"{one.id} was imported before and cannot be read now: taskorch doctor")
        return known

    def _claims_there(self, session: str) -> list[claims.Claim]:
        """The claims that an earlier import made of a session."""
        return [claim for claim, _ in self.found.claims.get(self.maker.id_of("session", session), ())]

    def _claims_of(self, known: Record) -> str:
        if not isinstance(known, Session):
            return ""
        return claims.render(claim for claim, _ in self.found.claims.get(known.id, ()))

    def _write(self, one: Made, path: str) -> None:
        if one.claims:
            self.texts[path.removesuffix(".md") + ".claims.jsonl"] = one.claims
        self.texts[path] = one.text

    def _put_file(self, path: str, text: str) -> None:
        """A file that is no record: what is there already stays."""
        try:
            there = self.ws.store.read(path).decode("utf-8", "replace")
        except FileNotFoundError:
            self.created["file"] += 1
            self.texts[path] = text
            return
        except OSError as error:
            self.skipped.append((path, f"cannot be read: {error.strerror}"))
            return
        if there != text:
            self.skipped.append((path, f"{self.ws.shown(path)} is there already and says something else"))


def _count(lines: str | None) -> int:
    return lines.count("\n") if lines else 0


def _is_another(known: Record, one: Made) -> bool:
    """Whether a record was made of an item of another source that only has the same id there."""
    try:
        other = read_record(one.path, one.text.encode())
    except BadRecord:
        return False
    return known.title != other.title and _begin(known) != _begin(other)


def _begin(one: Record) -> str | None:
    return getattr(one, "created", None) or getattr(one, "date", None)
