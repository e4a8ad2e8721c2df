"""Whole folders: what is read, what is left out, how they are written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import BadRecord
from taskorch.interchange.adr.dialect import Dialect
from taskorch.interchange.adr.folder import read_folder
from taskorch.interchange.adr.reading import read_adr
from taskorch.interchange.adr.settings import Package, Settings, read_adr_dir, read_log4brains
from tests.records.documents import moderate

NYGARD = (
    "# {0}. Use x{0}\n\nDate: 2020-01-{0:02}\n\n## Status\n\n{1}\n\n"
    "## Context\n\n## Decision\n\n## Consequences\n"
).replace("\n", "\r\n")
MADR2 = (
    "# Use x{0}\n\n- Status: {1}\n- Date: 2020-01-{0:02}\n\n"
    "## Considered Options\n\n- a\n\n### Positive Consequences\n"
)
MADR3 = (
    "---\nstatus: {1}\ndate: 2020-01-{0:02}\ndeciders: Ann\n---\n# Use x{0}\n\n## Considered Options\n\n* a\n"
)


def written(form: str, name: str, statuses: list[str]) -> dict[str, bytes]:
    return {name.format(n): form.format(n, status).encode() for n, status in enumerate(statuses, 1)}


def dialect(files: dict[str, bytes], settings: Settings | None = None) -> Dialect:
    return read_folder(files, settings).dialect


def test_adr_tools_is_known_by_its_files() -> None:
    statuses = ["Superceded by [2. Use x2](0002-use-x2.md)", "Accepted", "Accepted"]
    found = dialect(written(NYGARD, "{0:04}-use-x{0}.md", statuses))
    assert (found.tool, found.name, found.heading) == (
        "adr-tools",
        "{number:04d}-{slug}.md",
        "# {number}. {title}",
    )
    assert (found.status_form, found.status_key, found.newline) == ("section", "Status", "\r\n")
    assert (found.date_form, found.date_key, found.date_format) == ("line", "Date:", "%Y-%m-%d")
    assert (found.link, found.superseded_by) == ("[{number}. {title}]({name})", "Superceded by")
    assert found.words["accepted"] == "Accepted" and found.words["rejected"] == "Rejected"
    assert found.sections == ("Status", "Context", "Decision", "Consequences")


def test_its_form_without_its_names_is_of_no_tool() -> None:
    assert dialect(written(NYGARD, "adr-{0:03}.md", ["Accepted", "Accepted"])).tool == "other"
    plain = NYGARD.replace("# {0}. Use", "# Use").replace("Date", "* Day")
    assert dialect(written(plain, "{0:04}-use-x{0}.md", ["Accepted", "Accepted"])).tool == "other"


def test_madr_is_known_with_its_version() -> None:
    two = dialect(written(MADR2, "{0:03}-use-x{0}.md", ["accepted", "proposed"]))
    assert (two.tool, two.name, two.status_form, two.status_key) == (
        "madr2",
        "{number:03d}-{slug}.md",
        "bullet",
        "- Status:",
    )
    assert (two.marker, two.heading, two.words["deprecated"]) == ("-", "# {title}", "deprecated")
    three = written(MADR3, "{0:04}-use-x{0}.md", ["accepted", "ACCEPTED", "ACCEPTED"])
    assert dialect(three).tool == "madr3" and dialect(three).words["accepted"] == "ACCEPTED"
    four = {path: data.replace(b"deciders", b"decision-makers") for path, data in three.items()}
    assert (dialect(four).tool, dialect(four).status_key) == ("madr4", "status")
    assert dialect({}).tool == "madr4"


def test_the_newest_count_more() -> None:
    files = written(NYGARD, "{0:04}-use-x{0}.md", ["Accepted"] * 4) | {
        f"{n:04}-x.md": MADR3.format(n, "accepted").encode() for n in (5, 6, 7)
    }
    assert dialect(files).tool == "madr3"


def test_log4brains_is_known_by_dates_or_its_settings() -> None:
    files = written("# X{0}\n\n- Status: {1}\n", "2020010{0}-x{0}.md", ["draft", "accepted"])
    found = dialect(files)
    assert (found.tool, found.name, found.link) == (
        "log4brains",
        "{date:%Y%m%d}-{slug}.md",
        "[{stem}]({name})",
    )
    settings = read_log4brains("project:\n  name: X\n  tz: UTC\n  adrFolder: ./docs/adr\n")
    assert dialect({"a.md": b"# A\n\n- Status: draft\n"}, settings).tool == "log4brains"


@pytest.mark.parametrize(
    ("names", "form"),
    [
        (["adr-001-a", "adr-012-b"], "adr-{number:03d}-{slug}.md"),
        (["ADR-1-a", "ADR-100-b"], "ADR-{number}-{slug}.md"),
        (["2021-06-07_001-a", "2021-06-08_002-b"], "{date:%Y-%m-%d}_{number:03d}-{slug}.md"),
        (["2021-06-07-a"], "{date:%Y-%m-%d}-{slug}.md"),
        (["2021-06-07-a/README"], "{date:%Y-%m-%d}-{slug}/README.md"),
        (["001_a"], "{number:03d}_{slug}.md"),
        (["a-b"], "{slug}.md"),
    ],
)
def test_forms_of_names(names: list[str], form: str) -> None:
    assert dialect({f"{name}.md": b"# A\n" for name in names}).name == form


def test_settings_of_other_tools() -> None:
    assert read_adr_dir(" doc/decisions/\n") == Settings("adr-tools", "doc/decisions")
    text = """project:
  name: Shop
  tz: Europe/Paris
  adrFolder: ./docs/adr
  packages:
    - name: core
      path: ./packages/core
      adrFolder: ./packages/core/docs/adr
"""
    settings = read_log4brains(text)
    assert (settings.project, settings.adr_folder) == ("Shop", "docs/adr")
    assert settings.packages == (Package("core", "packages/core", "packages/core/docs/adr"),)
    assert settings.category("packages/core/docs/adr/20200101-x.md") == "packages/core"
    found = read_folder({"20200101-x.md": b"# X\n"}, read_log4brains(text, "packages/core/docs/adr"))
    assert found.adrs[0].category == "packages/core"
    with pytest.raises(BadRecord) as caught:
        read_log4brains("project:\n  name: a\n  name: b\n")
    assert caught.value.line == 3
    with pytest.raises(BadRecord):
        read_log4brains("name: x\n")


def test_what_is_no_decision_is_left_out_and_what_cannot_be_read_is_told() -> None:
    note = b"# How we work\n\n## Meetings\n\n" + b"Words. " * 100
    files = {
        "0001-a.md": b"# A\n",
        "0002-b.md": b"# B\n",
        "0003-c.md": b"",
        "0004-d.txt": b"D",
        "0005-e.md": b"\0\0",
        "README.md": b"# All\n",
        "template.md": b"# T\n",
        "assets/x.png": b"\x89PNG",
        "notes.txt": b"Notes",
        "how-we-work.md": note,
        "0002-b/extra.md": b"# More of B\n",
    }
    found = read_folder(files)
    assert [adr.path for adr in found.adrs] == ["0001-a.md", "0002-b.md"]
    assert found.unread == ("0003-c.md", "0004-d.txt", "0005-e.md")
    assert [(one.path, one.message.split(":")[0]) for one in found.problems] == [
        ("0003-c.md", "the file is empty"),
        ("0004-d.txt", "not Markdown"),
        ("0005-e.md", "not text"),
    ]
    assert found.left_out == {
        "0002-b/extra.md": "a note: it has nothing of a decision",
        "README.md": "an index, README or the like",
        "assets/x.png": "a picture",
        "how-we-work.md": "a note: it has nothing of a decision",
        "notes.txt": "not Markdown",
        "template.md": "a template",
    }


def test_why_a_file_has_no_content_is_told() -> None:
    found = read_folder({"0001-a.md": b"# A\n", "0002-b.md": "cannot be read: Permission denied"})
    assert [(one.path, one.message) for one in found.problems] == [
        ("0002-b.md", "cannot be read: Permission denied")
    ]
    assert found.unread == ("0002-b.md",)


def test_dates_with_slashes_are_read_as_the_folder_writes_them() -> None:
    files = {"0001-a.md": b"# A\n\nDate: 04/08/2020\n", "0002-b.md": b"# B\n\nDate: 3/25/2021\n"}
    assert [adr.date for adr in read_folder(files).adrs] == ["2020-04-08", "2021-03-25"]
    files["0003-c.md"] = b"# C\n\nDate: 25/03/2021\n"
    assert [adr.date for adr in read_folder(files).adrs] == ["2020-08-04", "2021-03-25", "2021-03-25"]


pieces = st.sampled_from(
    [
        *(
            "---\n",
            "status: ",
            "Status",
            "superseded by ",
            "[x](0001-x.md)",
            "0002",
            "# ",
            "## Status\n",
            "* ",
        ),
        *(
            "**",
            "`",
            "```\n",
            "<!--",
            "-->",
            "\n",
            "\n\n",
            "| a |\n",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ": ",
            "#",
            "/",
        ),
        *(
            "2020-01-02",
            "accepted",
            "~~",
            "<<<<<<< a\n",
            "=======\n",
            ">>>>>>> b\n",
            "Links",
            "\u00a0",
            "✅",
            "é",
        ),
        *("\t", "- [x] ", ">", "supersedes ", "adr-", "\r\n"),
    ]
)


@moderate
@given(
    st.lists(pieces | st.text(max_size=3), max_size=30).map("".join),
    st.sampled_from([".md", ".rst", ".adoc"]),
)
def test_whatever_a_file_holds_it_is_read_or_told(text: str, ending: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    found = read_folder({f"0001-x{ending}": data, "0002-y.md": b"# Y\n\nStatus: accepted\n"})
    assert found.adrs[-1].status == "accepted" or found.adrs[-1].links
    assert len(found.adrs) == 2 or found.unread
    for adr in found.adrs:
        for place in filter(None, (adr.status_place, adr.date_place, adr.title_place)):
            assert 0 <= place.start <= place.end <= len(adr.text)


hostile = ["[", "](", "*", "**a ", "|", "` ", "superseded by ", "this adr supersedes ", "accepted, ", "```\n"]
hostile += ["now ", "<del>", "2020-01-"]


@pytest.mark.parametrize("piece", hostile)
def test_hostile_files_cost_little(piece: str) -> None:
    many = piece * 4000
    text = f"# T\n\n{many}\n\n## Status\n\nSuperseded by {many}\n\n## Links\n\n* Supersedes {many}\n"
    start = time.process_time()
    read_adr("0001-x.md", text.encode())
    assert time.process_time() - start < 2.5


def test_the_word_for_accepted_is_none_that_says_more() -> None:
    files = {
        f"000{number}-a.md": f"# A{number}\n\n## Status\n\n{word}\n\n## Context\n\nx\n".encode()
        for number, word in enumerate(("Approved", "Implemented", "Implemented", "DONE", "Draft"), 1)
    }
    assert read_folder(files).dialect.words["accepted"] == "Approved"
    del files["0001-a.md"]
    words = read_folder(files).dialect.words
    assert (words["accepted"], words["proposed"]) == ("Accepted", "Draft")
