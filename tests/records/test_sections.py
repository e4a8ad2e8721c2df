"""Sections of a body change alone, and no text of users can take over a record's structure."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taskorch.errors import BadRecord
from taskorch.records import frontmatter, sections
from tests.records.documents import line, moderate, phrases, text

TITLES = ["Description", "Acceptance criteria", "Results", "Notes"]
HEAD = "---\nid: x\n---\n"

rude_lines = st.sampled_from(
    [
        *("# Notes", "## Notes", "### Notes", "#### Notes", "##  results  ##", "##\tNotes", "## ", "#"),
        *(
            " ## Notes",
            "\\## Notes",
            "\\\\### Notes",
            "\\# x",
            "\\",
            "\\<<<<<<< x",
            "Notes\r\n---",
            "===",
            "---",
        ),
        *("---\r", "***", "```", "````", "~~~", "```python", "  ```", "    ```", "``` a`b", "~~~ `", "```\r"),
        *("<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base", "- [ ] sly", "- [x] sly", "<!--"),
        *("", " ", "\t", "  indented", "trailing  ", "\xa0", "\x0c", "\u2028## Notes", "\x85## Notes"),
    ]
)
user_texts = st.lists(rude_lines | phrases | line, max_size=8).map("\n".join) | text
harmless = st.lists(
    st.sampled_from(
        ["words", "", "### Part", "- item", "    code", "```\n## no\n```", "- [ ] open", "- [x] done\n  more"]
    )
).map("\n".join)
layouts = st.sampled_from(["", "\n", "\n\n", "\n{}\n\n", "{}\n", "\n{}\n\n\n"])


@dataclass(frozen=True)
class Body:
    """A record with sections: of each the title, the heading's line and what is below it."""

    chunks: tuple[tuple[str, str, str], ...]
    head: str
    newline: str

    @property
    def text(self) -> str:
        return self.head + "".join(heading + inner for _, heading, inner in self.chunks)

    @property
    def start(self) -> int:
        return len(self.head)

    def around(self, title: str) -> tuple[str, str]:
        """The text up to and with the heading's line, and the text from the next heading on."""
        place = [chunk[0] for chunk in self.chunks].index(title)
        before = self.head + "".join(h + i for _, h, i in self.chunks[:place]) + self.chunks[place][1]
        return before, "".join(h + i for _, h, i in self.chunks[place + 1 :])


@st.composite
def records(draw: st.DrawFn) -> Body:
    """A record with some of the sections, filled or empty, with other headings among them."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    chunks: list[tuple[str, str, str]] = []
    for title in draw(st.lists(st.sampled_from([*TITLES, "Other"]), unique=True)):
        heading = draw(st.sampled_from([f"## {title}", f"## {title.upper()} ##", f"##   {title}  "])) + "\n"
        inner = draw(st.sampled_from(["", "\n", "\n\n", "\n{}\n\n", "{}\n", "\n{}\n\n\n"])).format(
            draw(harmless)
        )
        chunks.append((title, heading.replace("\n", newline), inner.replace("\n", newline)))
    if draw(st.booleans()) and chunks:  # no line break at the end of the file
        title, heading, inner = chunks.pop()
        bare = inner.rstrip("\r\n")
        chunks.append((title, heading if bare else heading.rstrip("\r\n"), bare))
    start = draw(st.sampled_from(["", "\n", "\n# Notes\n", "\nwords\n"]))
    return Body(tuple(chunks), (HEAD + start).replace("\n", newline), newline)


def shape(text: str, start: int) -> list[tuple[int, str]]:
    """Level and title of the headings that structure a record."""
    return [(s.level, s.title.lower()) for s in sections.sections(text, start) if s.level <= 2]


def normal(user_text: str) -> str:
    """User text with LF line ends, without empty lines before it and blanks behind it."""
    return re.sub(r"\r\n?", "\n", user_text).strip("\n").rstrip(" \t\n")


def check_content(found: str, expected: str) -> None:
    """The content is the text, with a code fence that the text left open closed."""
    assert found == expected or re.fullmatch(r"\n(`{3,}|~{3,})", found.removeprefix(expected))


def check_around(body: Body, title: str, result: str) -> None:
    """Nothing outside of the section changed, and no section came, went or changed."""
    before, after = body.around(title)
    assert result.startswith(before)
    assert result.endswith(after)
    assert shape(result, body.start) == shape(body.text, body.start)
    for other in {*TITLES, "Other"} - {title}:
        assert sections.content(result, other, body.start) == sections.content(body.text, other, body.start)
    assert result.replace("\r\n", "").count("\n") == (0 if body.newline == "\r\n" else result.count("\n"))
    frontmatter.parse(result, "")


titles_of = st.sampled_from(TITLES)


@moderate
@given(records(), titles_of, user_texts)
def test_a_section_replaced_gives_the_text_back_and_leaves_the_rest(body: Body, title: str, new: str) -> None:
    result = sections.replace(body.text, title, new, body.newline, body.start)
    content = sections.content(result, title, body.start)
    check_content(content, normal(new))
    assert sections.replace(result, title, content, body.newline, body.start) == result
    if any(present == title for present, _, _ in body.chunks):
        check_around(body, title, result)
    else:
        assert result.startswith(body.text)


@moderate
@given(records(), titles_of, user_texts, st.sampled_from(["", "### 2026-01-31T12:00:00Z Kim"]))
@example(Body((("Notes", "## Notes\n", "\n```\nopen"),), HEAD, "\n"), "Notes", "## Results\n```", "")
@example(Body((("Notes", "## Notes\n", "\n```\nopen\n"),), HEAD, "\n"), "Notes", "words", "### Kim")
@example(Body((("Notes", "## Notes\n", "\n```\nopen\n"),), HEAD, "\n"), "Results", "```\n# x", "")
def test_an_addition_follows_what_is_there_and_leaves_the_rest(
    body: Body, title: str, addition: str, heading: str
) -> None:
    before = sections.content(body.text, title, body.start)
    result = sections.append(body.text, title, addition, body.newline, body.start, heading)
    after = sections.content(result, title, body.start)
    assert after.startswith(before)
    if any(present == title for present, _, _ in body.chunks):
        check_around(body, title, result)
    added = "\n\n".join(filter(None, [heading, normal(addition)]))
    rest = re.sub(r"\A\n(`{3,}|~{3,})(?=\n\n)", "", after[len(before) :]) if before else after
    check_content(rest.removeprefix("\n\n"), added)
    if heading:
        inner = [s.title for s in sections.sections(result, body.start) if s.level == 3]
        assert inner.count(heading.removeprefix("### ")) == 1, "no heading but ours"
        assert len(inner) == body.text.count("### Part") + 1


@moderate
@given(st.lists(user_texts, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_notes_never_swallow_each_other(notes: list[str], newline: str) -> None:
    text = f"{HEAD}\n## Results\n\nDone.\n\n## Notes\n\n## Next action\n\nRest.\n".replace("\n", newline)
    for number, note in enumerate(notes):
        text = sections.append(text, "Notes", note, newline, len(HEAD), f"### note {number}")
    found = [s for s in sections.sections(text, len(HEAD)) if s.level == 3]
    assert [s.title for s in found] == [f"note {number}" for number in range(len(notes))]
    assert sections.content(text, "Results", 0) == "Done."
    assert sections.content(text, "Next action", 0) == "Rest."


@moderate
@given(records(), st.lists(line, min_size=1, max_size=3))
def test_criteria_are_added_below_the_last(body: Body, added: list[str]) -> None:
    before = [c.text for c in sections.criteria(body.text, TITLES[1], body.start)]
    result = sections.add_criteria(body.text, TITLES[1], added, body.newline, body.start)
    found = sections.criteria(result, TITLES[1], body.start)
    assert [c.text for c in found] == before + [" ".join(item.split()) for item in added if item.strip()]
    if any(title == TITLES[1] for title, _, _ in body.chunks):
        check_around(body, TITLES[1], result)
    for criterion in found:
        changed = sections.tick(result, criterion.mark, not criterion.done)
        assert [n for n in range(len(result)) if result[n] != changed[n]] == [criterion.mark]
        assert sections.tick(changed, criterion.mark, criterion.done) == result


def test_a_criterion_keeps_the_lines_that_continue_it() -> None:
    text = "## Acceptance criteria\n\n- [x] one\n* [ ] two\n  more\nlazy\n\n  a paragraph\n\nText.\n"
    result = sections.add_criteria(text, "Acceptance criteria", ["three"], "\n", 0)
    assert result == text.replace("paragraph\n", "paragraph\n- [ ] three\n")


def test_a_checklist_in_a_code_block_is_no_criterion() -> None:
    text = "## Acceptance criteria\n\n```\n- [ ] example\n```\n- [X] real\n  - [ ] part of it\n"
    assert [(c.text, c.done) for c in sections.criteria(text, "Acceptance criteria", 0)] == [("real", True)]


def test_a_section_is_found_by_title_and_level() -> None:
    text = "# Risks\n\n## Outcome\n\n### Risks\n\nlow\n\n## NOTES\n\n### notes\n\nx\n"
    assert sections.content(text, "Risks", 0) == ""
    assert sections.content(text, "Risks", 0, level=3) == "low"
    assert sections.content(text, "Notes", 0) == "### notes\n\nx"


@pytest.mark.parametrize("number_signs", ["## C#", "## C# ##", "##  C#\t#"])
def test_number_signs_that_close_a_heading_are_not_of_its_title(number_signs: str) -> None:
    assert sections.sections(number_signs, 0)[0].title == "C#"


def test_text_with_conflict_markers_stays_a_readable_note() -> None:
    quoted = "git said:\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic"
    text = sections.append(HEAD, "Notes", quoted, "\n", len(HEAD))
    assert sections.content(frontmatter.parse(text, "").text, "Notes", 0) == quoted
    with pytest.raises(BadRecord, match="unresolved merge"):
        frontmatter.parse(f"{HEAD}\n## Notes\n\n{quoted}\n", "")
