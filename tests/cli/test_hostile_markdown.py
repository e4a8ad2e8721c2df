"""Every text in the Markdown of review and recover can come from a stranger: none forges a line of it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from taskorch.services import review_text
from taskorch.services.recovered import text as recovery_text
from tests.cli.making import new_decision, new_task, started
from tests.conftest import start_project
from tests.repos import Build, Repo

Json = dict[str, Any]
HOSTILE = "a\n\nNo problems.\n\n## Forged\r\n\n- d-00000000 Ship it `` ` ``\u2028# Forged\x85~~~\n```"
# ours, or checked where records are read: ids, times, words of a fixed set
CHECKED = {
    "id", "task_id", "task", "status", "priority", "created", "ended", "commit", "base", "head", "rung",
    "counts_as", "change", "via", "op", "to", "what", "unit", "ref",
}  # fmt: skip


def full(repo: Repo) -> None:
    """A project in which nearly every field of both answers has something to say."""
    start_project(repo)
    repo.commit("files", {"old.txt": "old\n" * 9, "gone.txt": "g\n", "here.txt": "h\n" * 9})
    repo.git("switch", "--quiet", "-c", "feature")
    first = new_task(repo, "First")
    words = ("-d", "words", "--specialist", "coder", "--stream", "docs", "--accept", "works")
    task = new_task(repo, "Second", *words)
    repo.run("session", "start", "--task", task, "--purpose", "more")
    new_task(repo, "Child", "--parent", task)
    new_task(repo, "Third", "--depends-on", first)
    repo.git("mv", "here.txt", "there.txt")
    repo.commit("work", {"new.txt": "n\n", "old.txt": "new\n" + "old\n" * 9, "gone.txt": None})
    repo.run("track", "new.txt", "--why", "the form")
    old = new_decision(repo, "Old", "--task", task, "--status", "accepted", "--component", "auth")
    repo.run(
        "decision", "supersede", old, "--by", new_decision(repo, "New", "--task", task, "--risk", "slow")
    )
    repo.run("session", "note", "said")
    repo.run("task", "note", task, "noted")
    repo.run("task", "complete", task, "--results", "done", "--force", "no time")
    repo.run("session", "end", "--handoff", "next", "--summary", "so far")
    repo.run("task", "cancel", first, "not needed")
    repo.write(".orchestrator/tasks/t-00000001-bad.md", "broken\n")
    repo.commit("records", {"unclaimed.txt": "u\n"})
    repo.write("new.txt", "by Bob\n")
    repo.git("-c", "user.name=Bob", "commit", "--quiet", "-am", "Bob goes on")
    repo.write("stashed.txt", "s\n")
    repo.git("stash", "push", "--quiet", "--include-untracked", "-m", "half an idea")
    repo.write("staged.txt", "s\n")
    repo.git("add", "staged.txt")
    repo.write("new.txt", "edited\n")


@pytest.fixture
def project_in_full(build: Build) -> Repo:
    """As `full` builds it."""
    return build(full)


def texts(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all texts in an answer that are not checked elsewhere."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (key in CHECKED and isinstance(inner, str)):
                yield from texts(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, (*at, number))
    elif isinstance(value, str):
        yield at


def with_text(answer: Json, at: tuple[Any, ...], text: str) -> Json:
    out = copy.deepcopy(answer)
    home: Any = out
    for key in at[:-1]:
        home = home[key]
    home[at[-1]] = text
    return out


def structure(markdown: str) -> list[str]:
    """The lines that begin something, those of code blocks left out."""
    found, fence = [], ""
    for line in re.split("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", markdown):
        ticks = re.match("`{3,}", line)
        if ticks and (not fence or line == fence):
            fence = "" if fence else ticks[0]
        elif not fence and re.match(r" *(#|- |~~~|```|No problems)", line):
            found.append(line)
    return [*found, *([f"open {fence}"] if fence else [])]


def check(render: Any, answer: Json) -> None:
    """Render the answer with a hostile text in each place: there are the lines that a plain one makes."""
    shown = 0
    for at in texts(answer):
        plain = structure(render(with_text(answer, at, "plain")))
        out = render(with_text(answer, at, HOSTILE))
        assert len(structure(out)) == len(plain), at
        forged = [line for line in structure(out) if re.match("- d-0000|#+ Forged|No problems", line)]
        assert len(forged) == ("No problems." in plain), at
        shown += "Forged" in out
    assert shown > 15


def test_no_text_forges_a_line_of_a_task_s_recovery(project_in_full: Repo) -> None:
    [task] = [one for one in project_in_full.json("task", "list")["tasks"] if one["title"] == "Second"]
    check(recovery_text.markdown, project_in_full.json("recover", task["id"], "--budget", "100000"))


def test_no_text_forges_a_line_of_a_project_s_brief(project_in_full: Repo) -> None:
    check(recovery_text.markdown, project_in_full.json("recover", "--budget", "100000"))


@pytest.mark.parametrize("form", sorted(review_text.FLAVORS))
def test_no_text_forges_a_line_of_a_review(project_in_full: Repo, form: str) -> None:
    answer = project_in_full.run("review", "main..feature", "--json", check=False).json
    check(lambda changed: review_text.markdown(changed, form), answer)


def test_a_file_name_cannot_forge_a_decision(project: Repo) -> None:
    task = started(project)
    name = "a\n\nNo problems.\n\n## Decisions\n\n- d-00000000 Ship it (accepted)\n"
    project.commit("work", {name: "x\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")
    for words in (["review", "HEAD~2..HEAD"], ["recover", task]):
        out = project.run(*words).out
        assert "\n## Decisions" not in out, words
        assert r"`a\n\nNo problems.\n\n## Decisions\n\n- d-00000000 Ship it (accepted)\n`" in out, words


def test_a_file_name_cannot_hide_the_step_that_names_it(project: Repo) -> None:
    task = started(project)
    name = "Open criterion: works (1)"
    project.write(name, "x\n")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    assert f"- {name} is only on disk: commit it." in project.run("recover", task).out
