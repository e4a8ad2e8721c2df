"""File names: numbers, dates, categories, and which files are decisions."""

import pytest

from taskorch.interchange.adr.dates import iso
from taskorch.interchange.adr.names import category, is_decision_file, stem, take_apart, title_of


@pytest.mark.parametrize(
    ("path", "number", "date", "slug"),
    [
        ("0012-use-x.md", 12, None, "use-x"),
        ("20201016-use-x.md", 20201016, "2020-10-16", "use-x"),
        ("20201399-use-x.md", 20201399, None, "use-x"),
        ("2021-06-07_001-x.md", 1, "2021-06-07", "x"),
        ("2021-06-07-use-x.md", None, "2021-06-07", "use-x"),
        ("2026-01-use-x.md", None, None, "2026-01-use-x"),
        ("adr-007-x.md", 7, None, "x"),
        ("adr001-x.md", 1, None, "x"),
        ("ADR009-x.html.md", 9, None, "x"),
        ("001_x.md", 1, None, "x"),
        ("ADR 12 - x.md", 12, None, "x"),
        ("ADR-125.md", 125, None, ""),
        ("RFC-3-x.md", 3, None, "x"),
        ("ODH-ADR-Operator-0010-x y.md", 10, None, "x y"),
        ("0024-use-#-as-sign.md", 24, None, "use-#-as-sign"),
        ("012a-x.md", 12, None, "x"),
        ("007-x.html.md.erb", 7, None, "x"),
        ("use-2-factor.md", None, None, "use-2-factor"),
        ("core/0003-x.md", 3, None, "x"),
        ("2022-02-03-x/README.md", None, "2022-02-03", "x"),
        ("0004-x/index.md", 4, None, "x"),
    ],
)
def test_names_are_taken_apart(path: str, number: int | None, date: str | None, slug: str) -> None:
    name = take_apart(stem(path))
    assert (name.number, name.date, name.slug) == (number, date, slug)
    assert is_decision_file(path)


def test_a_title_is_made_of_the_slug() -> None:
    assert title_of(take_apart("0002_replace-sheets_with-x")) == "replace sheets with x"


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "index.md",
        "_index.md",
        "template.md",
        "adr-template.md",
        "0000-template.md",
        "000-adr-template.md",
        "adr-template-bare-minimal.md",
        "templates/0001-x.md",
        "NNNN-title.md",
        "yyyymmdd-xxx.md",
        "backlog.md",
        "adr.template.md",
        ".TEMPLATE.md",
        "0001-x.png",
        "docs/README.md",
        "decision-log.md",
        "toc.md",
        "0001-x",
    ],
)
def test_these_are_no_decisions(path: str) -> None:
    assert not is_decision_file(path)


@pytest.mark.parametrize(
    "path", ["0007-use-a-template.md", "use-x.markdown", "a/b/0001-x.md", "0001-x.rst", "12 x.md"]
)
def test_these_may_be_decisions(path: str) -> None:
    assert is_decision_file(path)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("0001-x.md", None),
        ("security/0001-x.md", "security"),
        ("packages/core/docs/adr/20200101-x.md", "packages/core"),
        ("docs/decisions/0001-x.md", None),
        ("./core/0001-x.md", "core"),
        ("area/2022-02-03-x/README.md", "area"),
    ],
)
def test_folders_are_categories(path: str, folder: str | None) -> None:
    assert category(path) == folder


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2020-01-02", "2020-01-02"),
        ("2020-01-02T10:00:00Z", "2020-01-02"),
        ("2020/1/2", "2020-01-02"),
        ("20200102", "2020-01-02"),
        ("02.01.2020", "2020-01-02"),
        ("02/01/2020", "2020-01-02"),
        ("12/31/2020", "2020-12-31"),
        ("January 2, 2020", "2020-01-02"),
        ("2nd of January 2020", "2020-01-02"),
        ("2 Jan 2020", "2020-01-02"),
        ("2020-Jan-02", "2020-01-02"),
        ("2020-13-45", None),
        ("2020-01-2i", None),
        ("YYYY-MM-DD", None),
        ("2022-09", None),
        ("[2020-01-02 when decided]", "2020-01-02"),
        ("", None),
    ],
)
def test_dates(words: str, day: str | None) -> None:
    assert iso(words) == day
