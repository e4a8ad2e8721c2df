"""Sparse checkouts: work trees from which git leaves out part of what the index has.

Which part is in <https://git-scm.com/docs/git-sparse-checkout>.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from taskorch.git.repository import Repository


def is_sparse(repo: Repository) -> bool:
    """Whether the work tree is a sparse checkout."""
    if not os.path.lexists(repo.git_dir / "info" / "sparse-checkout"):  # no process where it is not
        return False
    return repo.git(["config", "--type=bool", "core.sparseCheckout"], allow=(0, 1)).text == "true\n"


def left_out(repo: Repository, paths: Sequence[str]) -> list[str]:
    """Those of new paths, from the root of the work tree, that git would take from the disk once it has them.

    Git tells by checking them out of an index that has nothing else, into a folder that is removed: it
    has no command to ask of paths that it does not have yet (check-rules came with 2.41).
    """
    if not paths or not is_sparse(repo):
        return []
    with tempfile.TemporaryDirectory(dir=repo.scratch_dir, prefix="index-") as folder:
        (Path(folder) / "tree").mkdir()
        places = {"GIT_INDEX_FILE": f"{folder}/index", "GIT_WORK_TREE": f"{folder}/tree"}
        env = repo.object_env | places | {"GIT_DIR": str(repo.git_dir)}
        empty = repo.git(["hash-object", "-w", "--stdin"], stdin=b"", env=env).text.strip()
        rows = b"".join(b"100644 %s\t%s\0" % (empty.encode(), os.fsencode(path)) for path in paths)
        repo.git(["update-index", "-z", "--index-info"], stdin=rows, env=env)
        tree = repo.git(["write-tree"], env=env).text.strip()
        repo.git(["read-tree", "-m", "-u", tree], env=env)
        listed = repo.git(["ls-files", "-t", "-z"], env=env).text.split("\0")
    return [line[2:] for line in listed if line.startswith("S ")]
