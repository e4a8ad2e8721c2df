"""YAML and JSON that people write: the same values, each with its place; nothing that could do harm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import BadRecord
from taskorch.records import tree
from taskorch.records.tree_text import read

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
VALUES = st.recursive(
    st.none() | WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)


@given(VALUES, st.sampled_from([None, 2]))
def test_json_is_read_as_json_reads_it(value: Any, indent: int | None) -> None:
    assert read(json.dumps(value, indent=indent), "plan.json").plain() == value


def test_numbers_and_words_of_json_are_texts() -> None:
    assert read('[1, -2.5e3, true, false, null, "\\ud83d\\ude00"]', "x").plain() == [
        "1", "-2.5e3", "true", "false", None, "😀",
    ]  # fmt: skip
    assert tree.of([1, True, {"a": (None, 2.5)}]).plain() == ["1", "true", {"a": [None, "2.5"]}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes\nb:\n  - 1\n  - c: d\n", {"a": "yes", "b": ["1", {"c": "d"}]}),  # in plain form
        ("- a: 1\n  b: [x, {c: d}]\n- |\n  hi\n  you\n", [{"a": "1", "b": ["x", {"c": "d"}]}, "hi\nyou\n"]),
        ("---\na: ~\n", {"a": None}),
        ("\ufeffa: b", {"a": "b"}),
        ("{a: b}", {"a": "b"}),
        ("", None),
    ],
)
def test_yaml_is_read_in_any_form(text: str, value: object) -> None:
    assert read(text, "plan.yaml").plain() == value


@pytest.mark.parametrize("text", ["a: b\nc:\n  - d\n  - e\n", "a: b\nc: # with YAML\n  - d\n  - 'e'\n"])
def test_values_know_their_places(text: str) -> None:
    items = read(text, "x").value["c"].value
    assert [(one.value, one.line) for one in items] == [("d", 3), ("e", 4)]
    found = read('{"a": "b",\n "c": [1]}', "x").value["c"]
    assert (found.line, found.column) == (2, 7)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: &x 1", (1, 4), "anchors"),
        ("a: *x", (1, 4), "aliases"),
        ("a: !!python/object:os.system x", (1, 4), "tag"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", (4, 3), "stands twice"),
        ("a: 1\na: 2\n", (2, 1), "stands twice"),
        ("a: 1\n---\nb: 2\n", (2, 1), "more than one"),
        ("a: [\n", (2, 1), "did not find"),
        ("a: \x07", (1, 4), "control character"),
        ("[" * 40 + "]" * 40, (1, 33), "deeper"),
        ("- " * 40 + "x", (1, 65), "deeper"),
        ('{"a": 1\n "b": 2}', (2, 2), "comma"),
        ('{"a": 1, "a": 2}', (1, 10), "stands twice"),
        ('{"a"', (1, 5), "colon"),
        ('["a', (1, 2), "Unterminated"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(BadRecord, match=words) as caught:
        read(text, "plan")
    assert (caught.value.path, caught.value.line, caught.value.column) == ("plan", *place)
