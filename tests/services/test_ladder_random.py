"""The rungs of random claims in random histories, against the table of the contract read literally."""

from __future__ import annotations

import hashlib
import random

import pytest

from taskorch.git.repository import Repository
from taskorch.records.claim import Change, Claim, op_of
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.verdict import Verdict
from tests.git import histories
from tests.git.histories import CONTENTS, PATHS, History
from tests.repos import Repo

TASK = "t-00000000"
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
NOWHERE = "0" * 39 + "1"
CONTENT_OF = {hashlib.sha1(b"blob %d\0" % len(one) + one.encode()).hexdigest(): one for one in CONTENTS}


def rung(known: History, claim: Claim, target: str) -> str:
    """The first rung that holds, from whole trees alone."""
    if claim.onto and not known.ancestors(target) & known.ancestors(claim.onto):
        return "unknown"
    gained = known.range(claim.onto, target)
    now = known.state(target, claim.path)
    source = known.state(target, claim.source) if claim.source else None
    put = [one for one in gained if known.changed(one, claim.path)]
    had = [one for one in put if known.state(one, claim.path) == claim.after]
    if now == claim.after and source is None:
        # gained: not so yet where the histories part (that is one commit, else only the range tells)
        parted = parting(known, claim, target) if claim.onto else [None]
        differed = len(parted) == 1 and (
            known.state(parted[0], claim.path) != claim.after
            or (claim.source and known.state(parted[0], claim.source))
        )
        return "exact" if differed or put else "unchanged"
    if moved(known, claim, target, gained):
        return "moved"
    if had and now != claim.after:
        if claim.source:
            return "reverted" if (source, now) == (claim.before, None) else "superseded"
        # as before the work; or all who took it away put back what was there before
        earlier = {claim.before, *(known.first_parent_state(one, claim.path) for one in had)}
        left = [one for one in put if known.first_parent_state(one, claim.path) == claim.after]
        back = bool(left) and all(known.state(one, claim.path) in earlier for one in left)
        return "reverted" if now == claim.before or (back and not stands(claim, now)) else "superseded"
    # claims without lines: what else the text may have become, nobody can tell
    of_text = claim.after and claim.after[:3] == "100" and claim.after[7:] != (claim.before or "")[7:]
    came = {state for one in put if (state := known.state(one, claim.path))}
    came = came or {known.first_parent_state(one, claim.path) or "" for one in put}
    has_text = any(state[:3] == "100" and state[7:] != EMPTY for state in came)
    return "unknown" if of_text and has_text else "absent"


def stands(claim: Claim, now: str | None) -> bool | None:
    """Whether a line the claim added is there, or if it added none, one that it removed is not back."""
    before, after, present = (
        {CONTENT_OF.get(state[7:], "") for state in (one,) if state} - {""}
        for one in (claim.before, claim.after, now)
    )
    if after - before:
        return bool((after - before) & present)
    return bool((before - after) - present) if before - after else None


def moved(known: History, claim: Claim, target: str, gained: list[str]) -> bool:
    """Whether a commit of the range put the claim's blob at another path, where the target still has it.

    Where files that had the blob are gone, as many others may have been renamed from them.
    """
    new = [path for path in PATHS if path != claim.path and could_be_at(known, claim, target, path)]
    if not claim.after or not new:
        return False
    parted = parting(known, claim, target)[:1]
    stood = [p for one in parted for p in PATHS if (known.state(one, p) or "")[7:] == claim.after[7:]]
    gone = [path for path in stood if path != claim.path and known.state(target, path) is None]
    if claim.op != "move" and len(new) <= len(gone):
        return False
    return any(brought(known, claim, gained, path) for path in new)


def brought(known: History, claim: Claim, gained: list[str], path: str) -> bool:
    """Whether a commit of the range gave the path the claim's blob."""
    blob = (claim.after or "")[7:]
    return any(known.changed(one, path) and (known.state(one, path) or "")[7:] == blob for one in gained)


def could_be_at(known: History, claim: Claim, target: str, path: str) -> bool:
    """Whether the target has the claim's blob at `path`, and did not before the histories parted."""
    if not claim.after or claim.after[7:] == EMPTY:
        return False

    blob, kind = claim.after[7:], claim.after[:3]
    now = known.state(target, path) or ""
    if now[:3] != kind or now[7:] != blob:
        return False
    # not the content is new: what it was moved away from must be gone, else the mode be there
    same = claim.before and claim.before[7:] == blob
    if same and (known.state(target, claim.source) if claim.source else now != claim.after):
        return False
    # what was there where the two parted was not gained either
    before = [claim.onto, *parting(known, claim, target)]
    return not any((known.state(one, path) or "")[7:] == blob for one in before)


def parting(known: History, claim: Claim, target: str) -> list[str]:
    """The commits where the claim's `onto` and the target parted."""
    return known.repo.git("merge-base", "--all", claim.onto, target).split() if claim.onto else []


def random_claim(known: History, dice: random.Random) -> Claim:
    commits = [*known.commits, None]
    onto = dice.choice([*known.commits, *known.commits, None])
    path, source = dice.sample(PATHS, 2)
    states = [known.state(dice.choice(commits), dice.choice(PATHS)) for _ in range(6)]
    before = known.state(onto, path) if dice.random() < 0.7 else dice.choice(states)
    # what some commit has there, else anything
    after = known.state(dice.choice(known.commits), path) if dice.random() < 0.8 else dice.choice(states)
    if dice.random() < 0.25 and after and (old := known.state(onto, source)):
        return Claim(TASK, path, "move", old, after, onto, "seen", source)
    if before == after:
        before = None if after else f"100644 {NOWHERE}"
    return Claim(TASK, path, op_of(Change(path, before, after)), before, after, onto, "seen")


@pytest.mark.parametrize("seed", range(12))
def test_rungs_are_those_of_the_table(repo: Repo, seed: int) -> None:
    dice = random.Random(seed)
    known = histories.grow(repo, dice, 14, renames=False)
    opened = Repository.open(repo.path)
    for target in dice.sample(known.commits, 2):
        claims = [random_claim(known, dice) for _ in range(15)]
        # each alone: a path that another claims, or that shows where another went, proves nothing for it
        found = [one for claim in claims for one in Ladder(opened, target, here=False).judge([claim])]
        assert [one.claim for one in found] == claims
        for verdict in found:
            expected = rung(known, verdict.claim, target)
            if verdict.rung == "superseded" and verdict.at_path != verdict.claim.path:
                assert expected in ("absent", "reverted"), (target, verdict)
                check_it_was_elsewhere(known, verdict, target)
                continue
            assert verdict.rung == expected, (target, verdict)
            check_the_proof(known, verdict.claim, verdict.rung, verdict.commit, verdict.at_path, target)


def check_it_was_elsewhere(known: History, verdict: Verdict, target: str) -> None:
    """The commit of the range put the content at the other path, and the target has that no more."""
    claim, path = verdict.claim, str(verdict.at_path)
    assert verdict.commit in known.range(claim.onto, target) and claim.after
    assert known.changed(verdict.commit, path) and known.state(verdict.commit, path) == claim.after
    assert known.state(target, path) != claim.after


def check_the_proof(
    known: History, claim: Claim, found: str, commit: str | None, at_path: str | None, target: str
) -> None:
    """What a verdict names is so: the commit is in the range and did what is said of it."""
    gained = known.range(claim.onto, target)
    if found == "moved":
        assert commit in gained and at_path and claim.after
        for one in (commit, target):
            assert (known.state(one, at_path) or "")[7:] == claim.after[7:]
    elif found == "superseded":
        assert commit in gained and known.state(commit, claim.path) == claim.after
    elif found == "reverted":
        # the target as it is now, or (it was edited further) what was there before the work
        took_away = commit and known.first_parent_state(commit, claim.path) == claim.after
        now = known.state(target, claim.path)
        assert commit is None or known.state(commit, claim.path) == now or took_away
    elif found == "exact":
        assert known.state(target, claim.path) == claim.after and at_path == claim.path
