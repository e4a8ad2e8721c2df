"""``search`` by fields, the order of what is found, and the same fields in ``decision list``."""

from __future__ import annotations

from typing import Any

import pytest

from taskorch.services import search as searching
from taskorch.services.workspace import Workspace
from tests.cli.making import new_decision, new_task
from tests.cli.refusals import refused
from tests.conftest import start_project
from tests.repos import Build, Repo

Rows = list[dict[str, Any]]


def search(repo: Repo, *words: str) -> Rows:
    rows: Rows = repo.json("search", *words)["results"]
    return rows


def found(repo: Repo, *words: str) -> set[str]:
    return {row["id"] for row in search(repo, *words)}


def decide(repo: Repo, title: str, why: str, *options: str) -> str:
    return str(repo.json("decision", "new", title, "--because", why, *options)["id"])


def filled(project: Repo) -> dict[str, str]:
    """A decision with every field, one with none, a task and a session, by name."""
    start_project(project)
    task = new_task(project, "Hash passwords", "--label", "auth")
    full = decide(
        *(project, "Use argon2id", "memory-hard", "--category", "security", "--impact", "high"),
        *("--status", "accepted", "--file", "src", "--file", "docs/a.md", "--component", "login"),
        *("--component", "auth", "--label", "hash", "--label", "auth", "--task", task),
    )
    bare = decide(project, "Use tabs", "short")
    session = project.json("session", "start", "--purpose", "Passwords", "--task", task)["id"]
    path = project.path / str(project.json("decision", "show", bare)["path"])
    text = path.read_text()
    path.write_text(text.replace(f"date: {text.split('date: ')[1][:10]}", "date: 2024-02-29"))
    return {"task": task, "full": full, "bare": bare, "session": session}


@pytest.fixture
def stored(build: Build) -> tuple[Repo, dict[str, str]]:
    return build.giving(filled)


@pytest.mark.parametrize(
    ("words", "names", "text"),
    [
        (("--category", "security"), "full", "category: security"),
        (("--impact", "high"), "full", "impact: high"),
        (("--status", "accepted"), "full", "status: accepted"),
        (("--status", "accepted", "--status", "proposed"), "full bare", None),
        (("--status", "active"), "task", "status: active"),
        (("--file", "src/deep/x.py"), "full", "- path: src"),
        (("--file", "docs/a.md"), "full", "- path: docs/a.md"),
        (("--file", "docs/b.md"), "", None),
        (("--file", "docs"), "full", "- path: docs/a.md"),
        (("--file", "doc"), "", None),
        (("--file", "."), "full", "- path: src"),
        (("--component", "auth"), "full", "- auth"),
        (("--label", "auth"), "full task", "- auth"),
        (("--label", "auth", "--kind", "decision"), "full", "- auth"),
        (("--until", "2024-02-29"), "bare", "date: 2024-02-29"),
        (("--until", "2024-02-28"), "", None),
        (("--since", "2024-03-01", "--kind", "decision"), "full", None),
        (("--since", "2024-02-29", "--kind", "decision"), "full bare", None),
        (("--since", "2024-03-01"), "full task session", None),
        (("argon2id", "--category", "security"), "full", None),
        (("tabs", "--category", "security"), "", None),
        (("use", "--kind", "decision", "--impact", "high"), "full", None),
    ],
)
def test_fields_narrow_and_stand_for_a_text(
    stored: tuple[Repo, dict[str, str]], words: tuple[str, ...], names: str, text: str | None
) -> None:
    project, store = stored
    rows = search(project, *words)
    assert {row["id"] for row in rows} == {store[name] for name in names.split()}
    for row in rows:
        line = project.read(row["path"]).splitlines()[row["line"] - 1]
        assert line.strip() == row["text"]
        assert text in (None, row["text"])


def test_those_of_a_task(stored: tuple[Repo, dict[str, str]]) -> None:
    project, store = stored
    rows = search(project, "--task", store["task"][2:7])
    assert {row["id"] for row in rows} == {store["full"], store["session"]}
    assert {row["text"] for row in rows} == {f"- {store['task']}"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--impact", "high"), "full"),
        (("--file", "src/x.py"), "full"),
        (("--component", "login"), "full"),
        (("--label", "hash"), "full"),
        (("--since", "2024-03-01"), "full"),
        (("--until", "2024-03-01"), "bare"),
        (("--until", "2024-03-01", "--impact", "high"), ""),
    ],
)
def test_decision_list_takes_the_same_fields(
    stored: tuple[Repo, dict[str, str]], words: tuple[str, ...], names: str
) -> None:
    project, store = stored
    rows = project.json("decision", "list", *words)["decisions"]
    assert {row["id"] for row in rows} == {store[name] for name in names.split()}


def test_a_folder_finds_what_governs_something_in_it_as_check_does(project: Repo) -> None:
    one = decide(project, "Api", "x", "--file", "src/api/**", "--status", "accepted")
    decide(project, "All Python", "x", "--file", "**/*.py")
    for folder in ("src", "src/api", "src/api/a.txt"):
        assert found(project, "--file", folder) == {one}, folder
        checked = project.run("decision", "check", "--path", folder, "--json", check=False).json
        assert checked["checked"] == 1
    assert found(project, "--file", "src/ap") == set()


def test_a_file_is_named_from_the_folder_one_is_in(stored: tuple[Repo, dict[str, str]]) -> None:
    project, store = stored
    project.write("src/x.py", "\n")
    done = project.run("search", "--file", "x.py", "--json", cwd="src").json
    assert [row["id"] for row in done["results"]] == [store["full"]]


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ((), "usage", 2),
        (("--kind", "decision"), "usage", 2),
        ((" ", "--impact", "high"), "usage", 2),
        (("--since", "yesterday"), "usage", 2),
        (("--until", "2026-02-30"), "usage", 2),
        (("--since", "20260131"), "usage", 2),
        (("--until", "2026-W05-6"), "usage", 2),
        (("--status", "odd"), "usage", 2),
        (("--file", ""), "usage", 2),
        (("--file", "../x"), "bad_path", 1),
        (("--task", "t-00000000"), "not_found", 1),
    ],
)
def test_what_cannot_be_asked_is_refused(project: Repo, words: tuple[str, ...], kind: str, code: int) -> None:
    refused(project, "search", *words, kind=kind, code=code)


def test_title_and_id_come_first_then_what_it_is_about_then_the_number_of_lines(project: Repo) -> None:
    options = ("--context", "c", "--decision", "d", "--rationale", "otter")
    often = str(
        project.json("decision", "new", "Often", *options, "--risk", "otter", "--risk", "an otter")["id"]
    )
    once = str(project.json("decision", "new", "Once", *options)["id"])
    about = str(
        project.json("decision", "new", "About", "--context", "The otter.", *options[2:4], "--because", "w")[
            "id"
        ]
    )
    chosen = str(
        project.json("decision", "new", "Chosen", "--context", "c", "--decision", "otter", "--because", "w")[
            "id"
        ]
    )
    titled = decide(project, "The otter", "w")
    rows = list(dict.fromkeys(row["id"] for row in search(project, "otter")))
    assert rows[0] == titled
    assert set(rows[1:3]) == {about, chosen}
    assert rows[3:] == [often, once]
    naming = [option for n in range(4) for option in ("--risk", f"{n}: as {once}")]
    project.run("decision", "new", "Other", "--because", "w", *naming)
    assert search(project, once)[0]["id"] == once


def test_a_title_with_the_word_comes_before_one_with_a_part_of_a_word(project: Repo) -> None:
    within = [decide(project, f"Migrate it {n}", "w") for n in range(5)]
    whole = [decide(project, title, "w") for title in ("Limit the rate", "Rates", "(rate)")]
    order = list(dict.fromkeys(row["id"] for row in search(project, "RATE")))
    assert order == [*sorted(whole), *sorted(within)]


def test_of_very_many_each_is_there_with_one_line(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    titles = ("Otters", "a", "b", "The otter", "Potter")
    many = [decide(project, title, "otter\n\notter") for title in titles]
    project.run("decision", "reject", many[1])
    for limit in (3, 5, 9):
        answer = searching.search(Workspace(project.path), "otter", limit=limit)
        assert (len(answer["results"]), answer["total"]) == (min(limit, 5), 5)
    order = [row["id"] for row in answer["results"]]
    assert order == [*sorted([many[0], many[3]]), many[4], many[2], many[1]]


def test_of_equals_those_that_stand_come_first(project: Repo) -> None:
    decisions = [decide(project, "The otter", "w") for _ in range(4)]
    old = sorted(decisions)[0]
    project.run("decision", "reject", old)
    rows = search(project, "otter")
    order = list(dict.fromkeys(row["id"] for row in rows))
    assert order == [*sorted(decisions)[1:], old]
    assert [row["status"] for row in rows][-1] == "rejected"
    assert f"{old}  rejected  The otter" in project.run("search", "otter").out


def test_the_newest_come_first_where_only_fields_are_asked(stored: tuple[Repo, dict[str, str]]) -> None:
    project, store = stored
    rows = search(project, "--status", "accepted", "--status", "proposed", "--kind", "decision")
    assert [row["id"] for row in rows] == [store["full"], store["bare"]]


def test_a_commit_is_searched_by_fields_as_well(stored: tuple[Repo, dict[str, str]]) -> None:
    project, store = stored
    project.commit("all of it")
    project.run("decision", "edit", store["full"], "--impact", "low")
    assert found(project, "--impact", "high", "--at", "HEAD") == {store["full"]}
    assert found(project, "--impact", "high") == set()


def test_why_names_the_decisions_that_govern_a_path(project: Repo) -> None:
    project.commit("code", {"src/a.py": "a\n"})
    one = new_decision(project, "Keep it small", "--file", "src", "--status", "accepted")
    assert one in str(project.json("why", "src/a.py"))
    assert "Keep it small" in project.run("why", "src/a.py:1").out
