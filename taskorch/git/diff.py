"""What exactly changed between two states of some paths: renames, line counts, digests.

The two states become two small trees of our own, and git compares them with options that no setting
changes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from taskorch.git.objects import Objects, known_objects, open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.small_trees import two_trees
from taskorch.git.worktree import State

DIGEST_VERSION = "1"
MAX_LINES = 64
"""How many of a change's added lines a claim keeps the hash of: those with the lowest hashes."""

_MAX_BYTES = 4 << 20
_HASH_DIGITS = 8
_LOOKED_AT = 8000
_FIXED = (
    "--text",
    "--unified=0",
    "--diff-algorithm=myers",
    "--no-indent-heuristic",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--full-index",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
_WORDS = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_TELLING = 2
"""How many letters and digits there are in lines that tell something."""
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim keeps of a change's lines.

    ``digest`` is ``"1:"`` and the SHA-256 over the removed and added lines, in order, each with its
    sign and line break (and git's mark where the last one has none).  ``lines`` are the first
    digits of the SHA-256 of added lines the old content lacks, as a multiset, capped.  ``telling``:
    the lines say enough that the same ones are the same change, and not a bracket somewhere else.
    """

    digest: str
    lines: tuple[str, ...]
    telling: bool = True


def renames(repo: Repository, changes: Mapping[str, tuple[State, State]]) -> dict[str, str]:
    """New path to old path for each file that git finds renamed in these (before, after) states."""
    gone = [path for path, (_, after) in changes.items() if after is None]
    come = [path for path, (before, _) in changes.items() if before is None]
    if not gone or not come:
        return {}
    # a folder for each, so that a file and a file below its name fit in one tree
    names = {f"{number:08d}/{_name(path)}": path for number, path in enumerate(sorted(gone + come))}
    old, new = two_trees(repo, {name: changes[path] for name, path in names.items()})
    asked = ["diff-tree", "-r", "-l0", "--diff-filter=R", "--name-status", "-z"]
    done = repo.git([*asked, "-M", old, new], env=repo.object_env, allow=(0, 128))
    if done.code:  # a content that would tell is not here: then those that were not edited
        done = repo.git([*asked, "-M100%", old, new], env=repo.object_env)
    fields = done.text.split("\0")
    pairs = {names[fields[at + 2]]: names[fields[at + 1]] for at in range(0, len(fields) - 2, 3)}
    empty = _empty_blob(repo)
    # empty files are all alike: nothing says that one became the other
    return {path: source for path, source in pairs.items() if (changes[path][1] or "")[7:] != empty}


def evidence(repo: Repository, changes: Mapping[str, tuple[State, State]]) -> dict[str, Evidence]:
    """Digest and line hashes for each path whose two states are text of moderate size.

    Paths whose content is not here, is binary, or is no file in one of the states have none, nor
    those of which only the mode changed and files that came or went empty.
    """
    old_texts = _old_texts(repo, changes)
    wanted = {path: states for path, states in changes.items() if path in old_texts}
    found: dict[str, Evidence] = {}
    for path, hunks in _hunks_of(repo, wanted).items():
        kept = _evidence(hunks, old_texts[path])
        if kept:
            found[path] = kept
    return found


def _hunks_of(repo: Repository, changes: Mapping[str, tuple[State, State]]) -> dict[str, list[bytes]]:
    """The removed and added lines of each path whose content differs, signs included, all taken for text."""
    if not changes:
        return {}
    # each path becomes a number, so that no attribute of the repository applies to it
    names = {f"{number:08d}": path for number, path in enumerate(changes)}
    old, new = two_trees(repo, {name: changes[path] for name, path in names.items()})
    asked = ["diff-tree", "-r", "-p", "--no-renames", *_FIXED, old, new]
    return {names[name]: hunks for name, hunks in _patches(repo.git(asked, env=repo.object_env).out)}


def line_counts(
    repo: Repository, changes: Mapping[str, tuple[State, State]]
) -> dict[str, tuple[int | None, int | None]]:
    """Added and removed lines of each path; None and None where it is binary, no file, or not here."""
    files = {state for states in changes.values() for state in states if state and state[:3] != "160"}
    known = known_objects(repo, {state[7:] for state in files})
    counts: dict[str, tuple[int | None, int | None]] = dict.fromkeys(changes, (None, None))
    here = {
        path: states
        for path, states in changes.items()
        if all(state is None or (state in files and state[7:] in known) for state in states)
    }
    counts.update(dict.fromkeys(here, (0, 0)))
    counts.update(_numstat(repo, here))
    # an attribute of this clone may call any file binary: its content tells
    hidden = {path: here[path] for path in here if counts[path][0] is None and _is_text(repo, here[path])}
    for path, hunks in _hunks_of(repo, hidden).items():
        signs = Counter(line[:1] for line in hunks)
        counts[path] = (signs[b"+"], signs[b"-"])
    return counts


def _numstat(
    repo: Repository, changes: Mapping[str, tuple[State, State]]
) -> dict[str, tuple[int | None, int | None]]:
    """What git counts for each path whose content differs; None and None where it takes it for binary."""
    if not changes:
        return {}
    names = {f"{number:08d}": path for number, path in enumerate(changes)}
    old, new = two_trees(repo, {name: changes[path] for name, path in names.items()})
    asked = ["diff-tree", "-r", "--numstat", "--no-renames", "-z", "--diff-algorithm=myers", old, new]
    out: dict[str, tuple[int | None, int | None]] = {}
    for line in repo.git(asked, env=repo.object_env).text.split("\0"):
        if line:
            added, removed, name = line.split("\t", 2)
            out[names[name]] = (int(added), int(removed)) if added != "-" else (None, None)
    return out


def _is_text(repo: Repository, states: Iterable[State]) -> bool:
    """Whether no content has a NUL among its first bytes: so git tells (xdiff-interface.c)."""
    opened = open_objects(repo)
    contents = [read_blob(opened, state[7:]) for state in states if state]
    return all(content is not None and b"\0" not in content[:_LOOKED_AT] for content in contents)


def line_hash(line: bytes) -> str:
    """The short hash a claim keeps of a line, its line break left out."""
    return hashlib.sha256(line).hexdigest()[:_HASH_DIGITS]


def _evidence(hunks: list[bytes], old: bytes) -> Evidence | None:
    if not hunks or any(b"\0" in line for line in hunks):
        return None
    digest = hashlib.sha256(b"".join(line + b"\n" for line in hunks)).hexdigest()
    had = Counter(old.removesuffix(b"\n").split(b"\n") if old else ())
    fresh: list[str] = []
    for line in hunks:
        if line.startswith(b"+"):
            if had[line[1:]] > 0:
                had[line[1:]] -= 1
            else:
                fresh.append(line_hash(line[1:]))
    telling = sum(len(_WORDS.findall(line)) for line in hunks) >= _TELLING
    return Evidence(f"{DIGEST_VERSION}:{digest}", tuple(sorted(fresh)[:MAX_LINES]), telling)


def _patches(out: bytes) -> Iterable[tuple[str, list[bytes]]]:
    """For each file of a patch its name and its removed and added lines, signs included."""
    name, in_hunk = "", False
    lines: list[bytes] = []
    for line in out.split(b"\n"):
        if line.startswith(b"diff --git a/"):
            if name:
                yield name, lines
            name, lines, in_hunk = line.rsplit(b"/", 1)[1].decode(), [], False
        elif _HUNK.match(line):
            in_hunk = True
        elif in_hunk and line[:1] in (b"+", b"-", b"\\"):
            lines.append(line)
    if name:
        yield name, lines


def _old_texts(repo: Repository, changes: Mapping[str, tuple[State, State]]) -> dict[str, bytes]:
    """The old content of each path whose two states are files of text and moderate size."""
    opened = open_objects(repo)
    old: dict[str, bytes] = {}
    for path, states in changes.items():
        contents = [_content(opened, state) for state in states]
        if all(one is not None and len(one) <= _MAX_BYTES and b"\0" not in one for one in contents):
            old[path] = contents[0] or b""
    return old


def _content(opened: Objects, state: State) -> bytes | None:
    """What a file has in a state: empty where it is absent, None where that is no file or not here."""
    if state is None:
        return b""
    return read_blob(opened, state[7:]) if state.startswith("100") else None


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _empty_blob(repo: Repository) -> str:
    return repo.git(["hash-object", "--stdin"], stdin=b"").text.strip()
