"""What templates say to their readers, and that it is not in what was made from them."""

from __future__ import annotations

import pytest

from taskorch.errors import BadRecord
from taskorch.records.guidance import guidance_of, is_guidance, without_empty_sections, without_guidance

TEMPLATE = """\
# {title}

## Context

{Describe it, e.g., {so} or so.}

<!-- This is optional,
so feel free. -->
## Drivers

* {driver 1}
* … <!-- numbers vary -->

## Outcome

Chosen: "{option}", because {why}.
"""


def cleaned(text: str) -> str:
    return without_empty_sections(without_guidance(text, guidance_of([TEMPLATE]), 0, "f.md"), 0)


def test_of_an_unchanged_template_nothing_but_the_title_line_is_left() -> None:
    assert cleaned(TEMPLATE.replace("{title}", "T")) == "# T\n\n"


def test_what_was_written_stays_byte_for_byte() -> None:
    text = TEMPLATE.replace("{title}", "T").replace(
        "{Describe it, e.g., {so} or so.}", "a {b}\n\n\n```\n\n\nc\n```"
    )
    assert cleaned(text) == "# T\n\n## Context\n\na {b}\n\n\n```\n\n\nc\n```\n\n"


def test_a_comment_of_the_template_goes_from_a_line_that_was_written() -> None:
    text = "## Drivers\n\n* cost <!-- numbers vary -->\n* <!-- mine --> b\n"
    assert cleaned(text) == "## Drivers\n\n* cost\n* <!-- mine --> b\n"


def test_a_placeholder_left_in_a_line_that_was_written_is_named_with_its_line() -> None:
    with pytest.raises(BadRecord, match=r"\{why\} still stands here") as problem:
        cleaned('# T\n\n## Outcome\n\nChosen: "mine", because {why}.\n')
    assert (problem.value.path, problem.value.line) == ("f.md", 5)


def test_lines_are_counted_over_comments_of_several_lines() -> None:
    with pytest.raises(BadRecord) as problem:
        cleaned("<!-- This is optional,\nso feel free. -->\n\nmine {why}\n")
    assert problem.value.line == 4


def test_a_place_is_no_guidance() -> None:
    assert not is_guidance("{{ context }}")
    assert is_guidance("* {driver}")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# T\n## A\n### B\n\n## C\nc\n", "# T\n## C\nc\n"),
        ("## A\n### B\nb\n### C\n", "## A\n### B\nb\n"),
        ("## A\n", ""),
        ("```\n## A\n```\n", "```\n## A\n```\n"),
        ("no heading\n", "no heading\n"),
        ("", ""),
    ],
)
def test_sections_with_nothing_below_them_go(text: str, left: str) -> None:
    assert without_empty_sections(text, 0) == left
