"""Claims of several sessions, joined to what the work changed on the whole."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.records.claim import TOLD, Change, Claim, Whole, op_of
from taskorch.records.joining import changes_of, join_changes, net
from tests.records.documents import moderate
from tests.records.test_claim import OTHER, TASK, made, state


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Claim], dict[str, Change]]:
    """What one task did to a few files, claim by claim, and what that changed on the whole."""
    contents = st.integers(1, 3)
    files: dict[str, int | None] = {name: draw(contents | st.none()) for name in "pqrs"}
    start, out = dict(files), []
    for op in draw(st.lists(st.sampled_from(["create", "modify", "delete", "move", "move", "copy"]))):
        have = [name for name in files if files[name] is not None]
        free = [name for name in files if files[name] is None]
        if (op != "create" and not have) or (op in ("create", "move", "copy") and not free):
            continue
        old = draw(st.sampled_from(have)) if op != "create" else ""
        new = draw(st.sampled_from(free)) if op in ("create", "move", "copy") else old
        before = files[old] if old else None
        after = None if op == "delete" else draw(contents)
        if op in ("move", "delete"):
            files[old] = None
        if op != "delete":
            files[new] = after
        source = old if op in ("move", "copy") else None
        out.append(made(op, new, None if op == "copy" else before, after, source))
    changed = [Change(name, state(start[name]), state(files[name])) for name in files]
    return out, {change.path: change for change in changed if change.before != change.after}


@moderate
@given(histories())
def test_net_claims_say_what_the_work_changed_on_the_whole(
    history: tuple[list[Claim], dict[str, Change]],
) -> None:
    done, expected = history
    found = net(done)
    changes = [change for one in found for change in changes_of(one)]
    assert {change.path: change for change in changes} == expected
    assert len(changes) == len(expected), "no path twice"
    assert net(found) == found
    others = [replace(one, task=OTHER) for one in done]
    mixed = net([one for pair in zip(done, others, strict=True) for one in pair])
    assert [one for one in mixed if one.task == TASK] == found


NETS = {
    "first before and onto, last after": (
        [made("modify", "a", 1, 2), made("modify", "a", 2, 3)],
        [made("modify", "a", 1, 3)],
    ),
    "what ends as it began is dropped": ([made("modify", "a", 1, 2), made("modify", "a", 2, 1)], []),
    "created and deleted is dropped": ([made("create", "a", None, 1), made("delete", "a", 1, None)], []),
    "created again after that": (
        [made("create", "a", None, 1), made("delete", "a", 1, None), made("create", "a", None, 2)],
        [made("create", "a", None, 2)],
    ),
    "deleted and created again": (
        [made("delete", "a", 1, None), made("create", "a", None, 2)],
        [made("modify", "a", 1, 2)],
    ),
    "somebody else's change between": (
        [made("modify", "a", 1, 2), made("modify", "a", 8, 9)],
        [made("modify", "a", 1, 2), made("modify", "a", 8, 9)],
    ),
    "somebody else's change between, taken back": (
        [
            made("modify", "a", 1, 2),
            made("modify", "a", 8, 9),
            made("modify", "a", 9, 8),
            made("modify", "a", 2, 3),
        ],
        [made("modify", "a", 1, 3)],
    ),
    "a pure move": ([made("move", "b", 1, 1, "a")], [made("move", "b", 1, 1, "a")]),
    "changed and moved": (
        [made("modify", "a", 1, 2), made("move", "b", 2, 2, "a"), made("modify", "b", 2, 3)],
        [made("move", "b", 1, 3, "a")],
    ),
    "moved twice": (
        [made("move", "b", 1, 1, "a"), made("move", "c", 1, 1, "b")],
        [made("move", "c", 1, 1, "a")],
    ),
    "moved and back": ([made("move", "b", 1, 1, "a"), made("move", "a", 1, 1, "b")], []),
    "created and moved": (
        [made("create", "a", None, 1), made("move", "b", 1, 1, "a")],
        [made("create", "b", None, 1)],
    ),
    "moved and deleted": (
        [made("move", "b", 1, 1, "a"), made("delete", "b", 1, None)],
        [made("delete", "a", 1, None)],
    ),
    "moved, and a new file in its place": (
        [made("move", "b", 1, 1, "a"), made("create", "a", None, 2)],
        [made("modify", "a", 1, 2), made("create", "b", None, 1)],
    ),
    "moved onto a deleted path": (
        [made("delete", "a", 1, None), made("move", "a", 2, 2, "b")],
        [made("modify", "a", 1, 2), made("delete", "b", 2, None)],
    ),
    "a copy stays one": ([made("copy", "b", None, 1, "a")], [made("copy", "b", None, 1, "a")]),
    "a copy changed": (
        [made("copy", "b", None, 1, "a"), made("modify", "b", 1, 2)],
        [made("create", "b", None, 2)],
    ),
    "read counts for nothing": ([made("read", "a", 1, 1)], []),
}


@pytest.mark.parametrize("name", NETS)
def test_claims_join(name: str) -> None:
    done, expected = NETS[name]
    assert net(done) == expected


def test_a_claim_that_joins_nothing_is_kept_whole_and_a_joined_one_keeps_what_is_true_of_both() -> None:
    first = replace(
        made("modify", "a", 1, 2), onto="1" * 40, why="asked", by=TOLD, digest="1:x", lines=("l",)
    )
    later = replace(made("modify", "a", 2, 3), onto="2" * 40, digest="1:y", lines=("m",))
    assert net([first]) == [first]
    assert net([first, later]) == [replace(first, after=state(3), digest=None, lines=None)]
    assert net([first, replace(later, why="more")])[0].why == "more"


def test_a_joined_claim_has_the_digest_of_the_whole() -> None:
    first = replace(made("modify", "a", 1, 2), onto="1" * 40, fork="3" * 40, digest="1:x")
    whole = Whole(state(1), "1:whole", ("w",))
    later = replace(made("modify", "a", 2, 3), onto="2" * 40, digest="1:y", whole=whole)
    [joined] = net([first, later])
    assert (joined.digest, joined.lines, joined.whole) == ("1:whole", ("w",), None)
    assert (joined.onto, joined.fork) == (first.onto, first.fork)
    of_less = replace(later, whole=replace(whole, before=state(7)))
    assert net([first, of_less])[0].digest is None
    assert net([later]) == [later]


def test_changes_of_one_task_join_by_path() -> None:
    first = [Change("a", state(1), state(2)), Change("b", None, state(1))]
    later = [Change("a", state(2), state(3)), Change("b", state(1), None), Change("c", state(1), None)]
    joined = join_changes(first, later)
    assert joined == {"a": Change("a", state(1), state(3)), "c": Change("c", state(1), None)}
    assert [op_of(change) for change in (*first, *later)] == [
        *("modify", "create"),
        *("modify", "delete", "delete"),
    ]
