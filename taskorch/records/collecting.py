"""Reading the files of a store: records by id, claims by session, and what is none of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records import claim as claims
from taskorch.records import decision, frontmatter, ids, session, task, task_claims
from taskorch.records.collection import Collection
from taskorch.records.finding import TWINS, other_name
from taskorch.records.gathered import CLAIMS_SUFFIX, Record
from taskorch.records.shelf import Packed, Shelf

_PARSERS: dict[str, Callable[[str, str], Record]] = {
    "t-": task.parse,
    "d-": decision.parse,
    "s-": session.parse,
}


def collect(
    files: Iterable[tuple[str, bytes | str | Record | Packed]], out: Collection | None = None
) -> Collection:
    """The records among `files`, put into an empty collection, `out` or a new one.

    Each is a path relative to the store, and the file's bytes, or why it has none in words, or the
    record in it, packed or not, where that is known.
    """
    out = out or Collection()
    for path, data in files:
        if type(data) is Packed and data.other_name is None and _put(out, data):
            continue  # of most files there is no more to say
        name = path.rsplit("/", 1)[-1]
        try:
            if not name.endswith(CLAIMS_SUFFIX):
                _add(out, read_record(path, data) if isinstance(data, bytes | str) else data)
            elif isinstance(data, bytes | str):
                _add_claims(out, path, name, _text_of(path, data))
        except BadRecord as problem:
            problem.path = path
            out.problems.append(problem)
    _join_carried(out)
    return out


def read_record(path: str, data: bytes | str) -> Record:
    """The record in a file.  Raises BadRecord, also where `data` says in words why there is none."""
    return _read(_text_of(path, data), path, path.rsplit("/", 1)[-1])


def _text_of(path: str, data: bytes | str) -> str:
    if isinstance(data, str):
        raise BadRecord(data, path=path, hint="put a readable file there, or take it away")
    return frontmatter.decode(data, path)


def _add_claims(out: Collection, path: str, name: str, text: str) -> None:
    if name.startswith("t-"):
        out.carried[path], bad = task_claims.parse(text, path)
    else:
        owner = name.removesuffix(CLAIMS_SUFFIX)
        out.claims[owner], bad = claims.parse(text, path)
        out.own.add(owner)
    out.problems += bad


def _join_carried(out: Collection) -> None:
    """Let the claims in tasks' files be claims of their sessions, each once."""
    known = {owner: {claim for claim, _ in lines} for owner, lines in out.claims.items()}
    for path, found in out.carried.items():
        for claim, origin, number in found.lines:
            owner = origin.session if origin else path
            seen = known.setdefault(owner, set())
            if claim not in seen:
                seen.add(claim)
                out.claims.setdefault(owner, []).append((claim, number))
            if origin:
                out.begun[owner] = origin.created
                out.places.setdefault(owner, {})[claim.task] = origin.place


def _read(text: str, path: str, name: str) -> Record:
    """The record in the file `name`.  Raises BadRecord."""
    parser = _PARSERS.get(name[:2])
    if not parser:
        raise BadRecord("not the file name of a record", path=path)
    record = parser(text, path)
    if record.id[:2] != name[:2]:
        kind = ids.KINDS[name[0]]
        raise BadRecord(f"'id' is {record.id}, not that of a {kind}", path=path, field="id")
    return record


def _put(out: Collection, packed: Packed) -> bool:
    """Add a record that has no other name, unless there is one with its id."""
    home: Any = out.decisions if packed.id[0] == "d" else out.tasks if packed.id[0] == "t" else out.sessions
    if home.has(packed.id):
        return False
    home.put(packed)
    return True


def _add(out: Collection, record: Record | Packed) -> None:
    home = getattr(out, f"{ids.kind_of(record.id)}s")
    assert isinstance(home, Shelf)
    if home.has(record.id):
        known = home.path_of(record.id)
        out.twins.setdefault(record.id, [known]).append(record.path)
        raise BadRecord(
            f"the id {record.id} is also that of {known}", path=record.path, field="id", hint=TWINS
        )
    home.put(record)
    if record.id[0] == "d" and (source := record.other_name):
        for name in decision.names_in(source):
            out.other_names.setdefault(other_name(name), []).append(record.id)
