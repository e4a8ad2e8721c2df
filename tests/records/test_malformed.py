"""Broken input is one problem at the right place, never another exception, and never slow."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import BadRecord
from taskorch.records import claim, decision, limited_yaml, sections, session, task
from taskorch.records.collecting import collect
from taskorch.records.edit import set_field
from taskorch.records.frontmatter import decode
from taskorch.records.task import FIELDS
from tests.records.documents import moderate

GOOD = """\
---
id: t-00000001
title: Add login
created: 2026-01-31T12:00:00Z
status: pending

labels:
  - web

depends_on:
---

## Description
"""


def broken(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


CASES: dict[str, tuple[str, int, int, str]] = {
    "empty file": ("", 1, 1, "no front matter"),
    "no fence": (GOOD.removeprefix("---\n"), 1, 1, "no front matter"),
    "longer fence": (f"-{GOOD}", 1, 1, "no front matter"),
    "unclosed": (GOOD.replace("\n---\n\n", "\n\n"), 1, 1, "no closing"),
    "only a fence": ("---", 1, 1, "no front matter"),
    "duplicate key": (broken("labels:", "title: B\nlabels:"), 7, 1, "'title' stands twice"),
    "duplicate key beside yaml": (broken("labels:", "title: 'B' # x\nlabels:"), 7, 1, "'title' stands twice"),
    "duplicate nested key": (broken("  - web", "  - {a: 1, a: 2}"), 8, 12, "'a' stands twice"),
    "conflict in the head": (
        broken("status: pending", "<<<<<<< HEAD\nstatus: active\n=======\nstatus: failed\n>>>>>>> topic"),
        5, 1, "conflict markers",
    ),
    "conflict in the body": (
        GOOD + "\na\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n",
        16, 1, "conflict markers",
    ),
    "half a conflict": (GOOD + "c\n>>>>>>> topic\n", 15, 1, "conflict markers"),
    "conflict over the fence": ("<<<<<<< HEAD\n" + GOOD, 1, 1, "conflict markers"),
    "anchor": (broken("Add login", "&a Add login"), 3, 8, "anchors"),
    "alias": (broken("- web", "- *a"), 8, 5, "aliases"),
    "tag": (broken("Add login", "!!python/name:os.system x"), 3, 8, "tag"),
    "tag on a list": (broken("labels:\n", "labels: !x\n"), 7, 9, "tag"),
    "anchor on a list": (broken("labels:\n", "labels: &x\n"), 7, 9, "anchors"),
    "merge key": (broken("labels:", "<<: *a\nlabels:"), 7, 5, "aliases"),
    "too deep": (broken("- web", "- " + "[" * 9 + "]" * 9), 8, 13, "nested deeper"),
    "flow front matter": ("---\n{id: t-00000001}\n---\n", 2, 1, "not a list of 'key: value' lines"),
    "indented keys": ("---\n  id: t-00000001\n  title: a\n---\n", 2, 3, "not a list of 'key: value' lines"),
    "a list": ("---\n- id\n---\n", 2, 1, "not a list of 'key: value' lines"),
    "only words": ("---\nAdd login\n---\n", 2, 1, "not a list of 'key: value' lines"),
    "a key that is a list": (broken("labels:", "[a]: b\nlabels:"), 7, 1, "not a simple word"),
    "second document": (broken("labels:", "...\nlabels:"), 7, 1, "ends before the closing"),
    "tab indentation": (broken("  - web", "\t- web"), 8, 1, "cannot start any token"),
    "unclosed quote": (broken("Add login", '"Add login'), 3, 8, "quoted scalar"),
    "key without a value": (broken("labels:", "what\nlabels:"), 7, 1, "could not find expected ':'"),
    "NUL": (broken("Add login", "Add\0login"), 3, 11, "control character"),
    "escaped NUL": (broken("Add login", '"Add\\0login"'), 3, 8, "NUL"),
    "escaped NUL in a list": (broken("- web", '- "\\u0000"'), 7, 1, "NUL"),
    "control character": (broken("Add login", "🦜\x1b[31m"), 3, 9, "control character"),
    "foreign line break": (broken("Add login", "Add\u2028login"), 3, 11, "line break"),
    "line break of old": (broken("Add login", "Add\rlogin"), 3, 11, "line break"),
    "half a character": (broken("Add login", '"\\ud83e"'), 3, 11, "escape"),
    "missing field": (broken("title: Add login\n", ""), 1, 1, "'title' is missing"),
    "empty field": (broken(" Add login", ""), 3, 1, "'title' is missing"),
    "unknown choice": (broken("pending", "waiting"), 5, 9, "'status' is 'waiting', none of"),
    "bad time": (broken("2026-01-31T12:00:00Z", "yesterday"), 4, 10, "'created' is 'yesterday'"),
    "impossible time": (broken("2026-01-31", "2026-02-31"), 4, 10, "'created' is"),
    "bad id": (broken("t-00000001", "t-0000000l"), 2, 5, "'id' is 't-0000000l'"),
    "bad parent": (broken("depends_on:", "parent: 7\ndepends_on:"), 10, 9, "'parent' is '7'"),
    "bad flag": (broken("labels:", "deleted: yes\nlabels:"), 7, 10, "neither true nor false"),
    "a list for a value": (broken(" Add login", "\n  - Add\n  - login"), 3, 1, "not a single value"),
    "a mapping in a list": (broken("- web", "- web: yes"), 7, 1, "not a list of strings"),
    "a mapping for a list": (broken("depends_on:", "depends_on: {a: b}"), 10, 13, "not a list of strings"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_broken_record_is_one_problem_with_its_place(name: str, newline: str) -> None:
    text, line, column, message = CASES[name]
    with pytest.raises(BadRecord) as found:
        task.parse(text.replace("\n", newline), "tasks/t.md")
    problem = found.value
    assert (problem.path, problem.line, problem.column) == ("tasks/t.md", line, column)
    assert message in problem.message


def test_a_byte_order_mark_moves_no_column() -> None:
    with pytest.raises(BadRecord) as found:
        task.parse("\ufeff" + broken("Add login", "&a x"), "t.md")
    assert (found.value.line, found.value.column) == (3, 8)


def test_the_other_problems_of_a_record_are_its_reasons() -> None:
    with pytest.raises(BadRecord) as found:
        task.parse(broken("pending", "waiting").replace("2026", "then"), "t.md")
    assert found.value.line == 4
    assert [reason.split(" is ")[0] for reason in found.value.reasons] == ["5:9: 'status'"]


def test_bytes_that_are_no_text_are_placed_by_character() -> None:
    with pytest.raises(BadRecord, match="not UTF-8") as found:
        decode("id: x\ntitle: 🦜é".encode() + b"\xff", "t.md")
    assert (found.value.line, found.value.column) == (2, 10)


def test_a_broken_record_does_not_hide_the_others() -> None:
    good = GOOD.encode()
    files = [
        ("tasks/t-00000001-a.md", good),
        ("tasks/t-00000002-b.md", good.replace(b"t-00000001", b"t-00000002").replace(b"pending", b"?")),
        ("tasks/t-00000003-c.md", b"\xff\xfe"),
        ("tasks/t-00000001-d.md", good),
        ("decisions/d-00000001-e.md", good.replace(b"pending", b"accepted").replace(b"001", b"005")),
        ("notes.md", good),
    ]
    found = collect(files)
    assert list(found.tasks) == ["t-00000001"]
    assert [(p.path, p.line) for p in found.problems] == [
        (path, 5 if path.endswith("b.md") else 1) for path, _ in files[1:]
    ]
    assert not found.decisions


fragments = st.sampled_from(
    [
        *(
            "---",
            "---\n",
            "\n",
            "\r\n",
            "\r",
            "id: t-00000001",
            "title:",
            "title: x",
            "status: pending",
            "labels:",
        ),
        *(
            "  - a",
            "- b",
            "\t",
            "created: 2026-01-31",
            "...",
            "&a",
            "*a",
            "!t",
            "[",
            "]",
            "{",
            "}",
            "? ",
            ": ",
            "#",
        ),
        *(
            "|",
            ">-",
            "'",
            '"',
            "\\",
            "\ufeff",
            "\0",
            "\x85",
            "\u2028",
            "\ud800",
            "## Notes",
            "```",
            "<<<<<<< x",
        ),
    ]
)
hostile = st.one_of(
    st.text(max_size=60),
    st.lists(fragments, max_size=30).map("".join),
    st.lists(fragments, max_size=12).map(lambda lines: "---\n" + "\n".join(lines) + "\n---\n"),
    st.lists(fragments, max_size=3).map(lambda more: GOOD.replace("- web", "\n".join(more))),
)


@moderate
@given(hostile)
def test_any_text_is_a_record_or_a_problem(text: str) -> None:
    for parse in (task.parse, decision.parse, session.parse):
        try:
            parse(text, "x.md")
        except BadRecord as problem:
            lines = text.split("\n")
            assert 1 <= problem.line <= len(lines) + 1
            assert 1 <= problem.column <= max(map(len, lines)) + 2
    claim.parse(text, "x.claims.jsonl")


@moderate
@given(hostile)
def test_without_the_c_parser_any_text_is_a_record_or_a_problem(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited_yaml, "_LOADER", yaml.SafeLoader)
        for one in (text, text.replace(": ", ": 'a' # ")):
            with suppress(BadRecord):
                task.parse(one, "x.md")


@moderate
@given(st.binary(max_size=80) | hostile.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_record_or_a_problem(data: bytes) -> None:
    names = [
        "tasks/t-1.md",
        "decisions/d-1.md",
        "sessions/2026-01/s-1.md",
        "sessions/2026-01/s-1.claims.jsonl",
    ]
    found = collect((name, data) for name in names)
    assert all(problem.path in names for problem in found.problems)


SIZE = 1 << 16
"""A sixteenth of the largest record: in proportion it takes a quarter of a second, else far more."""
LIMIT = 1.0
"""Seconds of the processor for each use."""


def big(unit: str, head: str = "---\n", tail: str = "\n---\n") -> str:
    return head + unit * (SIZE // len(unit)) + tail


BIG = {
    "blanks in a value": big(" ", "---\ntitle: a", "b\n---\n"),
    "blanks in an item": big(" ", "---\nlabels:\n  - a", "b\n---\n"),
    "blanks and then no fence": big(" ", "---", "x\n---\n"),
    "hyphens": big("-", "---\n", "x\n---\n"),
    "fences that are none": big("---- \n"),
    "keys": "---\n" + "".join(f"k{n}: v\n" for n in range(6_000)) + "---\n",
    "keys for yaml": "---\n" + "".join(f"k{n}: 'v' # c\n" for n in range(4_000)) + "---\n",
    "items": big("- a\n", "---\nlabels:\n"),
    "items for yaml": big("- 'a' # c\n", "---\nlabels:\n"),
    "flow": big("[", "---\ntitle: "),
    "flow beside flow": big("[],", "---\nlabels: [", "]\n---\n"),
    "complex keys": big("? "),
    "quotes": big('"', "---\ntitle: "),
    "escapes": big("\\ud83d", '---\ntitle: "', '"\n---\n'),
    "digits": big("1", "---\ndirty_count: "),
    "colons": big("1:", "---\ntitle: 1", "\n---\n"),
    "comments": big("#\n"),
    "empty lines": big("\n"),
    "carriage returns": big("\r"),
    "conflict markers": big("<<<<<<<\n", GOOD, ""),
    "almost conflict markers": big("<<<<<<<<\n", GOOD, ""),
    "headings": big("# \n", GOOD, ""),
    "deepening headings": big("# a\n## a\n### a\n", GOOD, ""),
    "blanks in a heading": big(" ", GOOD + "## a", "b\n"),
    "number signs": big(" #", GOOD + "## a", "b\n"),
    "fences": big("```\n", GOOD, ""),
    "fences of all lengths": GOOD + "".join("`" * (n % 700 + 3) + "a\n" for n in range(700)),
    "checks": big("- [ ] \n", GOOD + "\n## Acceptance criteria\n", ""),
    "blanks in checks": big(" ", GOOD + "\n## Acceptance criteria\n- [ ]", "\n"),
    "backslashes": big("\\", GOOD + "\n## Notes\n", "## x\n"),
    "json": big("[", "", ""),
    "claims": big("{}\n", "", ""),
}


@pytest.mark.parametrize("name", BIG)
def test_hostile_input_takes_time_in_proportion_to_its_size(name: str) -> None:
    text = BIG[name]
    items = ["b", *("a" for _ in range(25_000))]
    uses: list[Callable[[], object]] = [
        lambda: task.parse(text, ""),
        lambda: session.parse(text, ""),
        lambda: claim.parse(text, ""),
        lambda: sections.sections(text, 0),
        lambda: sections.content(text, "Notes", 0),
        lambda: sections.criteria(text, "Acceptance criteria", 0),
        lambda: sections.append(text, "Notes", text, "\n", 0),
        lambda: sections.add_criteria(text, "Acceptance criteria", ["x"], "\n", 0),
        lambda: set_field(text, "labels", items, list(FIELDS)),
    ]
    for use in uses:
        start = time.process_time()
        with suppress(BadRecord):
            use()
        assert time.process_time() - start < LIMIT
