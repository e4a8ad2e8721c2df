"""Paths as users name them, turned into the spelling that git and records use."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from taskorch.errors import BadPath
from taskorch.git.disk import MAX_PATH

STORE = ".orchestrator"
_FROM_TOP = ":/"

# Spellings that some file system takes for .git: NTFS short names and streams, HFS+ ignorables
# (git's is_ntfs_dotgit and is_hfs_dotgit, path.c and utf8.c).
_DOT_GIT = re.compile(r"(?:\.git|git~1)[. ]*(?::.*)?\Z", re.IGNORECASE)
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def inside(top: Path, path: str, cwd: Path) -> str:
    """`path`, taken from `cwd`, relative to the work tree `top`.  Raises BadPath.

    As for git, ``:/`` at its beginning means the root; a file that is called so is ``./:/...``.
    """
    if path.startswith(_FROM_TOP):
        path, cwd = path.removeprefix(_FROM_TOP) or ".", top
    if not path or "\0" in path:
        raise BadPath("an empty path", hint="name a file")
    lexical = os.path.normpath(os.path.join(os.path.realpath(cwd), path))
    root = os.path.realpath(top)
    parent, name = os.path.split(lexical)
    # the last part may itself be a symbolic link (git keeps those as such); those before may not leave
    real = os.path.join(os.path.realpath(parent), name)
    if os.path.commonpath([real, root]) != root and os.path.realpath(lexical) == root:
        real = root  # the work tree by another name
    if os.path.commonpath([real, root]) != root:
        raise BadPath(f"'{path}' is outside the work tree", hint=f"name a path below {root}")
    relative = os.path.relpath(real, root)
    if len(os.fsencode(relative)) > MAX_PATH:
        raise BadPath(
            f"'{path[:60]}...' has {len(os.fsencode(relative)):,} bytes from the root of the work tree",
            hint=f"git takes {MAX_PATH:,} at most",
        )
    if is_git_dir(relative):
        raise BadPath(f"'{path}' is inside a git directory", hint="name a file of the project")
    return "." if relative == "." else relative.replace(os.sep, "/")


def inside_tree(path: str) -> str:
    """`path` from the root of a tree, where no file is on disk.  Raises BadPath."""
    path = path.removeprefix(_FROM_TOP)
    shown = os.path.normpath(path)
    if not path or "\0" in path or os.path.isabs(path) or shown.split(os.sep)[0] == "..":
        raise BadPath(f"'{path}' is no path of a tree", hint="name it from the root of the project")
    return shown.replace(os.sep, "/")


def is_git_dir(relative: str) -> bool:
    """Whether a part of the path is ``.git`` on some file system."""
    for part in relative.replace("\\", "/").split("/"):
        folded = unicodedata.normalize("NFC", _IGNORED_BY_HFS.sub("", part))
        if _DOT_GIT.match(folded):
            return True
    return False


def is_record(relative: str) -> bool:
    """Whether a path lies in a store of ours, which is never observed or claimed."""
    return STORE in relative.split("/")


def is_below(path: str, folder: str) -> bool:
    """Whether a path is that of a folder or lies below it; ``.`` is the root."""
    return folder in (".", path) or path.startswith(f"{folder}/")
