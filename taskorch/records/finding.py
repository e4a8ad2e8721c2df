"""Finding the record that a name means: an id, another name, or the beginning of an id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from taskorch.errors import Ambiguous, BadRecord, NotFound
from taskorch.records import ids
from taskorch.records.decision import Decision
from taskorch.records.gathered import Gathered, Record
from taskorch.records.session import Session
from taskorch.records.shelf import called
from taskorch.records.task import Task

TWINS = "give one of the two a new id in its front matter and its file name"
_LISTS = {
    "task": "taskorch task list --deleted shows all tasks",
    "decision": "taskorch decision list shows all decisions",
    "session": "taskorch session list shows all sessions",
}
_NUMBERED = re.compile(r"(?:adr[-_ ]*)?#?(\d{1,8})", re.IGNORECASE)


class Finding(Gathered):
    """Records that are found by their names."""

    @property
    def whole(self) -> Any:
        """The same with all in it."""
        return self

    def find(self, name: str, kind: str) -> Record:
        """The record of `kind` that `name` means: exact id, alias, then unambiguous prefix.

        Raises NotFound or Ambiguous, the latter with the candidates: also where two files have one id.
        """
        exact = self._of_kind(kind).get(name.lower())
        if exact:
            return self._only(exact)
        found = self._called(name, kind) or self._matching(name, kind)
        if len(found) == 1:
            return self._only(found[0])
        if found:
            raise Ambiguous(
                f"'{name}' fits {len(found)} {kind}s",
                hint="give more characters of the id",
                candidates=[f"{record.id}  {record.title}" for record in found],
            )
        self._explain_broken(name)
        raise NotFound(f"no {kind} '{name}'", hint=_LISTS[kind])

    def _of_kind(self, kind: str) -> Mapping[str, Record]:
        records: Mapping[str, Record] = getattr(self, f"{kind}s")
        return records

    def _called(self, name: str, kind: str) -> list[Record]:
        """The records that have a name beside their id: tasks an alias, decisions a number or file name,
        sessions their id in another system.
        """
        if kind == "decision":
            return [self.decisions[one] for one in self.other_names.get(other_name(name), ())]
        records: Mapping[str, Record] = self.whole.tasks if kind == "task" else self.whole.sessions
        return [one for one in called(records, name) if one.other_name == name]

    def _matching(self, name: str, kind: str) -> list[Record]:
        """The records of a kind whose ids a prefix begins."""
        records = self._of_kind(kind)
        return [records[one] for one in ids.match_prefix(name, records)]

    def task(self, name: str) -> Task:
        """The task that `name` means.  Raises NotFound or Ambiguous."""
        found = self.find(name, "task")
        assert isinstance(found, Task)
        return found

    def decision(self, name: str) -> Decision:
        """The decision that `name` means.  Raises NotFound or Ambiguous."""
        found = self.find(name, "decision")
        assert isinstance(found, Decision)
        return found

    def session(self, name: str) -> Session:
        """The session that `name` means.  Raises NotFound or Ambiguous."""
        found = self.find(name, "session")
        assert isinstance(found, Session)
        return found

    def is_unreadable(self, record_id: str) -> bool:
        """Whether there is a file for an id that cannot be read: not gone, but broken."""
        names = (problem.path.rsplit("/", 1)[-1] for problem in self.problems)
        return any(name.startswith((f"{record_id}.", f"{record_id}-")) for name in names)

    def _only(self, record: Record) -> Record:
        """The record, unless there is another with its id.  Raises Ambiguous."""
        files = self._files_of(record)
        if files:
            raise Ambiguous(f"{len(files)} files have the id {record.id}", hint=TWINS, candidates=files)
        return record

    def _files_of(self, record: Record) -> list[str]:
        """The files that have the id of a record, where there are several."""
        return self.twins.get(record.id, [])

    def _explain_broken(self, name: str) -> None:
        """Raise the record's own problem if `name` means a file that cannot be read."""
        broken: dict[str, list[BadRecord]] = defaultdict(list)
        for problem in self.problems:
            broken[problem.path.rsplit("/", 1)[-1][:10]].append(problem)
        found = [name.lower()] if name.lower() in broken else ids.match_prefix(name, broken)
        if len(found) == 1 and found[0] in broken:
            raise broken[found[0]][0]


def other_name(name: str) -> str:
    """The number or file name by which other tools know a decision, as one spelling of it.

    ``12``, ``0012`` and ``ADR-12`` are one number.
    """
    found = _NUMBERED.fullmatch(name)
    return str(int(found[1])) if found else name.lower().removesuffix(".md")
