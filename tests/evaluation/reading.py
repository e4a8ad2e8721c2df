"""What git alone says of a change: whether a commit, or what was gained since another, has it.

Nothing of taskorch is asked here: the ladder is held against this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from tests.evaluation.pulls import Git

State = str | None
Raw = tuple[str, str, State, State]
"""A path, the commit, and mode and object id before and behind it."""


@dataclass(frozen=True)
class Reading:
    """What ``base..target`` gained.

    With `parent`, the target is the one commit that may have brought `head`.
    """

    git: Git
    base: str
    target: str
    parent: str | None = None
    head: str | None = None

    def of(self, path: str, source: str | None, before: State, after: State) -> str | None:
        """How the range gained that `path` went from `before` to `after` (from `source`, where it moved).

        None if nothing in it shows that.
        """
        if (
            self._at_target.get(path) == after != self._at_base.get(path)
            and (source is None or source not in self._at_target)
        ):  # fmt: skip
            return "the content is there"
        if after and self._is_elsewhere(path, after):
            return "the content is at another path"
        if any(new == after != old and (after or name == path) for name, _, old, new in self._raw):
            return "the content was there"
        if self._as_merged(path):
            return "as git merges it"
        if self._same_lines(path, source, before, after):
            return "the same lines"
        return None

    @cached_property
    def _at_base(self) -> dict[str, State]:
        return self._tree(self.base)

    @cached_property
    def _at_target(self) -> dict[str, State]:
        return self._tree(self.target)

    def _tree(self, commit: str) -> dict[str, State]:
        out: dict[str, State] = {}
        for line in self.git("ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
            if line:
                meta, path = line.split("\t", 1)
                mode, _, oid = meta.split(" ")
                out[path] = f"{mode} {oid}"
        return out

    def _is_elsewhere(self, path: str, after: str) -> bool:
        held = {name for name, state in self._at_target.items() if state == after and name != path}
        return any(self._at_base.get(name) != after for name in held)

    @cached_property
    def _raw(self) -> list[Raw]:
        asked = ["log", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=%x02%H"]
        return list(raw(self.git(*asked, f"{self.base}..{self.target}")))

    @cached_property
    def _merged(self) -> dict[str, State]:
        """What git makes of the head merged into the parent; files in conflict are left out."""
        if not self.parent or not self.head:
            return {}
        words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", self.parent, self.head]
        tree, *conflicts = self.git(*words, allow=(0, 1)).split("\0")
        return {path: state for path, state in self._tree(tree).items() if path not in conflicts}

    def _as_merged(self, path: str) -> bool:
        """Whether the target has the path, or what the main branch renamed it to, as a merge would."""
        if not self.parent:
            return False
        before = self._tree_of_parent
        for name in (path, self._renamed.get(path, path)):
            made = self._merged.get(name)
            if made and made == self._at_target.get(name) != before.get(name):
                return True
        return False

    @cached_property
    def _tree_of_parent(self) -> dict[str, State]:
        return self._tree(self.parent or self.base)

    @cached_property
    def _renamed(self) -> dict[str, str]:
        asked = ["diff-tree", "-r", "-z", "--diff-filter=R", "--name-status"]
        text = self.git(*asked, "-M", self.base, self.target, allow=(0, 128))
        # large files may be missing from the source: then renames without an edit
        fields = (text or self.git(*asked, "-M100%", self.base, self.target)).split("\0")
        return {fields[at + 1]: fields[at + 2] for at in range(0, len(fields) - 2, 3)}

    def _same_lines(self, path: str, source: str | None, before: State, after: State) -> bool:
        """Whether a commit of the range, or several together, removed and added these very lines there."""
        if not before or not after:
            return False
        wanted = lines_between(self.git, before, after)
        if not wanted:
            return False
        return any(
            lines_between(self.git, first, last) == wanted
            for first, last in self._spans(path, source)
            if first and last
        )

    def _spans(self, path: str, source: str | None) -> list[tuple[State, State]]:
        names = {path, source or path, self._renamed.get(path, path)}
        events = [(old, new) for name, _, old, new in reversed(self._raw) if name in names]
        spans = list(events)
        gone = [old for name, _, old, new in self._raw if name == (source or path) and new is None]
        spans += [(old, new) for old in gone for first, new in events if first is None]
        for start in range(len(events)):
            for end in range(start + 1, min(len(events), start + 12)):
                spans.append((events[start][0], events[end][1]))
        return spans


def was_undone(git: Git, by: str, path: str, source: str | None, before: State, after: State) -> bool:
    """Whether the commit `by` changed `path` (and `source`, where it moved) to just the contrary."""
    asked = ["diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=%x02%H"]
    changed = {name: (old, new) for name, _, old, new in raw(git(*asked, by))}
    old, new = changed.get(path, (None, None))
    if source:
        return path in changed and new is None and changed.get(source) == (None, before)
    if path not in changed or not before or not after or not old or not new:
        return path in changed and new == before and (after is None) == (old is None)
    return new == before or lines_between(git, old, new) == lines_between(git, after, before)


_CACHE: dict[tuple[str, str], list[str]] = {}


def lines_between(git: Git, before: str, after: str) -> list[str]:
    """The removed and added lines between two blobs, in order, each with its sign."""
    key = before[7:], after[7:]
    if key not in _CACHE:
        text = git("diff", "--no-ext-diff", "--no-color", "-U0", "--text", *key)
        body = re.split(r"(?m)^@@ .*$", text)[1:]
        _CACHE[key] = [line for part in body for line in part.split("\n") if line[:1] in ("+", "-", "\\")]
    return _CACHE[key]


def raw(text: str) -> list[Raw]:
    """The changes in the output of ``log --raw -z --format=%x02%H``."""
    out: list[Raw] = []
    tokens = iter(text.split("\0"))
    commit = ""
    for token in tokens:
        if token.lstrip("\n").startswith("\x02"):
            commit = token.lstrip("\n")[1:]
        elif token.lstrip("\n").startswith(":"):
            modes = token.lstrip("\n")[1:].split(" ")
            out.append((next(tokens), commit, _state(modes[0], modes[2]), _state(modes[1], modes[3])))
    return out


def _state(mode: str, oid: str) -> State:
    return f"{mode} {oid}" if mode != "000000" else None
