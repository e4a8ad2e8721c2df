"""Claims: written and read without loss, and joined to what the work changed on the whole."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.records import claim
from taskorch.records.claim import Claim, Whole
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
    fork=oids | st.none(),
    merged=states | st.none(),
    whole=st.builds(Whole, states | st.none(), paths, st.lists(strings, max_size=3).map(tuple)) | st.none(),
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
    "strange fork": (GOOD.replace('"onto"', '"fork": "main", "onto"'), 1, "'fork' is 'main'"),
    "strange merged": (GOOD.replace('"onto"', '"merged": "x", "onto"'), 1, "'merged' is 'x'"),
    "half a whole": (GOOD.replace('"onto"', '"whole": {"digest": "1:x"}, "onto"'), 1, "'whole' is not"),
    "whole is a list": (GOOD.replace('"onto"', '"whole": [], "onto"'), 1, "'whole' is not"),
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


def test_the_keys_of_a_line_stand_in_the_order_of_the_contract() -> None:
    one = replace(made("move", "b", 1, 1, "a"), why="w", digest="d", lines=())
    keys = ["task", "path", "op", "from", "before", "after", "onto", "why", "by", "digest", "lines"]
    assert list(json.loads(claim.render([one]))) == keys
    more = replace(one, fork="1" * 40, merged=state(2), whole=Whole(state(3), "1:x", ()))
    assert set(json.loads(claim.render([more]))) - set(keys) == {"fork", "merged", "whole"}
    assert list(json.loads(GOOD)) == ["task", "path", "op", "before", "after", "onto", "by"]
