"""HEAD's reflog: how HEAD came from one commit to another in this work tree.

Format of the file: https://git-scm.com/docs/gitrepository-layout (logs); the messages are those of
git's own commands (builtin/commit.c, sequencer.c, reset.c, checkout.c, merge.c, pull.c).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from taskorch.git.repository import Repository

_MADE_HERE = re.compile(
    r"(?:commit(?! \(merge\))|cherry-pick|revert|am)(?: \([a-z -]+\))?:"
    r"|(?:pull|rebase)\b.*? \((?:pick|continue|reword|edit|squash|fixup)\):"
)
_MERGED = re.compile(r"(?:merge |pull\b)")
_CHECKOUT = re.compile(r"checkout: moving from (\S+) to ")
_OTHER = re.compile(r"(?:checkout|clone|branch|rebase|pull)\b", re.IGNORECASE)
_REBASE = re.compile(r"(?:pull|rebase)\b.*? \((start|finish|abort)\):")


@dataclass(frozen=True, slots=True)
class Move:
    """HEAD went from `old` (None: unborn) to `new`.

    ``kind`` is ``work`` for a commit made here, ``merge`` for one that concludes a merge by hand,
    ``reset`` for git reset, ``rebase start`` and ``rebase finish`` (or ``rebase abort``) around the
    commits of a rebase, ``merged`` for git merge and pull, ``other`` for checkout and the like, ``untold``
    where the message is that of none of these.  ``came_from`` and ``branch`` are the branches HEAD was
    on before and after it, None for the one it is on now.
    """

    old: str | None
    new: str
    kind: str
    came_from: str | None = None
    branch: str | None = None


def length(repo: Repository) -> int:
    """How many entries HEAD's reflog has."""
    return len(_entries(repo))


def moves_since(repo: Repository, head: str | None, count: int, end: int | None = None) -> list[Move] | None:
    """HEAD's moves since it was at `head` and the reflog had `count` entries, the oldest first.

    Each begins where the one before it ended; `end` leaves out what came after so many entries.
    None if the reflog does not tell (it was expired, or is switched off).
    """
    entries = _entries(repo)[:end]
    starts = [count] if _is_at(entries, count, head) else []
    starts += [n for n in range(len(entries), 0, -1) if _is_at(entries, n, head)]
    if not starts and entries and entries[0][0] == head:
        starts = [0]  # git gc took away what is older than the first move from there
    if not starts:
        return None
    branches = _branches(entries)
    moves: list[Move] = []
    at = head
    for number, (old, new, message) in enumerate(entries[starts[0] :], starts[0]):
        before = branches[number - 1] if number else None
        # away to nothing and back is a branch that was renamed; from nothing, a history begun anew
        if new:
            if old and old != at:  # some plumbing writes no entry
                moves.append(Move(at, old, "untold", before, branches[number]))
            moves.append(Move(old or at, new, _kind(message), before, branches[number]))
            at = new
    return moves


def _branches(entries: list[tuple[str | None, str | None, str]]) -> list[str | None]:
    """The branch HEAD was on after each entry, by what the next checkout says it came from."""
    branches: list[str | None] = []
    current: str | None = None
    for _, _, message in reversed(entries):
        branches.append(current)
        left = _CHECKOUT.match(message)
        current = left[1] if left else current
    return branches[::-1]


def _is_at(entries: list[tuple[str | None, str | None, str]], count: int, head: str | None) -> bool:
    if count > len(entries):
        return False
    # on a branch without commits the last entry is that of the branch before it
    return head is None or (count > 0 and entries[count - 1][1] == head)


def _entries(repo: Repository) -> list[tuple[str | None, str | None, str]]:
    try:
        raw = (repo.git_dir / "logs" / "HEAD").read_bytes()
    except OSError:
        return []
    entries = []
    for line in os.fsdecode(raw).split("\n"):
        meta, _, message = line.partition("\t")
        words = meta.split(" ", 2)
        if len(words) > 2:
            entries.append((_oid(words[0]), _oid(words[1]), message))
    return entries


def _oid(text: str) -> str | None:
    return text if text.strip("0") else None


def _kind(message: str) -> str:
    if _MADE_HERE.match(message):
        return "work"
    if message.startswith("commit (merge):"):
        return "merge"
    rebase = _REBASE.match(message)
    if rebase:
        return f"rebase {rebase[1]}"
    if _MERGED.match(message):
        return "merged"
    if message.startswith("reset:"):
        return "reset"
    return "other" if _OTHER.match(message) else "untold"
