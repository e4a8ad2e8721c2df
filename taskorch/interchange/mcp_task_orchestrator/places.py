"""Paths of another machine, made relative to the root of the project where that can be told."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from taskorch.interchange.mcp_task_orchestrator.source import Project
from taskorch.interchange.mcp_task_orchestrator.values import text_of, unpacked
from taskorch.records.claim import is_inside

FOLDER = ".task_orchestrator"
_DRIVE = re.compile(r"[A-Za-z]:/")
_MOST_PATH = 1024


class Places:
    """The roots that a project had, on this machine and on those where it was worked on."""

    def __init__(self, project: Project) -> None:
        roots = {_plain(root) for root in [project.root, *_said(project)]}
        self.roots = {root.rstrip("/") for root in roots if is_absolute(root) and root.rstrip("/")}
        learned = _learned(project, self)
        if learned:
            self.roots.add(learned)

    def relative(self, path: str) -> str | None:
        """A path relative to the root of the project; None where it is outside, or cannot be told."""
        plain = _plain(path)
        if is_absolute(plain):
            root = max((one for one in self.roots if plain.startswith(f"{one}/")), key=len, default=None)
            if root is None:
                return None
            plain = plain[len(root) + 1 :]
        found = posixpath.normpath(plain) if plain else ""
        usable = bool(found) and is_inside(found) and len(found) <= _MOST_PATH and "\n" not in found
        return found if usable else None

    def shown(self, path: str) -> str:
        """A path as it is told of: relative where it can be."""
        return self.relative(path) or _plain(path)


def is_absolute(path: str) -> bool:
    """Whether a path with slashes begins at a root, also of Windows."""
    return path.startswith("/") or bool(_DRIVE.match(path))


def _plain(path: str) -> str:
    """A path with slashes, as git has them; one of Windows is told by its drive or by having no slash."""
    text = text_of(path).strip()
    is_of_windows = re.match(r"[A-Za-z]:\\", text) or ("\\" in text and "/" not in text)
    return text.replace("\\", "/") if is_of_windows else text


def _said(project: Project) -> Iterable[str]:
    """The roots that rows and files name."""
    for row in project.rows("workspaces"):
        yield from (row.text("workspace_path"), row.text("git_root_path"))
    for path, text in project.files.items():
        found = unpacked(text) if path.endswith(".json") else None
        if isinstance(found, dict):
            yield text_of(found.get("working_directory"))
            before, inside, _ = _plain(text_of(found.get("primary_file"))).partition(f"/{FOLDER}/")
            yield before if inside else ""


def _learned(project: Project, known: Places) -> str | None:
    """The root that file operations show whose path a task also names as it is within the project.

    Decisions about files and artifacts are named so.  The root that most pairs agree on, of equals the
    shortest.
    """
    within: dict[str, set[str]] = {}
    named = [(row, "affected_files") for row in project.rows("architectural_decisions")]
    for row, column in [*named, *((row, "artifacts") for row in project.rows("subtasks"))]:
        task = row.text("subtask_id", "task_id")
        paths = {_plain(text_of(path)) for path in row.list(column)}
        within.setdefault(task, set()).update(path for path in paths if path and not is_absolute(path))
    votes: Counter[str] = Counter()
    for row in project.rows("file_operations"):
        path = _plain(row.text("file_path"))
        if is_absolute(path) and known.relative(path) is None:
            ends = (f"/{one}" for one in within.get(row.text("subtask_id"), ()))
            votes.update({path.removesuffix(end) for end in ends if path.endswith(end)})
    return min(votes, key=lambda root: (-votes[root], len(root), root), default=None) or None
