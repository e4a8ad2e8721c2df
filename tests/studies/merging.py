"""Candidate layouts of front matter, merging with git, and whether a merge is what both meant."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records import decision, frontmatter, sections, session, task
from taskorch.records.edit import render_field, set_field
from taskorch.records.schema import Field, Fields, as_written, attached, render_front_matter
from tests.studies.concurrent_edits import Draft, Edit

FIELDS: dict[str, Fields] = {"task": task.FIELDS, "decision": decision.FIELDS, "session": session.FIELDS}
PARSERS: dict[str, Callable[[str, str], object]] = {
    "task": task.parse,
    "decision": decision.parse,
    "session": session.parse,
}
# The order in which the contract names the fields.
NATURAL = {
    "task": "id alias title status specialist stream parent depends_on priority complexity assignee labels "
    "created artifacts reason forced deleted source",
    "decision": "id title status date category impact decision-makers tasks supersedes refines reverses "
    "clarifies governs components labels implementation outcome source",
    "session": "id agent stream tasks created base onto branch dirty_count ended",
}

Front = Callable[[str, Mapping[str, Any]], str]
"""Front matter of a kind of record from its values."""


@dataclass(frozen=True)
class Layout:
    """A way to write records: the front matter, and what is done to the body."""

    name: str
    front: Front
    body: Callable[[str], str] = lambda body: body

    def text(self, draft: Draft) -> str:
        return self.front(draft.kind, draft.values) + self.body(draft.body)


def _is_set(value: Any) -> bool:
    return value is not None and value != []


def compact(every_key: bool) -> Front:
    """The natural order, no empty lines; all keys, or only those that are set."""

    def front(kind: str, values: Mapping[str, Any]) -> str:
        fields = FIELDS[kind]
        names = [
            name
            for name in NATURAL[kind].split()
            if _is_set(values.get(name))
            or (every_key and not fields[name].optional and not fields[name].attached)
        ]
        return _front(_line(name, fields[name], values) for name in names)

    return front


def separated(every_key: bool, before_lists: bool) -> Front:
    """The order of the schema, with an empty line between any two keys that change.

    Without `before_lists` none stands before a list: its own key is a line that does not change.
    """

    def front(kind: str, values: Mapping[str, Any]) -> str:
        lines: list[str] = []
        changeable_above = False
        for name, one in FIELDS[kind].items():
            if not _is_set(values.get(name)) and (not every_key or one.attached or one.optional):
                continue
            parts = one.type in ("list", "paths") and not before_lists
            if changeable_above and not one.fixed and not one.attached and not parts:
                lines.append("\n")
            lines.append(_line(name, one, values))
            changeable_above = not one.fixed
        return _front(lines)

    return front


def written(kind: str, values: Mapping[str, Any]) -> str:
    """What taskorch writes."""
    return render_front_matter(FIELDS[kind], values)


def _front(lines: Iterable[str]) -> str:
    return "---\n" + "".join(lines) + "---\n"


def _line(name: str, one: Field, values: Mapping[str, Any]) -> str:
    return render_field(name, as_written(one, values.get(name)), "\n")


def edited(draft: Draft, edit: Edit) -> str:
    """The record after an edit as taskorch makes it: field by field, in the text that is there."""
    text = written(draft.kind, draft.values) + edit.body(draft.body)
    fields = FIELDS[draft.kind]
    for name, value in edit.values.items():
        text = set_field(text, name, as_written(fields[name], value), list(fields), attached(fields))
    return text


@dataclass(frozen=True)
class Merge:
    """What git made of two edits of one text."""

    text: str
    conflict: bool


def merge_file(folder: Path, base: str, left: str, right: str) -> Merge:
    """The merge by ``git merge-file``."""
    files = [folder / name for name in ("left", "base", "right")]
    for file, text in zip(files, (left, base, right), strict=True):
        file.write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(
        ["git", "merge-file", "-p", "-q", *map(str, files)], capture_output=True, check=False
    )
    if done.returncode > 127:
        raise RuntimeError(done.stderr.decode())
    return Merge(done.stdout.decode(), done.returncode > 0)


def merge_branches(folder: Path, triples: Sequence[tuple[str, str, str]]) -> list[Merge]:
    """The merges by one ``git merge`` of two branches, a file for each base, left and right."""

    def git(*words: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode and not fails:
            raise RuntimeError(done.stderr)
        return done.stdout

    def commit(side: int) -> None:
        for number, texts in enumerate(triples):
            (folder / f"{number}.md").write_text(texts[side], encoding="utf-8", newline="")
        git("add", ".")
        git("commit", "-q", "--allow-empty", "-m", "records")

    git("init", "-q", "-b", "left")
    for name, value in (("user.name", "a"), ("user.email", "a@example.org"), ("core.autocrlf", "false")):
        git("config", name, value)
    commit(0)
    git("branch", "right")
    commit(1)
    git("checkout", "-q", "right")
    commit(2)
    git("checkout", "-q", "left")
    git("merge", "-q", "-m", "both", "right", fails=True)
    conflicts = set(git("diff", "--name-only", "--diff-filter=U").split())
    return [
        Merge((folder / f"{number}.md").read_bytes().decode(), f"{number}.md" in conflicts)
        for number in range(len(triples))
    ]


def facts(text: str) -> dict[str, str]:
    """What a record says, in single facts: values of fields, items of lists, lines of sections."""
    document = frontmatter.parse(text, "")
    found: dict[str, str] = {}
    for key, entry in document.entries.items():
        if isinstance(entry.value, str):
            found[key] = entry.value
        for item in entry.value or () if entry.items else ():
            found[f"{key}: {item}"] = "item"
    everything = sections.sections(text, document.body_start)
    ends = [*(section.heading for section in everything[1:]), len(text)]
    above = ""
    for section, end in zip(everything, ends, strict=False):
        above = section.title if section.level <= 2 else above
        for line in ["", *filter(None, text[section.start : end].split("\n"))]:
            found[f"{above} > {section.title}: {line}"] = "line"
    return found


def is_right(kind: str, base: str, left: str, right: str, merged: str) -> bool:
    """Whether a merged record says what both sides made of it, and nothing else."""
    try:
        PARSERS[kind](merged, "")
        found = facts(merged)
    except BadRecord:
        return False
    old, ours, theirs = facts(base), facts(left), facts(right)
    for fact in {*old, *ours, *theirs, *found}:
        was, here, there = old.get(fact), ours.get(fact), theirs.get(fact)
        if was not in (here, there) and here != there:
            return False  # changed on both sides, and yet no conflict
        if found.get(fact) != (there if here == was else here):
            return False
    return True
