"""``review`` as a comment on GitHub or GitLab: readable, within their limits, and silent."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from taskorch.services.markdown import silent
from taskorch.services.review_text import FLAVORS, MARKER, markdown
from tests.cli.making import new_task, started
from tests.cli.test_review import with_branch
from tests.repos import Build, Repo

Json = dict[str, Any]
COMMENTS = ["github", "gitlab"]
LIMITS = {"github": 65_536, "gitlab": 1_000_000}


@pytest.fixture
def branch(build: Build) -> Repo:
    """A branch on which a task was completed, and a decision taken."""
    return build(with_branch)


def comment(repo: Repo, form: str, *words: str) -> str:
    return repo.run("review", *words, "--format", form, check=False).out


@pytest.mark.parametrize("form", COMMENTS)
def test_a_comment_has_its_mark_the_verdict_and_ticks(branch: Repo, form: str) -> None:
    lines = comment(branch, form).splitlines()
    assert lines[0] == MARKER == "<!-- taskorch review -->"
    assert lines[3] == (
        "✅ **No problems.** 3 commits, 1 task completed, 1 decision, "
        "2 of 2 claims landed, 1 file in no claim."
    )
    [tick] = [line for line in lines if line.startswith("- [")]
    assert re.fullmatch(r"- \[x\] t-\w{8} Done: new -> completed, 1/1 criteria", tick)
    assert "<details>" not in lines


@pytest.mark.parametrize("form", COMMENTS)
def test_problems_come_first(project: Repo, form: str) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.write("a.txt", "never committed\n")
    new_task(project, "Open")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    done = project.run("review", "--format", form, check=False)
    assert done.code == 4
    assert "❌ **1 problem.** 1 commit, 1 task completed, 0 of 1 claim landed." in done.out
    titles = re.findall("^## (.*)", done.out, re.MULTILINE)
    assert titles == ["Problems", "Tasks", "Claims"]
    assert re.search(r"^- \[ \] t-\w{8} Open: new -> pending", done.out, re.MULTILINE)


@pytest.mark.parametrize("form", COMMENTS)
def test_long_lists_are_folded_and_end_where_they_should(branch: Repo, form: str) -> None:
    branch.commit("many", {f"many/{number:03}.txt": "x\n" for number in range(30)})
    out = comment(branch, form)
    [folded] = re.findall("<details>\n<summary>31 in all</summary>\n\n(.*?)\n\n</details>", out, re.DOTALL)
    assert folded.count("\n- ") == 30
    assert out.count("<details>") == out.count("</details>") == 1


def test_an_empty_range_is_said(project: Repo) -> None:
    out = comment(project, "github", "HEAD..HEAD")
    assert out.startswith(MARKER)
    assert "The range is empty: nothing to review." in out


def filled(answer: Json, number: int, text: str) -> Json:
    """An answer whose lists all have so many entries, with a text in each."""
    out = copy.deepcopy(answer)
    problem: Json = {"path": text, "line": 1, "column": 1, "field": None, "message": text, "hint": None}
    handoff: Json = {
        "id": "s-00000000",
        "agent": text,
        "tasks": [],
        "ended": None,
        "summary": "",
        "handoff": text,
    }
    out["problems"], out["sessions"] = [problem] * number, [handoff] * number
    out["tasks"] = [answer["tasks"][0] | {"title": text, "results": text, "forced": text}] * number
    out["decisions"] = [answer["decisions"][0] | {"title": text, "rationale": text}] * number
    out["claims"] = [answer["claims"][0] | {"path": text, "detail": text}] * number
    out["unclaimed"] = [text] * number
    return out


@pytest.mark.parametrize("form", COMMENTS)
@pytest.mark.parametrize("number", [1, 11, 12_000])
@pytest.mark.parametrize("text", ["short", "@[*~" * 20_000, "🌈" * 500])
def test_no_comment_is_longer_than_its_place_takes(branch: Repo, form: str, number: int, text: str) -> None:
    out = markdown(filled(branch.run("review", "--json").json, number, text), form)
    assert len(out) < LIMITS[form]
    for title in ("Problems", "Tasks", "Decisions", "Hand-offs", "Claims", "Changed, but in no claim"):
        part = out.split(f"## {title}\n")[1].split("\n## ")[0]
        items = len(re.findall("^- ", part, re.MULTILINE))
        more = re.search(r"^- and (\d+) more: `taskorch review \w+\.\.\w+` shows all$", part, re.MULTILINE)
        assert number > 1 or not more, "one long text pushes nothing out"
        assert items - bool(more) + (int(more[1]) if more else 0) == number, title


def test_the_worst_claims_are_kept_where_not_all_fit(branch: Repo) -> None:
    answer = filled(branch.run("review", "--json").json, 1, "short")
    good, bad = answer["claims"][0], answer["claims"][0] | {"rung": "absent", "counts_as": "failed"}
    out = markdown(answer | {"claims": [*[good] * 5_000, bad]}, "github")
    assert out.count("**absent**") == 1


PINGS = [
    "@octocat", "@org/team", "a @all b", "#12", "GH-12", "gh-12", "owner/repo#12", "group/project!12", "!12",
    "~bug", '~"a label"', "%v1", '%"a milestone"', "$12", "&12", "^alert#1", "[vulnerability:1]", "[issue:1]",
    '*iteration:"x"', "&#64;octocat", "&commat;octocat", "&#35;12", "&lt;b&gt;", "/close", "/merge @me",
    "https://github.com/o/r/issues/1", "http://x.org/#1", "www.example.org", "ftp://example.org",
    "me@example.org", "mailto:me@example.org", "<script>alert(1)</script>", "<img src=x>", "<!-- -->",
    "![](http://x/y.png)", "![a][b]", "[a](http://b)", "<http://b>", "~~gone~~", "{+ new +}", "[- old -]",
    "`@octocat`", "\\@octocat", "\\\\@octocat", "@@octocat", "(@octocat)", "@[x]", "#12,#13", "[[page]]",
    "[TOC]", "_@octocat_", "-@octocat", "1. @octocat", "# @octocat", "| @a | #1 |", "--- @a",
    "@\u202eoctocat",
]  # fmt: skip
# What is left of a text when Markdown is done with it, and what code hosts look for in that:
# references as GitHub (mentions, issues) and GitLab (lib/gitlab, *.reference_pattern) find them.
REFERENCE = re.compile(
    r"(?i)@[\w/-]|#\d|\bGH-\d|!\d|~[\w\"]|%[\w\"]|\$\d|&\d|\^alert|\[\w+:\d|\*iteration|\[\[|\[TOC|\{\+|\[-"
)
ADDRESS = re.compile(r"(?i)\w://|\bwww\.\w|[\w.]+@[\w.]+")
ENTITY = re.compile(r"&#?\w+;")


def rendered(text: str) -> str:
    """The text that Markdown makes of an escaped one; fails where something in it still has a meaning."""
    bare = re.sub(r"\\([!-/:-@\[-`{-~])", "", text)
    assert not re.search(r"[`*\[\]<>|]|(?<!\w)_|_(?!\w)|[~&]", bare), bare
    assert not re.match(r"[#>+-] |[-=]+$|\d+[.)] |/", text), text
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


@pytest.mark.parametrize("text", PINGS)
def test_a_silent_text_pings_nobody_and_is_no_markup(text: str) -> None:
    for whole in (text, f"before {text} after", f"x{text}", text * 2, f"({text})"):
        shown = rendered(silent(whole))
        assert not REFERENCE.search(shown), shown
        assert not ADDRESS.search(shown), shown
        plain = shown.replace("\u200b", "")
        assert plain == rendered(silent(whole)).replace("\u200b", "")
        if "\u202e" not in whole:
            assert plain == whole  # people read what was written


@pytest.mark.parametrize("form", COMMENTS)
def test_no_text_of_a_record_reaches_a_comment_loud(branch: Repo, form: str) -> None:
    answer = branch.run("review", "--json").json
    for text in PINGS:
        out = markdown(filled(answer, 1, text) | {"base": answer["base"]}, form)
        body = out.removeprefix(MARKER)
        bare = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", body)  # code is not looked into
        bare = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", bare)
        bare = re.sub(r"^- \[[x ]\] |\*\*", "", bare, flags=re.MULTILINE)
        assert not REFERENCE.search(bare), (text, bare)
        assert not re.search("^ */", re.sub("`.*?`", "", body), re.MULTILINE), text


def test_json_and_markdown_are_as_without_the_option(branch: Repo) -> None:
    assert comment(branch, "markdown") == branch.run("review").out
    assert comment(branch, "json") == branch.run("review", "--json").out
    done = branch.run("review", "--json", "--format", "github", check=False)
    assert (done.code, done.error["kind"]) == (2, "usage")
    assert branch.run("review", "none..HEAD", "--format", "json", check=False).error["kind"] == "not_found"
    assert branch.run("review", "--format", "html", check=False).code == 2


def test_every_form_is_tested() -> None:
    assert sorted(FLAVORS) == sorted([*COMMENTS, "markdown"])
    assert {form: FLAVORS[form].limit for form in COMMENTS} == LIMITS
