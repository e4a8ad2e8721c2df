"""The line editor changes a field's own lines and no other byte."""

from collections.abc import Mapping

from hypothesis import assume, example, given
from hypothesis import strategies as st

from taskorch.records.edit import set_field
from taskorch.records.frontmatter import parse
from taskorch.records.schema import render_front_matter
from taskorch.records.task import FIELDS
from tests.records.documents import (
    ATTACHED,
    LISTS,
    ORDER,
    SCALARS,
    Part,
    Value,
    Written,
    hand_written,
    list_forms,
    moderate,
    strings,
    task_values,
    written,
    yaml_values,
)

scalar_edits = st.tuples(st.sampled_from(SCALARS), strings | st.none())
list_edits = st.tuples(st.sampled_from(LISTS), st.lists(strings, max_size=4) | st.none())
edits: st.SearchStrategy[tuple[str, Value]] = scalar_edits | list_edits


def edit(text: str, key: str, value: Value) -> str:
    return set_field(text, key, value, ORDER, ATTACHED)


def check(record: Written, key: str, value: Value) -> str:
    """Edit, and hold the result against what is known of the record without our parser."""
    result = edit(record.text, key, value)
    if key in record.values:
        start, end = record.span(key)
        before, after = record.text[:start], record.text[end:]
        assert result.startswith(before)
        assert result.endswith(after)
        own = result[len(before) : len(result) - len(after)]
    else:
        own = inserted(record.text, result)
    assert own.count("\n") == own.count(record.newline), "line ends of the record's own kind"
    expected = {**record.values, key: value or None}
    if key not in record.values and not value and value != "":
        del expected[key]
    elif value == "":
        expected[key] = ""
    elif not value and key in ATTACHED:
        del expected[key]
    assert without_empty(read(result)) == without_empty(expected)
    assert without_empty(yaml_values(result)) == without_empty(expected)
    assert edit(result, key, value) == result
    return own


def inserted(text: str, result: str) -> str:
    """The whole lines that were put into `text` at one place."""
    grown = len(result) - len(text)
    for at in range(len(text) + 1):
        if text[:at] == result[:at] and text[at:] == result[at + grown :] and text[:at].endswith("\n"):
            return result[at : at + grown]
    assert result == text
    return ""


def read(text: str) -> dict[str, object]:
    return {key: entry.value for key, entry in parse(text, "").entries.items()}


def without_empty(values: Mapping[str, object]) -> dict[str, object]:
    """Null and the empty list mean the same: nothing is set."""
    return {key: value for key, value in values.items() if value is not None and value != []}


@moderate
@given(hand_written())
def test_what_is_generated_reads_as_meant(record: Written) -> None:
    assert without_empty(yaml_values(record.text)) == without_empty(record.values)
    assert without_empty(read(record.text)) == without_empty(record.values)


@moderate
@given(hand_written(), st.data())
def test_a_field_of_any_form_is_edited_alone(record: Written, data: st.DataObject) -> None:
    present = [key for key in record.values if key in ORDER]
    assume(present)
    key = data.draw(st.sampled_from(present))
    new: st.SearchStrategy[Value] = st.lists(strings, max_size=4) if key in LISTS else strings
    check(record, key, data.draw(new | st.none()))


@moderate
@given(hand_written(), edits)
@example(written([Part("title: |+\n  a\n\n", "title", "a\n\n")], ""), ("status", "x"))
@example(written([Part("x: |+\n  a\n", "x", "a\n")], ""), ("status", "x"))
def test_a_key_is_added_without_touching_others(record: Written, change: tuple[str, Value]) -> None:
    key, value = change
    assume(key not in record.values)
    check(record, key, value)


@moderate
@given(hand_written(), st.lists(edits, max_size=6))
def test_many_edits_one_after_another(record: Written, changes: list[tuple[str, Value]]) -> None:
    result, expected = record.text, dict(record.values)
    for key, value in changes:
        result = edit(result, key, value)
        expected[key] = value
    assert without_empty(read(result)) == without_empty(yaml_values(result)) == without_empty(expected)
    assert result.endswith(record.text[sum(len(part.lines) for part in record.parts) + record.offset :])


@moderate
@given(st.data(), st.lists(strings, min_size=2, max_size=4, unique=True), st.sampled_from(["\n", "\r\n"]))
def test_items_that_stay_keep_their_lines(data: st.DataObject, items: list[str], newline: str) -> None:
    field = Part(f"labels:{data.draw(list_forms(items))}", "labels", items)
    record = written([Part("title: a\n", "title", "a"), field, Part("# end\n")], "", newline)
    found = parse(record.text, "").entries["labels"].items
    assume(found)
    kept = [item for item in found or () if data.draw(st.booleans())]
    added = data.draw(st.lists(st.just("a new one"), max_size=1))
    own = check(record, "labels", [*(item.value for item in kept), *added])
    at = 0
    for item in kept:
        at = own.index(record.text[item.start : item.end], at) + item.end - item.start


@moderate
@given(task_values, edits)
def test_an_edited_record_is_what_would_have_been_written(
    values: Mapping[str, Value], change: tuple[str, Value]
) -> None:
    key, value = change
    assume(not FIELDS[key].fixed and key != "deleted" and not (FIELDS[key].required and value is None))
    expected = render_front_matter(FIELDS, {**values, key: value})
    assert edit(render_front_matter(FIELDS, values), key, value) == expected


def test_a_comment_stays_where_it_stands() -> None:
    text = "---\nstatus: pending # waits\nlabels: # of the board\n  # first\n  - a # one\n\n  - b\n---\n"
    text = edit(text, "status", "active")
    text = edit(text, "labels", ["b", "c"])
    assert text == ("---\nstatus: active # waits\nlabels: # of the board\n  # first\n\n  - b\n  - c\n---\n")


def test_a_new_key_touches_no_other_changeable_line() -> None:
    text = "---\ntitle: a\nstatus: pending\nlabels:\n---\n"
    assert (
        edit(text, "assignee", "kim") == "---\ntitle: a\nstatus: pending\n\nassignee: kim\n\nlabels:\n---\n"
    )


def test_an_attached_key_stands_under_its_host_and_goes_without_a_trace() -> None:
    text = "---\nstatus: failed\n\nassignee: kim\n---\n"
    noted = edit(edit(text, "forced", "tired"), "reason", "flaky: no")
    assert noted == '---\nstatus: failed\nreason: "flaky: no"\nforced: tired\n\nassignee: kim\n---\n'
    assert edit(edit(noted, "reason", None), "forced", None) == text


def test_a_list_of_mappings_is_edited_item_by_item() -> None:
    text = "---\ngoverns:\n  - path: a # kept\n  - path: b\n---\n"
    value = [{"path": "a"}, {"path": "c: d"}]
    assert set_field(text, "governs", value, ["governs"]) == (
        '---\ngoverns:\n  - path: a # kept\n  - path: "c: d"\n---\n'
    )
