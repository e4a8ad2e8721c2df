"""The fast scanner agrees with YAML wherever it does not leave the text to it."""

from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import BadRecord
from taskorch.records import frontmatter, limited_yaml
from taskorch.records.document import Entry
from taskorch.records.frontmatter import parse
from taskorch.records.schema import render_front_matter
from taskorch.records.task import FIELDS
from tests.records.documents import Value, moderate, phrases, strings, task_values

quoted = st.sampled_from(
    ["'a'", '"a"', "'it''s'", '"\\u00e9"', '"\\ud83d\\ude00"', '"a" # c', "a # c", "a  "]
)
values = phrases | phrases | phrases.map(lambda words: f'"{words}"') | quoted | strings
blocks = st.one_of(
    st.builds(" {}{}".format, values, st.sampled_from(["", "", " ", "\t"])),
    st.lists(
        st.builds(
            "\n{}-{}{}".format,
            st.sampled_from(["  ", "  ", "", "    "]),
            st.sampled_from([" ", "   "]),
            values,
        ),
        max_size=3,
    ).map("".join),
    st.builds("\n#{}".format, values),
)
odd = st.sampled_from(
    [
        *(
            "",
            " ",
            "\t",
            "\xa0",
            "\x0c",
            "\x85",
            "\r",
            "key",
            "- a",
            "-",
            "----",
            "...",
            "? a",
            "  # c",
            "#\ra: b",
        ),
        *(
            "a b: c",
            "1: a",
            '"q": a',
            " a: b",
            "a:b",
            "a:\tb",
            "\t- a",
            "  b",
            "a: b: c",
            "- a: b",
            "%YAML 1.1",
        ),
    ]
)


@st.composite
def heads(draw: st.DrawFn) -> list[str]:
    """Lines between the fences: mostly plain fields, at times with something else among them."""
    keys = draw(st.lists(st.sampled_from(["a", "b", "key-1", "_x", "aé", "a_2"]), unique=True, max_size=4))
    lines = [f"{key}:{draw(blocks)}" for key in keys]
    for strange in draw(st.lists(odd, max_size=2)):
        lines.insert(draw(st.integers(0, len(lines))), strange)
    return "\n".join(lines).split("\n")


def scan(text: str) -> dict[str, Entry] | None:
    """What the scanner makes of the text between the two fences."""
    start, stop = text.index("\n") + 1, text.rindex("---")
    return frontmatter._scan(text, start, stop, "")


@moderate
@given(task_values, st.sampled_from(["\n", "\r\n"]))
def test_what_taskorch_writes_needs_no_yaml_and_reads_the_same_with_it(
    values: dict[str, Value], newline: str
) -> None:
    text = render_front_matter(FIELDS, values, newline)
    found = scan(text)
    assert found is not None
    assert {key: entry.value for key, entry in found.items() if entry.value is not None} == values
    assert found == limited_yaml.parse_entries(text, text, "")


@moderate
@given(heads(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_scanner_takes_yaml_reads_alike_to_the_byte(head: list[str], newline: str) -> None:
    text = newline.join(["---", *head, "---", ""])
    try:
        found = scan(text)
    except BadRecord as problem:
        assert "stands twice" in problem.message
        return
    if found is not None:
        assert found == limited_yaml.parse_entries(text, text, "")


def test_the_body_is_all_behind_the_closing_fence() -> None:
    assert parse("---\nid: x\n---\n\n---\nno: key\n---\n", "").body == "\n---\nno: key\n---\n"
    assert parse("---\r\nid: x\r\n--- \t\r\nbody", "").body == "body"
    assert parse("---\n---", "").body == ""
    assert parse("---\nid: 'quoted'\n----: x\n---\nbody", "").entries["----"].value == "x"


def test_positions_count_characters_from_one() -> None:
    document = parse("\ufeff---\r\ntitle: 🦜é x\r\nid: y\r\n---\r\n", "")
    assert document.position(document.entries["id"].value_start) == (3, 5)
