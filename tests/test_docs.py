"""The documentation is not stale, and the check that says so finds what it should."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests import docs_check


@pytest.mark.parametrize("check", docs_check.CHECKS, ids=lambda check: str(check.__name__))
def test_documentation(check: Callable[[], list[str]]) -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("[a](docs/page.md)", None),
        ("[a](docs/page.md#first-part)", None),
        ("[a](docs/page.md#first-part-1 'title')", None),
        ("[a](docs/page.md#--version-and-task_id)", None),
        ("[a](docs/page.md#own)", None),
        ("[a](#top)", None),
        ("[a](https://example.org/none)", None),
        ("`[a](none.md)`", None),
        ("```\n[a](none.md)\n```", None),
        ("[a](none.md)", "README.md:2: none.md: no such file"),
        ("[![a](none.png)](docs/page.md)", "README.md:2: none.png: no such file"),
        ("[a]: none.md", "README.md:2: none.md: no such file"),
        ('<a href="none.md">', "README.md:2: none.md: no such file"),
        ("[a](docs/page.md#not-there)", "README.md:2: docs/page.md#not-there: no such heading"),
        ("[a](docs/page.md#in-code)", "README.md:2: docs/page.md#in-code: no such heading"),
        ("[a](../other.md)", "README.md:2: ../other.md: leaves the repository"),
        ("[a](/docs/page.md)", "README.md:2: /docs/page.md: leaves the repository"),
    ],
)
def test_links(tmp_path: Path, link: str, problem: str | None) -> None:
    (tmp_path / "docs").mkdir()
    page = "# First part\n# First part #\n## `--version` and [task_id](x)\n<a id='x' name=\"own\">\n"
    (tmp_path / "docs" / "page.md").write_text(page.replace("(x)", "(page.md)") + "```\n# In code\n```\n")
    (tmp_path / "README.md").write_text(f"# Top\n{link}\n")
    assert docs_check.check_links(tmp_path) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("block", "holds"),
    [
        ("<!-- line: demo -->\n```bash\nmake && demo\n```", True),
        ("<!-- line: demo -->\n\n```bash\nmake && demo\n```", False),
        ("<!-- line: demo -->\n```bash\nmake\ndemo\n```", False),
        ("<!-- line: demo -->\n```bash\n\n```", False),
        ("```bash\nmake && demo\n```", False),
    ],
)
def test_readme_line(tmp_path: Path, block: str, holds: bool) -> None:
    (tmp_path / "README.md").write_text(f"# Top\n\n{block}\n\nmore\n\n```bash\nother\n```\n")
    if holds:
        assert docs_check.readme_line("demo", tmp_path) == "make && demo"
    assert [problem for problem in docs_check.check_readme(tmp_path) if "line: demo" in problem] == (
        [] if holds else ["README.md: needs one bash block of one line directly after <!-- line: demo -->"]
    )


def test_reference_names_the_first_stale_line() -> None:
    assert docs_check.compare_reference(b"a\nb\n", b"a\nb\n") == []
    assert docs_check.compare_reference(b"a\nb\n", b"a\nc\n")[0].startswith("docs/cli.md:2: stale")
    assert docs_check.compare_reference(b"a\n", b"a\nb\n")[0].startswith("docs/cli.md:2: stale")
    assert docs_check.compare_reference(b"", b"a\n")[0].startswith("docs/cli.md:1: stale")


def test_every_shown_command_needs_an_example_of_itself() -> None:
    note = click.Command("note", help="Add a note.\n\n\b\nExamples:\n  $ taskorch task note t-abc text")
    show = click.Command("show", epilog="taskorch task showing is no call of it")
    group = click.Group("task", commands=[note, show, click.Command("internal", hidden=True)])
    tree = click.Group("taskorch", commands=[group, click.Group("hidden", commands=[show], hidden=True)])
    assert docs_check.missing_examples(tree) == [
        "taskorch task show: no example in its help (a line that begins with: taskorch task show)"
    ]
