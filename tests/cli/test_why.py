"""``why``: line to commit to claim to task to decision, through renames, squashes and rebases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import new_decision, new_task, started, task_file
from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo, Result

Json = dict[str, Any]
BASE = "".join(f"base line number {number} of the file\n" for number in range(1, 13))


def why(repo: Repo, place: str, *options: str) -> Json:
    return repo.json("why", place, *options)


def tasks(answer: Json) -> list[tuple[str, str, str | None]]:
    """Id, via and by of the tasks of the first commit."""
    return [(one["id"], one["via"], one["by"]) for one in answer["commits"][0]["tasks"]]


def refused(done: Result) -> Json:
    assert done.code == 1
    assert done.error["hint"]
    return done.error


def worked(repo: Repo, title: str, files: dict[str, str | bytes | None], *options: str) -> str:
    """A task whose work and records are two commits."""
    task = started(repo, title, *options)
    repo.commit(f"work on {title}", files)
    repo.run("task", "complete", task, "--results", "done")
    repo.commit(f"records of {title}")
    return task


def squashed(repo: Repo, branch: str = "feature") -> str:
    """The branch's work as one commit on main, the branch deleted and its objects gone."""
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", branch)
    repo.git("commit", "--quiet", "-m", "squashed (#1)")
    repo.git("branch", "--quiet", "-D", branch)
    return repo.head


def with_base(repo: Repo) -> None:
    start_project(repo)
    repo.commit("base", {"a.py": BASE})


@pytest.fixture
def based(build: Build) -> Repo:
    """A project with ``a.py`` of twelve lines."""
    return build(with_base)


def inserted(text: str, after: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:after], line, *lines[after:]])


FIRST = inserted(BASE, 2, "the first task wrote this line\n")
SECOND = inserted(FIRST, 9, "the second task wrote this line\n")


def two_tasks(repo: Repo) -> None:
    """Two tasks on a branch change the same file; both are squashed, and seen from a fresh clone."""
    with_base(repo)
    repo.git("switch", "--quiet", "-c", "feature")
    worked(repo, "First", {"a.py": FIRST})
    worked(repo, "Second", {"a.py": SECOND})
    squashed(repo)


@pytest.fixture
def squash(build: Build) -> Repo:
    """A fresh clone of what `two_tasks` builds: nothing of the branch is in it."""
    repo = build(two_tasks)
    return repo.clone(repo.path.parent / "clone")


def ids_of(repo: Repo) -> dict[str, str]:
    return {one["title"]: one["id"] for one in repo.json("task", "list")["tasks"]}


def test_a_line_leads_to_commit_claim_task_and_decision(based: Repo) -> None:
    task = started(based, "Add login")
    decision = new_decision(based, "Use argon2id", "--task", task, "--status", "accepted")
    governing = new_decision(based, "All in a.py", "--file", "a.py", "--no-task")
    based.run("track", "--why", "the new form", "--task", task, check=False)
    based.commit("work", {"a.py": FIRST})
    based.run("track", "a.py", "--why", "the new form")
    based.run("task", "complete", task, "--results", "done")
    answer = why(based, "a.py:3")
    [commit] = answer["commits"]
    assert (commit["id"], commit["role"], commit["line"]) == (based.head, "wrote", 3)
    assert answer["text"] == "the first task wrote this line"
    [found] = commit["tasks"]
    assert (found["id"], found["via"], found["by"]) == (task, "content", "line")
    assert found["claims"] == [{"path": "a.py", "op": "modify", "from": None, "why": "the new form"}]
    assert answer["tasks"] == [{"id": task, "title": "Add login", "status": "completed", "unreadable": False}]
    told = {one["id"]: (one["stands"], one["tasks"], one["governs"]) for one in answer["decisions"]}
    assert told == {decision: (True, [task], []), governing: (True, [], ["a.py"])}
    assert {one["rationale"] for one in answer["decisions"]} == {"memory-hard"}


def test_a_squash_of_two_tasks_tells_the_lines_apart(squash: Repo) -> None:
    titles = ids_of(squash)
    assert tasks(why(squash, "a.py:3")) == [(titles["First"], "content", "line")]
    assert tasks(why(squash, "a.py:10")) == [(titles["Second"], "content", "line")]
    [both] = [row for row in why(squash, "a.py")["commits"] if row["subject"] == "squashed (#1)"]
    assert [one["id"] for one in both["tasks"]] == [titles["First"], titles["Second"]]


def test_the_joined_claims_of_several_sessions_are_one(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    task = started(based, "Long")
    based.commit("half", {"a.py": FIRST})
    based.run("session", "end")
    based.run("session", "start", "--task", task)
    based.commit("whole", {"a.py": SECOND})
    based.run("task", "complete", task, "--results", "r")
    based.commit("records")
    squashed(based)
    for place in ("a.py:3", "a.py:10"):
        [found] = why(based, place)["commits"][0]["tasks"]
        assert (found["id"], found["by"]) == (task, "line")
        assert [(one["path"], one["op"]) for one in found["claims"]] == [("a.py", "modify")]


def test_a_squash_after_others_changed_the_same_file(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    task = worked(based, "Mine", {"a.py": FIRST})
    based.git("switch", "--quiet", "main")
    based.commit("others", {"a.py": inserted(BASE, 11, "somebody else wrote this\n")})
    commit = squashed(based)
    answer = why(based, "a.py:3")
    assert (answer["commits"][0]["id"], tasks(answer)) == (commit, [(task, "content", "line")])
    [row] = [one for one in why(based, "a.py")["commits"] if one["id"] == commit]
    assert [(one["id"], one["by"]) for one in row["tasks"]] == [(task, "change")]
    others = why(based, "a.py:13")
    assert others["commits"][0]["subject"] == "others"
    assert tasks(others) == []


def test_a_rebased_commit_is_found_by_content(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    task = worked(based, "Mine", {"a.py": FIRST})
    based.git("switch", "--quiet", "main")
    based.commit("others", {"b.py": "b\n"})
    based.git("rebase", "--quiet", "main", "feature")
    based.git("switch", "--quiet", "main")
    based.git("merge", "--quiet", "--ff-only", "feature")
    answer = why(based, "a.py:3")
    assert answer["commits"][0]["subject"] == "work on Mine"
    assert tasks(answer) == [(task, "content", "line")]


def test_a_line_is_asked_for_under_the_file_s_new_name(squash: Repo) -> None:
    squash.git("mv", "a.py", "lib.py")
    squash.commit("renamed")
    answer = why(squash, "lib.py:3")
    [commit] = answer["commits"]
    assert (commit["subject"], commit["path"], commit["line"]) == ("squashed (#1)", "a.py", 3)
    assert tasks(answer) == [(ids_of(squash)["First"], "content", "line")]
    assert [row["path"] for row in why(squash, "lib.py")["commits"]] == ["lib.py", "a.py", "a.py"]


def test_a_rename_within_the_squash_leads_to_the_one_who_wrote(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    first = worked(based, "First", {"a.py": FIRST})
    second = started(based, "Second")
    based.git("mv", "a.py", "b.py")
    based.commit("moved")
    based.run("task", "complete", second, "--results", "r")
    based.commit("records")
    squashed(based)
    clone = based.clone(based.path.parent / "clone")
    assert tasks(why(clone, "b.py:3")) == [(first, "content", "line")]
    [row] = [one for one in why(clone, "b.py")["commits"] if one["subject"] == "squashed (#1)"]
    assert [one["id"] for one in row["tasks"]] == [first, second]
    assert row["tasks"][1]["claims"] == [{"path": "b.py", "op": "move", "from": "a.py", "why": None}]


def test_lines_moved_to_another_file_tell_who_wrote_and_who_moved(based: Repo) -> None:
    block = "".join(f"a function that was written in its first place {n}\n" for n in range(4))
    wrote = worked(based, "Wrote", {"a.py": BASE + block})
    moved = worked(based, "Moved", {"a.py": BASE, "b.py": block})
    answer = why(based, "b.py:2")
    told = [(row["role"], row["path"], row["line"], row["tasks"][0]["id"]) for row in answer["commits"]]
    assert told == [("wrote", "a.py", 14, wrote), ("moved", "b.py", 2, moved)]
    out = based.run("why", "b.py:2").out
    assert "written in " in out
    assert "as a.py:14" in out
    assert "moved here in " in out


def test_a_line_from_before_taskorch(repo: Repo) -> None:
    first = repo.commit("long ago", {"a.py": BASE})
    repo.run("init")
    repo.commit("store")
    answer = why(repo, "a.py:1")
    assert (answer["commits"][0]["id"], tasks(answer)) == (first, [])
    assert answer["notes"] == ["no task is recorded for this commit: it has no taskorch store yet"]
    repo.commit("by nobody", {"a.py": FIRST})
    assert why(repo, "a.py:3")["notes"] == ["no task is recorded for this commit"]


def test_without_claims_the_record_or_the_trailer_tells_and_says_so(based: Repo) -> None:
    task, other = new_task(based, "One"), new_task(based, "Other")
    based.commit("plan")
    based.run("task", "edit", task, "--priority", "high")
    based.commit("with its record", {"a.py": FIRST})
    assert tasks(why(based, "a.py:3")) == [(task, "record", None)]
    based.commit(f"with a trailer\n\nTask: {other}", {"a.py": SECOND})
    assert tasks(why(based, "a.py:10")) == [(other, "trailer", None)]
    assert "the commit's message names it" in based.run("why", "a.py:10").out
    for one in (task, other):
        based.run("task", "edit", one, "--assignee", "Bob")
    based.commit("both", {"a.py": SECOND + "by one of the two\n"})
    answer = why(based, "a.py:15")
    assert sorted(tasks(answer)) == sorted([(task, "record", None), (other, "record", None)])
    assert {one["shared"] for one in answer["commits"][0]["tasks"]} == {True}


def test_a_merge_commit_of_two_tasks(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    first = worked(based, "First", {"a.py": FIRST})
    based.git("switch", "--quiet", "main")
    second = worked(based, "Second", {"a.py": inserted(BASE, 11, "the second task wrote this line\n")})
    based.git("merge", "--quiet", "--no-ff", "-m", "merged", "feature")
    assert tasks(why(based, "a.py:3")) == [(first, "content", "line")]
    assert tasks(why(based, "a.py:13")) == [(second, "content", "line")]


def test_a_line_that_a_merge_itself_wrote_is_of_the_merge(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    task = worked(based, "First", {"a.py": FIRST})
    based.git("switch", "--quiet", "main")
    based.commit("main goes on", {"b.py": "b\n"})
    based.git("merge", "--quiet", "--no-ff", "--no-commit", "feature")
    based.commit("evil merge", {"a.py": FIRST + "only the merge has this\n"})
    answer = why(based, "a.py:14")
    # no claim has it: the merge that brought the task's record is all that tells
    assert (answer["commits"][0]["subject"], tasks(answer)) == ("evil merge", [(task, "record", None)])


def test_what_is_not_committed_names_the_task_that_is_at_work(based: Repo) -> None:
    task = started(based)
    based.write("a.py", FIRST)
    based.write("new.py", "a line\n")
    for place in ("a.py:3", "new.py:1", "new.py"):
        answer = why(based, place)
        assert (answer["committed"], answer["commits"]) == (False, []), place
        assert [(one["id"], one["via"]) for one in answer["pending"]] == [(task, "session")], place
    assert "not committed yet" in based.run("why", "a.py:3").out
    assert why(based, "a.py:1")["committed"] is True


def test_what_is_not_committed_and_in_no_session_is_said_so(based: Repo) -> None:
    based.write("a.py", FIRST)
    answer = why(based, "a.py:3")
    assert (answer["committed"], answer["pending"]) == (False, [])
    assert "no active task claims this file" in answer["notes"][0]
    assert why(based, "a.py:3", "--at", "HEAD")["text"] == "base line number 3 of the file"


def test_a_staged_rename_is_followed(based: Repo) -> None:
    based.git("mv", "a.py", "b.py")
    answer = why(based, "b.py:1")
    assert (answer["commits"][0]["subject"], answer["commits"][0]["path"]) == ("base", "a.py")


@pytest.mark.parametrize("place", ["a.py:0", "a.py:13", "a.py:999999999", "none.py:1", "none.py", "src:3"])
def test_no_such_place_is_refused_with_a_hint(based: Repo, place: str) -> None:
    based.commit("folder", {"src/b.py": "b\n"})
    before = snapshot(based)
    error = refused(based.run("why", place, "--json", check=False))
    if place == "a.py:13":
        assert (error["message"], error["hint"]) == ("a.py has 12 lines", "name one from 1 to 12")
    assert snapshot(based) == before


def test_a_binary_file_has_no_lines_but_a_history(based: Repo) -> None:
    task = worked(based, "Image", {"logo.png": b"\x89PNG\0\0\n\0line\n"})
    assert "binary" in refused(based.run("why", "logo.png:1", "--json", check=False))["message"]
    assert tasks(why(based, "logo.png")) == [(task, "content", "content")]


def test_an_empty_file_has_no_lines(based: Repo) -> None:
    based.commit("empty", {"empty": ""})
    assert refused(based.run("why", "empty:1", "--json", check=False))["message"] == "empty has 0 lines"


def test_a_removed_file_is_told_from_history(based: Repo) -> None:
    first = worked(based, "First", {"a.py": FIRST})
    gone = worked(based, "Gone", {"a.py": None})
    removal = based.git("rev-parse", "HEAD~1")
    answer = why(based, "a.py")
    assert [one["id"] for row in answer["commits"] for one in row["tasks"]] == [gone, first]
    assert answer["notes"] == [f"{removal[:10]} removed it"]
    error = refused(based.run("why", "a.py:3", "--json", check=False))
    assert f"{removal[:10]} removed it" in error["message"]
    assert tasks(why(based, "a.py:3", "--at", f"{removal}^")) == [(first, "content", "line")]
    based.commit("again", {"a.py": BASE})
    based.git("mv", "a.py", "b.py")
    based.commit("renamed")
    assert why(based, "a.py")["notes"] == [f"{based.head[:10]} moved it to b.py"]


def test_globs_govern_in_why_and_recover(based: Repo) -> None:
    task = worked(based, "Deep", {"src/deep/y.py": "y\n"})
    globs = ["src/**/*.py", "*/deep", "src/*.py", "**/*.md"]
    made = {glob: new_decision(based, f"Of {number}") for number, glob in enumerate(globs)}
    for glob, decision in made.items():
        path = based.path / str(based.json("decision", "show", decision)["path"])
        path.write_text(path.read_text().replace("governs:\n", f"governs:\n  - path: '{glob}'\n"))
    told = {one["id"]: one["governs"] for one in why(based, "src/deep/y.py")["decisions"]}
    assert told == {made[glob]: [glob] for glob in globs[:2]}
    package = based.json("recover", task)["recovery_package"]
    assert {one["id"] for one in package["key_decisions"]} == {made[glob] for glob in globs[:2]}


def test_a_folder_shows_what_is_below_it_and_says_what_it_leaves_out(based: Repo) -> None:
    for number in range(12):
        based.commit(f"c{number}", {"src/deep/x.py": f"{number}\n", "srcs/other.py": f"{number}\n"})
    task = worked(based, "Deep", {"src/deep/y.py": "y\n", "src/z.py": "z\n", "srcs/z.py": "z z\n"})
    decision = new_decision(based, "Deep only", "--file", "src/deep")
    above = new_decision(based, "All of src", "--file", "src/")
    for number in range(12):
        based.commit(f"d{number}", {"src/deep/x.py": f"later {number}\n"})
    answer = why(based, "src")
    assert (answer["kind"], len(answer["commits"]), answer["omitted"]) == ("folder", 20, 5)
    [row] = [one for one in answer["commits"] if one["tasks"]]
    assert [one["path"] for one in row["tasks"][0]["claims"]] == ["src/deep/y.py", "src/z.py"]
    assert row["tasks"][0]["id"] == task
    assert {one["id"] for one in answer["decisions"]} == {decision, above}
    of_the_file = why(based, "src/deep/x.py")["decisions"]
    assert {one["id"]: one["governs"] for one in of_the_file} == {decision: ["src/deep"], above: ["src"]}
    assert "and 5 older commits" in based.run("why", "src").out
    assert why(based, "src/deep/x.py")["omitted"] == 4


def test_a_file_that_is_named_with_a_colon_wins(based: Repo) -> None:
    based.commit("odd", {"a.py:3": "x\ny\nz\n", "b:1:2": "q\nr\n"})
    assert (why(based, "a.py:3")["kind"], why(based, "a.py:3")["path"]) == ("file", "a.py:3")
    assert why(based, "a.py:3:2")["text"] == "y"
    assert why(based, "b:1:2:2")["text"] == "r"
    assert why(based, "a.py:4:17")["text"] == "base line number 4 of the file"
    based.write("later:1", "on disk only\n")
    assert why(based, "later:1")["kind"] == "file"


NAMES = [
    "--all", "-x y", ":(top)a", "*.py", "a\nb", "a\tb", 'q"uote', "back\\slash", "é", "\udce9", "[x]", "$(x)",
    "a -> b", "\x1b[31m",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name(based: Repo, name: str) -> None:
    task = worked(based, "Odd", {f"src/{name}": BASE, name: BASE.upper()})
    for place in (f"src/{name}", name):
        assert tasks(why(based, f"./{place}:2")) == [(task, "content", "line")]
        assert tasks(why(based, f"./{place}")) == [(task, "content", "content")]
    out = based.run("why", f"./{name}:2").out
    assert not {"\x1b", "\t"} & set(out)
    based.git("mv", f"src/{name}", "plain")
    based.commit("renamed")
    assert why(based, "plain:2")["commits"][0]["path"] == f"src/{name}"
    assert f"src/{name}" in [row["path"] for row in why(based, "plain")["commits"]]


def test_settings_and_attributes_of_the_user_change_nothing(squash: Repo) -> None:
    expected = why(squash, "a.py:3")
    squash.write("ignored-revs", squash.head + "\n")
    for name, value in {
        "blame.ignoreRevsFile": "ignored-revs", "blame.showRoot": "false", "blame.blankBoundary": "true",
        "blame.markIgnoredLines": "true", "blame.date": "relative", "blame.coloring": "highlightRecent",
        "diff.algorithm": "patience", "diff.shout.textconv": "tr a-z A-Z <", "core.quotePath": "true",
        "diff.renames": "false", "color.ui": "always", "log.showSignature": "true",
    }.items():  # fmt: skip
        squash.git("config", name, value)
    squash.write(".git/info/attributes", "*.py diff=shout\n")
    assert why(squash, "a.py:3") == expected
    squash.git("config", "blame.ignoreRevsFile", "not/there")
    assert why(squash, "a.py:3") == expected


def test_carriage_returns_are_the_content_s(based: Repo) -> None:
    task = worked(based, "Windows", {"w.txt": "one\r\ntwo\r\n"})
    answer = why(based, "w.txt:2")
    assert (answer["text"], tasks(answer)) == ("two", [(task, "content", "line")])
    based.git("config", "core.autocrlf", "true")
    based.write("a.py", FIRST.replace("\n", "\r\n"))
    assert why(based, "a.py:1")["committed"] is True
    assert why(based, "a.py:3")["committed"] is False


def test_an_unborn_branch(repo: Repo) -> None:
    repo.run("init")
    repo.write("a.py", BASE)
    assert why(repo, "a.py:1")["committed"] is False
    refused(repo.run("why", "none.py", "--json", check=False))
    assert why(repo, ".")["commits"] == []


def test_a_bare_repository_answers_with_at(squash: Repo) -> None:
    bare = squash.clone(squash.path.parent / "bare", "--bare")
    assert tasks(why(bare, "a.py:3", "--at", "HEAD")) == tasks(why(squash, "a.py:3"))
    assert "--at" in refused(bare.run("why", "a.py:3", "--json", check=False))["hint"]


def test_a_shallow_clone_says_that_it_was_before(squash: Repo) -> None:
    squash.commit("later", {"b.py": "b\n"})
    shallow = Repo(squash.path.parent / "shallow")
    squash.git("clone", "--quiet", "--depth=1", f"file://{squash.path}", str(shallow.path))
    answer = why(shallow, "a.py:1")
    assert answer["commits"][0]["cut_off"] is True
    assert "before this shallow history begins" in answer["notes"][0]
    assert tasks(answer) == []
    assert "shallow" in shallow.run("why", "a.py").out


def test_from_a_folder_below_paths_are_of_there(based: Repo) -> None:
    based.commit("deep", {"src/b.py": "b\n"})
    assert based.run("why", "b.py:1", "--json", cwd="src").json["path"] == "src/b.py"
    assert based.run("why", "../a.py:1", "--json", cwd="src").json["path"] == "a.py"
    refused(based.run("why", "../a.py:1", "--json", check=False))


def test_a_decision_that_no_longer_stands_is_told_so(based: Repo) -> None:
    old = new_decision(based, "Old", "--file", "a.py", "--status", "accepted")
    new = new_decision(based, "New", "--status", "accepted")
    based.run("decision", "supersede", old, "--by", new)
    [decision] = why(based, "a.py:1")["decisions"]
    assert (decision["stands"], decision["superseded_by"]) == (False, [new])
    assert f"superseded  Old  (by {new}; it no longer stands)" in based.run("why", "a.py:1").out


def test_texts_of_records_are_made_visible(based: Repo) -> None:
    task = worked(based, "Evil", {"a.py": inserted(BASE, 2, "a\x1b]0;title\x07 line\n")})
    path = task_file(based, task)
    path.write_text(path.read_text().replace("title: Evil", 'title: "Evil\\u001b[2J\\u202e"'))
    out = based.run("why", "a.py:3").out
    assert not {"\x1b", "\u202e", "\x07"} & set(out)


def mixed_on_main(repo: Repo, title: str, text: str) -> str:
    """A task whose change is squashed, not committed yet: what is added then makes its content nobody's."""
    repo.git("switch", "--quiet", "-c", "feature")
    task = worked(repo, title, {"a.py": text})
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "feature")
    repo.git("branch", "--quiet", "-D", "feature")
    return task


def test_a_squash_mixed_with_other_changes_is_told_by_its_line(based: Repo) -> None:
    task = mixed_on_main(based, "Mine", FIRST)
    based.commit("squashed and edited", {"a.py": FIRST + "the merger added this line\n"})
    clone = based.clone(based.path.parent / "clone")
    assert tasks(why(clone, "a.py:3")) == [(task, "content", "line")]
    # only the commit's record tells of the other, and it says so
    assert tasks(why(clone, "a.py:14")) == [(task, "record", None)]


def test_a_squash_mixed_with_other_changes_is_told_by_the_lines_of_its_claim(based: Repo) -> None:
    many = FIRST + "".join(f"one more line of the task, number {number}\n" for number in range(6))
    task = mixed_on_main(based, "Mine", many)
    commit = based.commit("squashed and edited", {"a.py": "the merger added this line\n" + many})
    [row] = [one for one in why(based, "a.py")["commits"] if one["id"] == commit]
    assert [(one["id"], one["via"], one["by"]) for one in row["tasks"]] == [(task, "content", "lines")]


def test_a_line_written_again_is_not_that_of_a_claim_that_landed_elsewhere(based: Repo) -> None:
    worked(based, "Wrote it first", {"a.py": FIRST})
    based.commit("gone again", {"a.py": BASE})
    based.commit("by somebody else", {"a.py": "new top line\n" + FIRST})
    answer = why(based, "a.py:4")
    assert (answer["commits"][0]["subject"], tasks(answer)) == ("by somebody else", [])


def test_a_file_deleted_twice_is_of_the_task_that_deleted_that_content(based: Repo) -> None:
    first = worked(based, "First", {"a.py": None})
    based.commit("back", {"a.py": FIRST})
    based.commit("deleted by nobody", {"a.py": None})
    by_subject = {
        row["subject"]: [one["id"] for one in row["tasks"]] for row in why(based, "a.py")["commits"]
    }
    assert by_subject["work on First"] == [first]
    assert by_subject["deleted by nobody"] == []


def test_what_git_would_not_take_is_no_file_here(based: Repo, tmp_path: Path) -> None:
    inner = Repo.init(tmp_path / "inner")
    inner.commit("theirs", {"a.txt": "a\n"})
    based.git("submodule", "--quiet", "add", str(inner.path), "sub")
    based.commit("submodule")
    os.mkfifo(based.path / "pipe")
    for place in ("sub:1", "sub/a.txt:1", "sub/a.txt", "pipe", "pipe:1"):
        refused(based.run("why", place, "--json", check=False))
    assert why(based, "sub")["commits"][0]["subject"] == "submodule"


def test_a_file_with_conflicts_and_one_outside_a_sparse_checkout(based: Repo) -> None:
    based.git("switch", "--quiet", "-c", "feature")
    task = worked(based, "Mine", {"c.txt": "mine\n", "src/b.py": "b\n"})
    based.git("switch", "--quiet", "main")
    based.commit("theirs", {"c.txt": "theirs\n"})
    based.git("merge", "--quiet", "feature", check=False)
    lines = based.read("c.txt").splitlines()
    assert why(based, f"c.txt:{lines.index('theirs') + 1}")["commits"][0]["subject"] == "theirs"
    assert why(based, f"c.txt:{lines.index('mine') + 1}")["commits"][0]["subject"] == "work on Mine"
    assert why(based, "c.txt:1")["committed"] is False
    based.git("merge", "--abort")
    based.git("merge", "--quiet", "--strategy=ours", "feature")
    based.git("checkout", "--quiet", "feature")
    based.git("sparse-checkout", "set", "--no-cone", "/*", "!/src/")
    answer = why(based, "src/b.py:1")
    assert (tasks(answer), answer["notes"]) == ([(task, "content", "line")], ["not on disk: this is of HEAD"])


def test_work_that_went_on_after_others_was_merged_in_is_found_whole(based: Repo) -> None:
    """The first session's content was on the branch alone: the squash has it merged and gone on from."""
    based.git("switch", "--quiet", "-c", "feature")
    task = started(based, "Long")
    based.commit("half", {"a.py": FIRST})
    based.run("session", "end")
    based.run("commit")
    based.git("switch", "--quiet", "main")
    based.commit("others", {"a.py": inserted(BASE, 11, "somebody else wrote this\n")})
    based.git("switch", "--quiet", "feature")
    based.git("merge", "--quiet", "--no-edit", "main")
    based.run("session", "start", "--task", task)
    merged = based.read("a.py")
    based.commit("whole", {"a.py": inserted(merged, 1, "written in the second session\n")})
    based.run("task", "complete", task, "--results", "r")
    based.run("commit")
    squashed(based)
    clone = based.clone(based.path.parent / "clone")
    for line, text in ((2, "written in the second session"), (4, "the first task wrote this line")):
        answer = why(clone, f"a.py:{line}")
        assert answer["text"] == text
        assert (answer["commits"][0]["subject"], tasks(answer)) == (
            "squashed (#1)",
            [(task, "content", "line")],
        )
    assert why(clone, "a.py:14")["commits"][0]["subject"] == "others"


def test_a_bracket_that_somebody_else_adds_is_nobody_s_claim(based: Repo) -> None:
    task = started(based, "Bracket")
    based.commit("bracket", {"a.py": BASE + "}\n"})
    based.run("task", "complete", task, "--results", "r")
    based.commit("records")
    based.commit("other", {"a.py": inserted(BASE, 3, "}\n") + "}\n"})
    by_subject = {
        row["subject"]: [one["id"] for one in row["tasks"]] for row in why(based, "a.py")["commits"]
    }
    assert (by_subject["bracket"], by_subject["other"]) == ([task], [])
