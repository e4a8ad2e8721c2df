"""The merge study's counts and tables: see ``merge_conflicts.py``."""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random
from statistics import mean

from tests.studies.concurrent_edits import EDITS, NEW, Draft, Edit, pair
from tests.studies.merging import (
    FIELDS,
    Layout,
    compact,
    edited,
    is_right,
    merge_branches,
    merge_file,
    separated,
    written,
)

CHOSEN = Layout("**chosen**: as before, but no empty line before a list", written)
LAYOUTS = [
    Layout("order of the contract, only set keys, compact", compact(every_key=False)),
    Layout("order of the contract, all keys, compact", compact(every_key=True)),
    Layout("fixed keys or empty lines between keys, only set keys", separated(False, before_lists=True)),
    Layout("fixed keys or empty lines between keys, all keys", separated(True, before_lists=True)),
    CHOSEN,
]


def _only_filled(body: str) -> str:
    """The body without the sections that are still empty."""
    return re.sub(r"## [^\n]+\n\n(?=## |\Z)|## [^\n]+\n\Z", "", body)


def _loose_list(body: str) -> str:
    """The body with an empty line between the items of lists."""
    return re.sub(r"(?m)^(- \[.*\n)(?=- \[)", r"\1\n", body)


BODIES = [
    Layout("**chosen**: all headings from the start, criteria line by line", written),
    Layout("headings only where there is text", written, _only_filled),
    Layout("an empty line between criteria", written, _loose_list),
]


@dataclass
class Tally:
    """The outcome of the merges of one layout."""

    merges: int = 0
    same: int = 0
    same_conflicts: int = 0
    avoidable_front: int = 0
    avoidable_body: int = 0
    wrong: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    avoidable: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def all_conflicts(self) -> int:
        return self.same_conflicts + self.avoidable_front + self.avoidable_body

    def count(self, kind: str, left: Edit, right: Edit, conflict: bool, right_result: bool) -> None:
        kinds = (left.kind, right.kind)
        names = FIELDS[kind].keys()
        shared = left.concerns & right.concerns
        self.merges += 1
        self.same += bool(shared)
        self.kinds[kinds] += 1
        self.wrong += not conflict and not right_result
        if conflict:
            self.conflicts[kinds] += 1
            if shared:
                self.same_conflicts += 1
            else:
                self.avoidable[kinds] += 1
                front = left.concerns & names and right.concerns & names
                self.avoidable_front += bool(front)
                self.avoidable_body += not front


def tally(kind: str, layout: Layout, pairs: Iterable[tuple[Draft, Edit, Edit]]) -> Tally:
    """Merge all pairs in one layout."""
    found = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for draft, left, right in pairs:
            base, ours, theirs = (layout.text(one) for one in (draft, left.apply(draft), right.apply(draft)))
            merge = merge_file(Path(folder), base, ours, theirs)
            right_result = merge.conflict or is_right(kind, base, ours, theirs, merge.text)
            found.count(kind, left, right, merge.conflict, right_result)
    return found


def random_pairs(kind: str, count: int, seed: int) -> list[tuple[Draft, Edit, Edit]]:
    random = Random(f"{kind} {seed}")
    return [pair(random, kind) for _ in range(count)]


def every_kind(kind: str, each: int, seed: int) -> Iterator[tuple[Draft, Edit, Edit]]:
    """`each` pairs for any two kinds of edit."""
    random = Random(f"every {kind} {seed}")
    for first, second in combinations_with_replacement(EDITS[kind], 2):
        for _ in range(each):
            yield pair(random, kind, first, second)


def lines_of(kind: str, layout: Layout, seed: int) -> float:
    """Lines of front matter in the mean, of fifty records."""
    random = Random(seed)
    drafts = [NEW[kind](random) for _ in range(50)]
    return mean(layout.front(kind, draft.values).count("\n") for draft in drafts)


def disagreements(kind: str, layout: Layout, pairs: Sequence[tuple[Draft, Edit, Edit]]) -> int:
    """How many of the pairs ``git merge`` and ``git merge-file`` merge to something else."""
    triples = []
    for draft, left, right in pairs:
        base, ours, theirs = (layout.text(one) for one in (draft, left.apply(draft), right.apply(draft)))
        triples.append((base, ours, theirs))
    with tempfile.TemporaryDirectory() as folder:
        branches = merge_branches(Path(folder), triples)
    with tempfile.TemporaryDirectory() as folder:
        files = [merge_file(Path(folder), *triple) for triple in triples]
    return sum(
        one.conflict != other.conflict or (not one.conflict and one.text != other.text)
        for one, other in zip(branches, files, strict=True)
    )


def unlike_written(pairs: Iterable[tuple[Draft, Edit, Edit]]) -> int:
    """How many edits by the line editor differ from the record written anew with those values."""
    return sum(
        edited(draft, edit) != CHOSEN.text(edit.apply(draft))
        for draft, left, right in pairs
        for edit in (left, right)
    )


def table(kind: str, layouts: Sequence[Layout], pairs: Sequence[tuple[Draft, Edit, Edit]], seed: int) -> str:
    """Counts per layout as Markdown."""
    out = [
        "| layout | lines | conflicts | same field | avoidable: front matter | avoidable: body | wrong |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for layout in layouts:
        found = tally(kind, layout, pairs)
        out.append(
            f"| {layout.name} | {lines_of(kind, layout, seed):.0f} "
            f"| {found.all_conflicts} ({found.all_conflicts / found.merges:.1%}) "
            f"| {found.same_conflicts} of {found.same} | {found.avoidable_front} | {found.avoidable_body} "
            f"| {found.wrong} |"
        )
    return "\n".join(out)


def matrix(kind: str, layout: Layout, each: int, seed: int) -> str:
    """Percentages of conflicts for any two kinds of edit as Markdown."""
    found = tally(kind, layout, every_kind(kind, each, seed))
    names = list(EDITS[kind])
    letters = [chr(ord("A") + number) for number in range(len(names))]
    out = [f"| | | {' | '.join(letters)} |", "|---|---|" + "---:|" * len(names)]
    for row, name in enumerate(names):
        cells = []
        for column in range(row + 1):
            kinds = (names[column], name)
            share = found.conflicts[kinds] / each
            text = f"{share:.0%}" if share else "·"
            cells.append(f"**{text}**" if found.avoidable[kinds] else text)
        out.append(f"| {letters[row]} | {name} | {' | '.join(cells + [''] * (len(names) - row - 1))} |")
    return "\n".join(out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the study."""
    parser = argparse.ArgumentParser(description="how well records merge with plain git")
    parser.add_argument("--pairs", type=int, default=2000, metavar="N", help="pairs per kind of record")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the random records and edits")
    given = parser.parse_args(arguments)
    version = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    each = max(given.pairs // 100, 1)
    print(f"{version}, {given.pairs} pairs, seed {given.seed}\n")
    for kind in EDITS:
        pairs = random_pairs(kind, given.pairs, given.seed)
        print(f"**{kind.capitalize()}s**\n")
        print(table(kind, LAYOUTS, pairs, given.seed), end="\n\n")
        if kind == "task":
            print(table(kind, BODIES, pairs, given.seed), end="\n\n")
            print(matrix(kind, CHOSEN, each, given.seed), end="\n\n")
        sample = pairs[:200]
        print(
            f"`git merge` of {len(sample)} of these disagrees in {disagreements(kind, CHOSEN, sample)}; "
            f"edits unlike a record written anew: {unlike_written(sample)}.\n"
        )
