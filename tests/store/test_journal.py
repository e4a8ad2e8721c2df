"""The journal's file: appended, torn, cut, read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from taskorch.store.journal import Image, Journal, Step

A, B = "100644 " + "a" * 40, "100644 " + "b" * 40
STEP = Step(1, "2026-01-01T00:00:00Z", "w", "task new T", (Image("p", None, A),))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "deep" / "journal.jsonl")


def test_what_was_appended_is_read(journal: Journal) -> None:
    assert (journal.steps(), journal.next_number(), journal.size()) == ([], 1, 0)
    other = Step(2, STEP.time, "w", "undo", undoes=(1,), checkpoint="c" * 40)
    journal.append(STEP)
    journal.append(other)
    assert journal.steps() == [STEP, other]
    assert journal.next_number() == 3


def test_lines_of_one_step_are_joined(journal: Journal) -> None:
    journal.append(STEP)
    journal.append(replace(STEP, files=(Image("q", A, None),), checkpoint="c" * 40))
    journal.append(replace(STEP, files=(), local=(Image("l", None, B),)))
    assert journal.steps() == [
        replace(STEP, files=(Image("p", None, A), Image("q", A, None)), local=(Image("l", None, B),),
                checkpoint="c" * 40)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "torn", [b'{"step": 2, "fi', b'{"step": 2}\n\x00\x00\x00', b"[]\n", b'{"step": "x"}\n']
)
def test_a_torn_line_hides_no_other(journal: Journal, torn: bytes) -> None:
    journal.append(STEP)
    with journal.path.open("ab") as file:
        file.write(torn)
    assert STEP in journal.steps()
    number = journal.next_number()
    assert number in (2, 3)
    later = replace(STEP, number=number + 1)
    journal.append(later)
    assert [one for one in journal.steps() if one in (STEP, later)] == [STEP, later]


def test_the_next_number_after_a_very_long_line(journal: Journal) -> None:
    journal.append(replace(STEP, number=41, files=tuple(Image(f"path/{n}", A, B) for n in range(3000))))
    assert journal.size() > 200_000
    assert journal.next_number() == 42


def test_what_was_not_done_is_cut(journal: Journal) -> None:
    journal.append(STEP)
    size = journal.size()
    journal.append(replace(STEP, number=2))
    journal.cut(size)
    assert journal.steps() == [STEP]
    journal.cut(0)
    assert not journal.path.exists()


@pytest.mark.parametrize(
    "damage",
    [
        {"step": float("inf")},
        {"step": -1},
        {"step": 1e3},
        {"step": 2**70},
        {"time": "yesterday"},
        {"time": "2026-01-01T00:00:00"},
        {"files": [[1, 2, 3]]},
        {"files": [["../../x", None, A]]},
        {"files": [["a", "b", "c"]]},
        {"undoes": [[]]},
        {"checkpoint": 5},
    ],
    ids=str,
)
def test_a_damaged_line_hides_no_other(journal: Journal, damage: dict[str, object]) -> None:
    journal.append(STEP)
    line = {"step": 2, "time": STEP.time, "worktree": "w", "command": "x", "files": [["q", None, A]]}
    with journal.path.open("ab") as file:
        file.write(json.dumps(line | damage).encode() + b"\n" + b"[" * 100_000 + b"\n")
    assert journal.steps() == [STEP]
    number = journal.next_number()
    assert number == (2 if "step" in damage else 3)
    journal.append(replace(STEP, number=number))
    assert [one.number for one in journal.steps()] == [1, number]
