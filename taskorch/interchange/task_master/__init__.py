"""Task Master (https://github.com/eyaltoledano/claude-task-master): ``tasks.json``, tasks by tag.

The format was taken from its types (``packages/tm-core``) and the project's own tasks.
"""

from __future__ import annotations

from pathlib import Path

from taskorch.interchange.foreign import Foreign
from taskorch.interchange.task_master.reading import read_tasks

__all__ = ["read"]


def read(path: Path) -> Foreign:
    """What a file of tasks holds, or that of a folder ``.taskmaster``.

    Raises TaskorchError where none is there.
    """
    return read_tasks(path)
