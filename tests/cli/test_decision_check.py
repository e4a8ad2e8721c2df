"""``decision check``: governed files that changed since a decision was accepted, and what records lack."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import new_decision
from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo

Json = dict[str, Any]
BOB = ("-c", "user.name=Bob", "-c", "user.email=bob@example.org")
LINES = "".join(f"line {number}\n" for number in range(20))


def with_files(repo: Repo) -> None:
    """A project with some files to govern."""
    start_project(repo)
    names = ("src/a.py", "src/b.py", "src/deep/c.py", "src/deep/d.md", "docs/x.md")
    repo.commit("files", {name: f"{name}\n{LINES}" for name in names})


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_files` builds it."""
    return build(with_files)


def record(repo: Repo, decision: str) -> Path:
    return repo.path / str(repo.json("decision", "show", decision)["path"])


def edit(repo: Repo, decision: str, old: str, new: str) -> None:
    """Change a record by hand."""
    path = record(repo, decision)
    text, count = re.subn(old, lambda _: new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count
    path.write_text(text)


def accepted(repo: Repo, *governs: str, title: str = "Use argon2id", commit: bool = True) -> str:
    """An accepted decision that governs some entries, committed."""
    made = new_decision(repo, title, "--status", "accepted")
    if governs:
        edit(repo, made, "^governs:\n", "governs:\n" + "".join(f"  - path: '{entry}'\n" for entry in governs))
    if commit:
        repo.commit("accept it")
    return made


def check(repo: Repo, *words: str) -> Json:
    done = repo.run("decision", "check", *words, "--json", check=False)
    assert done.code in (0, 4), done.err
    assert done.code == (4 if done.json["findings"] else 0)
    return done.json


def findings(repo: Repo, *words: str) -> list[Json]:
    rows: list[Json] = check(repo, *words)["findings"]
    return rows


def kinds(repo: Repo, *words: str) -> list[str]:
    return [row["kind"] for row in findings(repo, *words)]


def files_of(row: Json) -> list[str]:
    return [f"{one['op']} {one['from'] + ' -> ' if one['from'] else ''}{one['path']}" for one in row["files"]]


def subjects(row: Json) -> list[str]:
    return [one["subject"] for one in row["commits"]]


# what changed


def test_an_accepted_decision_whose_files_are_as_they_were_holds(work: Repo) -> None:
    accepted(work, "src/a.py", "src", "**/*.md")
    work.commit("elsewhere", {"other.txt": "x\n"})
    answer = check(work)
    assert (answer["findings"], answer["notes"], answer["checked"]) == ([], [], 1)
    assert (answer["target"], answer["commit"]) == (None, work.head)
    assert work.run("decision", "check").out == "the decision holds\n"


def test_changes_since_acceptance_are_told_with_their_commits_the_newest_last(work: Repo) -> None:
    work.commit("before", {"src/a.py": "before\n"})
    made = accepted(work, "src/a.py")
    at = work.head
    work.commit("one", {"src/a.py": "one\n"})
    work.commit("elsewhere", {"src/b.py": "one\n"})
    work.write("src/a.py", "two\n")
    work.git(*BOB, "commit", "--quiet", "-am", "two")
    [row] = findings(work)
    assert (row["kind"], row["decision"], row["governed"]) == ("changed", made, "src/a.py")
    assert row["accepted_in"]["id"] == at
    assert files_of(row) == ["M src/a.py"]
    assert subjects(row) == ["one", "two"]
    assert row["commits"][1] == {
        "id": work.head, "author": "Bob", "subject": "two", "date": "2026-01-02T03:04:05+00:00",
    }  # fmt: skip
    lines = record(work, made).read_text().splitlines()
    assert "src/a.py" in lines[row["line"] - 1]
    assert row["path"] == record(work, made).relative_to(work.path).as_posix()
    out = work.run("decision", "check", check=False).out
    for part in (
        made,
        "Use argon2id",
        "changed: src/a.py",
        at[:10],
        "Bob",
        "two",
        "hint: ",
        "1 finding in 1 of 1",
    ):
        assert part in out, part


def test_folders_and_globs_tell_what_was_added_changed_and_removed(work: Repo) -> None:
    accepted(work, "src/deep", "src/*.py", "**/*.md", "docs")
    work.commit(
        "much", {"src/deep/c.py": "c\n", "src/deep/new.md": "n\n", "src/b.py": None, "docs/y.txt": "y\n"}
    )
    rows = {row["governed"]: files_of(row) for row in findings(work)}
    assert rows == {
        "src/deep": ["M src/deep/c.py", "A src/deep/new.md"],
        "src/*.py": ["D src/b.py"],
        "**/*.md": ["A src/deep/new.md"],
        "docs": ["A docs/y.txt"],
    }


def test_changed_and_changed_back_is_no_finding(work: Repo) -> None:
    accepted(work, "src/a.py")
    work.commit("there", {"src/a.py": "there\n"})
    work.git("revert", "--no-edit", "HEAD")
    assert findings(work) == []


def test_a_mode_a_link_and_a_folder_in_a_files_place_are_changes(work: Repo) -> None:
    accepted(work, "src/a.py", "src/b.py", "docs/x.md")
    (work.path / "src/a.py").chmod(0o755)
    work.remove("src/b.py")
    (work.path / "src/b.py").symlink_to("a.py")
    work.remove("docs/x.md")
    work.commit("odd", {"docs/x.md/inner.md": "x\n"})
    rows = {row["governed"]: files_of(row) for row in findings(work)}
    assert rows == {
        "src/a.py": ["M src/a.py"],
        "src/b.py": ["M src/b.py"],
        "docs/x.md": ["D docs/x.md", "A docs/x.md/inner.md"],
    }


def test_only_accepted_decisions_drift(work: Repo) -> None:
    made = {
        status: new_decision(work, status, "--file", "src/a.py")
        for status in ("proposed", "rejected", "deprecated")
    }
    work.run("decision", "reject", made["rejected"])
    work.run("decision", "deprecate", made["deprecated"])
    work.commit("decisions")
    work.commit("change", {"src/a.py": "a\n"})
    assert findings(work) == []


def test_the_accepting_commit_is_where_it_became_accepted_for_the_last_time(work: Repo) -> None:
    made = new_decision(work, "T", "--file", "src/a.py")
    work.commit("propose")
    work.commit("while proposed", {"src/a.py": "1\n"})
    work.run("decision", "accept", made)
    first = work.commit("accept")
    edit(work, made, "^# T$", "# T, said better")
    work.commit("edit the record")
    work.commit("change", {"src/a.py": "2\n"})
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (first, ["change"])
    work.run("decision", "deprecate", made)
    work.commit("deprecate")
    assert findings(work) == []
    work.run("decision", "propose", made)
    work.commit("propose again")
    work.run("decision", "accept", made)
    again = work.commit("accept again")
    assert findings(work) == []
    work.commit("late", {"src/a.py": "3\n"})
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (again, ["late"])


def test_a_record_that_was_renamed_keeps_its_acceptance(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    at = work.head
    work.commit("change", {"src/a.py": "1\n"})
    path = record(work, made)
    path.rename(path.with_name(f"{made}-other-words.md"))
    work.commit("rename the record")
    [row] = findings(work)
    assert row["accepted_in"]["id"] == at


def test_what_is_not_committed_as_accepted_is_noted_and_not_found(work: Repo) -> None:
    made = accepted(work, "src/a.py", commit=False)
    answer = check(work)
    [note] = answer["notes"]
    assert (answer["findings"], made in note, "taskorch commit" in note) == ([], True, True)
    work.commit("it")
    assert check(work)["notes"] == []
    proposed = new_decision(work, "P", "--file", "src/b.py")
    work.commit("p")
    work.run("decision", "accept", proposed)
    work.commit("change", {"src/a.py": "1\n"})
    work.git("reset", "--quiet", "--soft", "HEAD^")
    assert [proposed in note for note in check(work)["notes"]] == [True]


def test_files_on_disk_that_are_not_committed_are_no_drift(work: Repo) -> None:
    accepted(work, "src/a.py", "src/new.py", "*.toml", commit=False)
    work.write("src/new.py", "n\n")
    work.write("p.toml", "n\n")
    work.git("add", ".orchestrator")
    work.git("commit", "--quiet", "-m", "accept")
    work.write("src/a.py", "edited\n")
    assert findings(work) == []
    assert kinds(work, "--target", "HEAD") == ["governs_nothing", "governs_nothing"]


# accepted again


def test_what_was_looked_at_is_accepted_again(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    work.commit("change", {"src/a.py": "1\n"})
    assert kinds(work) == ["changed"]
    answer = work.json("decision", "accept", made, "--again", "--reason", "a rename only", "--commit")
    assert (answer["status"], bool(answer["reviewed"])) == ("accepted", True)
    body = work.json("decision", "show", made)["body"]
    assert re.search(r"Accepted again on \d{4}-\d\d-\d\d: a rename only", body)
    assert findings(work) == []
    work.commit("more", {"src/a.py": "2\n"})
    [row] = findings(work)
    assert (subjects(row), row["message"]) == (
        ["more"], f"src/a.py changed since {row['accepted_in']['id'][:10]} accepted it again",
    )  # fmt: skip
    assert row["accepted_in"]["subject"].startswith("taskorch: ")


def test_accepting_again_counts_once_it_is_committed_and_can_be_taken_back(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    at = work.head
    work.commit("change", {"src/a.py": "1\n"})
    work.run("decision", "accept", made, "--again")
    assert (kinds(work), len(check(work)["notes"])) == ([], 1)
    work.commit("again")
    first = work.head
    work.commit("more", {"src/a.py": "2\n"})
    work.run("decision", "accept", made, "--again")
    work.commit("and again")
    assert findings(work) == []
    work.git("revert", "--no-edit", "HEAD")
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (first, ["more"])
    work.git("revert", "--no-edit", first)
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (at, ["change", "more"])


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_only_what_is_accepted_is_accepted_again(work: Repo, status: str) -> None:
    made = new_decision(work)
    if status == "rejected":
        work.run("decision", "reject", made)
    before = snapshot(work)
    done = work.run("decision", "accept", made, "--again", "--json", check=False)
    assert (done.code, done.error["message"]) == (1, f"{made} is {status}: it cannot be accepted again")
    assert done.error["hint"]
    assert snapshot(work) == before


def test_accepting_twice_without_saying_so_is_refused_as_ever(work: Repo) -> None:
    made = accepted(work)
    done = work.run("decision", "accept", made, "--json", check=False)
    assert (done.code, "--again" in done.error["hint"]) == (1, True)


# branches, merges, squashes


def test_accepted_on_a_branch_what_the_main_branch_did_meanwhile_counts(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    accepted(work, "src/a.py", "src/b.py")
    at = work.head
    work.git("switch", "--quiet", "main")
    work.commit("meanwhile", {"src/a.py": "m\n"})
    work.git("merge", "--quiet", "--no-edit", "side")
    [row] = findings(work)
    assert (row["governed"], row["accepted_in"]["id"], subjects(row)) == ("src/a.py", at, ["meanwhile"])


def test_what_both_branches_changed_alike_is_as_it_was_accepted(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    work.commit("same", {"src/a.py": "same\n"})
    accepted(work, "src/a.py")
    work.git("switch", "--quiet", "main")
    work.commit("same here", {"src/a.py": "same\n"})
    work.git("merge", "--quiet", "--no-edit", "side")
    assert findings(work) == []


def test_a_squash_that_brings_the_record_accepted_accepts_it(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    made = new_decision(work, "T", "--file", "src/a.py")
    work.commit("propose")
    work.run("decision", "accept", made)
    work.commit("accept")
    work.commit("change on the branch", {"src/a.py": "s\n"})
    assert kinds(work) == ["changed"]
    work.git("switch", "--quiet", "main")
    work.git("merge", "--quiet", "--squash", "side")
    work.commit("squash")
    assert findings(work) == []
    work.commit("later", {"src/a.py": "l\n"})
    assert [subjects(row) for row in findings(work)] == [["later"]]


@pytest.mark.parametrize(("into", "other"), [("main", "side"), ("side", "main")])
def test_a_merge_made_by_hand_is_not_where_it_was_accepted(work: Repo, into: str, other: str) -> None:
    made = new_decision(work, "T", "--file", "src/a.py")
    work.commit("propose")
    work.git("switch", "--quiet", "-c", "side")
    work.run("decision", "accept", made)
    at = work.commit("accept")
    work.git("switch", "--quiet", "main")
    edit(work, made, "^# T$", "# T on main")
    work.commit("meanwhile", {"src/a.py": "m\n"})
    work.git("switch", "--quiet", into)
    work.git("merge", "--quiet", "--no-commit", other, check=False)
    edit(work, made, "^# T on main$", "# T by hand")
    work.commit("merge")
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (at, ["meanwhile"])


def test_a_merge_that_took_the_other_side_has_no_commit_to_tell(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    work.git("switch", "--quiet", "main")
    work.commit("new", {"src/a.py": "new\n"})
    accepted(work, "src/a.py")
    work.git("switch", "--quiet", "side")
    work.commit("side", {"src/b.py": "side\n"})
    work.git("merge", "--quiet", "--no-commit", "main")
    work.git("checkout", "--quiet", "HEAD", "--", "src/a.py")
    work.commit("merge, but keep the old one")
    [row] = findings(work)
    assert (files_of(row), subjects(row)) == (["M src/a.py"], [])


# what governs nothing


def test_a_file_that_was_moved_is_followed(work: Repo) -> None:
    made = accepted(work, "src/a.py", "src/b.py", "src/deep")
    work.git("mv", "src/a.py", "src/moved.py")
    one = work.commit("move")
    work.git("rm", "--quiet", "src/b.py")
    two = work.commit("remove")
    work.git("mv", "src/deep", "lib")
    work.git("mv", "src/moved.py", "again.py")
    work.commit("move on", {"again.py": "src/a.py\n" + LINES + "more\n"})
    rows = {row["governed"]: row for row in findings(work)}
    assert {row["kind"] for row in rows.values()} == {"governs_nothing"}
    assert rows["src/a.py"]["message"] == f"src/a.py was moved to again.py in {work.head[:10]}"
    assert files_of(rows["src/a.py"]) == ["R src/a.py -> again.py"]
    assert one in [commit["id"] for commit in rows["src/a.py"]["commits"]]
    assert rows["src/b.py"]["message"] == f"src/b.py was removed in {two[:10]}"
    assert files_of(rows["src/b.py"]) == ["D src/b.py"]
    assert rows["src/deep"]["message"] == "nothing is left of src/deep: 2 files removed or moved"
    assert files_of(rows["src/deep"]) == ["R src/deep/c.py -> lib/c.py", "R src/deep/d.md -> lib/d.md"]
    assert made in rows["src/a.py"]["hint"]


def test_a_file_that_was_moved_within_its_folder_is_one_change(work: Repo) -> None:
    accepted(work, "src", "src/**/*.md")
    work.git("mv", "src/deep/d.md", "src/e.md")
    work.commit("move", {"src/a.py": "a\n"})
    rows = {row["governed"]: (row["kind"], files_of(row)) for row in findings(work)}
    assert rows == {
        "src": ("changed", ["M src/a.py", "R src/deep/d.md -> src/e.md"]),
        "src/**/*.md": ("changed", ["R src/deep/d.md -> src/e.md"]),
    }


def test_what_never_matched_anything_is_told(work: Repo) -> None:
    accepted(work, "src/nope.py", "src/*.rs", "SRC", "src/a.py/", "app/[id]")
    rows = findings(work)
    assert [(row["kind"], row["governed"]) for row in rows] == [
        ("governs_nothing", entry) for entry in ("src/nope.py", "src/*.rs", "SRC", "app/[id]")
    ]
    assert all(row["files"] == row["commits"] == [] for row in rows)


@pytest.mark.parametrize("implementation", ["planned", "in_progress"])
def test_what_is_still_to_be_made_may_match_nothing(work: Repo, implementation: str) -> None:
    made = accepted(work, "src/nope.py", "src/a.py", commit=False)
    edit(work, made, "^implementation:.*\n", f"implementation: {implementation}\n")
    work.commit("accept")
    assert findings(work) == []
    work.commit("remove", {"src/a.py": None})
    assert [row["governed"] for row in findings(work)] == ["src/a.py"]


def test_a_governed_file_among_our_records_is_compared_and_a_whole_tree_leaves_them_out(work: Repo) -> None:
    accepted(work, ".", "**", ".orchestrator/config.yaml")
    new_decision(work, "Other")
    work.commit("records")
    assert findings(work) == []
    config = work.read(".orchestrator/config.yaml")
    work.commit("config", {".orchestrator/config.yaml": config + "# more\n"})
    assert [row["governed"] for row in findings(work)] == [".orchestrator/config.yaml"]


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


# scopes


def test_named_decisions_and_paths(work: Repo) -> None:
    one = accepted(work, "src/a.py", title="One")
    two = accepted(work, "src/deep/**/*.py", title="Two")
    three = accepted(work, "docs", title="Three")
    work.write(".orchestrator/decisions/d-00000000-bad.md", "bad\n")
    work.commit("all", {"src/a.py": "1\n", "src/deep/c.py": "1\n", "docs/x.md": "1\n"})

    def found(*words: str, cwd: str = ".") -> set[str]:
        done = work.run("decision", "check", *words, "--json", check=False, cwd=cwd)
        return {row["decision"] for row in done.json["findings"]} - {"d-00000000"}

    assert found() == {one, two, three}
    assert found(one[:6], three) == {one, three}
    assert kinds(work, two, two) == ["changed"]
    assert found("--path", "src") == {one, two}
    assert found("--path", "src/deep/c.py") == {two}
    assert found("--path", "a.py", cwd="src") == {one}
    assert found("--path", ".") == {one, two, three}
    assert found("--path", "docs/none/deeper") == {three}
    assert found(one, "--path", "docs") == set()
    assert "unreadable" in kinds(work, "--path", "docs")
    assert work.run("decision", "check", one, "--path", "docs").out == "no decisions to check\n"


def test_unknown_names_are_refused(work: Repo) -> None:
    for words, kind in (
        (["d-zzz"], "not_found"),
        (["--target", "none"], "not_found"),
        (["--path", "../x"], "bad_path"),
    ):
        done = work.run("decision", "check", *words, "--json", check=False)
        assert (done.code, done.error["kind"]) == (1, kind)


def test_target_takes_that_commit_and_its_history_alone(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    accepting = work.head
    changed = work.commit("change", {"src/a.py": "1\n"})
    new_decision(work, "Later", "--file", "none.txt", "--status", "accepted")
    work.run("decision", "deprecate", made)
    work.commit("later")
    assert kinds(work, "--target", accepting) == []
    answer = check(work, "--target", changed[:12])
    assert (answer["target"], answer["commit"], answer["checked"]) == (changed[:12], changed, 1)
    assert [row["decision"] for row in answer["findings"]] == [made]
    assert kinds(work) == ["governs_nothing"]
    work.git("checkout", "--quiet", "--detach", changed)
    assert [row["decision"] for row in findings(work)] == [made]


def test_a_bare_repository_is_checked_at_a_commit(work: Repo) -> None:
    accepted(work, "src/a.py")
    work.commit("change", {"src/a.py": "1\n"})
    bare = work.clone(work.path.parent / "bare", "--bare")
    assert kinds(bare, "--target", "main") == ["changed"]
    assert kinds(bare, "--target", "main", "--path", "docs") == []
    assert bare.run("decision", "check", check=False).code == 1


def test_an_unborn_branch(repo: Repo) -> None:
    repo.run("init")
    repo.write("a.py", "a\n")
    made = new_decision(repo, "T", "--status", "accepted", "--file", "a.py", "--file", "none.py")
    answer = check(repo)
    assert [(row["kind"], row["decision"], row["governed"]) for row in answer["findings"]] == [
        ("governs_nothing", made, "none.py")
    ]
    assert (answer["commit"], len(answer["notes"])) == (None, 1)


def test_without_decisions(project: Repo) -> None:
    answer = check(project)
    assert (answer["checked"], answer["findings"]) == (0, [])
    assert project.run("decision", "check").out == "no decisions to check\n"


def test_a_store_in_a_subfolder(repo: Repo) -> None:
    repo.commit("first", {"pkg/a.py": "a\n"})
    repo.run("init", "--here", cwd="pkg")
    texts = ("--context", "c", "--decision", "d", "--rationale", "[r](../../a.py) [s](../../b.py)")
    repo.run("decision", "new", "T", *texts, "--status", "accepted", "--file", "a.py", cwd="pkg")
    repo.commit("decide")
    repo.commit("change", {"pkg/a.py": "b\n"})
    done = repo.run("decision", "check", "--json", cwd="pkg", check=False)
    assert [(row["kind"], row["governed"], row["names"]) for row in done.json["findings"]] == [
        ("changed", "pkg/a.py", None), ("dead_link", None, "../../b.py"),
    ]  # fmt: skip
    done = repo.run("decision", "check", "--target", "HEAD", "--json", cwd="pkg", check=False)
    assert len(done.json["findings"]) == 2


# what cannot be told


def test_a_shallow_clone_says_what_it_cannot_tell(work: Repo) -> None:
    old, new = accepted(work, "src/a.py"), new_decision(work, "New", "--file", "src/b.py")
    work.commit("propose")
    work.commit("change", {"src/a.py": "1\n"})
    work.run("decision", "accept", new)
    work.commit("accept")
    work.commit("change b", {"src/b.py": "1\n"})
    path = work.path.parent / "shallow"
    work.git("clone", "--quiet", "--depth", "3", f"file://{work.path}", str(path))
    shallow = Repo(path)
    answer = check(shallow)
    assert [row["decision"] for row in answer["findings"]] == [new]
    [note] = answer["notes"]
    assert old in note
    assert "git fetch --unshallow" in note
    shallow.git("fetch", "--quiet", "--unshallow")
    assert {row["decision"] for row in findings(shallow)} == {old, new}
    assert check(shallow)["notes"] == []


@pytest.mark.parametrize("what", ["blob:none", "tree:0"])
def test_a_partial_clone_fetches_nothing_and_says_what_it_lacks(work: Repo, what: str) -> None:
    born = accepted(work, "src/a.py", "docs/x.md")
    made = new_decision(work, "New", "--file", "src/b.py", "--status", "accepted")
    edit(work, made, "^# New$", "# Old")
    work.commit("accept")
    edit(work, made, "^# Old$", "# New")
    work.commit("edit")
    work.git("mv", "docs/x.md", "docs/y.md")
    work.commit("move")
    work.git("mv", "src/a.py", "src/moved.py")
    work.commit("move and edit", {"src/moved.py": f"src/a.py\n{LINES}more\n"})
    work.git("config", "uploadpack.allowFilter", "true")
    path = work.path.parent / "partial"
    work.git("clone", "--quiet", f"--filter={what}", f"file://{work.path}", str(path))
    clone = Repo(path)
    lacking = clone.git("rev-list", "--objects", "--all", "--missing=print")
    answer = check(clone)
    assert clone.git("rev-list", "--objects", "--all", "--missing=print") == lacking
    [note] = answer["notes"]
    assert "git fetch --refetch --no-filter" in note
    assert {(row["kind"], row["decision"]) for row in answer["findings"]} == {("governs_nothing", born)}
    if what == "blob:none":
        assert made in note
        edited, moved = (row["message"] for row in answer["findings"])
        assert "src/a.py was removed in" in edited  # an edited rename is not told without contents
        assert "docs/x.md was moved to docs/y.md in" in moved


# kept by another tool

NYGARD = """# 1. Use argon2id

Date: 2020-01-01
Governs: src/a.py, src/b.py

## Status

Proposed

## Context

It refines [the other](0002-other.md), see [none](0009-none.md).

## Decision Outcome

We do.
"""
MADR = "---\nstatus: accepted\ngoverns: src/deep\n---\n\n# Other\n\n## Decision Outcome\n\nWe do.\n"


@pytest.fixture
def foreign(work: Repo) -> Repo:
    """Two decisions that stay in the folder of another tool."""
    config = work.read(".orchestrator/config.yaml")
    files = {"docs/adr/0001-use.md": NYGARD, "docs/adr/0002-other.md": MADR}
    work.commit("adopt", {".orchestrator/config.yaml": f"{config}\ndecisions: docs/adr\n", **files})
    return work


def test_decisions_of_another_tool_drift_as_well(foreign: Repo) -> None:
    [row] = findings(foreign)
    assert (row["kind"], row["path"], row["names"]) == ("dead_link", "docs/adr/0001-use.md", "0009-none.md")
    text = NYGARD.replace("[none](0009-none.md)", "x").replace("Proposed", "Accepted")
    at = foreign.commit("accept", {"docs/adr/0001-use.md": text})
    foreign.commit("an edit of the text", {"docs/adr/0001-use.md": text.replace("We do.", "We do it.")})
    changes: dict[str, str | bytes | None] = {"src/a.py": "1\n", "src/b.py": None, "src/deep/c.py": "1\n"}
    foreign.commit("change", changes)
    for words in ([], ["--target", "HEAD"]):
        rows = {row["governed"]: row for row in findings(foreign, *words)}
        assert {entry: row["kind"] for entry, row in rows.items()} == {
            "src/a.py": "changed", "src/b.py": "governs_nothing", "src/deep": "changed",
        }  # fmt: skip
        assert rows["src/a.py"]["accepted_in"]["id"] == at
        assert rows["src/deep"]["line"] > 1
    foreign.commit("now it is gone", {"docs/adr/0002-other.md": MADR.replace("accepted", "rejected")})
    relying = [row for row in findings(foreign) if row["kind"] == "relies_on"]
    assert [(row["path"], row["line"]) for row in relying] == [("docs/adr/0001-use.md", 12)]


def test_decisions_of_another_tool_are_accepted_again_where_their_form_can_say_so(foreign: Repo) -> None:
    accepting = NYGARD.replace("Proposed", "Accepted").replace("[none](0009-none.md)", "x")
    foreign.commit("accept", {"docs/adr/0001-use.md": accepting})
    foreign.commit("change", {"src/a.py": "1\n", "src/deep/c.py": "1\n"})
    by_path = {row["path"]: row["decision"] for row in findings(foreign)}
    foreign.run("decision", "accept", by_path["docs/adr/0002-other.md"], "--again")
    assert "status: accepted\nreviewed: 2" in foreign.read("docs/adr/0002-other.md")
    foreign.commit("again")
    assert [row["path"] for row in findings(foreign)] == ["docs/adr/0001-use.md"]
    before = snapshot(foreign)
    done = foreign.run(
        "decision", "accept", by_path["docs/adr/0001-use.md"], "--again", "--json", check=False
    )
    assert (done.code, "has no front matter" in done.error["message"]) == (1, True)
    assert snapshot(foreign) == before


# many


def test_much_is_capped_and_counted(work: Repo) -> None:
    accepted(work, "many")
    for number in range(25):
        work.commit(f"c{number}", {f"many/f{number:02}.txt": "x\n"})
    [row] = findings(work)
    assert (len(row["files"]), row["files_omitted"]) == (20, 5)
    assert (len(row["commits"]), row["commits_omitted"]) == (20, 5)
    assert subjects(row)[-1] == "c24"
    out = work.run("decision", "check", check=False).out
    assert "and 5 more files" in out
    assert "5 older commits" in out


def test_many_decisions_are_told_as_one_by_one_with_as_few_processes(
    work: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = ["src/a.py", "src", "**/*.md", "src/deep/*", "docs/x.md", "src/b.py"]
    made = []
    for number in range(18):
        made.append(accepted(work, entries[number % 6], title=f"D{number}"))
        if number % 4 == 0:
            work.git("switch", "--quiet", "-c", f"side{number}", "HEAD~1")
            work.commit(f"side {number}", {"src/deep/c.py": f"{number}\n"})
            work.git("switch", "--quiet", "main")
            work.git("merge", "--quiet", "--no-edit", f"side{number}")
        work.commit(f"c{number}", {("src/a.py", "docs/x.md", "src/deep/d.md")[number % 3]: f"{number}\n"})
    work.git("mv", "src/b.py", "src/z.py")
    work.commit("move")

    def told(*words: str) -> dict[str, Json]:
        return {row["decision"]: row for row in findings(work, *words)}

    def processes(*words: str) -> int:
        trace = tmp_path / "trace"
        trace.unlink(missing_ok=True)
        work.run("decision", "check", *words, check=False, env={"GIT_TRACE": str(trace)})
        return sum(" git " in line and "trace: built-in" in line for line in trace.read_text().splitlines())

    whole = told()
    assert len(whole) == 18
    assert whole == {name: row for one in made for name, row in told(one).items()}
    assert processes() <= processes(made[0], made[5]) + 2 <= 14
    monkeypatch.setattr("taskorch.services.decisions.acceptance._FEW", 0)
    assert told() == whole


def test_it_only_reads(work: Repo) -> None:
    accepted(work, "src/a.py")
    work.commit("change", {"src/a.py": "1\n"})
    before = snapshot(work, local=True)
    assert kinds(work) == ["changed"]
    assert snapshot(work, local=True) == before
