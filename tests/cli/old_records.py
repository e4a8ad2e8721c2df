"""Records of long ago, written as files."""

from __future__ import annotations

from collections.abc import Sequence

from tests.repos import Repo

STORE = ".orchestrator"
LONG_AGO = "2025-05-06T07:08:09Z"


def old_task(
    repo: Repo, number: int, status: str = "completed", *, title: str = "", also: str = "", end: str = ""
) -> str:
    """The id of a task made long ago; `also` are lines of front matter, `end` stands at the end."""
    task = f"t-{number:08}"
    name = title or f"Task {number}"
    text = f"---\nid: {task}\ntitle: {name}\ncreated: {LONG_AGO}\nstatus: {status}\n{also}---\n\n{end}"
    repo.write(f"{STORE}/tasks/{task}-x.md", text)
    return task


def old_session(repo: Repo, number: int, tasks: Sequence[str], *, ended: str | None = LONG_AGO) -> str:
    """The id of a session of long ago with a claim for each task."""
    session = f"s-{number:08}"
    lines = "".join(f"  - {task}\n" for task in tasks)
    end = f"ended: {ended}\n" if ended else ""
    head = f"---\nid: {session}\nagent: Ann\ncreated: {LONG_AGO}\ntasks:\n{lines}{end}---\n\n"
    repo.write(f"{STORE}/sessions/2025-05/{session}.md", f"{head}## Purpose\n\nOld work {number}\n")
    return session


def live(repo: Repo) -> list[str]:
    """The ids of the records that are not archived."""
    found = [*repo.path.glob(f"{STORE}/tasks/*.md"), *repo.path.glob(f"{STORE}/sessions/*/*.md")]
    return sorted(one.name[:10] for one in found)


def archived(repo: Repo) -> list[str]:
    """The ids of the archived records."""
    return sorted(one.name[:10] for one in repo.path.glob(f"{STORE}/archive/*/*.md"))


def contents(repo: Repo) -> dict[str, bytes]:
    """What is in every record file, by path."""
    found = (one for one in repo.path.glob(f"{STORE}/**/*") if one.is_file())
    return {one.relative_to(repo.path).as_posix(): one.read_bytes() for one in found}
