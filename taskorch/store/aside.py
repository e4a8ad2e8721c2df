"""Local state kept aside, in the store, while the git directory cannot be written: some sandboxes do that.

The folder ignores itself, so that git never shows it.  When the git directory can be written again, the
next command takes the state home.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from taskorch.store import files
from taskorch.store.layout import KEPT

FOLDER = ".local"
WORKTREE_ID = "worktree-id"
_TREES = "worktrees"


def put_aside(aside: Path, home: Path, id_file: Path) -> None:
    """Begin with what the git directory has, if anything.  Under the lock.  Raises WriteFailed.

    `home` is our folder in the git directory, `id_file` the file there that has the work tree's id.
    """
    copies = {path.relative_to(home): path for path in home.glob(f"{_TREES}/**/*") if path.is_file()}
    for name, path in ({Path(WORKTREE_ID): id_file} | copies | _kept(home)).items():
        if path.is_file():
            files.write(aside / name, path.read_bytes())
            shutil.copystat(path, aside / name)
    files.write(aside / ".gitignore", b"*\n")  # the last: before it is there, this has not been done


def _kept(folder: Path) -> dict[Path, Path]:
    """The records of sessions that are kept below a folder, by their path from there."""
    return {path.relative_to(folder): path for path in folder.glob(f"{KEPT}/**/s-*.md") if path.is_file()}


def is_aside(aside: Path) -> bool:
    """Whether local state is kept there."""
    return (aside / ".gitignore").is_file()


def take_home(aside: Path, home: Path, id_file: Path) -> None:
    """Give the git directory what was done meanwhile in this work tree.  Under the lock.  Raises WriteFailed.

    Killed at any moment it can be repeated.
    """
    if (aside / WORKTREE_ID).is_file():
        tree = (aside / WORKTREE_ID).read_text().strip()
        if not id_file.is_file():
            files.write(id_file, f"{tree}\n".encode())
        kept = {
            path.relative_to(aside): path for path in aside.glob(f"{_TREES}/{tree}/**/*") if path.is_file()
        }
        for name, path in kept.items():
            files.write(home / name, path.read_bytes())
        for path in home.glob(f"{_TREES}/{tree}/**/*"):
            if path.is_file() and path.relative_to(home) not in kept:
                files.remove(path)
    for name, path in _kept(aside).items():  # other work trees may have gone on with theirs
        there = home / name
        if not there.exists() or there.stat().st_mtime < path.stat().st_mtime:
            files.write(there, path.read_bytes())
    (aside / ".gitignore").unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
