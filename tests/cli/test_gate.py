"""``verify`` as a gate: SARIF and GitHub's workflow commands, which no text of a record can forge."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
import yaml
from jsonschema import Draft202012Validator

from taskorch import __version__
from taskorch.services.gate import RULES, findings
from taskorch.services.ladder.verdict import COUNTS_AS
from taskorch.services.workflow_commands import workflow_commands
from tests import docs_check
from tests.cli.making import new_task, started, task_file
from tests.conftest import start_project
from tests.repos import Build, Repo, Result

Json = dict[str, Any]
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
POSITIVE = {"type": "integer", "minimum": 1}


def shape(**properties: Any) -> Json:
    """An object of just these keys, which are all there; those that end with _ may be missing."""
    named = {key.rstrip("_"): value for key, value in properties.items()}
    needed = [key for key in properties if not key.endswith("_")]
    return {"type": "object", "required": needed, "properties": named, "additionalProperties": False}


# The parts of SARIF 2.1.0 that are written, as the standard says they are: sections 3.13, 3.14, 3.18
# to 3.20, 3.27 to 3.30 and 3.49.  Keys that the standard does not have would be refused.
SARIF = shape(
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": shape(
            tool=shape(
                driver=shape(
                    name={"type": "string"},
                    version={"type": "string"},
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": shape(
                            id={"type": "string"},
                            name={"type": "string"},
                            shortDescription=TEXT,
                            fullDescription=TEXT,
                            defaultConfiguration=shape(level={"enum": ["none", "note", "warning", "error"]}),
                        ),
                    },
                )
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            originalUriBaseIds={"type": "object", "additionalProperties": shape(description=TEXT)},
            invocations={
                "type": "array",
                "items": shape(executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"}),
            },
            results={
                "type": "array",
                "items": shape(
                    ruleId={"type": "string"},
                    ruleIndex={"type": "integer", "minimum": 0},
                    level={"enum": ["none", "note", "warning", "error"]},
                    message=TEXT,
                    locations={
                        "type": "array",
                        "minItems": 1,
                        "items": shape(
                            physicalLocation=shape(
                                artifactLocation=shape(
                                    uri={"type": "string", "pattern": "^([!-~])+$"},
                                    uriBaseId={"type": "string"},
                                ),
                                region=shape(startLine=POSITIVE, startColumn_=POSITIVE),
                            )
                        ),
                    },
                    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
                ),
            },
            properties={"type": "object"},
        ),
    },
) | {"$defs": {}}
SARIF["properties"]["$schema"] = {"type": "string", "format": "uri"}


def sarif(repo: Repo, *words: str) -> Json:
    done = repo.run("verify", *words, "--format", "sarif", check=False)
    assert done.err == ""
    log = json.loads(done.out)
    Draft202012Validator(SARIF).validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": done.code}]
    assert isinstance(run, dict)
    return run


def told(run: Json) -> dict[str, tuple[str, str]]:
    """Rule and level by path."""
    out = {}
    for one in run["results"]:
        place = one["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place["uriBaseId"] in run["originalUriBaseIds"]
        path = unquote_to_bytes(place["uri"]).decode("utf-8", "surrogateescape")
        out[path] = (one["ruleId"], one["level"])
    return out


COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(done: Result) -> list[tuple[str, dict[str, str], str]]:
    """The commands as the runner reads them; every line must be one."""
    out = []
    for line in re.split("\r\n|[\n\r]", done.out.removesuffix("\n")):
        found = COMMAND.fullmatch(line)
        assert found, line
        pairs = dict(part.split("=", 1) for part in found[2].split(","))
        for sign, escaped in ((",", "%2C"), (":", "%3A"), ("\n", "%0A"), ("\r", "%0D"), ("%", "%25")):
            pairs = {key: value.replace(escaped, sign) for key, value in pairs.items()}
        out.append((found[1], pairs, found[3].replace("%25", "%")))
    return out


def mixed(repo: Repo) -> None:
    """Claims on several rungs, seen from main: landed, absent, reverted; and a record that is broken."""
    start_project(repo)
    task = started(repo, "Work: 100%, done")
    repo.commit("files", {"landed.txt": "l\n", "src/back.txt": "b\n"})
    repo.write("gone, lost.txt", "never committed\n")
    repo.run("task", "complete", task, "--results", "r")
    repo.git("add", ".orchestrator")
    repo.git("commit", "--quiet", "-m", "records")
    repo.remove("gone, lost.txt")
    repo.commit("revert", {"src/back.txt": None})
    broken = new_task(repo, "Broken")
    path = task_file(repo, broken)
    path.write_text(path.read_text().replace("status: pending", "status: odd"))


@pytest.fixture
def work(build: Build) -> Repo:
    """As `mixed` builds it."""
    return build(mixed)


def test_sarif_has_a_result_for_all_that_is_not_landed(work: Repo) -> None:
    run = sarif(work, "--all", "--target", "HEAD")
    broken = next(path for path in told(run) if path.startswith(".orchestrator/tasks/"))
    assert told(run) == {
        broken: ("unreadable", "error"),
        "gone, lost.txt": ("absent", "error"),
        "src/back.txt": ("reverted", "error"),
    }
    first = run["results"][0]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 9}
    lost = next(one for one in run["results"] if one["ruleId"] == "absent")
    assert re.search(r"claimed by t-\w{8} Work: 100%, done: ", lost["message"]["text"])
    assert run["tool"]["driver"]["version"] == __version__
    assert run["properties"]["status"] == "failed"


def test_what_is_pending_is_a_warning(project: Repo) -> None:
    started(project)
    project.write("a.txt", "a\n")
    assert told(sarif(project)) == {"a.txt": ("worktree", "warning")}
    [command, last] = commands(project.run("verify", "--format", "github"))
    assert (command[0], command[1]["file"], last[0]) == ("warning", "a.txt", "notice")


def test_errors_come_before_warnings(project: Repo) -> None:
    first = started(project, "Pending")
    project.write("a.txt", "on disk\n")
    project.run("task", "complete", first, "--results", "r")
    second = started(project, "Lost")
    project.write("b.txt", "lost\n")
    project.run("task", "complete", second, "--results", "r")
    project.remove("b.txt")
    rows = [row["path"] for row in project.json("verify", "--all", check=False)["files"]]
    assert rows == ["a.txt", "b.txt"]
    levels = [
        (row[0], row[1].get("file"))
        for row in commands(project.run("verify", "--all", "--format", "github", check=False))
    ]
    assert levels == [("error", "b.txt"), ("warning", "a.txt"), ("notice", None)]


def test_fingerprints_stay_and_tell_results_apart(work: Repo) -> None:
    def prints(run: Json) -> list[str]:
        return [one["partialFingerprints"]["taskorchFinding/v1"] for one in run["results"]]

    before = prints(sarif(work, "--all", "--target", "HEAD"))
    work.commit("later", {"z.txt": "z\n"})
    assert prints(sarif(work, "--all", "--target", "HEAD")) == before
    assert len(set(before)) == len(before) == 3


def test_every_rung_that_is_not_landed_has_a_rule() -> None:
    needed = {rung for rung, counts in COUNTS_AS.items() if counts not in ("landed", "not counted")}
    assert needed <= set(RULES)


def test_github_has_problems_first_then_errors_then_the_whole(work: Repo) -> None:
    done = work.run("verify", "--all", "--target", "HEAD", "--format", "github", check=False)
    rows = commands(done)
    assert done.code == 4
    assert [row[0] for row in rows] == ["error", "error", "error", "notice"]
    assert (rows[0][1]["line"], rows[0][1]["col"]) == ("5", "9")
    assert {rows[1][1]["file"], rows[2][1]["file"]} == {"gone, lost.txt", "src/back.txt"}
    assert rows[-1][2].startswith("failed in HEAD (")
    assert "landed 1/3: 1 exact, 1 reverted, 1 absent" in rows[-1][2]
    assert "file=gone%2C lost.txt" in done.out
    assert "Work: 100%25, done" in done.out


@pytest.mark.parametrize("form", ["sarif", "github"])
@pytest.mark.parametrize("strict", [True, False])
def test_exit_codes_are_those_of_the_text(work: Repo, form: str, strict: bool) -> None:
    extra = ["--strict"] if strict else []
    work.write("a.txt", "a\n")
    for words in (["--all"], ["--all", "--target", "HEAD"], ["--all", "--path", "landed.txt"]):
        text = work.run("verify", *words, *extra, check=False).code
        assert work.run("verify", *words, *extra, "--format", form, check=False).code == text, words


def test_json_and_format_json_are_the_same(work: Repo) -> None:
    words = ["verify", "--all", "--target", "HEAD"]
    expected = work.run(*words, "--json", check=False)
    for form in (["--format", "json"], ["--format=json"], ["--json", "--format", "json"]):
        assert work.run(*words, *form, check=False).out == expected.out
    assert work.run(*words, "--format", "text", check=False).out == work.run(*words, check=False).out
    for form in (["--format", "json"], ["--format=json"]):
        assert (
            work.run("verify", "--target", "none", "--all", *form, check=False).error["kind"] == "not_found"
        )
    done = work.run(*words, "--json", "--format", "github", check=False)
    assert (done.code, done.error["kind"]) == (2, "usage")


EVIL = (
    "x\r\n::stop-commands::pause\n##[add-mask]x\n::error file=a::b %0A::warning::c "
    "{0} [l](http://e) \u202e\x1b[2J"
)


def test_no_text_forges_a_command_or_a_link(work: Repo) -> None:
    report = work.run("verify", "--all", "--target", "HEAD", "--json", check=False).json
    plain = workflow_commands(report)
    for at, key in (
        *(("files", key) for key in ("path", "from", "title", "detail")),
        *(("problems", key) for key in ("path", "message", "hint")),
    ):
        for row in report[at]:
            row[key] = EVIL
    report["target"] = EVIL
    report["unfounded"] = [EVIL]
    lines = workflow_commands(report)
    done = Result((), 0, "\n".join(lines) + "\n", "")
    assert len(commands(done)) == len(plain) + 1
    assert not any(sign in line for line in lines for sign in ("\n", "\r", "\x1b", "\u202e"))
    # what the runner would make of the values is still one line, with nothing of a command at its start
    assert not any("\n" in message for _, _, message in commands(done))
    for one in findings(report):
        assert not any(sign in one.message for sign in ("\n", "\x1b", "\u202e"))


def test_a_record_s_text_is_inert_in_both(project: Repo) -> None:
    task = started(project, "Evil")
    project.write("::stop-commands::x", "never committed\n")
    project.write("%0A::error::y", "never committed\n")
    project.write("a\n::error::z", "never committed\n")
    project.write("\udce9{0}[a](b)", "never committed\n")
    project.run("task", "complete", task, "--results", "r")
    path = task_file(project, task)
    title = '"Evil {0} [l](http://e) \\u001b[2J%0A::stop-commands::x"'
    path.write_text(path.read_text().replace("title: Evil", f"title: {title}"))
    done = project.run("verify", "--all", "--target", "HEAD", "--format", "github", check=False)
    assert [name for name, _, _ in commands(done)] == ["error"] * 4 + ["notice"]
    assert "file=%3A%3Astop-commands%3A%3Ax" in done.out
    assert "file=%250A" in done.out
    run = sarif(project, "--all", "--target", "HEAD")
    assert set(told(run)) == {
        "::stop-commands::x", "%0A::error::y", "a\n::error::z", "\udce9{0}[a](b)",
    }  # fmt: skip
    for one in run["results"]:
        assert "](" not in one["message"]["text"]
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", one["message"]["text"])
        assert "\x1b" not in one["message"]["text"]


def test_nothing_to_verify_is_said(project: Repo) -> None:
    run = sarif(project, "--all")
    assert (run["results"], run["properties"]["status"]) == ([], "pending")
    [only] = commands(project.run("verify", "--all", "--format", "github"))
    assert "no claims: nothing to verify" in only[2]


def test_what_the_page_on_ci_shows_runs_and_fetches_all(work: Repo) -> None:
    work.commit("all")
    page = (docs_check.ROOT / "docs" / "ci.md").read_text("utf-8")
    blocks = re.findall("^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    github, gitlab = (yaml.safe_load(block) for block in blocks)
    jobs = [*github["jobs"].values(), *gitlab.values()]
    assert len(jobs) == 4
    shown = []
    for job in jobs:
        steps = job.get("steps", [])
        checkouts = [one["with"]["fetch-depth"] for one in steps if "checkout" in one.get("uses", "")]
        assert checkouts == [0] or job["variables"]["GIT_DEPTH"] == 0
        lines = [line for one in steps for line in one.get("run", "").splitlines()] + job.get("script", [])
        shown += [line.split(">")[0] for line in lines if line.startswith("taskorch ")]
    assert len(shown) == 5
    for line in shown:
        words = [re.sub(r"^\$\w+\.\.\$\w+$", "HEAD~1..HEAD", word) for word in shlex.split(line)[1:]]
        done = work.run(*words, check=False)
        assert done.code == 4, line
        assert done.out, line
