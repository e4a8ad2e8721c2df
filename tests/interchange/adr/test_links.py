"""Links between the decisions of a folder."""

import pytest

from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.folder import Folder, read_folder
from taskorch.interchange.adr.settings import Settings

OLD, NEW = "0004-old.md", "0012-new.md"


def folder(**texts: str) -> Folder:
    """A folder of files named ``_0004_old`` for 0004-old.md."""
    return read_folder({f"{name[1:].replace('_', '-')}.md": text.encode() for name, text in texts.items()})


def pair(old: str, new: str = "# 12. New\n\n## Status\n\nAccepted\n") -> tuple[Adr, Adr, Folder]:
    found = folder(_0004_old=old, _0012_new=new)
    return found.adrs[0], found.adrs[1], found


@pytest.mark.parametrize(
    "words",
    [
        "Superceded by [12. New](0012-new.md)",
        "Superseded by [ADR-0012](./0012-new.md)",
        "superseded by ADR-0012",
        "superseded by 0012",
        "Superseded by ADR 12.",
        "Replaced by [New](0012-new.md#decision)",
        "Superseded by #12",
        "superseded by [12](/adr/12)",
        "Superseded by [new](https://x.example/blob/main/doc/adr/0012-new.md)",
        "Superseded [12](0012-new.md)",
        "superseded by [ADR 12][new]\n\n[new]: 0012-new.md",
        "Superseded by 0012-new.md",
        "Superseded by [[0012-new]]",
        "Superseded by New",
        "This ADR was superseded on 2020-01-02 by [12](0012-new.md)",
        "Accepted\n\nSuperceded by [12. New](0012-new.md)",
        "Superseded by:\n\n- [12. New](0012-new.md)",
    ],
)
def test_a_successor_is_found_however_it_is_named(words: str) -> None:
    old, new, found = pair(f"# 4. Old\n\n## Status\n\n{words}\n\n## Context\n")
    assert old.status == "superseded", words
    if words != "Superseded by New":  # a bare title is no link
        assert old.superseded_by == (NEW,) and new.supersedes == (OLD,)
    assert found.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "---\nsupersedes: 4\n---\n# New\n",
        "---\nsupersedes: [ADR-0004]\n---\n# New\n",
        "---\nsupersedes:\n  - 0004-old.md\n---\n# New\n",
        "---\nstatus: accepted; supersedes ADR-0004\n---\n# New\n",
        "# New\n\n* Supersedes: [4](0004-old.md)\n",
        "# New\n\n## Links\n\n- Supersedes [0004-old](0004-old.md)\n",
        "# New\n\n## Supersedes\n\n[4](0004-old.md)\n",
        "# New\n\n## Status\n\nAccepted\n\nSupercedes [4. Old](0004-old.md)\n",
        "# New\n\n## Context\n\nThis decision **supersedes [ADR-0004](0004-old.md)**.\n",
    ],
)
def test_it_is_enough_that_the_newer_one_says_it(text: str) -> None:
    old, new, found = pair("# Old\n\nStatus: accepted\n", text)
    assert new.supersedes == (OLD,) and old.superseded_by == (NEW,)
    assert old.status == "accepted" and found.problems == ()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Amends [4](0004-old.md)", "amends"),
        ("Partly supersedes [4](0004-old.md)", "amends"),
        ("Refines ADR-4", "refines"),
        ("Supersedes some aspects of [4](0004-old.md)", "amends"),
        ("Clarifies [4](0004-old.md)", "clarifies"),
        ("Amended by [4](0004-old.md)", "amended_by"),
        ("hosting clauses superseded by ADR-4", "amended_by"),
        ("partially\nsuperseded by [4](0004-old.md)", "amended_by"),
        ("Relates to [4](0004-old.md)", "relates"),
    ],
)
def test_other_kinds(words: str, kind: str) -> None:
    _, new, found = pair("# Old\n", f"# New\n\n## Status\n\nAccepted\n\n{words}\n")
    assert dict(new.links) == {kind: (OLD,)} and found.problems == ()
    assert new.status == "accepted"


@pytest.mark.parametrize(
    "text",
    [
        "# New\n\n## Context\n\nFoo superseded by [4](0004-old.md) elsewhere.\n",
        "# New\n\nSee [4](0004-old.md).\n",
        "# New\n\n## Context\n\nThis would supersede ADR-4.\n",
        "# New\n\n```\nSupersedes [4](0004-old.md)\n```\n",
    ],
)
def test_prose_and_code_make_no_links(text: str) -> None:
    assert not pair("# Old\n", text)[1].links


def test_names_with_number_signs_spaces_and_escapes() -> None:
    names = ["use-#-as-sign.md", "with space.md"]
    old = "# A\n\nStatus: superseded by [x](with%20space.md)\n"
    new = "# B\n\nStatus: accepted\n\n## Links\n\n* Supersedes [y](use-#-as-sign.md)\n"
    found = read_folder({names[0]: old.encode(), names[1]: new.encode()})
    assert found.adrs[0].superseded_by == (names[1],) and found.problems == ()


def test_links_that_lead_nowhere_are_told_with_their_line() -> None:
    found = folder(
        _0001_a="# A\n\n## Status\n\nSuperseded by [9](0009-x.md)\n",
        _0002_b="# B\n\nStatus: superseded by ADR-77\n",
    )
    assert [(one.path, one.line, one.message) for one in found.problems] == [
        ("0001-a.md", 5, "'0009-x.md' leads to no decision of the folder"),
        ("0002-b.md", 3, "no decision of the folder has the number 77"),
    ]


def test_a_number_that_two_have_is_a_problem_and_no_guess() -> None:
    found = folder(_0001_a="# A\n\nStatus: superseded by ADR-2\n", _0002_b="# B\n", _0002_c="# C\n")
    assert found.adrs[0].superseded_by == ()
    assert [(one.path, one.line) for one in found.problems] == [("0001-a.md", 3), ("0002-c.md", 1)]
    assert "0002-b.md and 0002-c.md" in found.problems[0].message
    assert found.problems[1].message == "the number 2 is also that of 0002-b.md"


def test_two_days_of_one_date_are_no_twins_and_subfolders_count_apart() -> None:
    found = read_folder(
        {f"{name}.md": b"# X\n" for name in ("20200101-a", "20200101-b", "one/0001-a", "two/0001-a")}
    )
    assert found.problems == ()


def test_a_file_that_was_renamed_is_found_by_its_number_and_told() -> None:
    found = folder(_0001_a="# A\n\nStatus: superseded by [2](0002-older-name.md)\n", _0002_b="# B\n")
    assert found.adrs[0].superseded_by == ("0002-b.md",)
    assert (
        found.problems[0].message
        == "'0002-older-name.md' leads to no file; by its number it is read as 0002-b.md"
    )


def test_rings_and_rivals_stay_and_are_told() -> None:
    found = folder(
        _0001_a="# A\n\nStatus: superseded by ADR-2\n",
        _0002_b="# B\n\nStatus: superseded by ADR-1\n",
        _0003_c="# C\n\nStatus: superseded by ADR-1 and ADR-2\n",
    )
    assert found.adrs[0].superseded_by == ("0002-b.md",) and found.adrs[1].superseded_by == ("0001-a.md",)
    assert found.adrs[2].superseded_by == ("0001-a.md", "0002-b.md")
    assert [one.message for one in found.problems] == [
        "they supersede each other: 0001-a.md, 0002-b.md, 0001-a.md",
        "superseded by several: 0001-a.md, 0002-b.md",
    ]


def test_packages_of_log4brains_link_across_folders() -> None:
    old = "# A\n\n- Status: superseded by [core/20200202-b](../../packages/core/docs/adr/20200202-b.md)\n"
    files = {"docs/adr/20200101-a.md": old.encode(), "packages/core/docs/adr/20200202-b.md": b"# B\n"}
    found = read_folder(files, Settings())
    assert found.adrs[0].superseded_by == ("packages/core/docs/adr/20200202-b.md",)
    assert found.adrs[1].category == "packages/core" and found.adrs[0].category is None


def test_a_value_that_was_wrapped_goes_on_in_the_next_line() -> None:
    said = "Accepted after a long talk with everybody who came; partially\nsuperseded by ADR-4:\nmore"
    text = f"# New\n\n**Status**: {said}\n**Date**: 2020-01-02\n"
    _, new, _ = pair("# Old\n", text)
    assert new.status == "accepted" and dict(new.links) == {"amended_by": (OLD,)}
    assert new.raw_status and new.raw_status.endswith("superseded by ADR-4: more")


@pytest.mark.parametrize("form", ["[12. It builds more]({name})", "{name}"])
@pytest.mark.parametrize("name", ["0012_builds_more", "0012_what_it_builds", "0012_extending_x"])
def test_verbs_in_the_title_and_name_of_a_decision_say_nothing(name: str, form: str) -> None:
    link = form.format(name=f"{name.replace('_', '-')}.md")
    texts = {"_0004_old": f"# 4. Old\n\n## Status\n\nSuperseded by {link}\n", f"_{name}": "# 12. New\n"}
    found = folder(**texts)
    assert found.adrs[0].superseded_by == (found.adrs[1].path,)
    assert not found.adrs[0].links.get("amends") and found.problems == ()
