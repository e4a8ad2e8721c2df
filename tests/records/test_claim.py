"""Claims: written and read without loss, and joined to what the work changed on the whole."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.records import claim
from taskorch.records.claim import Change, Claim
from tests.records.documents import moderate, strings

TASK, OTHER = "t-00000001", "t-00000002"
HEX = "0123456789abcdef"

oids = st.text(HEX, min_size=40, max_size=40) | st.text(HEX, min_size=64, max_size=64)
states = st.builds("{} {}".format, st.sampled_from(["100644", "100755", "120000", "160000"]), oids)
surrogates = st.sampled_from(["caf\udce9.txt", "a\udc80/b"])  # a path of bytes that are no UTF-8
# which paths are refused is test_claim_paths' own
paths = (strings | surrogates).filter(
    lambda path: "\0" not in path and not {"", ".", ".."} & set(path.split("/")) and "git" not in path.lower()
)


def consistent(one: Claim) -> Claim:
    """The claim with the states that its operation has."""
    there = states_of.get(one.op, (bool(one.before), bool(one.after)))
    some = f"100644 {'1' * 40}"
    before, after = (
        (value or some) if is_there else None
        for value, is_there in zip((one.before, one.after), there, strict=True)
    )
    return replace(one, before=before, after=after)


states_of = {"create": (False, True), "modify": (True, True), "delete": (True, False), "move": (True, True)}
claims = st.builds(
    Claim,
    task=st.sampled_from([TASK, OTHER]),
    path=paths,
    op=st.sampled_from(claim.OPS),
    before=states | st.none(),
    after=states | st.none(),
    onto=oids | st.none(),
    by=st.sampled_from([claim.TOLD, claim.SEEN]),
    source=paths,
    why=paths | st.none(),
    digest=paths | st.none(),
    lines=st.lists(strings, max_size=3).map(tuple) | st.none(),
).map(consistent)


def state(content: int | None) -> str | None:
    return None if content is None else f"100644 {content:040x}"


def made(op: str, path: str, before: int | None, after: int | None, source: str | None = None) -> Claim:
    return Claim(TASK, path, op, state(before), state(after), None, claim.SEEN, source)


@moderate
@given(st.lists(claims, max_size=5))
def test_claims_are_read_as_they_were_written(written: list[Claim]) -> None:
    text = claim.render(written)
    text.encode()
    found, problems = claim.parse(text, "s.claims.jsonl")
    assert not problems
    assert sorted(map(repr, written)) == sorted(repr(one) for one, _ in found)
    assert [line for _, line in found] == list(range(1, len(written) + 1))
    assert [(one.task, one.path) for one, _ in found] == sorted((one.task, one.path) for one in written)
    assert claim.parse("\ufeff" + text.replace("\n", "\r\n"), "")[0] == found


GOOD = claim.render([made("create", "a", None, 1)])
BAD_LINES = {
    "not json": ("{", 2, "not JSON"),
    "no object": ("[]", 1, "not a JSON object"),
    "no task": ('{"path": "a"}', 1, "'task' is None"),
    "not a task's id": (GOOD.replace(TASK, "d-00000001"), 1, "'task' is 'd-00000001'"),
    "no path": (GOOD.replace('"a"', '""'), 1, "'path' is missing"),
    "NUL in the path": (GOOD.replace('"a"', '"\\u0000"'), 1, "'path' is not text"),
    "unknown op": (GOOD.replace("create", "invent"), 1, "'op' is 'invent'"),
    "short object id": (GOOD.replace("100644 0", "100644 "), 1, "'after' is"),
    "strange mode": (GOOD.replace("100644", "100600"), 1, "'after' is"),
    "strange onto": (GOOD.replace('"onto": null', '"onto": "HEAD"'), 1, "'onto' is 'HEAD'"),
    "strange by": (GOOD.replace("seen", "heard"), 1, "'by' is 'heard'"),
    "move from nowhere": (GOOD.replace("create", "move"), 1, "'from' is missing on a move"),
    "why is no text": (GOOD.replace('"onto"', '"why": 5, "onto"'), 1, "'why' is not text"),
    "lines are no list": (GOOD.replace('"onto"', '"lines": "x", "onto"'), 1, "'lines' is not"),
    "conflict": ("<<<<<<< HEAD", 1, "conflict markers"),
    "too deep": ("[" * 100_000, 1, "nested too deep"),
    "a long number": ('{"task": ' + "9" * 5000 + "}", 1, "digits"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_a_problem_and_the_others_count(name: str) -> None:
    line, column, message = BAD_LINES[name]
    found, problems = claim.parse(GOOD + line.strip() + "\n\n" + GOOD, "s.claims.jsonl")
    assert [number for _, number in found] == [1, 4]
    [problem] = problems
    assert (problem.path, problem.line, problem.column) == ("s.claims.jsonl", 2, column)
    assert message in problem.message


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
    found = claim.net(done)
    changes = [change for one in found for change in claim.changes_of(one)]
    assert {change.path: change for change in changes} == expected
    assert len(changes) == len(expected), "no path twice"
    assert claim.net(found) == found
    others = [replace(one, task=OTHER) for one in done]
    mixed = claim.net([one for pair in zip(done, others, strict=True) for one in pair])
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
    assert claim.net(done) == expected


def test_a_claim_that_joins_nothing_is_kept_whole_and_a_joined_one_keeps_what_is_true_of_both() -> None:
    first = replace(
        made("modify", "a", 1, 2), onto="1" * 40, why="asked", by=claim.TOLD, digest="1:x", lines=("l",)
    )
    later = replace(made("modify", "a", 2, 3), onto="2" * 40, digest="1:y", lines=("m",))
    assert claim.net([first]) == [first]
    assert claim.net([first, later]) == [replace(first, after=state(3), digest=None, lines=None)]
    assert claim.net([first, replace(later, why="more")])[0].why == "more"


def test_changes_of_one_task_join_by_path() -> None:
    first = [Change("a", state(1), state(2)), Change("b", None, state(1))]
    later = [Change("a", state(2), state(3)), Change("b", state(1), None), Change("c", state(1), None)]
    joined = claim.join_changes(first, later)
    assert joined == {"a": Change("a", state(1), state(3)), "c": Change("c", state(1), None)}
    assert [claim.op_of(change) for change in (*first, *later)] == [
        *("modify", "create"),
        *("modify", "delete", "delete"),
    ]


def test_the_keys_of_a_line_stand_in_the_order_of_the_contract() -> None:
    one = replace(made("move", "b", 1, 1, "a"), why="w", digest="d", lines=())
    keys = ["task", "path", "op", "from", "before", "after", "onto", "why", "by", "digest", "lines"]
    assert list(json.loads(claim.render([one]))) == keys
    assert list(json.loads(GOOD)) == ["task", "path", "op", "before", "after", "onto", "by"]
