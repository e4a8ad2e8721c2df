"""Renames, digests, line hashes and line counts of the change between two states."""

from __future__ import annotations

import hashlib
import os
import random
from collections import Counter

import pytest

from taskorch.git import diff
from taskorch.git.diff import Evidence
from taskorch.git.repository import Repository
from tests.repos import Repo

Text = str | bytes | None
TEXT = "".join(f"line {number}\n" for number in range(20))


def state(repo: Repo, content: Text, mode: str = "100644") -> str | None:
    """The state of a file with that content, which is put among the objects."""
    if content is None:
        return None
    repo.write(".git/content", content)
    return f"{mode} {repo.git('hash-object', '-w', '--no-filters', '.git/content')}"


def evidence(repo: Repo, old: Text, new: Text, path: str = "a") -> Evidence | None:
    change = {path: (state(repo, old), state(repo, new))}
    return diff.evidence(Repository.open(repo.path), change).get(path)


def digest(repo: Repo, old: Text, new: Text) -> str | None:
    found = evidence(repo, old, new)
    return found.digest if found else None


def hashed(*lines: str) -> str:
    """A digest by the documented rule, from the signed lines."""
    return "1:" + hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


NO_END = "\\ No newline at end of file"
DIGESTS: dict[str, tuple[str | None, str | None, tuple[str, ...]]] = {
    "created": (None, "a\nb\n", ("+a", "+b")),
    "deleted": ("a\nb\n", None, ("-a", "-b")),
    "changed": ("a\nb\nc\n", "a\nB\nc\n", ("-b", "+B")),
    "two places": ("a\nb\nc\n", "A\nb\nC\n", ("-a", "+A", "-c", "+C")),
    "indented": ("a\nb\n", "a\n  b\n", ("-b", "+  b")),
    "a tab for spaces": ("        b\n", "\tb\n", ("-        b", "+\tb")),
    "a trailing space": ("b\n", "b \n", ("-b", "+b ")),
    "a blank line": ("a\nb\n", "a\n\nb\n", ("+",)),
    "line ends": ("a\n", "a\r\n", ("-a", "+a\r")),
    "an end": ("a", "a\n", ("-a", NO_END, "+a")),
    "no end": ("a\n", "a", ("-a", "+a", NO_END)),
    "a file without an end": (None, "a", ("+a", NO_END)),
    "what looks like a patch": ("-a\n@@ -1 +1 @@\n", "+++ b/x\ndiff --git a/x b/x\n", (
        "--a", "-@@ -1 +1 @@", "++++ b/x", "+diff --git a/x b/x",
    )),
}  # fmt: skip


@pytest.mark.parametrize("case", DIGESTS)
def test_digests_are_of_exactly_these_lines(repo: Repo, case: str) -> None:
    old, new, lines = DIGESTS[case]
    assert digest(repo, old, new) == hashed(*lines)


def test_digests_tell_changes_apart(repo: Repo) -> None:
    """All of the table differ; so do the same lines in another order or with another indentation."""
    assert len({lines for _, _, lines in DIGESTS.values()}) == len(DIGESTS)
    found = {
        digest(repo, "if x:\n    a\nb\n", "if x:\n    a\n    b\n"),
        digest(repo, "if x:\n    a\nb\n", "if x:\n    a\n  b\n"),
        digest(repo, "1\nx\n2\n", "1 one\nx\n2 two\n"),
        digest(repo, "2\nx\n1\n", "2 two\nx\n1 one\n"),
    }
    assert len(found) == 4


def test_digests_are_the_same_elsewhere(repo: Repo) -> None:
    """Not of the path, the place in the file, the unchanged lines, or attributes of the repository."""
    repo.write(".git/info/attributes", "* -diff\n*.x binary\n")
    changes = {
        "a": (state(repo, TEXT + "a\n" + TEXT), state(repo, TEXT + "b\n" + TEXT)),
        "d/ü.x": (state(repo, "1\na\n"), state(repo, "1\nb\n", "100755")),
        "new\nline": (state(repo, "a\nz\n", "100755"), state(repo, "b\nz\n")),
    }
    found = diff.evidence(Repository.open(repo.path), changes)
    assert {path: one.digest for path, one in found.items()} == dict.fromkeys(changes, hashed("-a", "+b"))


def test_what_has_no_evidence(repo: Repo) -> None:
    """Binary content, links, submodules, content that is not here, and changes of no line."""
    text, other = state(repo, "text\n"), state(repo, "other\n")
    changes = {
        "binary": (text, state(repo, b"a\0b\n")),
        "was binary": (state(repo, b"a\0b\n"), text),
        "link": (state(repo, "to", "120000"), text),
        "submodule": (f"160000 {'1' * 40}", f"160000 {'2' * 40}"),
        "not here": (f"100644 {'3' * 40}", text),
        "only the mode": (text, f"100755 {(text or '')[7:]}"),
        "an empty file": (None, state(repo, "")),
        "an empty file gone": (state(repo, ""), None),
        "large": (text, state(repo, b"x" * (4 << 20) + b"\n")),
        "this one": (text, other),
    }
    assert set(diff.evidence(Repository.open(repo.path), changes)) == {"this one"}


def lines_by_rule(old: str, new: str) -> list[str]:
    """Added lines that the old content lacks, as multisets: by the definition, without git.

    For changes that only add lines: what was added is then what the new content has more of.
    """
    had, has = Counter(old.splitlines()), Counter(new.splitlines())
    added = has - had
    return list((added - had).elements())


@pytest.mark.parametrize("seed", range(5))
def test_lines_are_the_added_ones_that_were_not_there(repo: Repo, seed: int) -> None:
    dice = random.Random(seed)
    changes = {}
    expected = {}
    for number in range(8):
        old = [dice.choice(["", "a", "b", "  a", "c c"]) for _ in range(dice.randint(0, 12))]
        new = list(old)
        for _ in range(dice.randint(1, 4)):
            new.insert(dice.randint(0, len(new)), dice.choice(["", "a", "b", "x", "y"]))
        texts = ["".join(f"{line}\n" for line in one) for one in (old, new)]
        changes[str(number)] = (state(repo, texts[0]), state(repo, texts[1]))
        expected[str(number)] = sorted(diff.line_hash(line.encode()) for line in lines_by_rule(*texts))
    found = diff.evidence(Repository.open(repo.path), changes)
    assert {path: list(one.lines) for path, one in found.items()} == expected


def test_lines_that_were_moved_or_removed_are_none(repo: Repo) -> None:
    assert evidence(repo, "1\n2\n3\n", "3\n1\n2\n") == Evidence(hashed("+3", "-3"), ())
    found = evidence(repo, "a\nb\n", "b\nx\nx\nb\n")
    assert found and sorted(found.lines) == sorted(diff.line_hash(one) for one in (b"x", b"x"))
    deleted = evidence(repo, "a\n", None)
    assert deleted and deleted.lines == ()


def test_lines_are_capped_and_no_text(repo: Repo) -> None:
    found = evidence(repo, "", "".join(f"secret {number}\n" for number in range(500)))
    assert found and len(found.lines) == diff.MAX_LINES
    every = sorted(diff.line_hash(f"secret {number}".encode()) for number in range(500))
    assert list(found.lines) == every[: diff.MAX_LINES]
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in found.lines)


RENAMES: dict[str, tuple[dict[str, tuple[Text, Text]], dict[str, str]]] = {
    "moved": ({"a": (TEXT, None), "b": (None, TEXT)}, {"b": "a"}),
    "moved and edited": ({"a": (TEXT, None), "d/b": (None, TEXT + "more\n")}, {"d/b": "a"}),
    "moved and rewritten": ({"a": (TEXT, None), "b": (None, "another\n")}, {}),
    "copied": ({"b": (None, TEXT)}, {}),
    "over an existing file": ({"a": (TEXT, None), "b": ("x\n", TEXT)}, {}),
    "empty": ({"a": ("", None), "b": (None, "")}, {}),
    "of one name": (
        {"a/x": (TEXT, None), "a/y": (TEXT, None), "b/y": (None, TEXT), "b/x": (None, TEXT)},
        {"b/x": "a/x", "b/y": "a/y"},
    ),
    "a file below its old name": ({"a": (TEXT, None), "a/b": (None, TEXT)}, {"a/b": "a"}),
    "beside a file that is a folder elsewhere": (
        {"a": (TEXT, None), "x": (None, TEXT), "x/y": (None, "y\n")},
        {"x": "a"},
    ),
    "odd names": ({"-n": (TEXT, None), "new\n\tline": (None, TEXT)}, {"new\n\tline": "-n"}),
    "names that are not UTF-8": (
        {os.fsdecode(b"\xff"): (TEXT, None), os.fsdecode(b"\xfe/\xff"): (None, TEXT)},
        {os.fsdecode(b"\xfe/\xff"): os.fsdecode(b"\xff")},
    ),
}


@pytest.mark.parametrize("case", RENAMES)
def test_renames(repo: Repo, case: str) -> None:
    texts, pairs = RENAMES[case]
    changes = {path: (state(repo, old), state(repo, new)) for path, (old, new) in texts.items()}
    before = repo.git("count-objects", "-v")
    assert diff.renames(Repository.open(repo.path), changes) == pairs
    assert repo.git("count-objects", "-v") == before


def test_many_renames_are_still_found(repo: Repo) -> None:
    """More than git's default limit, each edited a little."""
    repo.git("config", "diff.renameLimit", "2")
    changes: dict[str, tuple[str | None, str | None]] = {}
    for number in range(12):
        changes[f"old/{number}"] = (state(repo, f"{number}\n{TEXT * 2}{number}\n"), None)
        changes[f"new/{number}.txt"] = (None, state(repo, f"{number}\n{TEXT * 2}{number}\nmore\n"))
    found = diff.renames(Repository.open(repo.path), changes)
    assert len(found) == 12


def test_line_counts(repo: Repo) -> None:
    changes = {
        "a b": (state(repo, "1\n2\n3\n"), state(repo, "1\n3\n4\n5\n")),
        "new": (None, state(repo, "1\n")),
        "gone": (state(repo, "1\n2\n"), None),
        "mode": (state(repo, "1\n"), state(repo, "1\n", "100755")),
        "binary": (state(repo, b"\0"), state(repo, b"\0\0")),
        "not here": (f"100644 {'3' * 40}", None),
    }
    assert diff.line_counts(Repository.open(repo.path), changes) == {
        "a b": (2, 1),
        "new": (1, 0),
        "gone": (0, 2),
        "mode": (0, 0),
        "binary": (None, None),
        "not here": (None, None),
    }
