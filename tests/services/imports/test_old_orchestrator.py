"""Projects of mcp-task-orchestrator as its versions 1.4.1, 1.8.0 and 2.0.0 left them, moved over."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.snapshots import snapshot
from tests.repos import Repo
from tests.services.imports.databases import OLD, breakdown, decided, make_database, operation, subtask

SOURCE = "mcp-task-orchestrator"
Moved = Callable[[str], Repo]


@pytest.fixture
def moved(repo: Repo) -> Moved:
    """The project of a version in a repository that has some of its files, imported."""

    def move(version: str) -> Repo:
        repo.commit("one", {"README.md": "hello\n", "API.md": "v1\n", "old.txt": "old\n"})
        repo.commit("two", {"API.md": "api\n", "old.txt": None})
        repo.commit("three", {"README.md": "hello again\n"})
        repo.run("init")
        shutil.copytree(OLD / version / ".task_orchestrator", repo.path / ".task_orchestrator")
        repo.run("import", SOURCE, ".")
        return repo

    return move


def test_1_4_1_tasks(moved: Moved) -> None:
    repo = moved("v1.4.1")
    shown = {one["alias"]: one for one in repo.json("task", "list")["tasks"]}
    assert {alias: (one["title"], one["status"]) for alias, one in shown.items()} == {
        "task_216f013f": ("Integration test", "pending"),
        "doc_task_001": ("Create docs", "completed"),
        "test_task_001": ("Write tests", "completed"),
        "impl_001": ("Implement", "pending"),
    }
    parent, doc = repo.json("task", "show", "task_216f013f"), repo.json("task", "show", "doc_task_001")
    assert parent["complexity"] == "moderate" and parent["description"] == "Integration test\n\nContext: ctx"
    assert (doc["parent"], doc["specialist"], doc["results"]) == (parent["id"], "documenter", "done")
    assert (doc["created"], doc["artifacts"]) == ("2026-11-22T14:57:41Z", ["README.md"])
    assert repo.json("task", "show", "test_task_001")["depends_on"] == [doc["id"]]
    lines = doc["notes"].split("\n")
    assert lines[:5] == [
        "Recorded by mcp-task-orchestrator:", "", "- completed: 2026-11-22T14:57:41Z",
        "- file operations count: 4", "- verification status: failed",
    ]  # fmt: skip
    assert [line.split(": ", 1)[1][:60] for line in lines[5:]] == [
        "create `README.md`: SHA-256 5891b5b522d5df086d0ff0b110fbd9d2",
        "modify `API.md`: SHA-256 d171794c5c1f7a50aeb8f7056ab84a4fbcd",
        "delete `old.txt`: checked 10 times verified (no file there)",
        "create `never_written.md`: checked 10 times failed (no file ",
    ]


def test_1_4_1_decisions(moved: Moved) -> None:
    repo = moved("v1.4.1")
    old, new = repo.json("decision", "show", "4"), repo.json("decision", "show", "5")
    assert (old["title"], old["status"], old["superseded_by"]) == ("DB", "superseded", [new["id"]])
    assert (old["category"], old["impact"], old["risks"], old["date"]) == (
        "architecture", "high", ["locks"], "2026-11-22",
    )  # fmt: skip
    assert (new["supersedes"], new["components"], new["governs"]) == ([old["id"]], ["db"], ["db.py"])
    [option] = [one for one in new["options"] if one["name"] == "DELETE journal"]
    assert (option["text"], option["pros"], option["cons"]) == ("x\nevaluation: no", ["a"], ["b"])
    text = repo.read(new["path"])
    assert "- implementation: pragma\n- supersedes 'DB', 2026-11-22: better\n" in text
    assert text.index("## Pros and Cons") < text.index("## More Information")
    assert [repo.json("decision", "show", str(n))["decision_makers"] for n in (1, 5, 6)] == [
        ["documenter"], ["implementer"], ["tester"],
    ]  # fmt: skip
    assert new["session"] == old["session"] != None  # noqa: E711


def test_1_4_1_claims_are_honest(moved: Moved) -> None:
    repo = moved("v1.4.1")
    rows = {one["path"]: (one["op"], one["rung"]) for one in repo.json("verify", "--all")["files"]}
    assert rows == {
        "README.md": ("create", "superseded"), "API.md": ("modify", "exact"), "old.txt": ("delete", "exact"),
    }  # fmt: skip
    package = repo.json("recover", "doc_task_001")["recovery_package"]
    assert [one["path"] for one in package["files_created"]] == ["README.md"]
    assert "why: Testing file tracking" in repo.run("recover", "doc_task_001").out
    sessions = repo.json("session", "list")["sessions"]
    assert sorted(one["title"] for one in sessions) == [
        "Work recorded by mcp-task-orchestrator: 4 file operations",
        "Work recorded by mcp-task-orchestrator: 6 decisions",
    ]


def test_1_8_0_artifacts_whose_metadata_name_another_machine(moved: Moved) -> None:
    repo = moved("v1.8.0")
    design = repo.json("task", "show", "arch_1")
    path = ".task_orchestrator/artifacts/arch_1/mirrored/docs/design_artifact_f746bc59.md"
    assert design["artifacts"] == [path] and (repo.path / path).is_file()
    title = "Artifact artifact_f746bc59 (design, 2026-11-22T14:54:27Z): Chose SQLite + base62."
    assert design["notes"].endswith(
        f"{title} Of `docs/design.md`.\n\n> # Design\n>\n> SQLite table urls; base62 ids."
    )
    assert "- estimated effort: 1h" in design["notes"] and design["results"] == "Chose SQLite + base62"
    assert "> def short(u): ..." in repo.json("task", "show", "impl_1")["notes"]
    assert {one["alias"]: one["status"] for one in repo.json("task", "list")["tasks"]} == {
        "task_b2e48791": "pending", "arch_1": "completed", "impl_1": "completed", "test_1": "active",
        "doc_1": "pending",
    }  # fmt: skip
    assert [one["alias"] for one in repo.json("task", "ready")["tasks"]] == ["doc_1"]


def test_2_0_0_metadata_that_is_encoded_twice(moved: Moved) -> None:
    repo = moved("v2.0.0")
    a, b = (repo.json("task", "show", alias) for alias in ("task_181dfc69", "task_cf090edd"))
    assert (a["specialist"], a["complexity"], a["status"]) == ("architect", "moderate", "pending")
    assert (b["specialist"], b["depends_on"], b["status"]) == ("coder", [a["id"]], "completed")
    assert b["results"] == "Artifact artifact_e73de349\n\n> x"
    assert b["artifacts"] == [".task_orchestrator/artifacts/task_cf090edd_artifact_e73de349.txt"]
    [session] = repo.json("session", "list")["sessions"]
    assert session["created"] == "2026-11-22T14:59:46Z"
    assert session["title"] == "A session of mcp-task-orchestrator in /home/dev/shortener"


@pytest.mark.parametrize("version", ["v1.4.1", "v1.8.0", "v2.0.0"])
def test_again_and_by_another_way_nothing_changes(
    version: str, moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = moved(version)
    assert repo.run("doctor").code == 0
    roles = ".task_orchestrator/roles/project_roles.yaml"
    assert repo.read(".orchestrator/roles/project_roles.yaml") == repo.read(roles)
    before = snapshot(repo)
    monkeypatch.setenv("TZ", "America/New_York")
    for path in (".", ".task_orchestrator", ".task_orchestrator/task_orchestrator.db"):
        done = repo.json("import", SOURCE, path)
        assert (sum(done["created"].values()), done["updated"]) == (0, 0)
    assert snapshot(repo) == before


@pytest.mark.parametrize("version", ["v1.4.1", "v1.8.0", "v2.0.0"])
def test_from_another_folder_the_same_records_come(version: str, moved: Moved, tmp_path: Path) -> None:
    repo = moved(version)
    other = repo.clone(tmp_path / "other")
    other.run("init")
    other.run("import", SOURCE, str(OLD / version))
    for folder in ("tasks", "decisions", "sessions"):
        names = sorted((repo.path / ".orchestrator" / folder).rglob("*.*"))
        assert names or folder != "tasks"
        for name in names:
            assert other.read(str(name.relative_to(repo.path))) == name.read_text()


def test_a_changed_source_updates(repo: Repo) -> None:
    repo.run("init")
    file = repo.path / ".task_orchestrator" / "task_orchestrator.db"
    make_database(file, {"task_breakdowns": [breakdown()], "subtasks": [subtask("one")]})
    repo.run("import", SOURCE, ".")
    file.unlink()
    done = subtask("one", status="completed", completed_at="2025-06-01 13:00:00")
    make_database(file, {"task_breakdowns": [breakdown()], "subtasks": [done]})
    again = repo.json("import", SOURCE, ".")
    assert (again["updated"], again["unchanged"], again["skipped"]) == (2, 0, [])
    assert {one["status"] for one in repo.json("task", "list")["tasks"]} == {"completed"}


def test_looking_first_and_errors_in_a_sentence(repo: Repo) -> None:
    repo.run("init")
    before = snapshot(repo)
    done = repo.json("import", SOURCE, str(OLD / "v1.4.1"), "--dry-run")
    assert done["created"] == {"task": 4, "decision": 6, "session": 2, "claim": 0, "file": 1}
    assert snapshot(repo) == before
    repo.write("x.db", "no database")
    failed = repo.run("import", SOURCE, "x.db", check=False)
    assert failed.code == 1 and "x.db is no SQLite database, or an encrypted one" in failed.err


def test_many_rows(repo: Repo) -> None:
    repo.run("init")
    tables = {
        "task_breakdowns": [breakdown()],
        "subtasks": [subtask(f"t{n}", dependencies=f'["t{n - 1}"]') for n in range(1000)],
        "file_operations": [
            operation(f"o{n}", f"/p/f{n % 900}.py", subtask_id=f"t{n % 1000}", content_hash="0" * 64)
            for n in range(3000)
        ],
        "architectural_decisions": [decided(f"d{n}", subtask_id=f"t{n}") for n in range(300)],
    }
    file = make_database(repo.path / "old.db", tables)
    done = repo.json("import", SOURCE, str(file), "--dry-run")
    assert done["created"] == {"task": 1001, "decision": 300, "session": 1, "claim": 0, "file": 0}
