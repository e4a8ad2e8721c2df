"""Where what stands in a file now comes from: its lines by blame, the file itself through its renames."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from taskorch.git.history import PathEvent, changed_by, path_events, renames_in
from taskorch.git.index import tracked
from taskorch.git.paths import is_below
from taskorch.git.repository import Repository
from taskorch.git.worktree import states_at

_MAX_NAMES = 20
# What settings and attributes of the user would change: commits that blame is to pass over, contents
# that a program converts for reading, and how differences are found.
_FIXED = ("-c", "diff.algorithm=myers", "-c", "diff.indentHeuristic=true", "blame", "--porcelain", "--root")
_PLAIN = ("--no-ignore-revs-file", "--no-textconv")
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)")
_NAMED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, and the commit that wrote it: None where it is not committed yet.

    ``path`` and ``number`` (from 1) are where it stood in that commit; ``text`` has no line feed.
    """

    commit: str | None
    path: str
    number: int
    text: bytes


def blamed(repo: Repository, path: str, *, moved: bool = True, only: int | None = None) -> list[Line]:
    """The lines of a file with where each comes from; none of an empty or an uncommitted new file.

    Of a work tree as they are on disk, of a repository that is seen from a commit those of that.
    Renames of the file are followed; where a line was `moved` or copied within the commit, from
    elsewhere in the file or from another file (git's -M and -C), it is told where it was first
    written.  `only` is the number of the one line that is wanted; to be seen as moved, a line needs
    those around it.
    """
    if not repo.has_work_tree:
        revision = [repo.head or "HEAD"]
    elif repo.head and (states_at(repo, repo.head, [path])[path] or tracked(repo, [path])):
        revision = []
    else:
        return []
    asked = [*_FIXED, *(["-M", "-C"] if moved else []), *([f"-L{only},{only}"] if only else [])]
    return list(_lines(repo.git([*asked, *_PLAIN, *revision, "--", path]).out))


def _lines(out: bytes) -> Iterator[Line]:
    """The lines in blame's output: https://git-scm.com/docs/git-blame#_the_porcelain_format"""
    names: dict[str, str] = {}
    commit, number = "", 0
    for line in out.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            committed = commit.strip("0") != ""
            yield Line(commit if committed else None, names[commit], number, line[1:])
            commit = ""
        elif not commit:
            first, second, *_ = line.split(b" ")
            commit, number = first.decode(), int(second)
        elif line.startswith(b"filename "):
            # not repeated for the next lines of a commit that has one name only
            names[commit] = os.fsdecode(_unquoted(line.removeprefix(b"filename ")))


def _unquoted(name: bytes) -> bytes:
    """A name that git may have put in C-style quotes (quote.c)."""
    if not (name.startswith(b'"') and name.endswith(b'"') and len(name) > 1):
        return name

    def plain(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8)]) if len(sign) == 3 else _NAMED.get(sign, sign)

    return _ESCAPED.sub(plain, name[1:-1])


def past_events(repo: Repository, tip: str, path: str) -> list[PathEvent]:
    """The commits in the history of `tip` that changed a path or, before it was renamed, its earlier names.

    Those where a shallow history begins count: what they show was there already.  None comes before
    its descendants, name by name.
    """
    out: list[PathEvent] = []
    seen, queue = {path}, [(tip, path)]
    while queue and len(seen) <= _MAX_NAMES:
        start, name = queue.pop(0)
        for event in path_events(repo, [start], name, cut_off=True):
            out.append(event)
            if event.old is None and event.commit not in repo.cut_off:
                old = next((old for old, new in renames_in(repo, event.commit) if new == name), None)
                if old and old not in seen:
                    seen.add(old)
                    queue.append((f"{event.commit}^1", old))
    return out


def events_below(repo: Repository, tip: str, folder: str, most: int) -> tuple[list[PathEvent], int]:
    """What the newest `most` commits, merges left out, changed below a folder, and how many more there are.

    ``.`` is the root.
    """
    limit = [] if folder == "." else [folder]
    asked = ["rev-list", "--full-history", "--no-merges", "--topo-order", "--end-of-options", tip, "--"]
    commits = repo.git([*asked, *limit]).text.split()
    changed = changed_by(repo, commits[:most])
    events = [one for commit in commits[:most] for one in changed[commit] if is_below(one.path, folder)]
    return events, max(len(commits) - most, 0)
