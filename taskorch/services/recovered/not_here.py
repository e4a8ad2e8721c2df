"""What a clone lacks to tell more, and the command that brings it: said in one way."""

from __future__ import annotations

from taskorch.git.repository import Repository

BRINGS_HISTORY = "git fetch --unshallow brings"
BRINGS_CONTENTS = "git fetch --refetch --no-filter brings them"
CONTENTS = f"contents are not in this clone, and nothing is fetched ({BRINGS_CONTENTS})"
"""Why something cannot be told in a partial clone."""


def no_default_branch(repo: Repository) -> str:
    """That there is no branch to compare with, and what brings one where a remote has it."""
    remote = repo.remote
    fetched = f"git fetch {remote} main:refs/remotes/{remote}/main brings one that is called main"
    return f"No default branch can be told here ({fetched})"
