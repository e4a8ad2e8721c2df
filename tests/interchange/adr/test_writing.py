"""A new decision in the way of a folder: its sections have the folder's own headings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taskorch.interchange.adr.drafting import Draft
from taskorch.interchange.adr.presets import ADR_TOOLS
from taskorch.interchange.adr.writing import new_text
from taskorch.records.decision_body import HEADINGS

TEXTS = {
    part: f"the {part}" for part in ("context", "drivers", "options", "decision", "consequences", "more")
}


@pytest.mark.parametrize(
    ("part", "heading"), [(part, heading) for part in TEXTS for heading in HEADINGS[part]]
)
def test_a_heading_that_is_read_as_a_part_is_written_for_it(part: str, heading: str) -> None:
    folder = replace(ADR_TOOLS, sections=(heading,))
    text = new_text(folder, (), 1, Draft("Use tabs", "accepted", "2026-01-31", texts=TEXTS))
    assert f"## {heading}\n\nthe {part}\n" in text


@pytest.mark.parametrize(
    ("part", "heading"), [("context", "Motivation"), ("decision", "Solution"), ("consequences", "Impact")]
)
def test_further_headings_of_folders(part: str, heading: str) -> None:
    folder = replace(ADR_TOOLS, sections=("Other", heading))
    text = new_text(folder, (), 1, Draft("Use tabs", "accepted", "2026-01-31", texts=TEXTS))
    assert f"## {heading}\n\nthe {part}\n" in text
