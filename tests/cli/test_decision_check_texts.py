"""``decision check``: what the records of decisions lack, link to and rely on."""

from __future__ import annotations

import pytest

from tests.cli.deciding import accepted, edit, findings, kinds, record, with_files
from tests.cli.making import new_decision
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_files` builds it."""
    return build(with_files)


# texts


def with_body(repo: Repo, text: str, title: str = "T") -> str:
    made = new_decision(repo, title, "--status", "accepted")
    path = record(repo, made)
    path.write_text(path.read_text() + f"\n## More Information\n\n{text}\n")
    return made


def test_dead_links(work: Repo) -> None:
    text = (
        "[a](../../src/a.py) [b](../../src/none.py) [c](<../../docs/x.md#part> 'x') [root](/docs/x.md)\n"
        "[out](../../../README.md) [folder](../../src/deep/) `[code](none.md)` [url](https://example.org/none)\n"
        "![img](none%20here.png) [anchor](#x) [mail](mailto:a@b.c)\n\n```\n[code](none.md)\n```\n"
    )
    made = with_body(work, text)
    rows = findings(work)
    assert [(row["kind"], row["names"]) for row in rows] == [
        ("dead_link", "../../src/none.py"),
        ("dead_link", "../../../README.md"),
        ("dead_link", "none here.png"),
    ]
    lines = record(work, made).read_text().splitlines()
    assert [lines[row["line"] - 1].split("](")[0] for row in rows] == ["[a", "[out", "![img"]
    assert "leads out of the work tree" in rows[1]["message"]
    assert rows[2]["message"] == "dead link: there is no .orchestrator/decisions/none here.png"


def test_a_link_to_what_is_only_on_disk_or_only_in_head_is_not_dead_but_in_a_commit_it_is(work: Repo) -> None:
    work.write("new.md", "n\n")
    with_body(work, "[new](../../new.md) [gone](../../docs/x.md)")
    work.git("add", ".orchestrator")
    work.git("commit", "--quiet", "-m", "d")
    work.remove("docs/x.md")
    assert findings(work) == []
    assert [row["names"] for row in findings(work, "--target", "HEAD")] == ["../../new.md"]


def test_links_through_a_symlink_or_into_a_submodule_may_lead_somewhere(work: Repo) -> None:
    (work.path / "link").symlink_to("docs")
    (work.path / "nothing").symlink_to("nowhere")
    work.git("update-index", "--add", "--cacheinfo", f"160000,{work.head},sub")
    work.git("add", "link", "nothing")
    work.git("commit", "--quiet", "-m", "links")
    with_body(work, "[a](../../link/x.md) [b](../../nothing) [c](../../sub/x.md)")
    work.git("add", ".orchestrator")
    work.git("commit", "--quiet", "-m", "d")
    assert findings(work, "--target", "HEAD") == []


def test_fields_that_name_no_record_are_dead_links(work: Repo) -> None:
    made = accepted(work, commit=False)
    edit(work, made, "^refines:\n", "refines:\n  - d-00000000\n")
    edit(work, made, "^tasks:\n", "tasks:\n  - t-00000000\n")
    rows = findings(work)
    assert [row["kind"] for row in rows] == ["dead_link", "dead_link"]
    assert ["t-00000000" in row["message"] for row in rows] == [True, False]
    assert findings(work, "--path", "src/a.py") == []


def test_no_outcome(work: Repo) -> None:
    made = accepted(work, commit=False)
    edit(work, made, r"^## Decision Outcome\n\nargon2id\n", "## Decision Outcome\n")
    [row] = findings(work)
    assert (row["kind"], row["decision"]) == ("no_outcome", made)
    assert record(work, made).read_text().splitlines()[row["line"] - 1] == "## Decision Outcome"
    edit(work, made, r"^## Decision Outcome\n", "")
    assert kinds(work) == ["no_outcome"]
    edit(work, made, r"^### Rationale\n", "```\n## Decision Outcome\n\nin code\n```\n")
    assert kinds(work) == ["no_outcome"]


@pytest.mark.parametrize("value", ["completed", "failed"])
def test_an_implementation_that_ended_says_how(work: Repo, value: str) -> None:
    made = accepted(work, commit=False)
    edit(work, made, "^implementation:.*\n", f"implementation: {value}\n")
    [row] = findings(work)
    assert (row["kind"], value in row["message"]) == ("no_outcome", True)
    edit(work, made, "^outcome:.*\n", "outcome: it works\n")
    assert findings(work) == []


def test_a_decision_without_status_and_an_unreadable_one(work: Repo) -> None:
    one, other = accepted(work), new_decision(work, "Other")
    path = record(work, one)
    path.write_text(path.read_text().replace("status: accepted\n", ""))
    record(work, other).write_text("no front matter\n")
    rows = findings(work)
    assert {(row["kind"], row["decision"]) for row in rows} == {("no_status", one), ("unreadable", other)}
    out = work.run("decision", "check", check=False).out
    assert one in out
    assert "2 findings in 2 of 2 decisions" in out


@pytest.mark.parametrize(
    ("how", "verb"),
    [
        ("superseded", ["supersede", "{old}", "--by", "{new}"]),
        ("reversed", ["reverse", "{old}", "--by", "{new}"]),
        ("deprecated", ["deprecate", "{old}"]),
        ("rejected", ["reject", "{old}"]),
    ],
)
@pytest.mark.parametrize("way", ["refine", "clarify", "id", "code", "link"])
def test_relying_on_what_no_longer_stands(work: Repo, how: str, verb: list[str], way: str) -> None:
    old, new = new_decision(work, "Old"), new_decision(work, "New", "--status", "accepted")
    text = {"id": f"As {old} has it.", "code": f"As `{old}`.", "link": f"[so]({record(work, old).name})"}.get(
        way, ""
    )
    by = with_body(work, text, "By")
    if not text:
        work.run("decision", way, old, "--by", by)
    assert findings(work) == []
    work.run("decision", *(word.format(old=old, new=new) for word in verb))
    [row] = findings(work)
    assert (row["kind"], row["decision"], row["names"]) == ("relies_on", by, old)
    instead = how in ("superseded", "reversed")
    assert row["instead"] == ({"id": new, "title": "New", "status": "accepted"} if instead else None)
    assert (f"{old}, which is {how}" in row["message"], new in row["message"]) == (True, instead)
    line = record(work, by).read_text().splitlines()[row["line"] - 1]
    assert old in line
    work.run("decision", "deprecate", by)
    assert findings(work) == []


def test_naming_what_one_replaced_itself_is_no_reliance(work: Repo) -> None:
    first, second = (new_decision(work, title, "--status", "accepted") for title in ("First", "Second"))
    third = with_body(work, f"We had {first} and then {second}.", "Third")
    work.run("decision", "supersede", first, "--by", second)
    work.run("decision", "reverse", second, "--by", third)
    assert findings(work) == []


def test_a_line_that_says_that_it_was_superseded_knows_it(work: Repo) -> None:
    old = new_decision(work, "Old")
    work.run("decision", "reject", old)
    with_body(work, f"We looked at {old}, which was rejected.\n\n```\n{old}\n```\n\nx{old} {old}x", "By")
    assert findings(work) == []
    with_body(work, f"As {old}.", "Other")
    assert kinds(work) == ["relies_on"]
