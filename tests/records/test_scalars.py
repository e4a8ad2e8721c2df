"""A string that is written is read back as this very string by every reader of YAML."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import TaskorchError
from taskorch.records.frontmatter import parse
from taskorch.records.limited_yaml import parse_entries
from taskorch.records.scalars import write_scalar
from tests.records.documents import TRAPS, moderate, strings

# What the core schema of YAML 1.2 resolves to something other than a string
# (https://yaml.org/spec/1.2.2/#1032-tag-resolution), with the 0b and 1_000 that its readers add.
CORE_1_2 = re.compile(
    r"""(?x)
    null | Null | NULL | ~ |
    | true | True | TRUE | false | False | FALSE
    | [-+]? [0-9]+ | 0o [0-7]+ | 0x [0-9a-fA-F]+ | 0b [01]+
    | [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    | [-+]? \. ( inf | Inf | INF ) | \. ( nan | NaN | NAN )
    | [-+]? [0-9] [0-9_]* | [0-9]{4}-[0-9]{2}-[0-9]{2} (T.*)?
    """
)
LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]

number_like = st.from_regex(r"[-+]?(0[xob])?[0-9_.:eE]{1,8}([-+][0-9]{1,3})?", fullmatch=True)
almost = st.text(" -:#?,.&*!|>'\"%@`[]{}~=<\t\n\\aN01é🦜", max_size=6)
everything = strings | number_like | almost


def yaml_1_1_reads_the_same_string(value: str) -> None:
    shown = write_scalar(value)
    for loader in LOADERS:
        found = yaml.load(f"key: {shown}\nlist:\n  - {shown}\nmaps:\n  - path: {shown}\n", Loader=loader)
        assert found == {"key": value, "list": [value], "maps": [{"path": value}]}


def yaml_1_2_takes_nothing_unquoted_for_another_type(value: str) -> None:
    shown = write_scalar(value)
    if not shown.startswith('"'):
        assert shown == value
        assert not CORE_1_2.fullmatch(value)


def both_our_readers_read_the_same_string(value: str) -> None:
    shown = write_scalar(value)
    text = f"---\nkey: {shown}\nlist:\n  - {shown}\n---\n"
    for entries in (parse(text, "").entries, parse_entries(text, text, "")):
        found: dict[str, Any] = {key: entry.value for key, entry in entries.items()}
        assert found == {"key": value, "list": [value]}


def it_stands_on_one_line_of_visible_characters(value: str) -> None:
    assert not re.search("[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]", write_scalar(value))


promises = pytest.mark.parametrize(
    "promise",
    [
        yaml_1_1_reads_the_same_string,
        yaml_1_2_takes_nothing_unquoted_for_another_type,
        both_our_readers_read_the_same_string,
        it_stands_on_one_line_of_visible_characters,
    ],
)


@promises
@moderate
@given(value=everything)
def test_of_any_string(promise: Callable[[str], None], value: str) -> None:
    promise(value)


@promises
def test_of_every_trap_of_yaml(promise: Callable[[str], None]) -> None:
    for value in TRAPS:
        promise(value)


@pytest.mark.parametrize("value", ["Add login", "2 of 3", "v1.2.3", "http://x/y#z", "it's", "日本語"])
def test_ordinary_words_need_no_quotes(value: str) -> None:
    assert write_scalar(value) == value


def test_what_is_not_unicode_is_refused_with_a_reason() -> None:
    with pytest.raises(TaskorchError, match=r"'caf\\udce9' is not UTF-8 text"):
        write_scalar("caf\udce9")
