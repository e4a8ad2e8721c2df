"""``recover --budget``: what does not fit is cut by value, and named with the command that shows it."""

from __future__ import annotations

import re
import shlex

import pytest

from taskorch.services.recovered.tokens import tokens
from tests.cli.long_work import HANDOFF, by_bob, long_work
from tests.cli.making import new_task, started
from tests.cli.test_recover import task_named
from tests.conftest import start_project
from tests.repos import Build, Repo


def with_big_task(repo: Repo) -> None:
    """A task with more to tell than fits."""
    start_project(repo)
    task = started(repo, "Big", "-d", "words " * 400)
    for number in range(60):
        repo.write(f"src/file{number:02}.py", f"{number}\n")
    for number in range(12):
        texts = ("--context", "c", "--decision", "d", "--rationale", "because " * 40)
        repo.run("decision", "new", f"Decision {number}", *texts, "--task", task, "--risk", f"risk {number}")
    repo.run("task", "note", task, "note " * 800)
    repo.run("session", "note", "said " * 800)
    repo.run("commit")
    repo.commit("all")


CALLED = {
    "continuation_guidance": "steps?",
    "task description": "characters of the task's description",
    "task notes": "characters of the task's notes",
    "session notes": "characters of the session's notes",
    "key_decisions": "decisions?",
    "outstanding_risks": "risks?",
    "affected_components": "components?",
    "recovery_recommendations": "commands?",
    "commits": "commits?",
    "journal": "journal steps",
    "worktree": "uncommitted paths",
    "files_created": "created files",
}
"""What is cut, as ``omitted`` calls it and as people do."""


@pytest.fixture
def big(build: Build) -> Repo:
    """As `with_big_task` builds it."""
    return build(with_big_task)


def test_what_was_observed_here_is_cut_too(project: Repo) -> None:
    task = started(project)
    for number in range(200):
        project.write(f"src/file{number:03}.py", f"{number}\n")
    done = project.json("recover", task, "--budget", "1500")["recovery_package"]
    assert len(done["local"]["journal"]) < 30
    assert "journal" in [row["what"] for row in done["omitted"]]
    assert tokens(project.run("recover", task, "--budget", "1500").out) <= 1500


@pytest.mark.parametrize("budget", [600, 4000])
def test_the_budget_is_kept_and_what_was_cut_is_named(big: Repo, budget: int) -> None:
    task = big.json("task", "list")["tasks"][0]["id"]
    out = big.run("recover", task, "--budget", str(budget)).out
    assert tokens(out) <= budget
    assert f"# {task}: Big" in out
    omitted = big.json("recover", task, "--budget", str(budget))["recovery_package"]["omitted"]
    assert omitted
    for row in omitted:
        assert row["see"].startswith(("taskorch ", "git ")), row
    named = [
        row for row in omitted if re.search(rf"[:,] {row['count']} {CALLED[row['what']]}(,|\n| and)", out)
    ]
    assert len(named) == len(omitted) or (len(named) >= 7 and " more kinds\n" in out)
    assert not any("_" in line for line in out[out.index("## Left out") :].replace(task, "").split("\n"))


def test_a_large_budget_cuts_nothing(big: Repo) -> None:
    task = big.json("task", "list")["tasks"][0]["id"]
    package = big.json("recover", task, "--budget", "100000")["recovery_package"]
    assert package["omitted"] == []
    assert (len(package["files_created"]), len(package["key_decisions"])) == (60, 12)


def test_commands_named_for_what_was_cut_do_show_it(big: Repo) -> None:
    task = big.json("task", "list")["tasks"][0]["id"]
    cut = [
        row
        for budget in ("600", "1200")
        for row in big.json("recover", task, "--budget", budget)["recovery_package"]["omitted"]
    ]
    named = {row["see"] for row in cut}
    assert len(named) > 3
    for words in map(shlex.split, named):
        if words[0] == "taskorch":
            big.run(*words[1:])
        else:
            big.git(*words[1:])


@pytest.mark.parametrize("budget", [200, 500, 1000, 4000])
def test_what_matters_most_stays(build: Build, budget: int) -> None:
    repo = build(long_work)
    task = task_named(repo, "Login form")
    out = repo.run("recover", task, "--budget", str(budget)).out
    package = repo.json("recover", task, "--budget", str(budget))["recovery_package"]
    assert tokens(out) <= max(budget, 420)
    assert abs(package["estimated_tokens"] - tokens(out)) <= 1
    parts = ["Login form", "status active", "- [ ] the third try waits", "4 of 6 file changes landed"]
    parts += ["## Hand-off of", HANDOFF[:40], f"`taskorch task start {task}`"]
    parts += ["src/mail.py was reverted by Bob"] if budget >= 500 else []
    for part in parts:
        assert part in out, (budget, part)


def test_a_budget_that_cannot_be_kept_is_said(build: Build) -> None:
    repo = build(long_work)
    words = ("recover", task_named(repo, "Login form"), "--budget", "200")
    package = repo.json(*words)["recovery_package"]
    assert (package["estimated_tokens"] > 200) == package["over_budget"]
    said = "Nothing more can be left out" in repo.run(*words).out
    assert said == package["over_budget"]


def test_no_more_is_cut_than_must_be(big: Repo) -> None:
    task = big.json("task", "list")["tasks"][0]["id"]
    for budget in (1500, 3000, 5000):
        package = big.json("recover", task, "--budget", str(budget))["recovery_package"]
        assert budget * 0.85 <= package["estimated_tokens"] <= budget


def test_commands_for_the_rest_read_from_the_same_commit(big: Repo) -> None:
    task = big.json("task", "list")["tasks"][0]["id"]
    cut = big.json("recover", task, "--budget", "1200", "--at", "HEAD")["recovery_package"]["omitted"]
    for words in map(shlex.split, {row["see"] for row in cut}):
        assert words[words.index("--at") + 1] == "HEAD", words
        big.run(*words[1:])


def test_a_session_s_and_the_project_s_package_keep_it_too(big: Repo) -> None:
    session = big.json("session", "list")["sessions"][0]["id"]
    big.run("task", "new", "Another")
    big.run("task", "start", big.json("task", "new", "A third")["id"])
    for words in (["--session", session], []):
        assert tokens(big.run("recover", *words, "--budget", "900").out) <= 900, words


def test_what_is_cut_is_marked_where_it_stood(project: Repo) -> None:
    criteria = [word for number in range(20) for word in ("--accept", f"criterion number {number} of many")]
    task = started(project, "Many", *criteria, "-d", "Lorem ipsum dolor sit amet. " * 100)
    project.run("session", "end", "--handoff", "go on with this. " * 100, "--summary", "in short " * 60)
    project.run("commit")
    whole = f"taskorch recover {task} --budget 1000000"
    out = project.run("recover", task, "--budget", "260").out
    listed = out[out.index("## Acceptance criteria") : out.index("## Next steps")].strip().split("\n")
    left = [line for line in listed if line.startswith("- [ ]")]
    assert len(left) < 20
    assert listed[-1] == f"- … {20 - len(left)} more criteria: `{whole}`"
    [row] = [line for line in out.split("\n") if line.startswith(f"- `{whole}`: ")]
    assert f", {20 - len(left)} criteria, " in row
    assert row.index("session's hand-off") < row.index(" criteria") < row.index("session's summary")
    text = out[out.index("## Hand-off") :]
    assert re.search(r"\n```\n\n… \d+ more characters of the hand-off, see the end\n", text)
    roomy = project.run("recover", task, "--budget", "1200").out
    assert re.search(r"\n```\n\n… \d+ more characters of the description, see the end\n", roomy)
    assert re.search(rf"- `taskorch task show {task}`: \d+ characters of the task's description\n", roomy)
    assert "…" not in project.run("recover", task, "--budget", "9000").out


def test_what_is_cut_of_a_session_or_a_list_is_marked(big: Repo) -> None:
    session = big.json("session", "list")["sessions"][0]["id"]
    answer = big.json("recover", "--session", session, "--budget", "1500")
    cut = {row["what"]: row["count"] for row in answer["recovery_package"]["omitted"]}
    out = big.run("recover", "--session", session, "--budget", "1500").out
    kinds = [key for key in ("files_created", "files_modified") if answer["recovery_package"][key]]
    assert any(key in cut for key in kinds)
    for key in kinds:
        if key in cut:
            assert f"- … {cut[key]} more {key.removeprefix('files_')} files\n" in out


def with_steps_listed_elsewhere(repo: Repo) -> None:
    """A task with open criteria and a subtask among its steps, and files that others changed since."""
    start_project(repo)
    criteria = [word for number in range(6) for word in ("--accept", f"criterion {number}")]
    task = started(repo, "Many", *criteria)
    new_task(repo, "Part", "--parent", task)
    repo.commit("work", {f"f{number:02}.py": f"{number}\n" for number in range(12)})
    repo.run("session", "end", "--handoff", "go on")
    repo.run("commit")
    for number in (*range(12), *range(12)):
        path = f"f{number:02}.py"
        by_bob(repo, f"bob {number}", path, repo.read(path) + "more\n")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.75, 0.85, 0.95])
def test_the_marks_add_up_to_what_the_whole_package_shows(build: Build, share: float) -> None:
    repo = build(with_steps_listed_elsewhere)
    task = task_named(repo, "Many")
    estimate = repo.json("recover", task, "--budget", "100000")["recovery_package"]["estimated_tokens"]
    budget = max(200, int(estimate * share))
    whole, cut = (repo.run("recover", task, "--budget", str(n)).out for n in (100_000, budget))
    for name, kind in (("Next steps", "step"), ("Changed by others before that", "change")):
        shown, left = (_items(text, name) for text in (whole, cut))
        more = [int(line.split()[2]) for line in left if line.startswith("- … ")]
        assert len(shown) == (15 if kind == "step" else 12)
        if left:
            assert sum(more) + len(left) - len(more) == len(shown), left
    package = repo.json("recover", task, "--budget", str(budget))["recovery_package"]
    there = [row for row in package["changed_since_by_others"] if row["newest"]]
    told = [step for step in package["continuation_guidance"] if " since by Bob" in step]
    assert [row["path"] for row in there] == [step.split()[0] for step in told]


def _items(text: str, section: str) -> list[str]:
    """The lines of a list below a heading."""
    _, _, rest = text.partition(f"## {section}\n\n")
    return rest.partition("\n\n")[0].split("\n") if rest else []


def test_nothing_is_cut_where_its_mark_costs_more(project: Repo) -> None:
    task = started(project, "Four", *("--accept", "a", "--accept", "b", "--accept", "c", "--accept", "d"))
    package = project.json("recover", task, "--budget", "200")["recovery_package"]
    out = project.run("recover", task, "--budget", "200").out
    assert "more criteri" not in out
    assert "task criteria" not in [row["what"] for row in package["omitted"]]
