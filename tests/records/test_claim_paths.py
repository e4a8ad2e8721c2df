"""Claims come from strangers: what does not fit together, or leads out of the work tree, is a problem."""

from __future__ import annotations

import json

import pytest

from taskorch.records import claim

STATE = f"100644 {'1' * 40}"
GOOD = {
    "task": "t-7k2m9qxd",
    "path": "src/a.py",
    "op": "create",
    "before": None,
    "after": STATE,
    "onto": None,
    "by": "seen",
}


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", ".git/config", "a/.GIT/x", "GIT~1/x", ".git./x", "a//b", "."]
)
def test_a_path_that_leaves_or_enters_git_is_refused(path: str) -> None:
    text = json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"path": path}) + "\n"
    good, [problem] = claim.parse(text, "c.jsonl")
    assert [one.path for one, _ in good] == ["src/a.py"]
    assert problem.line == 2 and "not a path inside the work tree" in problem.message


@pytest.mark.parametrize(
    ("op", "before", "after"),
    [("create", STATE, STATE), ("create", None, None), ("delete", STATE, STATE), ("modify", None, STATE)],
)
def test_states_go_with_the_operation(op: str, before: str | None, after: str | None) -> None:
    good, [problem] = claim.parse(json.dumps(GOOD | {"op": op, "before": before, "after": after}), "c.jsonl")
    assert not good and problem.message == f"'before' and 'after' are not those of a {op}"


def test_a_key_that_stands_twice_is_refused() -> None:
    line = json.dumps(GOOD).replace('"op": "create"', '"op": "create", "op": "delete"')
    good, [problem] = claim.parse(line, "c.jsonl")
    assert not good and problem.message == "the key 'op' stands twice"
