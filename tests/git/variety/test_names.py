"""Paths of every spelling that git takes: a whole day with each, and every answer names them exactly."""

from __future__ import annotations

import unicodedata

import pytest

from tests.cli.making import started
from tests.cli.refusals import refused
from tests.git.variety.days import OLD, Place, day, landed, touching_nothing
from tests.repos import Build, Repo

NFC = unicodedata.normalize("NFC", "é ñ.txt")
NFD = unicodedata.normalize("NFD", NFC)
# taken for options, revisions, patterns or magic by whoever does not say otherwise
WORDS = [
    "HEAD", "main", "@{u}", "@", "~", "~root", "*", "?", "[a-z]", "{a,b}", ":(top)x", ":x", ":", "a:b", "^x",
    "!x", "#x", "$HOME", "`id`", "$(id)", ";", "|", "&", "%s", "%00", "HEAD:a", "..x", "...", "a..b", "=",
]  # fmt: skip
OPTIONS = ["-rf", "--all", "--", "--help", "--json", "-", "-z.txt", "--output=x", "-h/--version"]
SPACES = [
    " ",
    "  two  ",
    " a",
    "a ",
    "a\tb",
    "\t",
    "new\nline",
    "\n",
    "ends\n",
    "cr\r",
    "a\r\nb",
    "\x0b",
    "\x1b[31m",
]
QUOTES = ["'", '"', "a'b\"c", "back\\slash", "\\n", "\\", '"quoted"', "a => b", "{old => new}", " -> "]
SCRIPTS = [
    NFC,
    NFD,
    "日本語",
    "🎉👩\u200d👩.md",
    "\u202ecod.exe",
    "\ufeffbom",
    "\u2028",
    "\u00a0",
    "İ",
    "ß",
    "ﬁ",
]
BYTES = ["\udcff", "a\udce9.txt", "\udcfe\udcff/\udc80", "\x01", "\x02x", "\x7f"]
ENDS = [
    "dot.",
    "dots..",
    "space ",
    ".hidden",
    "..hidden",
    "folder./in",
    "folder /in",
    "nul.txt",
    "CON",
    "a" * 255,
]
CASES = ["Readme", "README", "readme", "Dir/a", "dir/a", "DIR/A"]
NAMES = [*WORDS, *OPTIONS, *SPACES, *QUOTES, *SCRIPTS, *BYTES, *ENDS, *CASES]


def empty(repo: Repo) -> None:
    repo.run("init")
    repo.commit("first")


def test_a_day_with_all_of_them(build: Build) -> None:
    repo = build(empty)
    task = day(repo, NAMES, files=False)
    asked = repo.git("ls-files", "-z", ":(exclude).orchestrator").removesuffix("\0").split("\0")
    assert set(asked) == set(NAMES)
    package = repo.json("recover", task, "--budget", "100000")["recovery_package"]
    assert {row["path"] for row in package["files_created"]} == set(NAMES)
    assert {len(row["commits"]) for row in package["files_created"]} == {1}
    clone = repo.clone(repo.path.parent / "clone")
    landed(Place(clone), task, NAMES)
    reviewed = repo.json("review", "HEAD~2..HEAD")
    assert {row["path"] for row in reviewed["claims"]} == set(NAMES)
    assert reviewed["unclaimed"] == []


def test_text_for_people_holds_no_raw_control_characters(build: Build) -> None:
    repo = build(empty)
    odd = [name for name in NAMES if any(c in name for c in "\n\r\t\x0b\x1b\x01\x02\x7f\u202e\u2028")]
    task = started(repo)
    for name in odd:
        repo.write(name, "new\n")
    for words in (["status"], ["session", "status"], ["verify"], ["recover", task], ["track"]):
        out = repo.run(*words).out
        assert not set(out) & set("\r\t\x0b\x1b\x01\x02\x7f\u202e\u2028")
    assert repo.run("session", "status").out.count("\n") < len(odd) + 10


@pytest.mark.parametrize(
    "names", [["-rf", "a b\n"], ["\udcff", ":(top)x"], ["*", "~"], [NFC, NFD], ["x", "X"]]
)
def test_moved_copied_and_told_of_by_range(build: Build, names: list[str]) -> None:
    old, new = names
    repo = build(empty)
    repo.commit("files", {old: OLD, "kept": OLD.upper()})
    task = started(repo)
    (repo.path / old).rename(repo.path / new)
    repo.write(f"copy of {old}", OLD.upper())
    with touching_nothing(Place(repo)):
        moved = repo.run("track", "--from", old, "--json", "--", new).json["operations"]
        assert [(one["path"], one["op"], one["from"]) for one in moved] == [(new, "move", old)]
        copied = repo.run("track", "--from", "kept", "--op", "copy", "--json", "--", f"copy of {old}").json
        assert copied["operations"][0]["from"] == "kept"
        done = repo.json("task", "complete", task, "--results", "r")
        assert done["verification"]["on_disk"] is True
    repo.run("commit")
    repo.commit("the work")
    landed(Place(repo), task, {new: "move", f"copy of {old}": "copy"})
    later = str(repo.json("task", "new", "Told of by range")["id"])
    told = repo.json("track", "--task", later, "--range", "HEAD~1..HEAD")["operations"]
    assert {one["path"] for one in told} == {new, f"copy of {old}"}
    landed(Place(repo), later, {new: "move", f"copy of {old}": "create"})


def test_a_name_that_changes_in_case_or_normal_form_alone_is_a_move(build: Build) -> None:
    repo = build(empty)
    repo.commit("files", {"Readme": OLD, NFC: OLD.upper()})
    task = started(repo)
    (repo.path / "Readme").rename(repo.path / "README")
    (repo.path / NFC).rename(repo.path / NFD)
    found = repo.json("task", "complete", task, "--results", "r")["verification"]["files"]
    assert {row["path"]: row["from"] for row in found} == {"README": "Readme", NFD: NFC}
    repo.run("commit")
    repo.commit("the work")
    landed(Place(repo), task, {"README": "move", NFD: "move"})


def test_a_path_in_the_other_normal_form_is_another_path(build: Build) -> None:
    repo = build(empty)
    started(repo)
    repo.write(NFC, "new\n")
    refused(repo, "track", NFD, kind="not_found")
    assert [one["path"] for one in repo.json("track", NFC)["operations"]] == [NFC]


def test_an_artifact_that_is_no_text_is_refused_for_a_task_says_it_in_text(build: Build) -> None:
    """A claim holds the name all the same."""
    repo = build(empty)
    task = started(repo)
    repo.write("a\udce9.txt", "new\n")
    said = refused(
        repo, "task", "complete", task, "--results", "r", "--artifact", "a\udce9.txt", kind="refused"
    )
    assert "is not UTF-8 text" in said["message"]
    found = repo.json("task", "complete", task, "--results", "r")["verification"]["files"]
    assert [row["path"] for row in found] == ["a\udce9.txt"]
