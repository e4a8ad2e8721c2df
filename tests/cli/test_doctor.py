"""``doctor``: every problem by file, line and column; one broken record never hides the others."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from taskorch.services.tasks import list_tasks
from taskorch.services.workspace import Workspace
from tests.cli.making import new_decision, new_task, started, task_file
from tests.cli.snapshots import snapshot
from tests.repos import Repo

HEAD = "id: t-00000001\ntitle: T\ncreated: 2026-01-01T00:00:00Z\nstatus: pending\n"
TASK = ".orchestrator/tasks/t-00000001-t.md"
Place = tuple[str, int, int]


def front(text: str) -> str:
    return f"---\n{text}---\n\n## Notes\n"


def found(repo: Repo) -> dict[Place, str]:
    """The problems, by place."""
    done = repo.run("doctor", "--json", check=False)
    problems = done.json["problems"]
    assert done.code == (4 if problems else 0)
    return {(one["path"], one["line"], one["column"]): one["message"] for one in problems}


def test_a_sound_store_is_0_and_counted(project: Repo) -> None:
    task = started(project)
    new_decision(project)
    project.write("a.txt", "a\n")
    project.run("task", "complete", task, "--results", "r")
    answer = project.json("doctor")
    assert answer["problems"] == []
    assert answer["checked"] == {"tasks": 1, "decisions": 1, "sessions": 1, "claims": 1}
    out = project.run("doctor").out
    assert out == "0 problems; readable: 1 task, 1 decision, 1 session, 1 claim\n"


def test_text_shows_place_message_and_hint(project: Repo) -> None:
    project.write(TASK, front(HEAD.replace("pending", "odd")))
    out = project.run("doctor", check=False).out
    assert f"{TASK}:5:9: 'status' is 'odd', none of: pending, active" in out
    assert "1 problem; readable: 0 tasks" in out


BROKEN: dict[str, tuple[str | bytes, tuple[int, int], str]] = {
    "no front matter": ("# A title\n", (1, 1), "no front matter"),
    "empty": ("", (1, 1), "no front matter"),
    "fence not closed": (f"---\n{HEAD}", (1, 1), "no closing '---'"),
    "not UTF-8": (b"---\nid: t-00000001\ntitle: caf\xe9\n---\n", (3, 11), "not UTF-8"),
    "conflict": (front(f"{HEAD}<<<<<<< HEAD\npriority: low\n"), (6, 1), "conflict markers"),
    "conflict in the body": (front(HEAD) + "\n=======\n>>>>>>> side\n", (11, 1), "conflict markers"),
    "key twice": (front(f"{HEAD}status: active\n"), (6, 1), "the key 'status' stands twice"),
    "missing field": (front(HEAD.replace("title: T\n", "")), (1, 1), "'title' is missing"),
    "empty field": (front(HEAD.replace("title: T", "title:")), (3, 1), "'title' is missing"),
    "bad choice": (front(f"{HEAD}priority: urgent\n"), (6, 11), "'priority' is 'urgent'"),
    "bad time": (front(HEAD.replace("2026-01-01T00", "2026-13-01T00")), (4, 10), "not a time"),
    "bad id": (front(HEAD.replace("t-00000001", "t-1")), (2, 5), "not an id"),
    "id of a decision": (front(HEAD.replace("t-0", "d-0")), (1, 1), "not that of a task"),
    "list where a value stands": (front(HEAD.replace("T\n", "[a, b]\n")), (3, 8), "not a single value"),
    "not YAML": (front(f"{HEAD}labels: [a\n"), (7, 1), "expected ',' or ']'"),
    "YAML that runs code": (front(f"{HEAD}labels: !!python/object/apply:os.system [x]\n"), (6, 9), ""),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_record_is_named_by_line_and_column(project: Repo, kind: str) -> None:
    content, (line, column), message = BROKEN[kind]
    project.write(TASK, content)
    problems = found(project)
    assert list(problems) == [(TASK, line, column)]
    assert message in problems[TASK, line, column]


def test_every_kind_of_broken_record_at_once(project: Repo) -> None:
    for number, (content, _, _) in enumerate(BROKEN.values(), 10):
        raw = content if isinstance(content, bytes) else content.encode()
        task = f"t-000000{number}"
        project.write(f".orchestrator/tasks/{task}-x.md", raw.replace(b"t-00000001", task.encode()))
    good = new_task(project, "Good")
    assert len(found(project)) == len(BROKEN)
    assert [one["id"] for one in project.json("task", "list")["tasks"]] == [good]
    for words in (["task", "show", good], ["recover", good], ["verify", "--task", good], ["status"]):
        project.run(*words)


def test_several_problems_of_one_record_are_all_named(project: Repo) -> None:
    project.write(TASK, front(f"{HEAD.replace('pending', 'odd')}priority: urgent\ncomplexity: none\n"))
    assert set(found(project)) == {(TASK, 5, 9), (TASK, 6, 11), (TASK, 7, 13)}


def test_crlf_bom_key_order_and_unknown_keys_are_no_problems(project: Repo) -> None:
    lines = HEAD.splitlines()
    text = front("\n".join([*reversed(lines), "x-own: kept", "# a comment"]) + "\n")
    project.write(TASK, "\ufeff" + text.replace("\n", "\r\n"))
    assert found(project) == {}
    assert project.json("task", "show", "t-00000001")["title"] == "T"


def test_dangling_links_of_every_kind(project: Repo) -> None:
    project.write(TASK, front(f"{HEAD}depends_on:\n  - t-0000000a\nparent: t-0000000b\n"))
    decision = new_decision(project)
    path = project.json("decision", "show", decision)["path"]
    project.write(path, project.read(path).replace("refines:\n", "refines:\n  - d-0000000c\n"))
    session = project.json("session", "start")
    text = project.read(session["path"])
    project.write(session["path"], text.replace("tasks:\n", "tasks:\n  - t-0000000d\n"))
    messages = found(project)
    assert messages[TASK, 6, 1] == "'depends_on' names t-0000000a, which is not here"
    assert messages[TASK, 8, 1] == "'parent' names t-0000000b, which is not here"
    assert {one for one in messages.values() if "refines" in one or "tasks" in one} == {
        "'refines' names d-0000000c, which is not here",
        "'tasks' names t-0000000d, which is not here",
    }
    assert len(messages) == 4


def test_rings_are_told_once(project: Repo) -> None:
    one, two = new_task(project, "One"), new_task(project, "Two")
    for task, other in ((one, two), (two, one)):
        path = task_file(project, task)
        text = path.read_text().replace("parent:", f"parent: {other}")
        path.write_text(text.replace("depends_on:\n", f"depends_on:\n  - {other}\n"))
    messages = sorted(found(project).values())
    assert [one.split(" leads in a ring: ")[0] for one in messages] == ["'depends_on'", "'parent'"]


def test_two_records_with_one_id(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    other = path.with_name(f"{task}-copy.md")
    other.write_text(path.read_text())
    [message] = found(project).values()
    assert f"the id {task} is also that of" in message
    assert "new id" in project.json("task", "list")["problems"][0]["hint"]


def test_a_file_named_for_another_id(project: Repo) -> None:
    path = task_file(project, new_task(project))
    path.rename(path.with_name("t-00000002-other.md"))
    [(place, message)] = found(project).items()
    assert place[:2] == (".orchestrator/tasks/t-00000002-other.md", 2)
    assert message.startswith("the file is named t-00000002-other.md")


def test_aliases_given_twice_in_a_plan_or_like_an_id(project: Repo) -> None:
    for number in (1, 2):
        text = HEAD.replace("t-00000001", f"t-0000000{number}") + "alias: setup\n"
        project.write(f".orchestrator/tasks/t-0000000{number}.md", front(text))
    text = HEAD.replace("t-00000001", "t-00000003") + "alias: t-aaaaaaaa\n"
    project.write(".orchestrator/tasks/t-00000003.md", front(text))
    assert sorted(found(project).values()) == [
        "the alias 'setup' is also that of t-00000001",
        "the alias 't-aaaaaaaa' looks like an id",
    ]


CLAIM = (
    '{{"task": "{task}", "path": "a.txt", "op": "create", "before": null, '
    '"after": "100644 78981922613b2afb6025042ff6bd878ac1994e85", "onto": null, "by": "seen"}}\n'
)


def test_claims_that_are_none_are_named_by_line_and_the_others_count(project: Repo) -> None:
    task = started(project)
    session = project.json("session", "show")["path"]
    claims = session.removesuffix(".md") + ".claims.jsonl"
    good = CLAIM.format(task=task)
    bad = [
        "{broken\n",
        "<<<<<<< HEAD\n",
        "[1]\n",
        good.replace("create", "invent"),
        good.replace("100644", "777"),
        good.replace('"task": "t-', '"task": "x-'),
        good.replace('"by": "seen"', '"by": "guessed"'),
        good.replace('"op": "create"', '"op": "move"'),
    ]
    project.write(claims, "".join([*bad, good]))
    messages = found(project)
    assert [place[:2] for place in messages] == [(claims, number) for number in range(1, len(bad) + 1)]
    assert "conflict markers" in messages[claims, 2, 1]
    assert project.json("doctor", check=False)["checked"]["claims"] == 1
    assert project.run("verify", "--task", task, "--json", check=False).json["files"][0]["path"] == "a.txt"


def test_claims_of_no_session_and_of_no_task(project: Repo) -> None:
    orphan = ".orchestrator/sessions/2026-01/s-00000001.claims.jsonl"
    project.write(orphan, CLAIM.format(task="t-0000000a"))
    problems = project.run("doctor", "--json", check=False).json["problems"]
    assert sorted(one["message"] for one in problems) == [
        "a claim of t-0000000a, which is no task here",
        "claims of session s-00000001, which has no readable record",
    ]
    assert {one["path"] for one in problems} == {orphan}


def test_superseded_but_not_by_status_and_superseded_twice(project: Repo) -> None:
    old, one, two = (new_decision(project, name) for name in ("Old", "One", "Two"))
    for newer in (one, two):
        path = project.path / project.json("decision", "show", newer)["path"]
        path.write_text(path.read_text().replace("supersedes:\n", f"supersedes:\n  - {old}\n"))
    messages = sorted(found(project).values())
    assert any(one.startswith("superseded by ") and "status is proposed" in one for one in messages)
    assert any(one.startswith("superseded more than once") for one in messages)


def test_a_decision_in_the_place_of_which_nothing_stands(project: Repo) -> None:
    old, new = (new_decision(project, name) for name in ("Old", "New"))
    project.run("decision", "supersede", old, "--by", new)
    assert found(project) == {}
    project.run("decision", "reject", new)
    words = f"superseded by {new}, which was rejected: neither of them stands"
    assert list(found(project).values()) == [words]


def test_a_ring_of_decisions_is_told_once(project: Repo) -> None:
    one, two = (new_decision(project, name) for name in ("One", "Two"))
    for newer, older in ((one, two), (two, one)):
        path = project.path / project.json("decision", "show", newer)["path"]
        path.write_text(path.read_text().replace("refines:\n", f"refines:\n  - {older}\n"))
    first, second = sorted([one, two])
    assert list(found(project).values()) == [f"'refines' leads in a ring: {first} -> {second} -> {first}"]


def test_the_date_of_a_decision_is_a_day(project: Repo) -> None:
    for number, date in enumerate(("2026-11-22", "2026-11-22T10:00:00Z", "22.11.2026"), 1):
        text = f"id: d-0000000{number}\ntitle: D\nstatus: proposed\ndate: {date}\n"
        project.write(f".orchestrator/decisions/d-0000000{number}.md", front(text))
    assert found(project) == {
        (".orchestrator/decisions/d-00000003.md", 5, 7): (
            "'date' is '22.11.2026', not a day such as 2026-01-31"
        )
    }


def test_strays_links_and_leftovers(project: Repo) -> None:
    task = task_file(project, new_task(project)).name
    project.write(".orchestrator/tasks/notes.txt", "mine\n")
    project.write(".orchestrator/decisions/.tmp-abc", "half")
    (project.path / ".orchestrator" / "tasks" / "link").symlink_to("/etc/hosts")
    for name in (".DS_Store", f".{task}.swp", f"{task}~", f"#{task}#", ".cache/notes.txt"):
        project.write(f".orchestrator/tasks/{name}", "of others\n")
    (project.path / ".orchestrator" / "tasks" / f".#{task}").symlink_to("ann@host.1234")
    assert {place[0].rsplit("/", 1)[1]: message for place, message in found(project).items()} == {
        "notes.txt": "not a record: its name has no id",
        ".tmp-abc": "left over from a command that was killed",
        "link": "not a record: its name has no id",
    }


def test_what_is_no_file_where_a_record_should_be_is_told_by_every_reader(project: Repo) -> None:
    good = new_task(project)
    tasks = project.path / ".orchestrator" / "tasks"
    (tasks / "t-00000001-link.md").symlink_to("/etc/hosts")
    (tasks / "t-00000002-folder.md").mkdir()
    os.mkfifo(tasks / "t-00000003-pipe.md")
    (project.path / ".orchestrator" / "decisions").symlink_to("/etc")
    told = {
        ".orchestrator/decisions": "a symbolic link, which is not read",
        ".orchestrator/tasks/t-00000001-link.md": "a symbolic link, which is not read",
        ".orchestrator/tasks/t-00000002-folder.md": "not a file, so it is not read",
        ".orchestrator/tasks/t-00000003-pipe.md": "not a file, so it is not read",
    }
    assert {place[0]: message for place, message in found(project).items()} == told
    listed = project.json("task", "list")
    assert [one["id"] for one in listed["tasks"]] == [good]
    assert {one["path"]: one["message"] for one in listed["problems"]} == told
    (tasks / "t-00000003-pipe.md").unlink()  # git has none
    project.commit("all of it")
    reviewed = project.run("review", "HEAD~1..HEAD", "--json", check=False).json
    committed = [".orchestrator/decisions", ".orchestrator/tasks/t-00000001-link.md"]
    assert [one["path"] for one in reviewed["problems"]] == committed


def test_a_record_that_may_not_be_read_hides_no_other(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = new_task(project, "Good"), new_task(project, "Bad")
    closed = task_file(project, bad)
    really = os.open

    def refuse(path: Any, *rest: Any, **more: Any) -> Any:
        if Path(path) == closed:  # by the mode of the file root would read it all the same
            raise PermissionError(errno.EACCES, "Permission denied")
        return really(path, *rest, **more)

    monkeypatch.setattr("os.open", refuse)
    listed = list_tasks(Workspace(project.path))
    assert [one["id"] for one in listed["tasks"]] == [good]
    assert [one["message"] for one in listed["problems"]] == ["cannot be read: Permission denied"]


def test_it_changes_nothing(project: Repo) -> None:
    project.write(TASK, "broken\n")
    project.write(".orchestrator/tasks/.tmp-abc", "half")
    before = snapshot(project, local=True)
    project.run("doctor", check=False)
    assert snapshot(project, local=True) == before


def test_a_store_in_a_subfolder_is_named_from_the_root(project: Repo) -> None:
    (project.path / "api").mkdir()
    project.run("init", "--here", cwd="api")
    project.write("api/.orchestrator/tasks/t-00000001-x.md", "broken\n")
    done = project.run("doctor", "--json", check=False, cwd="api")
    assert [one["path"] for one in done.json["problems"]] == ["api/.orchestrator/tasks/t-00000001-x.md"]
