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
_OTHER = re.compile(r"(?:checkout|clone|branch|rebase|pull)\b", re.IGNORECASE)
_REBASE = re.compile(r"(?:pull|rebase)\b.*? \((start|finish|abort)\):")


@dataclass(frozen=True, slots=True)
class Move:
    """HEAD went from `old` (None: unborn) to `new`.

    ``kind`` is ``work`` for a commit made here, ``merge`` for one that concludes a merge by hand,
    ``reset`` for git reset, ``rebase start`` and ``rebase finish`` (or ``rebase abort``) around the
    commits of a rebase, ``merged`` for git merge and pull, ``other`` for checkout and the like, ``untold``
    where the message is that of none of these.
    """

    old: str | None
    new: str
    kind: str


def length(repo: Repository) -> int:
    """How many entries HEAD's reflog has."""
    return len(_entries(repo))


def last_switch(repo: Repository, since: int) -> tuple[int, str, str] | None:
    """The last checkout or switch from one branch to another after so many entries.

    Gives how many entries were before it, and the commits it left and came to.
    """
    entries = _entries(repo)
    for number in range(len(entries) - 1, since - 1, -1):
        old, new, message = entries[number]
        if old and new and message.startswith("checkout: moving from "):
            return number, old, new
    return None


def moves_since(repo: Repository, head: str | None, count: int, end: int | None = None) -> list[Move] | None:
    """HEAD's moves since it was at `head` and the reflog had `count` entries, the oldest first.

    Each begins where the one before it ended; `end` leaves out what came after so many entries.
    None if the reflog does not tell (it was expired, or is switched off).
    """
    entries = _entries(repo)[:end]
    starts = [count] if _is_at(entries, count, head) else []
    starts += [n for n in range(len(entries), 0, -1) if _is_at(entries, n, head)]
    if not starts:
        return None
    moves: list[Move] = []
    at = head
    for old, new, message in entries[starts[0] :]:
        # away to nothing and back is a branch that was renamed; from nothing, a history begun anew
        if new:
            if old and old != at:  # some plumbing writes no entry
                moves.append(Move(at, old, "untold"))
            moves.append(Move(old or at, new, _kind(message)))
            at = new
    return moves


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
