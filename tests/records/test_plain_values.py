"""Values read without positions are those that are read with them, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.records import frontmatter
from taskorch.records.plain_values import plain_values
from tests.records.documents import moderate

KEYS = (
    "key:", "key: value", "key: 'quoted'", 'key: "a\\nb"', "key:\tx", "key:x", "key: a: b", "key: a #b",
    "key: []", "other: 1", "other: ~", "other: null", "other:  ", "other: [a, b]", "other: |",
    "other: {a: b}", "key2: \xe9", "key: &a x", "key: *a", "key: !!str x", "key: \u2028", "key: '",
    'key: "\\ud83e\\udd9c"', "key: \x00", "key: a\rb", "key: a\r ", "? x",
)  # fmt: skip
ITEMS = (
    "- item", "  - item", "  - 'x'", "    - deep", "  -", "  - ", "  -  two", "  - path: src/a", "-x",
    "  - a: b: c",
)  # fmt: skip
REST = ("", "  ", "\t", "# comment", "  # comment", "#\x01", "text", "\x00", "...", "<<<<<<< ours")
PARTS = (*KEYS, *ITEMS, *REST)


@given(st.lists(st.sampled_from(PARTS), max_size=9), st.sampled_from(("\n", "\r\n")), st.booleans())
@moderate
def test_the_same_as_with_positions_or_none(lines: list[str], newline: str, bom: bool) -> None:
    text = newline.join(["\ufeff---" if bom else "---", *lines, "---", "body", ""])
    quick = plain_values(text)
    document = frontmatter.front_matter(text, "x")
    if quick is not None:
        assert document is not None
        assert quick == {key: entry.value for key, entry in document.entries.items()}


@pytest.mark.parametrize(
    "text",
    ["", "body", "---\nkey: x\n", "---\na: 1\na: 2\n---\n", "---\n<<<<<<< x\n---\n", "---\nkey: [a]\n---\n"],
)
def test_what_takes_more_is_left_to_others(text: str) -> None:
    assert plain_values(text) is None


def test_what_taskorch_writes_is_read_quickly() -> None:
    text = "---\nid: t-00000001\ntitle: A title\n\nlabels:\n  - one\n  - two\nempty:\n"
    text += "governs:\n  - path: src/a\n---\n"
    assert plain_values(text) == {
        "id": "t-00000001",
        "title": "A title",
        "labels": ["one", "two"],
        "empty": None,
        "governs": [{"path": "src/a"}],
    }
