"""Free words to one of five statuses, or to none."""

import pytest

from taskorch.interchange.adr.statuses import present

ACCEPTED = [
    "Implementable",
    "Accepted",
    "ACCEPTED",
    "accepted ✅",
    ":white_check_mark: Accepted",
    "✅",
    "~~Proposed~~ Accepted",
    "Accepted (2020-01-01)",
    "Approved",
    "Adopted",
    "Implemented",
    "Done",
    "Agreed",
    "Decided",
    "Active",
    "Final",
    "2020-01-01: Accepted",
    "Accepted on 3 May 2020 by the board",
    "**Approved** by vote",
    "{ accepted }",
    "*Accepted*",
    "Accepted & implemented",
    "accepted; supersedes ADR-0045",
    "Accepted, amends [3](0003-x.md)",
    "Partly superseded",
    "Partially superseded by ADR 4",
    "Superseded in part by ADR 4",
    "Accepted, but will be superseded by ADR 20",
    "Proposed → Accepted",
    "Proposed | **Accepted** | Deprecated",
    "~~Proposed~~ | Accepted | ~~Rejected~~",
    "- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected",
    "Accepted/Implemented",
    "Akzeptiert",
    "This decision was accepted.",
    "![status](https://img.example/badge/status-accepted-green)",
    "| 2020-01-01 | Accepted |",
    "Proposed\n\nAccepted",
    "Accepted\n\nProposed",
    "Accepted\n\nAmended by [9. X](0009-x.md)",
    "Accepted\n\nSupercedes [3. X](0003-x.md)",
    "2020-03-01 Accepted\n2020-01-01 Proposed",
    "Accepted\n\nRejected alternatives are below.",
    "Accepted. The old way is deprecated in the code, and that is a long line of prose\nproposed by nobody.",
]
PROPOSED = [
    "Proposed",
    "Draft",
    "Pending",
    "WIP",
    "In review",
    "Under discussion",
    "RFC",
    "Proposal",
    "🚧",
    "🤔 Incomplete",
    "PROPOSED Not Implemented",
    "Not yet accepted",
    "To be discussed",
    "In Progress",
    "Vorgeschlagen",
    "on hold",
    "Provisional\n\nImplemented by: https://example.org/12",
]
REJECTED = [
    "Rejected",
    "Declined",
    "Withdrawn",
    "Abandoned",
    "Won't do",
    "Won’t do",
    "❌",
    "❌ Rejected (see [2](2.md))",
]
DEPRECATED = [
    "Deprecated",
    "Obsolete",
    "Retired",
    "No longer valid",
    "Deprecated in favor of X",
    "Accepted, now deprecated",
]
SUPERSEDED = [
    "Superseded by [12. Foo](0012-foo.md)",
    "Superceded by [12. Foo](0012-foo.md)",
    "Replaced by ADR 3",
    "superseeded by 3",
    "⌛️ Superseded by [36](036.md)",
    "Accepted, superseded by ADR-5",
    "~~Accepted~~\n\nSuperseded",
    "Accepted\n\nSuperceded by [12. Foo](0012-foo.md)",
    "Superceded by [12. Foo](0012-foo.md)\n\nSupercedes [2. X](0002-x.md)",
    "This ADR has been superseded by [12](0012-foo.md).",
]
UNKNOWN = [
    "",
    "TBD",
    "Something else",
    "{proposed | rejected | accepted}",
    "[proposed | rejected | … | superseded by [5](5.md)]",
    '"{proposed | rejected | accepted | deprecated | … | superseded by ADR-0123',
    "Proposed / Accepted",
    "Proposed, Accepted, Rejected, Deprecated",
    "What is the status, such as proposed, accepted, rejected?",
    "> A decision may be proposed or accepted.\n\n{Deprecated|Proposed|Accepted}",
    "Supersedes ADR-3",
    "| Superseded by | None |",
    "Not-Implemented",
    "Unaccepted values are listed below",
]
CASES = {
    "accepted": ACCEPTED,
    "proposed": PROPOSED,
    "rejected": REJECTED,
    "deprecated": DEPRECATED,
    "superseded": SUPERSEDED,
    None: UNKNOWN[:-1],
}


@pytest.mark.parametrize(
    ("words", "status"), [(words, status) for status, all_ in CASES.items() for words in all_]
)
def test_words_say_a_status(words: str, status: str | None) -> None:
    assert present(words)[0] == status


def test_the_offsets_are_those_of_the_words_that_say_it() -> None:
    text = "\nAccepted\n\nSuperceded by [12. Foo](0012-foo.md)\n"
    status, start, end = present(text)
    assert (status, text[start:end]) == ("superseded", "Superceded by [12. Foo](0012-foo.md)")
    status, start, end = present("\n  what is this\n\nmore")
    assert (status, start, end) == (None, 3, 15)
