"""``decision check``: of which decisions, in which commit, in which clones and folders."""

from __future__ import annotations

import pytest

from tests.cli.deciding import LINES, accepted, check, edit, findings, kinds, subjects, with_files
from tests.cli.making import new_decision
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_files` builds it."""
    return build(with_files)


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


def test_decisions_of_another_tool_are_accepted_again_in_their_form(foreign: Repo) -> None:
    accepting = NYGARD.replace("Proposed", "Accepted").replace("[none](0009-none.md)", "x")
    foreign.commit("accept", {"docs/adr/0001-use.md": accepting})
    foreign.commit("change", {"src/a.py": "1\n", "src/deep/c.py": "1\n"})
    by_path = {row["path"]: row["decision"] for row in findings(foreign)}
    for path in ("docs/adr/0002-other.md", "docs/adr/0001-use.md"):
        foreign.run("decision", "accept", by_path.pop(path), "--again", "--reason", "looked at it")
        assert "looked at it" in foreign.read(path)
        foreign.commit("again")
        assert [row["path"] for row in findings(foreign)] == list(by_path)
    foreign.commit("more", {"src/a.py": "2\n"})
    [row] = findings(foreign)
    assert subjects(row) == ["more"]
    assert row["message"].endswith("accepted it again")
