"""The library in five calls: open a project, begin a session, plan, complete, recover.

Run it:  python examples/library.py
It works in a temporary folder of its own and removes it at the end.  It needs git and taskorch.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from pathlib import Path

from taskorch import TaskorchError, create_enhanced_orchestrator

SUBTASKS = [
    {"task_id": "parse", "title": "Parse the feed", "specialist_type": "implementer"},
    {"task_id": "test", "title": "Test the parser", "specialist_type": "tester", "dependencies": ["parse"]},
]


def git(folder: Path, *words: str) -> None:
    """Run git as anybody would."""
    subprocess.run(["git", *words], cwd=folder, check=True)


def make_project(folder: Path) -> None:
    """A repository with one commit."""
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "config", "user.name", "Ann Example")
    git(folder, "config", "user.email", "ann@example.org")
    git(folder, "config", "commit.gpgSign", "false")
    (folder / "feed.py").write_text("")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "An empty feed reader")


async def work(folder: Path) -> None:
    """The five calls, and what they give back."""
    orchestrator = await create_enhanced_orchestrator(project_dir=folder)

    # 1. A session: what changes in the work tree from here on is observed.
    session = await orchestrator.initialize_session(agent="example", purpose="A feed reader")
    print(f"session  {session['session_id']}")

    # 2. A plan: a task with subtasks, made in one step or not at all.
    plan = await orchestrator.plan_task("Read feeds", "moderate", json.dumps(SUBTASKS))
    for subtask in plan["subtasks"]:
        waits = f", waits for {', '.join(subtask['dependencies'])}" if subtask["dependencies"] else ""
        print(f"subtask  {subtask['task_id']}  {subtask['alias']}: {subtask['title']}{waits}")
    assert plan["subtasks"][1]["dependencies"] == [plan["subtasks"][0]["task_id"]]

    # The work itself.
    (folder / "feed.py").write_text("def parse(text: str) -> list[str]:\n    return text.splitlines()\n")

    # 3. Completing is honest: it is refused while something is open, and says what.
    try:
        await orchestrator.complete_subtask("test", "Nothing done yet")
    except TaskorchError as refused:
        print(f"refused  {refused.message}: {refused.reasons[0]}")
    else:
        raise AssertionError("a subtask was completed before the one it waits for")
    done = await orchestrator.complete_subtask("parse", "Each line is an entry", ["feed.py"])
    (file,) = done["verification"]["files"]
    print(f"done     {done['task_id']}  {file['op']} {file['path']}: {done['verification']['text']}")
    assert (file["path"], file["rung"]) == ("feed.py", "worktree")
    assert done["parent_task_progress"]["progress_percentage"] == 50

    # Once it is committed, it has landed.
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Parse the feed")

    # 4. Recovery: what the next one needs, from the repository alone.
    recovered = await orchestrator.recover_context_for_task(done["task_id"])
    package = recovered["recovery_package"]
    for row in package["files_modified"]:
        print(f"landed   {row['path']} +{row['added']} -{row['removed']} ({row['rung']})")
    print(f"next     {done['next_recommended_task']['title']}")
    assert [row["rung"] for row in package["files_modified"]] == ["exact"]
    assert (await orchestrator.recover_context_for_task("t-00000000"))["context_recovered"] is False


def main() -> None:
    """A project of its own for the example."""
    with tempfile.TemporaryDirectory() as folder:
        make_project(Path(folder))
        asyncio.run(work(Path(folder)))


if __name__ == "__main__":
    main()
