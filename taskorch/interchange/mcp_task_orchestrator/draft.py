"""What is being made of a project: tasks, decisions and sessions, and what is told of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from taskorch.interchange.foreign import Foreign, ForeignTask
from taskorch.interchange.mcp_task_orchestrator.places import Places
from taskorch.interchange.mcp_task_orchestrator.source import Project, Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.times import Clock
from taskorch.interchange.mcp_task_orchestrator.values import clipped
from taskorch.records.task_words import COMPLETED

NAME = "mcp-task-orchestrator"
RECORDED = f"Recorded by {NAME}:"


class Draft:
    """Collects what the parts of the reader make; `finished` gives it as one."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.clock, self.places = Clock(project), Places(project)
        self.foreign = Foreign(NAME, root=project.root)
        self.files: dict[str, list[str]] = defaultdict(list)
        """Artifacts by the key of their task."""
        self.artifacts: dict[str, str] = {}
        """The paths of stored artifacts by their ids."""
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._mapped: Counter[tuple[str, str]] = Counter()

    def map(self, item: str, how: str) -> None:
        """Tell that something was written otherwise than it was read; the same words are counted."""
        self._mapped[item, how] += 1

    def skip(self, item: str, reason: str) -> None:
        """Tell that something was not read."""
        self.foreign.skipped.append((item, reason))

    def record(self, task: str, lines: Iterable[str]) -> None:
        """Add items to the list in a task's notes of what was recorded of it."""
        self._lines[task] += lines

    def note(self, task: str, text: str) -> None:
        """Add a text of its own to a task's notes."""
        self._texts[task].append(text)

    def keep(self, task: str, row: Row, usual: Mapping[str, Any]) -> None:
        """Put into a task's notes what its row says in columns that nobody asked for."""
        self.record(task, in_lines(row.rest(usual)))

    @property
    def task_keys(self) -> set[str]:
        """The keys of all tasks so far."""
        return {task.key for task in self.foreign.tasks}

    def finished(self) -> Foreign:
        """All of it, the notes with their tasks."""
        first: set[str] = set()
        for number, task in enumerate(self.foreign.tasks):
            if task.key not in first:
                first.add(task.key)
                self.foreign.tasks[number] = self._with_notes(task)
        for key in sorted({*self._lines, *self._texts, *self.files} - first):
            for line in [*self._lines[key], *self._texts[key], *self.files[key]]:
                self.skip(f"task {key}", f"is not in the source, which says of it: {clipped(line)}")
        for (item, how), count in self._mapped.items():
            self.foreign.mapped.append((item, f"{how} ({count} times)" if count > 1 else how))
        return self.foreign

    def _with_notes(self, task: ForeignTask) -> ForeignTask:
        lines = "\n".join(dict.fromkeys(self._lines[task.key]))
        recorded, texts = f"{RECORDED}\n\n{lines}" if lines else "", self._texts[task.key]
        # 2.0 keeps what came of a task in an artifact alone
        results = task.results or ("\n\n".join(texts) if task.status == COMPLETED else "")
        parts = [task.notes, recorded, *(texts if task.results == results else ())]
        files = tuple(dict.fromkeys([*task.artifacts, *self.files[task.key]]))
        notes = "\n\n".join(part for part in parts if part)
        return replace(task, artifacts=files, results=results, notes=notes)
