"""``stream complete``: as honest as ``task complete``, and it tells what the changes really hold."""

from __future__ import annotations

from typing import Any

import pytest

from taskorch.errors import GitFailed
from tests.cli.making import new_task, started, status_of
from tests.cli.snapshots import snapshot
from tests.cli.test_machine import as_anyone
from tests.cli.test_read_only_git import read_only
from tests.repos import Repo

Json = dict[str, Any]


def complete(repo: Repo, stream: str, task: str, *words: str) -> Json:
    return repo.json("stream", "complete", stream, task, "--results", "done", *words)


def analysed(repo: Repo, stream: str, task: str, kind: str | None = None) -> Json:
    """What the analysis of a kind found, the findings with it."""
    found = complete(repo, stream, task)["analysis"]
    assert found["kind"] == (kind or stream)
    parts = {name for name in ("documentation", "testing", "implementation") if found[name] is not None}
    assert parts == {found["kind"]} - {"files"}
    part = found[found["kind"]] if parts else {}
    return {**part, "findings": found["findings"], "rest": found["not_analysed"]}


def spelt(rows: list[Json]) -> list[str]:
    return [f"{row['path']}::{row['test']}" for row in rows]


def test_it_completes_as_task_complete_does_and_refuses_what_that_refuses(project: Repo) -> None:
    task = new_task(project, "T", "--accept", "it works")
    project.run("task", "start", task)
    project.write("docs/a.md", "# A\n")
    before = snapshot(project, local=True)
    words = ("stream", "complete", "documentation", task, "--results", "r", "--artifact", "none.md", "--json")
    done = project.run(*words, check=False)
    assert done.code == 1
    assert done.error["reasons"] == [
        "criterion 1 is not ticked: it works", "the artifact none.md does not exist",
    ]  # fmt: skip
    unknown = project.run("stream", "complete", "docs", task, "--results", "r", "--json", check=False)
    assert (unknown.code, unknown.error["kind"]) == (1, "not_found")
    assert snapshot(project, local=True) == before
    answer = complete(project, "documentation", task, "--force", "urgent", "--artifact", "docs/a.md")
    assert (answer["task_id"], answer["status"], answer["forced"]) == (task, "completed", "urgent")
    assert answer["verification"]["text"] == "on disk 1/1, landed 0/1: commit to land"
    assert answer["work_stream_type"] == "documentation"
    assert status_of(project, task) == "completed"
    assert project.json("task", "show", task)["artifacts"] == ["docs/a.md"]


def test_it_commits_the_records_where_it_is_asked_to(project: Repo) -> None:
    task = started(project)
    assert complete(project, "implementation", task, "--commit")["commit"]["commit"] == project.head


def test_a_task_that_stays_active_is_analysed_as_well(project: Repo) -> None:
    task = started(project)
    project.write("a.md", "# A\n")
    answer = complete(project, "documentation", task, "--next-action", "needs_revision")
    assert answer["status"] == "active"
    assert answer["analysis"]["documentation"]["pages"][0]["headings_added"] == ["A"]


def test_pages_headings_and_links(project: Repo) -> None:
    old = "# Guide\n\n## Install\n\n## Use\n\n[gone before](lost.md)\n"
    project.commit("docs", {"docs/guide.md": old, "docs/img.png": b"\0", "docs/old.md": "# Old\n"})
    task = started(project)
    page = "# Guide\n\n## Set up\n\n## Use\n\n[gone before](lost.md)\n\n"
    page += "[root](../README.md) [picture](img.png) [folder](.) [here](#use) [new](new.md#part-two)\n"
    page += "[bad](nowhere.md) ![bad](no.png) [bad](#install) [bad](new.md#part-three)\n"
    page += "`[code](no.md)` [web](https://example.org) [absolute](/x.md) [outside](../../x.md)\n"
    project.write("docs/guide.md", page)
    project.write("docs/new.md", "# New\n\n## Part two\n")
    project.git("rm", "--quiet", "docs/old.md")
    found = analysed(project, "documentation", task)
    assert found["pages"] == [
        {"path": path, "from": None, "op": op, "headings_added": came, "headings_removed": went}
        for path, op, came, went in (
            ("docs/guide.md", "modify", ["Set up"], ["Install"]),
            ("docs/new.md", "create", ["New", "Part two"], []),
            ("docs/old.md", "delete", [], ["Old"]),
        )
    ]
    assert [(row["line"], row["target"], row["why"], row["added"]) for row in found["broken_links"]] == [
        (7, "lost.md", "no such file", False),
        (10, "nowhere.md", "no such file", True),
        (10, "no.png", "no such file", True),
        (10, "#install", "no such heading", True),
        (10, "new.md#part-three", "no such heading", True),
    ]
    assert (found["links"], found["links_not_checked"]) == (13, 3)
    assert "docs/guide.md:10: nowhere.md: no such file" in found["findings"]
    assert found["broken_elsewhere"] == []


def test_links_of_other_pages_to_what_was_taken_away(project: Repo) -> None:
    readme = "[a](docs/a.md) [b](docs/b.md#use) [c](docs/b.md#more) [d](docs/c.md)\n"
    b = "# B\n\n## Use\n\n## More\n\n[up](../README.md#none)\n"
    pages = {"README.md": readme, "docs/a.md": "# A\n", "docs/b.md": b, "docs/c.md": "# C\n\nlong enough\n"}
    project.commit("docs", {**pages, "other.md": "[x](elsewhere.md) a.md in words\n"})
    task = started(project)
    project.git("rm", "--quiet", "docs/a.md")
    project.git("mv", "docs/c.md", "docs/moved.md")
    project.write("docs/b.md", b.replace("## Use", "## Usage"))
    found = analysed(project, "documentation", task)
    assert [(row["path"], row["line"], row["target"], row["why"]) for row in found["broken_elsewhere"]] == [
        ("README.md", 1, "docs/a.md", "no such file"),
        ("README.md", 1, "docs/b.md#use", "no such heading"),
        ("README.md", 1, "docs/c.md", "no such file"),
    ]
    assert [row["target"] for row in found["broken_links"]] == ["../README.md#none"]
    assert found["pages"][2]["from"] == "docs/c.md"


def test_a_link_to_what_git_ignores_and_pages_that_are_no_markdown(project: Repo) -> None:
    project.commit("ignore", {".gitignore": "build/\n"})
    task = started(project)
    project.write("build/out.md", "# Out\n")
    project.write(
        "docs/a.md", "[out](build/out.md) [out](../build/out.md) [page](guide) [page](guide.html)\n"
    )
    project.write("docs/guide.md", "# G\n")
    project.write("docs/b.rst", "B\n=\n")
    project.write("src/a.py", "a = 1\n")
    found = analysed(project, "documentation", task)
    assert [(row["target"], row["why"]) for row in found["broken_links"]] == [
        ("build/out.md", "no such file"),
        ("../build/out.md", "git ignores that file: no clone has it"),
    ]
    assert [row["path"] for row in found["rest"]] == ["docs/b.rst"]
    assert "1 file outside of the stream: src/a.py" in found["findings"]


def test_a_link_never_leads_the_reader_out_of_the_work_tree(project: Repo) -> None:
    outside = project.path.parent / "secret.md"
    outside.write_text("# Secret\n")
    task = started(project)
    (project.path / "link.md").symlink_to(outside)
    project.write("a.md", "[x](link.md#secret) [y](link.md#other) [z](../secret.md) [n](nul%00.md)\n")
    found = analysed(project, "documentation", task)
    assert found["broken_links"] == []
    assert [(row["path"], row["why"]) for row in found["rest"]] == [("link.md", "a symbolic link")]


TESTS = """\
import pytest

def test_kept(): assert 1
def test_changed(): assert 1
def test_gone(): assert 1
def test_renamed(): assert 1, "as it was"
@pytest.mark.skip
def test_old_skip(): assert 1
"""


def test_tests_that_came_changed_went_moved_and_are_skipped(project: Repo) -> None:
    project.commit("tests", {"tests/test_a.py": TESTS, "tests/test_b.py": "def test_moved(): assert 'm'\n"})
    task = started(project)
    new = TESTS.replace("test_changed(): assert 1", "test_changed(): assert 2")
    new = new.replace("def test_gone(): assert 1\n", "").replace("test_renamed", "test_other_name")
    new += "class TestNew:\n    def test_in(self): pytest.skip('later')\ndef test_kept(): assert 1\n"
    project.write("tests/test_a.py", new)
    project.remove("tests/test_b.py")
    project.write(
        "tests/test_c.py", "def test_moved(): assert 'm'\n" + "def test_c(): assert 'c'\n" + "# more\n" * 20
    )
    project.write("tests/app.test.js", "test('x', () => {})\n")
    project.write("src/app.py", "def test_like(): pass\n")
    found = analysed(project, "testing", task)
    assert spelt(found["added"]) == ["tests/test_a.py::TestNew::test_in", "tests/test_c.py::test_c"]
    assert spelt(found["changed"]) == ["tests/test_a.py::test_changed"]
    assert spelt(found["removed"]) == ["tests/test_a.py::test_gone"]
    assert [(row["test"], row["from_path"], row["from_test"]) for row in found["moved"]] == [
        ("test_other_name", "tests/test_a.py", "test_renamed"),
        ("test_moved", "tests/test_b.py", "test_moved"),
    ]
    assert [(row["test"], row["how"], row["new"]) for row in found["skipped"]] == [
        ("test_old_skip", "pytest.mark.skip", False),
        ("TestNew::test_in", "pytest.skip", True),
    ]
    assert found["rest"] == [
        {"path": "tests/app.test.js", "why": "which tests it holds was not looked for: only Python is read"}
    ]
    told = "\n".join(found["findings"])
    assert "1 test removed: test_gone" in told
    assert "TestNew::test_in is skipped now (pytest.skip)" in told
    assert "tests/test_a.py::test_kept stands twice: only the last of them runs" in told
    assert "outside of the stream: src/app.py" in told


def test_a_renamed_file_keeps_its_tests(project: Repo) -> None:
    text = "".join(f"def test_{name}():\n    assert '{name}'\n\n\n" for name in "abcdef")
    project.commit("tests", {"tests/test_a.py": text})
    task = started(project)
    project.git("mv", "tests/test_a.py", "tests/test_z.py")
    project.write("tests/test_z.py", text.replace("assert 'f'", "assert 'F'"))
    found = analysed(project, "testing", task)
    assert (found["added"], found["removed"], found["moved"]) == ([], [], [])
    assert spelt(found["changed"]) == ["tests/test_z.py::test_f"]


def test_what_is_no_python_is_told_and_the_rest_is_read(project: Repo) -> None:
    task = started(project)
    project.write("tests/test_a.py", "def test_a(:\n")
    project.write("tests/test_b.py", "def test_b(): assert 1\n")
    project.write("tests/test_c.py", b"# caf\xe9\n")
    project.write("tests/test_d.py", "#" * (1 << 20) + "\n")
    found = analysed(project, "testing", task)
    assert spelt(found["added"]) == ["tests/test_b.py::test_b"]
    why = {row["path"]: row["why"] for row in found["rest"]}
    assert "line 1 is not Python" in why["tests/test_a.py"]
    assert why["tests/test_c.py"] == "not UTF-8 text"
    assert why["tests/test_d.py"] == "larger than 1 MiB"


def test_public_names_and_whether_tests_changed_along(project: Repo) -> None:
    project.commit(
        "code", {"src/a.py": "def old(): pass\ndef kept(): pass\nclass C:\n    def m(self): pass\n"}
    )
    task = started(project)
    project.write("src/a.py", "def kept(): return 1\nclass C:\n    def n(self): pass\ndef _private(): pass\n")
    project.write("src/b.go", "package b\n")
    found = analysed(project, "implementation", task)
    assert (found["code"], found["tests"]) == (["src/a.py", "src/b.go"], [])
    assert [row["name"] for row in found["names_added"]] == ["C.n"]
    assert [row["name"] for row in found["names_removed"]] == ["C.m", "old"]
    assert found["findings"] == [
        "2 files of code changed, and no test",
        "2 public names removed: src/a.py: C.m, src/a.py: old",
    ]
    assert [row["path"] for row in found["rest"]] == ["src/b.go"]
    other = started(project, "Other")
    project.write("src/a.py", "def kept(): return 2\n")
    project.write("tests/test_a.py", "def test_a(): assert 1\n")
    assert analysed(project, "implementation", other)["tests"] == ["tests/test_a.py"]


def test_the_content_is_that_of_the_claims_whatever_is_told(project: Repo) -> None:
    before = started(project, "Before")
    project.commit("others' work", {"tests/test_before.py": "def test_before(): assert 1\n"})
    complete(project, "testing", before)
    task = started(project)
    answer = project.json(
        "stream", "complete", "testing", task, "--results", "Added 40 tests in tests/test_all.py"
    )
    assert answer["analysis"]["findings"] == ["no file changed"]
    assert answer["analysis"]["testing"]["added"] == []
    other = started(project, "Other")
    project.commit("work", {"tests/test_a.py": "def test_a(): assert 1\n"})
    project.write("notes.md", "# N\n")
    answer = complete(project, "testing", other)
    assert [row["path"] for row in answer["analysis"]["files"]] == ["notes.md", "tests/test_a.py"]
    assert [(row["added"], row["removed"], row["of_stream"]) for row in answer["analysis"]["files"]] == [
        (1, 0, False), (1, 0, True),
    ]  # fmt: skip
    assert spelt(answer["analysis"]["testing"]["added"]) == ["tests/test_a.py::test_a"]


def test_an_own_stream_tells_files_or_what_it_asks_for(project: Repo) -> None:
    project.write(".orchestrator/streams/release.yaml", "guidance: Tag last\n")
    project.write(".orchestrator/streams/qa.yaml", "analysis: testing\nfiles: [qa]\n")
    project.commit("streams")
    task = started(project)
    project.write("a.txt", "a\nb\n")
    assert analysed(project, "release", task, "files")["findings"] == []
    other = started(project, "Other")
    project.write("qa/login.py", "def test_login(): assert 1\n")
    found = analysed(project, "qa", other, "testing")
    assert spelt(found["added"]) == ["qa/login.py::test_login"]


def test_people_are_told_what_changed(project: Repo) -> None:
    task = started(project)
    project.write("docs/a.md", "# A\n\n[b](b.md)\n")
    out = project.run("stream", "complete", "documentation", task, "--results", "r").out
    assert "what changed (documentation)" in out
    assert "+ A" in out
    assert "1 relative link checked, 1 broken" in out
    assert "note: docs/a.md:3: b.md: no such file" in out
    other = started(project, "Other")
    project.write("tests/test_a.py", "def test_a(): assert 1\n")
    project.write("a.py", "def f(): pass\n")
    out = project.run("stream", "complete", "testing", other, "--results", "r").out
    assert "tests: 1 added, 0 changed, 0 removed, 0 moved, 0 skipped" in out
    assert "+ tests/test_a.py::test_a" in out


def test_what_hinders_the_analysis_is_told_for_the_task_is_completed(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise GitFailed("an object is damaged")

    task = started(project)
    monkeypatch.setattr("taskorch.services.streams.finishing.analyse", broken)
    answer = complete(project, "testing", task)
    assert answer["status"] == "completed"
    assert answer["analysis"]["findings"] == ["what changed could not be read: an object is damaged"]
    assert project.run("task", "reopen", task).code == 0
    assert "could not be read" in project.run("stream", "complete", "testing", task, "--results", "r").out


def test_on_an_unborn_branch(repo: Repo) -> None:
    repo.run("init")
    task = started(repo)
    repo.write("docs/a.md", "# A\n\n[b](b.md)\n")
    repo.write("docs/gone.md", "# G\n")
    found = analysed(repo, "documentation", task)
    assert [row["target"] for row in found["broken_links"]] == ["b.md"]


def test_in_a_git_directory_that_cannot_be_written(project: Repo) -> None:
    task = started(project)
    project.write("tests/test_a.py", "def test_a(): assert 1\n")
    with read_only(project):
        words = ("stream", "complete", "testing", task, "--results", "r", "--json")
        answer = as_anyone(project, *words).checked().json
    assert "the safety store is off" in answer["safety_store"]
    assert spelt(answer["analysis"]["testing"]["added"]) == ["tests/test_a.py::test_a"]


def test_a_file_that_no_longer_is_one_of_tests_by_its_name_has_lost_them(project: Repo) -> None:
    project.commit("tests", {"tests/test_a.py": "def test_a(): assert 1\n", "tests/test_b.py": "\n"})
    task = started(project)
    project.git("mv", "tests/test_a.py", "tests/a_old.py")
    found = analysed(project, "testing", task)
    assert spelt(found["removed"]) == ["tests/a_old.py::test_a"]
    assert "tests/a_old.py: pytest does not look for tests in a file of that name" in found["findings"]


def test_a_python_file_with_a_nul_is_not_read(project: Repo) -> None:
    task = started(project)
    project.write("tests/test_a.py", "\0\n")
    [row] = analysed(project, "testing", task)["rest"]
    assert row["why"].startswith("not Python that can be read")
