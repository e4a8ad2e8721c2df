"""The rules by which git ignores a path."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from taskorch.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and the file and line it stands in; ``source`` is as git names it, from the root."""

    source: str
    line: int
    pattern: str


def ignoring_rules(repo: Repository, paths: Iterable[str], *, even_tracked: bool = False) -> dict[str, Rule]:
    """For each of the paths that git ignores, the rule; what it tracks it does not ignore.

    Format: https://git-scm.com/docs/git-check-ignore#_output
    """
    names = b"".join(os.fsencode(f"./{path}") + b"\0" for path in paths)
    # check-ignore takes paths, not patterns, and knows no literal pathspecs
    paths_only = {"GIT_LITERAL_PATHSPECS": "0"}
    asked = ["check-ignore", "-v", "--stdin", "-z", *(["--no-index"] if even_tracked else [])]
    done = repo.git(asked, stdin=names, env=paths_only, allow=(0, 1))
    fields = done.text.split("\0")[:-1]
    rows = [fields[at : at + 4] for at in range(0, len(fields), 4)]
    return {
        path.removeprefix("./"): Rule(source, int(line), pattern)
        for source, line, pattern, path in rows
        if not pattern.startswith("!")  # the rule that takes it back in
    }
