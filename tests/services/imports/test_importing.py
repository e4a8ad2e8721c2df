"""Importing what was read from another system: once, again, and when it has changed there or here."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from taskorch.interchange.foreign import Foreign, ForeignClaim, ForeignDecision, ForeignSession, ForeignTask
from taskorch.services.imports.importing import import_foreign
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from tests.cli.snapshots import snapshot
from tests.repos import Repo

WHEN = "2025-03-01T10:00:00Z"
BLOB = "100644 " + "1" * 40


def foreign(**changes: object) -> Foreign:
    """A small project of another system."""
    whole = Foreign(
        "other",
        tasks=[
            ForeignTask("A-1", "Add login", created=WHEN, description="## In HTML", labels=("web",)),
            ForeignTask(
                "A-2",
                "Hash passwords",
                status="completed",
                created=WHEN,
                parent="A-1",
                depends_on=("A-1",),
                results="Done.",
                notes="One note",
                criteria=(("old hashes work", True), ("tested", False)),
            ),
        ],
        decisions=[
            ForeignDecision(
                "uuid-1", "Use argon2id", number=7, date="2025-03-02", tasks=("A-2",), session="s1",
                governs=("src/a.py",), texts={"context": "Hashes leak", "decision": "argon2id"},
            ),
            ForeignDecision("uuid-2", "Use bcrypt", status="superseded"),
        ],
        sessions=[
            ForeignSession(
                "s1", created=WHEN, ended=WHEN, tasks=("A-2",), purpose="Work",
                claims=(ForeignClaim("A-2", "src/a.py", "create", None, BLOB),),
            )
        ],
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]


def imported(repo: Repo, what: Foreign, **options: object) -> Json:
    return import_foreign(Workspace(repo.path), what, **options)  # type: ignore[arg-type]


@pytest.fixture
def project(repo: Repo) -> Repo:
    repo.run("init")
    return repo


def test_records_are_made_of_all_of_it(project: Repo) -> None:
    done = imported(project, foreign())
    assert done["created"] == {"task": 2, "decision": 2, "session": 1, "claim": 1, "file": 0}
    assert (done["updated"], done["unchanged"], done["skipped"]) == (0, 0, [])
    two = project.json("task", "show", "A-2")
    one = project.json("task", "show", "A-1")
    assert (two["status"], two["parent"], two["depends_on"]) == ("completed", one["id"], [one["id"]])
    assert [(c["text"], c["done"]) for c in two["criteria"]] == [("old hashes work", True), ("tested", False)]
    assert (two["results"], two["notes"], one["description"]) == ("Done.", "One note", "## In HTML")
    for name in ("uuid-1", "7"):
        assert project.json("decision", "show", name)["tasks"] == [two["id"]]
    assert two["decisions"][0]["title"] == "Use argon2id"
    assert project.json("session", "show", "s1")["tasks"] == [two["id"]]
    assert project.run("doctor").code == 0


def test_a_second_time_nothing_changes_and_a_clone_gets_the_same(project: Repo, tmp_path: object) -> None:
    imported(project, foreign())
    before = snapshot(project)
    again = imported(project, foreign())
    assert (again["unchanged"], sum(again["created"].values()), again["updated"]) == (6, 0, 0)
    assert snapshot(project) == before


def test_what_has_changed_there_is_brought_up_to_date(project: Repo) -> None:
    imported(project, foreign())
    project.run("commit")
    more = foreign()
    more.tasks[0] = replace(more.tasks[0], status="blocked")
    done = imported(project, more)
    assert (done["updated"], done["unchanged"]) == (1, 5)
    changed = project.git("diff", "--unified=0", "--no-color").split("\n")
    lines = [x for x in changed if x[:1] in "+-" and not x.startswith(("+++", "---"))]
    assert [x for x in lines if "imported" not in x] == ["-status: pending", "+status: blocked"]


def test_what_has_changed_here_stays(project: Repo) -> None:
    imported(project, foreign())
    project.run("task", "edit", "A-1", "--assignee", "Ann")
    assert imported(project, foreign())["skipped"] == []
    more = foreign()
    more.tasks[0] = replace(more.tasks[0], status="blocked")
    [row] = imported(project, more)["skipped"]
    assert row["item"] == "task A-1" and "--theirs" in row["reason"]
    assert project.json("task", "show", "A-1")["assignee"] == "Ann"
    assert imported(project, more, theirs=True)["updated"] == 1
    assert project.json("task", "show", "A-1")["status"] == "blocked"


def test_two_sources_of_one_system_are_kept_apart(project: Repo) -> None:
    imported(project, foreign())
    other = Foreign("other", tasks=[ForeignTask("A-1", "Another thing", created="2024-01-01T00:00:00Z")])
    [row] = imported(project, other)["skipped"]
    assert "--name" in row["reason"]
    assert imported(project, other, name="second")["created"]["task"] == 1


def test_links_to_nothing_and_rings_are_told_and_left_out(project: Repo) -> None:
    tasks = [
        ForeignTask("a", "A", depends_on=("b", "nowhere"), parent="gone"),
        ForeignTask("b", "B", depends_on=("c",)),
        ForeignTask("c", "C", depends_on=("a",), parent="c"),
        ForeignTask("a", "Another A"),
    ]
    done = imported(project, Foreign("other", tasks=tasks))
    assert done["created"]["task"] == 4
    said = [f"{row['item']}: {row['reason']}" for row in done["skipped"]]
    assert len(said) == 4 and sum("ring" in one for one in said) == 2
    assert [row["item"] for row in done["mapped"]] == ["task a"]
    assert project.run("doctor").code == 0
    assert imported(project, Foreign("other", tasks=tasks))["unchanged"] == 4


def test_a_bad_item_hides_no_other(project: Repo) -> None:
    tasks = [ForeignTask("a", "", created=WHEN), ForeignTask("b", "B", status="odd"), ForeignTask("c", "C")]
    done = imported(project, Foreign("other", tasks=tasks))
    assert done["created"]["task"] == 2
    assert [row["item"] for row in done["skipped"]] == ["task b"]
    assert [row["item"] for row in done["mapped"]] == ["task a"]
    assert project.json("task", "show", "a")["title"] == "a"


def test_looking_first_writes_nothing(project: Repo) -> None:
    before = snapshot(project)
    done = imported(project, foreign(), dry_run=True)
    assert done["created"]["task"] == 2 and done["dry_run"]
    assert snapshot(project) == before


def test_long_titles_and_names_like_ids(project: Repo) -> None:
    title = "word " * 60
    imported(project, Foreign("other", tasks=[ForeignTask("t-12345678", title)]))
    shown = project.json("task", "show", "other/t-12345678")
    assert len(shown["title"]) == 200 and title.strip() in shown["description"]


def test_one_step_that_can_be_undone(project: Repo) -> None:
    imported(project, foreign())
    project.run("undo")
    assert project.json("task", "list")["tasks"] == []


def test_three_thousand_tasks_in_less_than_ten_seconds(project: Repo) -> None:
    tasks = [
        ForeignTask(f"n-{i}", f"Task {i}", created=WHEN, depends_on=(f"n-{i - 1}",) if i else ())
        for i in range(3000)
    ]
    begin = time.process_time()  # other processes on this machine must not count
    assert imported(project, Foreign("other", tasks=tasks))["created"]["task"] == 3000
    assert time.process_time() - begin < 10
    assert imported(project, Foreign("other", tasks=tasks))["unchanged"] == 3000


def test_headings_in_texts_come_back_as_they_were(project: Repo) -> None:
    text = "## Notes\n\n\\## escaped\n\n# Title"
    one = ForeignTask("a", "A", created=WHEN, description=text, results=text, notes=text)
    options = "### B\n\n* Good, because b\n\n## Risks"
    chosen = ForeignDecision("d", "D", texts={"context": text, "pros_and_cons": options, "more": "More"})
    imported(project, Foreign("other", tasks=[one], decisions=[chosen]))
    shown = project.json("task", "show", "a")
    assert (shown["description"], shown["results"], shown["notes"]) == (text, text, text)
    decision = project.json("decision", "show", "d")
    assert [option["name"] for option in decision["options"]] == ["B"]
    written = project.read(decision["path"])
    assert written.index("### B") < written.index("## More Information") and "\\## Risks" in written
