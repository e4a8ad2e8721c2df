"""What an entry under ``governs`` matches: held against git's own globs."""

from __future__ import annotations

import random
import time

import pytest

from taskorch.records.governed import governs, is_glob, matcher, place
from tests.repos import Repo

FILES = [
    "a.py", "b.txt", "src/a.py", "src/b.txt", "src/deep/a.py", "src/deep/er/a.py", "src/deep/er/c.md",
    "lib/src/a.py", "lib/a1.py", "lib/a2.py", "lib/ab.py", "lib/A1.py", "docs/x-y.md", "docs/x]y.md",
    "docs/x*y.md", "app/[id]/page.tsx", "app/i/page.tsx", "app/\u00e9.md", "app/a b.md", "docs/new\nline.md",
]  # fmt: skip
GLOBS = [
    "*",
    "*.py",
    "src/*.py",
    "src/**/*.py",
    "**/a.py",
    "**/src/*.py",
    "src/**",
    "**",
    "src/**/er/*.py",
    "s?c/*.py",
    "lib/a[12].py",
    "lib/a[!1].py",
    "lib/a[^1].py",
    "lib/[a-z]1.py",
    "lib/[[:upper:]]*.py",
    "lib/[[:alpha:]b]b.py",
    "docs/x[]]y.md",
    "docs/x\\*y.md",
    "docs/x?y.md",
    "docs/x[-]y.md",
    "app/[id]/page.tsx",
    "app/*.md",
    "a**.py",
    "src/**/**/*.py",
    "lib/a[1.py",
    "lib/a[z-a].py",
    "lib/[[:nope:]]1.py",
    "**/[a-b].*",
    "*/a*",
    "docs/new*line.md",
    "src/*/er/**",
    "lib/a[\\1]?py",
    "**/deep/**/a.py",
]


@pytest.fixture
def files(repo: Repo) -> Repo:
    """A repository with `FILES`."""
    repo.commit("files", dict.fromkeys(FILES, "x\n"))
    return repo


def of_git(repo: Repo, *globs: str) -> set[str]:
    listed = repo.git("ls-files", "-z", "--", *(f":(top,glob){glob}" for glob in globs))
    return {path for path in listed.split("\0") if path}


def with_all_below(repo: Repo, glob: str) -> set[str]:
    """What git's glob matches, and what lies below the folders it would match if they were files."""
    folders = {path.rsplit("/", depth)[0] for path in FILES for depth in range(1, path.count("/") + 1)}
    matched = {one for one in folders if governs(glob, one)}
    return of_git(repo, glob) | {path for path in FILES if any(path.startswith(f"{one}/") for one in matched)}


@pytest.mark.parametrize("glob", GLOBS)
def test_globs_match_as_gits_do(files: Repo, glob: str) -> None:
    ours = {path for path in FILES if governs(glob, path)}
    assert of_git(files, glob) <= ours
    assert ours == with_all_below(files, glob)


def test_random_globs_match_as_gits_do(files: Repo) -> None:
    rng = random.Random(4)
    pieces = ["*", "**", "?", "a", "src", "lib", "deep", "*.py", "[a-b]", "[!a]*", "a.py", ".", "*.m?", "er"]
    for _ in range(150):
        glob = "/".join(rng.choice(pieces) for _ in range(rng.randint(1, 4)))
        if not is_glob(glob) or "/./" in f"/{glob}/":
            continue
        assert {path for path in FILES if governs(glob, path)} == with_all_below(files, glob), glob


@pytest.mark.parametrize(
    ("entry", "path", "holds"),
    [
        ("src", "src", True),
        ("src/", "src/a.py", True),
        ("./src//deep/", "src/deep/a.py", True),
        ("src", "srcs/a.py", False),
        (".", "any/thing", True),
        ("src/a.py", "src/a.py", True),
        ("src/a.py", "src", False),
        ("SRC", "src/a.py", False),
        ("*.PY", "a.py", False),
        ("src/*", "src/deep/er/a.py", True),
        ("src/d*", "src/deep/er/a.py", True),
        ("src[!b]a.py", "src/a.py", False),
        ("src/*/", "src/a.py", False),
        ("src/*/", "src/deep/a.py", True),
        ("src/**", "src", False),
        ("back\\slash", "back\\slash/x", True),
        ("app/?.md", "app/\u00e9.md", True),
    ],
)
def test_paths_folders_and_what_lies_below(entry: str, path: str, holds: bool) -> None:
    assert governs(entry, path) is holds
    assert matcher(entry)(path) is holds


@pytest.mark.parametrize(
    ("entry", "where"),
    [("src/a.py", "src/a.py"), ("src/", "src"), (".", "."), ("*.py", "."), ("src/x/**/*.py", "src/x")],
)
def test_place_is_where_all_of_it_lies(entry: str, where: str) -> None:
    assert place(entry) == where


@pytest.mark.parametrize("glob", ["*a" * 60 + "b", "**/a*/" * 40 + "b", "[!b]*" * 60, "?*" * 80 + "b"])
def test_no_glob_of_a_stranger_takes_long(glob: str) -> None:
    began = time.process_time()
    for path in ("a" * 3000, "/".join(["aa"] * 1000)):
        governs(glob, path)
    assert time.process_time() - began < 2
