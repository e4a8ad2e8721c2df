"""``decision check``: governed files that changed since a decision was accepted."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.deciding import (
    BOB,
    LINES,
    Json,
    accepted,
    check,
    edit,
    files_of,
    findings,
    kinds,
    record,
    subjects,
    with_files,
)
from tests.cli.making import new_decision
from tests.cli.snapshots import snapshot
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_files` builds it."""
    return build(with_files)


# what changed


def test_an_accepted_decision_whose_files_are_as_they_were_holds(work: Repo) -> None:
    accepted(work, "src/a.py", "src", "**/*.md")
    work.commit("elsewhere", {"other.txt": "x\n"})
    answer = check(work)
    assert (answer["findings"], answer["notes"], answer["checked"]) == ([], [], 1)
    assert (answer["target"], answer["commit"]) == (None, work.head)
    assert work.run("decision", "check").out == "nothing found in 1 decision\n"


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


def test_the_printed_command_names_what_is_governed_now(work: Repo) -> None:
    work.commit("odd", {"src/it's.py": LINES})
    one = accepted(work, "src/a.py")
    two = new_decision(work, "Other", "--status", "accepted", "--file", "src/it's.py")
    work.commit("other")
    work.git("mv", "src/a.py", "src/-a b.py")
    work.git("mv", "src/it's.py", "docs/it's.py")
    work.commit("move both")
    rows = findings(work)
    assert {row["decision"] for row in rows} == {one, two}
    for row in rows:
        commands = [shlex.split(part) for part in row["hint"].split(", then ")]
        assert [words[:3] for words in commands] == [
            ["taskorch", "decision", "edit"],
            ["taskorch", "decision", "accept"],
        ]
        for words in commands:
            work.run(*words[1:], cwd="docs")
    work.commit("both hold")
    assert findings(work) == []


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
