"""Streams: built-in ones, own ones and overrides; a broken file is one finding and hides nothing."""

from __future__ import annotations

from typing import Any

import pytest

from taskorch.services.streams import guidance
from taskorch.services.workspace import Workspace
from tests.cli.making import new_task, task_file
from tests.cli.test_doctor import found as findings
from tests.repos import Repo

OWN = ".orchestrator/streams"
BUILT_IN = ["documentation", "implementation", "testing"]


def listed(repo: Repo) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in repo.json("stream", "list")["streams"]}


def test_the_built_in_ones_have_conventions_files_and_checks(project: Repo) -> None:
    found = listed(project)
    assert list(found) == BUILT_IN
    for name, one in found.items():
        assert (one["source"], one["path"], one["analysis"]) == ("built-in", None, name)
        assert one["guidance"] and one["files"] and len(one["readiness"]) == 5
        assert guidance(Workspace(project.path), name) == one["guidance"]


def test_an_override_changes_what_it_says_and_keeps_the_rest(project: Repo) -> None:
    before = listed(project)["documentation"]
    project.write(
        f"{OWN}/documentation.yaml", "---\nmore_guidance:\n  - Write British English\nfiles: [site]\n"
    )
    after = listed(project)["documentation"]
    assert after["source"] == "override"
    assert after["path"] == f"{OWN}/documentation.yaml"
    assert after["guidance"] == [*before["guidance"], "Write British English"]
    assert after["files"] == ["site"]
    assert (after["description"], after["analysis"]) == (before["description"], "documentation")


def test_an_own_one_and_one_that_only_a_task_names(project: Repo) -> None:
    project.write(
        f"{OWN}/release.yaml", "description: Bringing it out\nguidance: Tag last\nreadiness: [work_tree]\n"
    )
    new_task(project, "Tag it", "--stream", "release")
    new_task(project, "Other", "--stream", "somewhere")
    found = listed(project)
    assert list(found) == [*BUILT_IN[:2], "release", "testing", "somewhere"]
    release = found["release"]
    assert (release["source"], release["analysis"], release["files"]) == ("own", "files", ["**"])
    assert (release["guidance"], release["readiness"]) == (["Tag last"], ["work_tree"])
    assert (release["open"], release["total"]) == (1, 1)
    assert found["somewhere"]["source"] == "undefined"
    assert guidance(Workspace(project.path), "somewhere") == []
    out = project.run("stream", "list").out
    assert "release         own        1/1 open  Bringing it out" in out


BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    "not YAML": ("guidance: [a\n", 2, "expected ',' or ']'"),
    "a list": ("- a\n", 1, "not a list of 'key: value' lines"),
    "a wrong kind of value": ("description: x\nguidance: {a: b}\n", 2, "'guidance' is not a list of texts"),
    "a word that is no check": (
        "\nreadiness: [luck]\n",
        2,
        "'readiness' names 'luck', none of: dependencies",
    ),
    "a word that is no analysis": ("analysis: magic\n", 1, "'analysis' names 'magic'"),
    "not UTF-8": (b"description: caf\xe9\n", 1, "not UTF-8"),
    "two documents": ("---\ndescription: x\n---\ndescription: y\n", 3, "a second YAML document begins"),
    "runs code": ("guidance: !!python/object/apply:os.system [x]\n", 1, "tag"),
    "too large": ("description: " + "x" * 70_000, 1, "larger than 64 KiB"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_finding_and_hides_nothing(project: Repo, kind: str) -> None:
    content, line, message = BROKEN[kind]
    project.write(f"{OWN}/testing.yaml", content)
    project.write(f"{OWN}/release.yaml", "guidance: Tag last\n")
    task = new_task(project)
    broken = task_file(project, new_task(project, "Broken"))
    broken.write_text("no record")
    problems = findings(project)
    mine = {place: words for place, words in problems.items() if place[0] == f"{OWN}/testing.yaml"}
    assert [place[1] for place in mine] == [line]
    assert message in "".join(mine.values())
    assert len(problems) == 2, "the broken record is there, too"
    done = project.run("stream", "list", "--json")
    assert [one["path"] for one in done.json["problems"]] == [f"{OWN}/testing.yaml"]
    assert listed(project)["testing"]["source"] == "built-in"
    assert listed(project)["release"]["guidance"] == ["Tag last"]
    told = guidance(Workspace(project.path), "testing")
    assert told[-1] == f"{OWN}/testing.yaml cannot be read: taskorch doctor says why"
    assert len(told) > 1
    refused = project.run("stream", "prepare", "testing", task, "--json", check=False)
    assert (refused.code, refused.error["kind"]) == (1, "bad_record")
    assert project.json("stream", "prepare", "release", task)["execution_guidance"] == ["Tag last"]


def test_an_unknown_key_and_a_name_that_is_none_are_told(project: Repo) -> None:
    project.write(f"{OWN}/testing.yaml", "guidence: [x]\n")
    project.write(f"{OWN}/no name.yaml", "guidance: x\n")
    project.write(f"{OWN}/other.yml", "guidance: x\n")
    assert findings(project) == {
        (f"{OWN}/no name.yaml", 1, 1): "'no name.yaml' is no name of a stream",
        (f"{OWN}/other.yml", 1, 1): "'other.yml' is no name of a stream",
        (f"{OWN}/testing.yaml", 1, 1): "'guidence' is no setting of a stream",
    }
    assert list(listed(project)) == BUILT_IN


def test_links_and_pipes_are_not_read(project: Repo) -> None:
    outside = project.path.parent / "outside.yaml"
    outside.write_text("guidance: from outside\n")
    folder = project.path / OWN
    folder.mkdir()
    (folder / "release.yaml").symlink_to(outside)
    assert set(findings(project).values()) == {"not a file, so it is not read"}
    assert "release" not in listed(project)
    (folder / "release.yaml").unlink()
    folder.rmdir()
    (project.path.parent / "streams").mkdir()
    (project.path.parent / "streams" / "release.yaml").write_text("guidance: from outside\n")
    folder.symlink_to(project.path.parent / "streams")
    assert "release" not in listed(project)
