"""The work tree compared with HEAD, and the states git would store its files in.

A state is ``"<mode> <object id>"``, or None where the path is absent.  The states of files on disk
are what ``git add`` makes of them, by asking ``git add`` itself: on a copy of the index, with its
objects going to our own folder.  That covers every filter, attribute and setting by construction.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from taskorch.errors import GitFailed
from taskorch.git import disk
from taskorch.git.fingerprint import STATUS
from taskorch.git.index import index_file
from taskorch.git.paths import is_record
from taskorch.git.private_files import is_private
from taskorch.git.process import git
from taskorch.git.repository import Repository

State = str | None

_LARGE = 16 * 1024 * 1024
"""Bytes beyond which a file's content is not copied to our folder."""

_FEW = 100
"""So many paths are named to git, not more."""


def changed(repo: Repository) -> list[str]:
    """Paths whose index or file differs from HEAD, and untracked ones that are not ignored.

    Nested repositories are left out.
    """
    return sorted({path for path, _ in _status(repo)})


def changed_paths(repo: Repository) -> list[str]:
    """Those of the `changed` paths that are none of our records."""
    return [path for path in changed(repo) if not is_record(path)]


def changed_records(repo: Repository) -> set[str]:
    """The paths of our records that `changed_paths` leaves out."""
    return {path for path in changed(repo) if is_record(path)}


def dirty(repo: Repository, paths: Iterable[str] | None = None) -> dict[str, State]:
    """The changed paths (or some of them) with their states on disk, as far as these differ from HEAD.

    Files that cannot be read are left out: nobody can say what they hold.
    """
    changed = changed_paths(repo) if paths is None else list(paths)
    hidden = unreadable(repo, changed)
    known = [path for path in changed if path not in hidden]
    return differing(staged_states(repo, known), states_at(repo, repo.head, known))


def unreadable(repo: Repository, paths: Iterable[str]) -> set[str]:
    """Those of the paths that are files this process may not read."""
    return {path for path in paths if disk.is_unreadable(repo.work_tree, path)}


def differing(now: dict[str, State], then: dict[str, State]) -> dict[str, State]:
    """Those of `now` that are not so in `then`."""
    return {path: state for path, state in now.items() if state != then.get(path)}


def staged_states(repo: Repository, paths: Iterable[str]) -> dict[str, State]:
    """For each path the state ``git add`` would give it, None where it would take the path away.

    Raises GitFailed if git cannot read one of them.
    """
    wanted = list(dict.fromkeys(paths))
    states: dict[str, State] = dict.fromkeys(wanted)
    beyond = _beyond(repo, wanted)
    within = [path for path in wanted if path not in beyond]
    present = {path for path in within if _is_addable(repo, path)}
    try:
        states |= _added(repo, present)
    except GitFailed:
        still = {path for path in within if _is_addable(repo, path)}
        if still == present:
            raise
        states |= _added(repo, still)  # a file went or came meanwhile: editors and compilers do that
    return states | _kept(repo, [path for path in within if path not in present])


def _added(repo: Repository, paths: set[str]) -> dict[str, State]:
    """The states of files that are there; of what is private or large no copy is kept."""
    passing = {path for path in paths if is_private(path) or disk.size(repo.work_tree, path) > _LARGE}
    return _staged(repo, paths - passing, keep=True) | _staged(repo, passing, keep=False)


def _staged(repo: Repository, paths: set[str], *, keep: bool) -> dict[str, State]:
    if not paths:
        return {}
    names = b"".join(os.fsencode(path) + b"\0" for path in paths)
    with _index_copy(repo, keep=keep) as env:
        # -f: ignored files have a state too; --sparse: so do those outside a sparse checkout
        adding = ["add", "-f", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul"]
        settings = ["-c", "core.looseCompression=1", "-c", "core.fsync=none"]
        repo.git([*settings, *adding], env=env, stdin=names)
        listed = repo.git(["ls-files", "--stage", "-z"], env=env).text
    return {path: state for path, state in _entries(listed) if path in paths}


def _kept(repo: Repository, absent: list[str]) -> dict[str, State]:
    """The states of paths that ``git add`` leaves in the index though no file is there.

    These are paths outside a sparse checkout, and submodules that are not checked out.
    """
    if not absent:
        return {}
    few = absent if len(absent) <= _FEW else []
    listed = repo.git(["ls-files", "-t", "--stage", "-z", "--", *few]).text
    kept: dict[str, State] = {}
    for line in listed.split("\0"):
        for path, state in _entries(line[2:]) if line else ():
            if line[0] == "S" or (state.startswith("160000") and disk.is_folder(repo.work_tree, path)):
                kept[path] = state
    return {path: kept[path] for path in absent if path in kept}


def index_states(repo: Repository, paths: Iterable[str]) -> dict[str, State]:
    """For each path its state in the index, None where the index has none or a conflict."""
    states: dict[str, State] = dict.fromkeys(paths)
    if states:
        asked = ["ls-files", "--stage", "-z", "--", *_few_limits(states)]
        for path, state in _entries(repo.git(asked).text):
            if path in states:
                states[path] = state
    return states


def states_at(repo: Repository, commit: str | None, paths: Iterable[str]) -> dict[str, State]:
    """For each path its state in a commit's tree, None where the tree has none."""
    states: dict[str, State] = dict.fromkeys(paths)
    if not commit or not states:
        return states
    few = _few_limits(states)
    listed = repo.git(["ls-tree", "-r", "-z", "--full-tree", commit, "--", *few]).text
    for path, state in tree_entries(listed):
        if path in states:
            states[path] = state
    return states


def all_states(repo: Repository, commit: str) -> dict[str, State]:
    """The state of every file in a commit's tree."""
    return dict(tree_entries(repo.git(["ls-tree", "-r", "-z", "--full-tree", commit]).text))


def _few_limits(paths: Collection[str]) -> list[str]:
    """What git is told to look at: the paths, if there are many their folders at the root, or (none) all."""
    for limits in (paths, {path.split("/", 1)[0] for path in paths}):
        if len(limits) <= _FEW:
            return list(limits)
    return []


def paths_with(repo: Repository, commit: str, objects: set[str]) -> dict[str, list[tuple[str, str]]]:
    """For each of the object ids, the (path, state) pairs in a commit's tree that hold it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, state in tree_entries(repo.git(["ls-tree", "-r", "-z", "--full-tree", commit]).text):
        if state[7:] in objects:
            found.setdefault(state[7:], []).append((path, state))
    return found


def ignored(repo: Repository, paths: Iterable[str]) -> set[str]:
    """Those of the paths that git ignores (and does not track)."""
    every = list(paths)
    beyond = _beyond(repo, every)
    wanted = [path for path in every if path not in beyond]
    if not wanted:
        return set()
    names = b"".join(os.fsencode(f"./{path}") + b"\0" for path in wanted)
    # check-ignore takes paths, not patterns, and knows no literal pathspecs
    paths_only = {"GIT_LITERAL_PATHSPECS": "0"}
    done = repo.git(["check-ignore", "--stdin", "-z"], stdin=names, env=paths_only, allow=(0, 1))
    return {path.removeprefix("./") for path in done.text.split("\0") if path}


@contextmanager
def _index_copy(repo: Repository, *, keep: bool) -> Iterator[dict[str, str]]:
    """Environment in which git works on a copy of the index and writes objects to our folder.

    Not to `keep` them, they go to a folder that is removed.
    """
    repo.make_objects_dir()
    with tempfile.TemporaryDirectory(dir=repo.scratch_dir, prefix="index-") as folder:
        copy = Path(folder) / "index"
        real = index_file(repo)
        if real.exists():
            # with its time: files changed in that second are those git does not trust the index on
            shutil.copy2(real, copy)
        env = repo.object_env | {"GIT_INDEX_FILE": str(copy)}
        yield env if keep else env | _passing_objects(env, Path(folder) / "objects")


def _passing_objects(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Environment in which git writes objects to `folder` and reads those it would have without."""
    folder.mkdir()
    known = (env["GIT_OBJECT_DIRECTORY"], env["GIT_ALTERNATE_OBJECT_DIRECTORIES"])
    return {"GIT_OBJECT_DIRECTORY": str(folder), "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(known)}


def _is_addable(repo: Repository, path: str) -> bool:
    """A file, a symbolic link, or a folder that is a repository with a commit (a submodule)."""
    mode = disk.mode(repo.work_tree, path) or 0
    if not stat.S_ISDIR(mode):
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)
    if not disk.is_there(repo.work_tree, f"{path}/.git"):
        return False
    folder = repo.work_tree / path
    return git(["rev-parse", "--verify", "--quiet", "HEAD"], folder, allow=(0, 1, 128), other=True).code == 0


def _beyond(repo: Repository, paths: Iterable[str]) -> set[str]:
    """Those of the paths beyond a symbolic link or in a submodule: there git sees no file of this tree."""
    linked: set[str] = set()
    nested: list[str] = []
    for path in paths:
        folders = [str(parent) for parent in PurePosixPath(path).parents if parent.name]
        if any(disk.is_link(repo.work_tree, folder) for folder in folders):
            linked.add(path)
        elif any(disk.is_there(repo.work_tree, f"{folder}/.git") for folder in folders):
            nested.append(path)
    if not nested:
        return linked
    # a repository begun in a tracked folder changes nothing for the files that are tracked there
    tracked = {path for path, state in index_states(repo, nested).items() if state}
    return linked | {path for path in nested if path not in tracked}


def _entries(listed: str) -> Iterator[tuple[str, str]]:
    """Path and state of each entry of ``ls-files --stage -z`` that is not in conflict."""
    for line in listed.split("\0"):
        if line:
            meta, path = line.split("\t", 1)
            mode, oid, stage = meta.split(" ")
            if stage == "0":
                yield path, f"{mode} {oid}"


def tree_entries(listed: str) -> Iterator[tuple[str, str]]:
    """Path and state of each entry of ``ls-tree -r -z``."""
    for line in listed.split("\0"):
        if line:
            meta, path = line.split("\t", 1)
            mode, _, oid = meta.split(" ")
            yield path, f"{mode} {oid}"


def _status(repo: Repository) -> Iterator[tuple[str, str]]:
    """Path and line kind (``1``, ``u``, ``?``) of git's status, submodules only for new commits.

    Format: https://git-scm.com/docs/git-status#_porcelain_format_version_2
    """
    _ = repo.work_tree
    for line in repo.git(STATUS).text.split("\0"):
        if not line:
            continue
        kind = line[0]
        fields = {"1": 8, "u": 10, "?": 1}.get(kind)
        if fields is None:
            raise GitFailed(f"git status printed a line that is not known: {line[:80]}")
        path = line.split(" ", fields)[fields]
        if not path.endswith("/"):  # an untracked repository inside this one, a work tree for instance
            yield path, kind
