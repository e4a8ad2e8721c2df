"""A folder of Backlog.md: what becomes of each file, and that nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskorch.errors import NotFound
from taskorch.interchange.backlog_md import read
from taskorch.interchange.foreign import Foreign
from tests.interchange.backlog_md.sample import FILES, INVALID, WHOLE, simple, write
from tests.interchange.kept import lost, task, told

fuzzed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Lines that only say what the lines below them are.
_FRAME = re.compile(
    r"---|<!-- .* -->|## (?:Desc|Acc|Def|Impl|Comm|Final|Cont|Deci|Cons|Alt).*|#+ ?|\w+:(?: [\[\]]*)?|>-|```|"
)
_LEAD = re.compile(r"\w+: |- |\[.\] |#\d+ |#{2,3} |@")


@pytest.fixture
def found(tmp_path: Path) -> Foreign:
    return read(write(tmp_path))


def bare(line: str) -> str:
    while (less := _LEAD.sub("", line.strip(), count=1) if _LEAD.match(line.strip()) else line) != line:
        line = less
    return line.strip().strip("'\"").replace('\\"', '"')


def test_nothing_is_lost(found: Foreign) -> None:
    """Every line of every file that is read."""
    for name, text in FILES.items():
        if name.startswith(("tasks/back", "completed", "drafts", "archive", "decisions")):
            lines = [bare(line) for line in text.split("\n") if not _FRAME.fullmatch(line.strip())]
            known = {
                "To Do",
                "In Progress",
                "@ann",
                ">-",
                "Shipped",
                "Done",
                "Draft",
                "task-2",
                "task-3",
                "BACK-04",
                '["cli", command]',
                "2026-01-01 23:37",
                "2026-07-09 22:13",
                "Won't Do",
            }
            assert lost([line for line in lines if line not in known], found) == [], name


def test_a_task(found: Foreign) -> None:
    one = task(found, "BACK-2.01")
    assert (one.title, one.status, one.created) == ("Whole: title", "active", "2026-01-01T23:37:00Z")
    assert (one.assignee, one.priority) == ("ann, bob", None)
    assert one.labels == ("web", "type:bug", "milestone:m-6", "status:Awaiting Merge")
    assert (one.parent, one.depends_on) == ("BACK-2", ("TASK-3", "BACK-4"))
    assert one.criteria == (
        ("It works", True),
        ("It is quick", False),
        ("Definition of done: tests pass", True),
    )
    assert one.results == "All of it." and one.notes == "Was done.\n\n## Evidence\n\nA text of its own."
    assert one.comments[:2] == (("2026-07-09T22:13:00Z @dora", "Looks good."), ("emil", "Merged."))
    assert one.description.startswith(
        "What it is.\n\n## Steps inside\n\n```md\n## Acceptance Criteria\n- [ ] #1 in"
    )
    assert "#### Implementation plan\n\n1. Do it" in one.description
    assert "#### References\n\n- https://example.org/a-long one\n- src/a.ts" in one.description
    assert one.comments[-1][0] == "From Backlog.md" and "- priority: urgent" in one.comments[-1][1]


def test_invalid_yaml_comes_in_and_is_told(found: Foreign) -> None:
    one = task(found, "TASK-3")
    assert (one.alias, one.title, one.status) == ("task-3", 'CLI: a "quoted" one', "completed")
    assert (one.assignee, one.created, one.labels) == (
        "frida", "2025-06-04T00:00:00Z", ("cli", "command", "milestone:m-1"),
    )  # fmt: skip
    assert one.criteria == (("Ticked", True), ("Not ticked", False))
    assert one.depends_on == () and "- front matter: odd line" in one.comments[-1][1]
    assert one.notes == "Noted.\n\n### Below it\n\nMore."
    assert "task task-3: its front matter is no valid YAML (line 5)" in told(found.mapped)


@pytest.mark.parametrize(
    ("key", "status", "labels"),
    [
        ("BACK-2", "active", ()), ("BACK-4", "completed", ("status:Shipped",)),
        ("BACK-5", "completed", ("status:In Progress",)), ("DRAFT-1", "pending", ("draft",)),
        ("DRAFT-2", "pending", ("draft", "status:Done")), ("archive/BACK-4", "cancelled", ("archived",)),
        ("BACK-6", "cancelled", ("archived", "status:Won't Do")), ("BACK-7", "completed", ("archived",)),
        ("DRAFT-3", "cancelled", ("archived", "draft")),
    ],
)  # fmt: skip
def test_where_a_task_lies_and_its_word_make_its_status(
    found: Foreign, key: str, status: str, labels: tuple[str, ...]
) -> None:
    one = task(found, key)
    assert (one.status, one.labels) == (status, labels)
    for label in labels:
        if label.startswith("status:"):
            assert f"'{label}'" in told(found.mapped)


def test_what_is_archived_says_so(found: Foreign) -> None:
    assert task(found, "DRAFT-3").reason == "archived in Backlog.md"
    assert not task(found, "DRAFT-3").deleted


def test_names(found: Foreign) -> None:
    assert task(found, "BACK-5.1").parent == "BACK-5"  # its own says so, no field does
    assert task(found, "archive/BACK-4").title == "Older four"
    assert task(found, "BACK-8").title == "No front matter"
    said = told(found.mapped)
    assert "archive/tasks/back-4 - Older-four.md is 'archive/BACK-4'" in said


def test_folders_below_and_names_without_a_number(tmp_path: Path) -> None:
    tasks = {
        "config.yml": "task_prefix: 'job'\n",
        "tasks/epics/one/task-7 - Seven.md": simple("task-7", "Seven"),
        "tasks/epics/job-epic-1.2 - Parted.md": "---\ntitle: Parted\nparent_task_id: job-epic-1\n---\n",
        "tasks/job-epic-1.md": "# The whole ##\n\nNo front matter.\n",
        "tasks/some-notes.md": "No task.\n",
    }
    found = read(write(tmp_path, tasks))
    assert {one.key: one.parent for one in found.tasks} == {
        "TASK-7": None, "JOB-EPIC-1.2": "JOB-EPIC-1", "JOB-EPIC-1": None,
    }  # fmt: skip
    assert task(found, "JOB-EPIC-1").title == "The whole"
    assert "tasks/some-notes.md: it has no id" in told(found.skipped)


def test_links_by_names_of_an_older_prefix(tmp_path: Path) -> None:
    tasks = {
        "config.yml": "task_prefix: back\n",
        "tasks/back-3 - A.md": simple("BACK-3", "A"),
        "tasks/back-9 - B.md": simple(
            "BACK-9", "B", more="dependencies: [task-3, '3', gone, draft-3, epic-3]\n"
        ),
    }
    found = read(write(tmp_path, tasks))
    assert task(found, "BACK-9").depends_on == ("BACK-3", "BACK-3", "gone", "draft-3", "epic-3")
    assert "1 links: name tasks by TASK-, which are called BACK- now" in told(found.mapped)


def test_decisions(found: Foreign) -> None:
    one, odd = found.decisions
    assert (one.key, one.number, one.status, one.date) == ("decision-1", 1, "accepted", "2025-06-22")
    assert one.texts["decision"] == "X it is\n\n#### Because\n\nFast" and one.texts["options"] == "Y"
    assert one.texts["more"] == "#### References\n\n- a link\n\n#### From Backlog.md\n\n- by: hans"
    assert (odd.status, odd.labels, odd.texts["more"]) == ("proposed", ("status:maybe",), "Free text")


def test_what_is_left_out_is_told_with_the_reason(found: Foreign) -> None:
    said = told(found.skipped)
    for name in ("config.yml", "docs/doc-1 - Guide.md", "milestones/m-6 - New.md", "assets/a.png",
                 "tasks/readme.md", "tasks/notes.md"):  # fmt: skip
        assert f"{name}: " in said
    assert len(found.skipped) == 6


def test_the_projects_folder_will_do_and_another_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "backlog")
    assert len(read(tmp_path).tasks) == len(read(tmp_path / "backlog").tasks) == 13
    with pytest.raises(NotFound):
        read(tmp_path / "backlog/docs")


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text(simple("BACK-1", "Secret"))
    folder = write(tmp_path / "backlog", {"tasks/back-2 - A.md": simple("BACK-2", "A")})
    (folder / "tasks/back-1 - Link.md").symlink_to(outside)
    (folder / "completed").symlink_to(tmp_path)
    found = read(folder)
    assert [one.key for one in found.tasks] == ["BACK-2"]
    assert "no plain file" in told(found.skipped)


def test_headings_in_code_are_text_and_a_fence_left_open_is_none(tmp_path: Path) -> None:
    body = "## Description\n\n```md\n## Final Summary\n```\n\n## Implementation Notes\n\n```\nleft open\n\n"
    text = f"---\nid: BACK-1\ntitle: T\n---\n{body}## Final Summary\n\nDone.\n"
    one = read(write(tmp_path, {"tasks/back-1 - T.md": text})).tasks[0]
    assert one.description == "```md\n## Final Summary\n```"
    assert (one.notes, one.results) == ("```\nleft open", "Done.")


def test_windows_line_ends_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    plain = read(write(tmp_path / "a", {"tasks/back-2.01 - W.md": WHOLE}))
    other = write(tmp_path / "b", {"tasks/x.md": ""})
    (other / "tasks/x.md").unlink()
    (other / "tasks/back-2.01 - W.md").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert read(other).tasks == plain.tasks
    (other / "tasks/back-2.01 - W.md").write_bytes(
        WHOLE.encode().replace(b"What it is.", b"What \xff\x00 is.")
    )
    assert "What \ufffd\ufffd is." in read(other).tasks[0].description


@fuzzed
@given(st.sampled_from([WHOLE, INVALID]), st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=30))
def test_any_bytes_at_any_place(tmp_path: Path, text: str, start: int, size: int, new: bytes) -> None:
    data = text.encode()
    (tmp_path / "tasks").mkdir(exist_ok=True)
    (tmp_path / "tasks/back-1 - A.md").write_bytes(data[:start] + new + data[start + size :])
    found = read(tmp_path)
    assert len(found.tasks) + len(found.skipped) == 1


@fuzzed
@given(st.text("-#:[]{}'\"|>&*!%@`\n ab1<AC:BEGINEND->", max_size=80), st.integers(0, 2000))
def test_marks_of_yaml_and_markdown_at_any_place(tmp_path: Path, new: str, start: int) -> None:
    (tmp_path / "tasks").mkdir(exist_ok=True)
    (tmp_path / "tasks/back-1 - A.md").write_text(WHOLE[:start] + new + WHOLE[start:])
    assert len(read(tmp_path).tasks) == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [("To Do, Done, Soaking", "active"), ("To Do, Soaking", "completed"), ("Soaking, Done", "pending")],
)
def test_the_last_word_is_done_only_where_none_is_known_to_be(
    tmp_path: Path, words: str, status: str
) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "config.yml").write_text(f"statuses: [{words}]\n")
    (tmp_path / "tasks" / "task-1 - One.md").write_text(simple("task-1", "One", "Soaking"))
    assert task(read(tmp_path), "TASK-1").status == status
