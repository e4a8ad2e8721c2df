"""Random histories with merges, and what they hold, read from trees alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.repos import Repo

Tree = dict[str, str]
"""Path to state, ``"<mode> <object id>"``, of a whole tree."""

PATHS = ("a", "b", "d/a", "d/c")
CONTENTS = ("one\n", "two\n", "three\n", "")


@dataclass
class History:
    """Commits in the order they were made, with their parents and trees."""

    repo: Repo
    commits: list[str]
    parents: dict[str, list[str]] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)

    def ancestors(self, tip: str | None) -> set[str]:
        """A commit and all it can reach."""
        seen: set[str] = set()
        queue = [tip] if tip else []
        while queue:
            one = queue.pop()
            if one not in seen:
                seen.add(one)
                queue += self.parents[one]
        return seen

    def range(self, base: str | None, tip: str) -> list[str]:
        """The commits of ``base..tip``."""
        wanted = self.ancestors(tip) - self.ancestors(base)
        return [commit for commit in self.commits if commit in wanted]

    def state(self, commit: str | None, path: str) -> str | None:
        """A path's state in a commit's tree."""
        return self.trees[commit].get(path) if commit else None

    def first_parent_state(self, commit: str, path: str) -> str | None:
        """A path's state in a commit's first parent."""
        return self.state(next(iter(self.parents[commit]), None), path)

    def changed(self, commit: str, path: str) -> bool:
        """Whether a commit has the path in another state than each of its parents."""
        now = self.state(commit, path)
        before = [self.state(parent, path) for parent in self.parents[commit]] or [None]
        return now not in before


def read(repo: Repo) -> History:
    """All commits of a repository, the oldest first."""
    listed = repo.git("rev-list", "--all", "--topo-order", "--reverse", "--parents").splitlines()
    history = History(repo, [line.split()[0] for line in listed])
    for line in listed:
        commit, *parents = line.split()
        history.parents[commit] = parents
        rows = [row for row in repo.git("ls-tree", "-r", "-z", commit).split("\0") if row]
        split = [row.split("\t", 1) for row in rows]
        history.trees[commit] = {path: f"{meta[:6]} {meta.split(' ')[2]}" for meta, path in split}
    return history


def grow(repo: Repo, dice: random.Random, size: int = 16, *, renames: bool = True) -> History:
    """A repository with a random history of branches and merges, also evil ones.

    Several commits have the same date.  Each commit is the branch ``c<n>`` of its number.  Without
    `renames` no commit both removes and adds a path.
    """
    stream: list[str] = []
    trees: list[dict[str, tuple[str, str]]] = []
    for number in range(size):
        known = len(trees)
        parents = dice.sample(range(max(0, known - 4), known), k=min(known, dice.choice([1, 1, 1, 2, 2, 3])))
        if known > 2 and dice.random() < 0.03:
            parents = []
        tree = _merged(dice, [trees[one] for one in parents])
        for _ in range(dice.choice([0, 1, 1, 2])):
            _edit(dice, tree)
        if not renames and parents and set(trees[parents[0]]) - set(tree):
            tree = {path: entry for path, entry in tree.items() if path in trees[parents[0]]}
        trees.append(tree)
        when = 1_700_000_000 + number // 3 * 60
        stream.append(f"commit refs/heads/c{number}\nmark :{number + 1}\n")
        stream.append(f"committer Ann <a@example.org> {when} +0000\ndata <<EOM\nc{number}\nEOM\n")
        for place, parent in enumerate(parents):
            stream.append(f"{'merge' if place else 'from'} :{parent + 1}\n")
        stream.append("deleteall\n")
        for path, (mode, content) in tree.items():
            stream.append(f"M {mode} inline {path}\ndata {len(content)}\n{content}\n")
        stream.append("\n")
    repo.git("fast-import", "--quiet", "--force", stdin="".join(stream))
    if dice.random() < 0.5:
        repo.git("commit-graph", "write", "--reachable", "--changed-paths")
    return read(repo)


def _merged(dice: random.Random, trees: list[dict[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    out = {}
    for path in PATHS:
        side = dice.choice(trees) if trees else {}
        if path in side:
            out[path] = side[path]
    return out


def _edit(dice: random.Random, tree: dict[str, tuple[str, str]]) -> None:
    path = dice.choice(PATHS)
    if path in tree and dice.random() < 0.3:
        del tree[path]
    else:
        tree[path] = (dice.choice(["100644", "100644", "100755", "120000"]), dice.choice(CONTENTS))
