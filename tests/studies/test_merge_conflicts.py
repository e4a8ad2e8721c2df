"""The layout that is written merges as the study in the docs says: here with fewer pairs."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.studies.concurrent_edits import EDITS
from tests.studies.merge_report import (
    CHOSEN,
    disagreements,
    every_kind,
    main,
    random_pairs,
    tally,
    unlike_written,
)
from tests.studies.merging import is_right

# Criteria stand line by line: ticks of neighbours touch, and so does one that is added below the last.
KNOWN = {("tick", "tick"), ("tick", "criterion +"), ("criterion +", "tick")}


@pytest.mark.parametrize("kind", EDITS)
def test_edits_of_different_fields_never_conflict_and_no_merge_is_wrong(kind: str) -> None:
    found = tally(kind, CHOSEN, every_kind(kind, 1, seed=1))
    assert found.merges > 20
    assert found.avoidable_front == 0
    assert set(found.avoidable) <= KNOWN
    assert found.wrong == 0


def test_edits_by_the_line_editor_are_what_would_have_been_written() -> None:
    for kind in EDITS:
        assert unlike_written(random_pairs(kind, 100, seed=2)) == 0


def test_merging_files_and_branches_is_the_same() -> None:
    assert disagreements("task", CHOSEN, random_pairs("task", 40, seed=3)) == 0


def test_a_merge_that_lost_an_edit_is_seen() -> None:
    for draft, left, right in islice(every_kind("task", 1, seed=4), 20):
        base, ours, theirs = (CHOSEN.text(one) for one in (draft, left.apply(draft), right.apply(draft)))
        if not left.concerns & right.concerns:
            for lossy in (base, ours, theirs, ours.replace("created:", "Created:")):
                assert not is_right("task", base, ours, theirs, lossy)


def test_the_documented_command_prints_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--pairs", "5", "--seed", "7"])
    shown = capsys.readouterr().out
    assert "5 pairs, seed 7" in shown
    assert shown.count("| **chosen**") == len(EDITS) + 1
    command = Path(__file__).with_name("merge_conflicts.py")
    done = subprocess.run([sys.executable, command, "--help"], capture_output=True, text=True, check=True)
    assert "--pairs N" in done.stdout
