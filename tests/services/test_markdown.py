"""Texts of strangers in Markdown: on one line, and never structure."""

from __future__ import annotations

import pytest

from taskorch.services.markdown import code, fenced, inline, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\n# b", r"a\n\n# b"),
        ("a\tb\rc\x0bd\x85e\x1bf", r"a\tb\rc\x0bd\x85e\x1bf"),
        ("a\u2028b\u202ec", r"a\u2028b\u202ec"),
        ("bytes \udcff", r"bytes \xff"),
        ("größe 👩\u200d👩", "größe 👩\u200d👩"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert code(text) == f"`{shown}`"
    assert inline(text) == shown.replace("\\", "\\\\")


@pytest.mark.parametrize(
    ("path", "shown"),
    [("a`b", "`` a`b ``"), ("``", "``` `` ```"), (" a ", "`  a  `"), (" a", "` a`")],
)
def test_a_name_cannot_end_the_code_it_stands_in(path: str, shown: str) -> None:
    assert code(path) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# a", r"\# a"), ("#7 fixed", "#7 fixed"), ("- a", r"\- a"), ("-x", "-x"), ("---", r"\---"),
        ("===", r"\==="), ("~~~", r"\~~~"), ("> a", r"\> a"), ("1. a", r"1\. a"), ("23) a", r"23\) a"),
        ("1.5 times", "1.5 times"), ("+ a", r"\+ a"), ("a  # b", "a # b"), ("___", r"\_\_\_"),
        ("snake_case", "snake_case"), ("[a](b) <i> *b* `c` |", r"\[a\](b) \<i\> \*b\* \`c\` \|"),
    ],
)  # fmt: skip
def test_a_text_is_no_structure_wherever_it_stands(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_a_fence_is_longer_than_any_in_it() -> None:
    assert fenced("a\n````\n# b") == ["`````text", "a", "````", "# b", "`````"]
