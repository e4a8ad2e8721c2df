"""Governed files that changed since the decision was accepted, and entries that govern nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from taskorch.git import history
from taskorch.git.history import PathEvent
from taskorch.git.since import events_since
from taskorch.git.tree_differences import Difference, TreeDifferences
from taskorch.git.whereabouts import Gone, whereabouts
from taskorch.records import governed
from taskorch.records.decision import Decision
from taskorch.services.decisions.findings import CHANGED, GOVERNS_NOTHING, finding, line_of
from taskorch.services.decisions.target import Target
from taskorch.services.markdown import counted
from taskorch.services.place import Place
from taskorch.services.shapes import Json
from taskorch.services.shell_words import as_argument, word

MOST_FILES, MOST_COMMITS = 20, 20
"""How many files and commits one finding tells; the rest is counted."""


@dataclass
class Entry:
    """One governed path or glob of a decision, and what differs there from the commit that accepted it."""

    one: Decision
    spelt: str
    accepted: str | None = None
    differences: Sequence[Difference] = ()

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that differ."""
        return frozenset(path for path, _, _ in self.differences)


@dataclass
class Drift:
    """Looks at the governed files of some decisions in a target commit, all of them together."""

    ws: Place
    target: Target
    _events: dict[str, list[PathEvent]] = field(default_factory=dict)
    _gone: Mapping[tuple[str, str], Gone] = field(default_factory=dict)
    _described: Mapping[str, history.CommitInfo] = field(default_factory=dict)
    _commits: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def findings(self, decisions: Iterable[Decision], accepted: Mapping[str, str]) -> Iterator[Json]:
        """The findings on decisions that are accepted; `accepted` has the commits that did it, if told.

        Raises NotHere.
        """
        entries = [
            Entry(one, spelt, accepted.get(one.id))
            for one in decisions
            for spelt in dict.fromkeys(one.governs)
        ]
        self._compare(entries)
        changed = [entry for entry in entries if entry.differences]
        self._read_history(changed)
        for entry in entries:
            if not self.target.has_any(entry.spelt):
                if entry.differences or not _is_to_come(entry.one):
                    yield self._nothing(entry)
            elif entry.differences:
                yield self._changed(entry)

    def _compare(self, entries: Iterable[Entry]) -> None:
        trees: TreeDifferences | None = None
        known: dict[tuple[str, str], Sequence[Difference]] = {}
        for entry in entries:
            if entry.accepted and self.target.commit:
                trees = trees or TreeDifferences(self.ws.repo)
                key = entry.accepted, entry.spelt
                if key not in known:
                    place, fits = governed.place(entry.spelt), governed.matcher(entry.spelt)
                    known[key] = trees.below(entry.accepted, self.target.commit, place, fits)
                entry.differences = known[key]

    def _read_history(self, entries: Sequence[Entry]) -> None:
        """Read the commits that changed files since, where these went, and who made the commits."""
        wanted: dict[str, set[str]] = {}
        for entry in entries:
            wanted.setdefault(entry.accepted or "", set()).update(entry.paths)
        tip = self.target.commit or ""
        self._events = events_since(self.ws.repo, tip, wanted)
        self._gone = whereabouts(self.ws.repo, tip, self.target.states, self._events)
        for entry in entries:
            key = entry.accepted or "", entry.spelt
            if key not in self._commits:
                self._commits[key] = self._commits_of(entry)
        shown = {commit for several in self._commits.values() for commit in several[-MOST_COMMITS:]}
        self._described = history.describe(self.ws.repo, shown.union(wanted))

    def _commits_of(self, entry: Entry) -> list[str]:
        """The commits since acceptance that changed what the entry governs, the newest last."""
        cut_off = self.ws.repo.cut_off
        events = [one for one in self._events.get(entry.accepted or "", ()) if one.path in entry.paths]
        return list(dict.fromkeys(one.commit for one in reversed(events) if one.commit not in cut_off))

    def _changed(self, entry: Entry) -> Json:
        one, spelt = entry.one, entry.spelt
        what = spelt if entry.paths == {spelt} else f"{counted(len(entry.paths), 'file')} of {spelt}"
        again = " again" if one.reviewed else ""
        return finding(
            self.ws, CHANGED, one, line_of(one, "governs", spelt),
            f"{what} changed since {(entry.accepted or '')[:10]} accepted it{again}",
            f"if it holds as things are: taskorch decision accept {one.id} --again --reason WHY; "
            "else mend the files, or supersede it",
            **self._told(entry),
        )  # fmt: skip

    def _nothing(self, entry: Entry) -> Json:
        one, spelt = entry.one, entry.spelt
        hint = f"{self._renaming(entry)}, then taskorch decision accept {one.id} --again"
        return finding(
            self.ws, GOVERNS_NOTHING, one, line_of(one, "governs", spelt),
            self._what_became(entry), hint, **self._told(entry),
        )  # fmt: skip

    def _renaming(self, entry: Entry) -> str:
        """How what a decision governs gets the name that it has now."""
        one, gone = entry.one, self._gone.get((entry.accepted or "", entry.spelt))
        if one.is_adopted:
            return "name in 'governs' what it governs now"
        now = as_argument(gone.at) if gone and gone.at else "PATH"
        return f"taskorch decision edit {one.id} --remove-file {word(entry.spelt)} --add-file {now}"

    def _what_became(self, entry: Entry) -> str:
        """In words, why an entry governs nothing."""
        if not entry.differences:
            return f"nothing is called or matches {entry.spelt}"
        if entry.paths == {entry.spelt}:
            gone = self._gone.get((entry.accepted or "", entry.spelt))
            if gone and gone.at:
                return f"{entry.spelt} was moved to {gone.at} in {gone.commit[:10]}"
            return f"{entry.spelt} was removed" + (f" in {gone.commit[:10]}" if gone else "")
        return f"nothing is left of {entry.spelt}: {counted(len(entry.paths), 'file')} removed or moved"

    def _told(self, entry: Entry) -> Json:
        """What a finding on an entry has beside its words."""
        files = self._files(entry)
        commits = self._commits.get((entry.accepted or "", entry.spelt), [])
        known = self._described.get(entry.accepted or "")
        shown = [self._described[one] for one in commits[-MOST_COMMITS:] if one in self._described]
        return {
            "governed": entry.spelt,
            "accepted_in": _commit_row(known) if known else None,
            "files": files[:MOST_FILES],
            "files_omitted": max(len(files) - MOST_FILES, 0),
            "commits": [_commit_row(one) for one in shown],
            "commits_omitted": len(commits) - len(shown),
        }

    def _files(self, entry: Entry) -> list[Json]:
        """What became of each file: added, modified, deleted or, as git tells from its content, renamed."""
        gone = {path: self._gone.get((entry.accepted or "", path)) for path in entry.paths}
        came_from = {found.at: path for path, found in gone.items() if found and found.at}
        rows: list[Json] = []
        for path, old, new in entry.differences:
            found = gone[path]
            if path in came_from and old is None:
                continue  # told with the file it was
            if new is None and found and found.at:
                rows.append({"op": "R", "path": found.at, "from": path})
            else:
                rows.append(
                    {"op": "A" if old is None else "D" if new is None else "M", "path": path, "from": None}
                )
        return sorted(rows, key=lambda row: str(row["path"]))


def _is_to_come(one: Decision) -> bool:
    """Whether what a decision governs may not have been made yet."""
    return one.implementation in ("planned", "in_progress")


def _commit_row(info: history.CommitInfo) -> Json:
    return {"id": info.id, "author": info.author, "date": info.date, "subject": info.subject}
