"""Work that goes on in another session, or upon the work of others, and is squashed in the end."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from tests.cli.making import new_task
from tests.repos import Build, Repo
from tests.services.test_same_change import squash, text


def with_topic(repo: Repo) -> None:
    """A store on main with a task, forty lines in ``a``, and the branch ``topic`` checked out."""
    repo.commit("start", {"a": text(), "b": "b\n"})
    repo.run("init")
    repo.commit("a store")
    repo.git("tag", "onto")
    new_task(repo)
    repo.run("commit")
    repo.git("switch", "-qc", "topic")


@pytest.fixture
def topic(build: Build) -> Repo:
    return build(with_topic)


def the_task(repo: Repo) -> str:
    return str(repo.json("task", "list")["tasks"][0]["id"])


def session(repo: Repo, **files: str) -> None:
    """One session of the task: the files are written and committed, records as well."""
    repo.run("task", "start", the_task(repo))
    repo.commit("work", {path: content for path, content in files.items()})
    repo.run("session", "end", "--summary", "so far")
    repo.commit("records")


def theirs(repo: Repo, **files: str) -> None:
    """Others change files on main meanwhile."""
    repo.git("switch", "-q", "main")
    repo.commit("theirs", dict(files))
    repo.git("switch", "-q", "topic")


def claims(repo: Repo) -> list[dict[str, Any]]:
    """The claims as they stand in the files, in the order of the sessions."""
    created = {one["id"]: one["created"] for one in repo.json("session", "list")["sessions"]}
    files = sorted(
        (repo.path / ".orchestrator" / "sessions").glob("*/*.jsonl"), key=lambda file: created[file.name[:10]]
    )
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def landed(repo: Repo) -> dict[str, list[str]]:
    """The rungs by path on main, in a clone that has nothing but main."""
    repo.git("switch", "-q", "main")
    squash(repo)
    repo.git("branch", "-qD", "topic")
    clone = repo.path.parent / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    repo.git("clone", "-q", "--single-branch", f"file://{repo.path}", str(clone))
    out: dict[str, list[str]] = {}
    for row in Repo(clone).run("verify", "--all", "--target", "HEAD", "--json", check=False).json["files"]:
        out.setdefault(row["path"], []).append(row["rung"])
    return out


def test_several_sessions_are_one_change(topic: Repo) -> None:
    session(topic, a=text(l3="first"))
    session(topic, a=text(l3="second", l5="more"))
    session(topic, a=text(l3="second", l5="more", l7="and more"))
    first, second, third = (one for one in claims(topic) if one["path"] == "a")
    assert "whole" not in first
    assert (second["before"], second["whole"]["before"]) == (first["after"], first["before"])
    assert (third["before"], third["whole"]["before"]) == (second["after"], first["before"])
    assert len(third["whole"]["lines"]) == 3
    theirs(topic, a=text(l30="theirs"))
    assert landed(topic) == {"a": ["patch"]}


def test_what_was_recorded_of_the_whole_is_recorded_again_only_when_it_changed(topic: Repo) -> None:
    session(topic, a=text(l3="first"))
    topic.run("task", "start", the_task(topic))
    topic.commit("work", {"a": text(l3="second")})
    topic.run("commit")
    before = claims(topic)
    topic.write("b", "other\n")
    topic.run("commit")
    assert claims(topic)[:2] == before
    topic.write("a", text(l3="third"))
    topic.run("commit")
    assert claims(topic)[1]["whole"] != before[1]["whole"]


def test_gone_on_after_others_were_merged_in(topic: Repo) -> None:
    session(topic, a=text(l3="mine", l4="mine too"))
    theirs(topic, a=text(l30="theirs"))
    topic.git("merge", "-q", "main", "-m", "merge main")
    session(topic, a=text(l3="mine", l4="mine twice", l30="theirs"))
    first, second = (one for one in claims(topic) if one["path"] == "a")
    assert second["before"] != first["after"] == second["merged"]
    assert landed(topic) == {"a": ["superseded", "exact"]}


def test_all_of_it_squashed_upon_the_work_of_others_again(topic: Repo) -> None:
    """Neither part was ever on main alone: the squash has what was done before the merge and after it."""
    session(topic, a=text(l3="mine", l4="mine too"))
    theirs(topic, a=text(l30="theirs"))
    topic.git("merge", "-q", "main", "-m", "merge main")
    session(topic, a=text(l3="mine", l4="mine twice", l6="and more", l30="theirs"))
    theirs(topic, a=text(l30="theirs", l35="theirs again"))
    assert landed(topic) == {"a": ["superseded", "patch"]}


def test_others_took_it_away_before_one_went_on(topic: Repo) -> None:
    """What a merge brought instead is nothing that the work went on from."""
    session(topic, a=text(l3="mine", l4="mine too"))
    theirs(topic, a=text(l30="theirs"))
    topic.git("merge", "-q", "-s", "ours", "--no-commit", "main")
    topic.git("checkout", "-q", "main", "--", "a")
    topic.git("commit", "-qm", "merge main, and its a alone")
    session(topic, a=text(l30="theirs", l9="anew"))
    first, second = (one for one in claims(topic) if one["path"] == "a")
    assert "merged" not in second
    assert landed(topic)["a"] == ["absent", "exact"]
    assert first["after"] != second["before"]


def test_commit_by_commit_in_any_clone(topic: Repo) -> None:
    """Ranges of a branch that is gone: they are measured from where it left the default branch."""
    task = the_task(topic)
    commits = [topic.commit(f"commit {number}", {f"f{number}": f"{number}\n"}) for number in range(3)]
    topic.git("switch", "-q", "main")
    for commit in commits:
        topic.run("track", "--range", f"{commit}^..{commit}", "--task", task)
    forks = [one.get("fork") for one in claims(topic)]
    assert forks == [None, *[topic.git("merge-base", "main", "topic").strip()] * 2]
    topic.commit("records")
    assert landed(topic) == {f"f{number}": ["exact"] for number in range(3)}
