"""The migration guide of mcp-task-orchestrator, from its first step to its verification checklist.

Run it:  python examples/enhanced_integration.py [PATH OF AN OLD DATABASE]
It works in a temporary folder of its own and removes it at the end.  It needs git and taskorch.  Each item of
the guide's checklist is asserted; with a database of the old system that is brought along, too.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from taskorch import (
    EnhancedTaskOrchestrator,
    EnhancedWorkStreamHandler,
    SpecialistManager,
    StateManager,
    TaskorchError,
    create_enhanced_orchestrator,
    migrate_context_continuity_schema,
    prepare_documentation_work_stream,
    prepare_testing_work_stream,
)

PLAN: list[dict[str, Any]] = [
    {
        "task_id": "example_readme",
        "title": "Create Documentation Files",
        "description": "README.md says what it does and how to call it",
        "specialist_type": "documenter",
        "acceptance_criteria": ["the README has an example"],
    },
    {
        "task_id": "example_tests",
        "title": "Implement Testing Suite",
        "description": "Tests of the shortener",
        "specialist_type": "tester",
    },
    {
        "task_id": "example_news",
        "title": "Announce it",
        "specialist_type": "documenter",
        "dependencies": ["example_readme", "example_tests"],
    },
]
README = "# Shortener\n\nMakes short names of long addresses: `short('https://example.org')`.\n"
TESTS = (
    "from shortener import short\n\n\ndef test_it_is_short() -> None:\n    assert len(short('a' * 99)) == 8\n"
)


@contextmanager
def project() -> Iterator[Path]:
    """A repository with one commit, as somebody has it who moves over."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "init", "--quiet", "-b", "main")
        git(folder, "config", "user.name", "Ann Example")
        git(folder, "config", "user.email", "ann@example.org")
        git(folder, "config", "commit.gpgSign", "false")
        (folder / "shortener.py").write_text("def short(address: str) -> str:\n    return address[:8]\n")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", "A shortener")
        yield folder


def git(folder: Path, *words: str) -> None:
    """Run git as anybody would."""
    subprocess.run(["git", *words], cwd=folder, check=True)


def proved(what: str, holds: object) -> None:
    """Say an item of the checklist, if it holds; else stop here."""
    if not holds:
        raise AssertionError(f"not so: {what}")
    print(f"  ok  {what}")


async def core(folder: Path, database: Path | None) -> EnhancedTaskOrchestrator:
    """Steps 1 to 4: the store, the orchestrator, the session."""
    print("Core functionality")
    orchestrator = await create_enhanced_orchestrator(
        state_manager=StateManager(folder),
        specialist_manager=SpecialistManager(),
        project_dir=folder,
        db_url=f"sqlite:///{database}" if database else None,
    )
    proved("enhanced orchestrator initializes without errors", (folder / ".orchestrator").is_dir())
    proved("schema migration completed", await migrate_context_continuity_schema(orchestrator.db_session))
    proved("context continuity system is active", orchestrator.context_orchestrator is not None)
    info = await orchestrator.initialize_session(purpose="Move over from mcp-task-orchestrator")
    continuity = info["context_continuity"]
    proved(
        "session information includes context continuity", continuity["enabled"] and continuity["session_id"]
    )
    status = await orchestrator.get_session_continuity_status()
    proved("the session goes on", status["session_id"] == continuity["session_id"])
    if database:
        report = orchestrator.imported
        assert report
        proved(f"old data came along: {report['created']}", sum(report["created"].values()) > 0)
        again = await create_enhanced_orchestrator(project_dir=folder, db_url=f"sqlite:///{database}")
        assert again.imported
        proved("a second time nothing changes", sum(again.imported["created"].values()) == 0)
    return orchestrator


async def streams_are_ready(orchestrator: EnhancedTaskOrchestrator) -> None:
    """Both work streams are prepared; what does not exist is not ready."""
    print("Work stream integration")
    plan = await orchestrator.plan_task("Document and test the shortener", "moderate", json.dumps(PLAN))
    proved(
        "three subtasks are planned",
        [one["alias"] for one in plan["subtasks"]] == [one["task_id"] for one in PLAN],
    )
    streams: Any = (
        (prepare_documentation_work_stream, "example_readme"),
        (prepare_testing_work_stream, "example_tests"),
    )
    for prepare, task in streams:
        ready = await prepare(orchestrator, [task])
        kind = ready["work_stream_type"]
        proved(f"{kind} work stream preparation works", ready["readiness_status"]["ready"])
        proved(f"what is uncommitted is protected ({kind})", ready["context_protection_enabled"])
        proved(f"work stream specific guidance is provided ({kind})", ready["execution_guidance"])
    for task, word in (("nothing_like_it", "nothing_like_it"), ("example_news", "wait")):
        not_ready = await orchestrator.verify_work_stream_readiness([task])
        proved(
            f"'{task}' is not ready: {not_ready['reason']}",
            not not_ready["ready"] and word in not_ready["reason"],
        )


async def documentation(orchestrator: EnhancedTaskOrchestrator, folder: Path) -> None:
    """File tracking, decisions and an honest completion, on the documentation task."""
    print("File tracking")
    handler = EnhancedWorkStreamHandler(orchestrator)
    begun = await handler.execute_work_stream_task_enhanced("example_readme", "documentation")
    proved("enhanced task execution includes context tracking", begun["ready_for_execution"])
    proved(
        "the context names the task and the role", "Create Documentation Files" in begun["enhanced_context"]
    )

    tracker = orchestrator.context_orchestrator.create_subtask_tracker("example_readme")
    try:
        await tracker.track_file_create("README.md", "Not there yet")
    except TaskorchError as refused:
        proved(f"what did not happen is not tracked: {refused.message}", True)
    else:
        raise AssertionError("a file that is not there was tracked")
    (folder / "README.md").write_text(README)
    proved(
        "file operations can be tracked", await tracker.track_file_create("README.md", "People ask for it")
    )

    looked = await tracker.verify_subtask_completion()
    proved("completion is not approved while a criterion is open", not looked["completion_approved"])
    try:
        await orchestrator.complete_subtask_enhanced("example_readme", "Done", ["README.md", "missing.md"])
    except TaskorchError as refused:
        proved(
            f"failed verification completes nothing ({len(refused.reasons)} reasons)",
            len(refused.reasons) == 2,
        )
    else:
        raise AssertionError("a task was completed with an artifact that is not there")
    await orchestrator.check_criteria("example_readme")
    done = await handler.complete_work_stream_task(
        "example_readme", "The README", ["README.md"], "documentation"
    )
    (file,) = done["verification"]["files"]
    proved("file verification works", (file["path"], file["rung"]) == ("README.md", "worktree"))
    proved("file tracking integrates with completion", done["status"] == "completed")
    proved("completed is not landed", file["counts_as"] != "landed")
    print(f"      {done['verification']['text']}")


async def decisions(orchestrator: EnhancedTaskOrchestrator) -> None:
    """Capture, search and evolution."""
    print("Decision documentation")
    await orchestrator.get_specialist_context("example_tests")
    context = orchestrator.context_orchestrator
    tracker = context.create_subtask_tracker("example_tests")
    first = await tracker.capture_architecture_decision(
        title="Test through the public function",
        problem="Private ones change",
        solution="Tests call short() alone",
        rationale="They survive a rewrite",
        affected_files=["shortener.py"],
        risks=["slow tests"],
    )
    second = await tracker.capture_implementation_decision(
        title="Test short() and the command line", decision="Both are public", rationale="People use both"
    )
    proved("decisions can be captured", first.startswith("d-") and second.startswith("d-"))
    found = await context.search_decisions("survive a rewrite")
    proved("decision search works", [one["id"] for one in found] == [first])
    await context.supersede_decision(first, second)
    evolution = await context.get_decision_evolution(first)
    proved("decision evolution is tracked", second in json.dumps(evolution))


async def recovery(orchestrator: EnhancedTaskOrchestrator, folder: Path) -> None:
    """A new session, by somebody who knows nothing, in a clone."""
    print("Context recovery")
    (folder / "test_shortener.py").write_text(TESTS)
    done = await orchestrator.complete_subtask_enhanced(
        task_id="example_tests",
        results="One test",
        artifacts=["test_shortener.py"],
        next_action="continue",
        specialist_type="tester",
    )
    proved("enhanced completion says what it is", done["enhanced_completion"])
    proved("what waited for both comes next", done["next_recommended_task"]["title"] == "Announce it")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Documentation and tests")
    with tempfile.TemporaryDirectory() as name:
        git(folder, "clone", "--quiet", str(folder), f"{name}/clone")
        other = await create_enhanced_orchestrator(project_dir=f"{name}/clone")
        for task, path in (("example_readme", "README.md"), ("example_tests", "test_shortener.py")):
            recovered = await other.recover_context_for_task(task)
            package: dict[str, Any] = recovered["recovery_package"]
            created = [(one["path"], one["rung"]) for one in package["files_created"]]
            proved(f"context recovery works for completed tasks ({task})", created == [(path, "exact")])
            proved("continuation guidance is generated", package["continuation_guidance"])
            proved("recovery recommendations are provided", package["recovery_recommendations"])
        decided = (await other.recover_context_for_task("example_tests"))["recovery_package"]
        proved(
            "decisions are recovered with their reasons",
            "People use both" in json.dumps(decided["key_decisions"]),
        )
        unknown = await other.recover_context_for_task("nothing_like_it")
        proved("nothing is recovered of what never was", not unknown["context_recovered"])
        report = await other.synthesize_results(
            (await other.state.get_subtask("example_readme") or {})["parent"]
        )
        proved("the synthesis claims no success for what is open", "Announce it" in report)


async def main(database: Path | None) -> None:
    """All of the guide, in a project of its own."""
    with project() as folder:
        orchestrator = await core(folder, database)
        await streams_are_ready(orchestrator)
        await documentation(orchestrator, folder)
        await decisions(orchestrator)
        await recovery(orchestrator, folder)
    print("Enhanced orchestrator integration test PASSED")


if __name__ == "__main__":
    given = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    if given and not given.exists():
        sys.exit(f"there is no {given}: give the path of an old database, or nothing")
    asyncio.run(main(given))
