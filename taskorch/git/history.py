"""What commits changed: per path, between commits, and who made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_FEW = 100
_MAX_RENAMES = 20
# all of a tree's differences, also of submodules that .gitmodules tells git to ignore
_RAW = ("--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
LOG = ("log", "--full-history", "--topo-order", "-c", "--raw", "-z", "--no-abbrev", "--no-renames")
"""How git is asked for a path's commits; what it prints `raw_events` reads."""


@dataclass(frozen=True, slots=True)
class CommitInfo:
    """A commit as people name it; ``date`` is the author's, in ISO form."""

    id: str
    author: str
    date: str
    subject: str


@dataclass(frozen=True, slots=True)
class PathEvent:
    """A commit that changed a path: its state before (first parent) and behind.

    ``source`` is its name before, where two events, a file gone and a file come, were joined into a rename.
    """

    commit: str
    path: str
    old: State
    new: State
    source: str | None = None


def describe(repo: Repository, commits: Iterable[str]) -> dict[str, CommitInfo]:
    """Author, date and subject of commits by id; those that are not here are left out."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return {}
    shape = "--format=%H%x00%an%x00%aI%x00%s"
    done = repo.git(
        ["log", "--no-walk=unsorted", "--ignore-missing", "-z", shape, "--stdin"],
        stdin="\n".join(wanted).encode(),
    )
    fields = done.text.split("\0")
    shown = [fields[at : at + 4] for at in range(0, len(fields) - 3, 4)]
    # git 2.45 and newer write UTC as Z
    return {c[0]: CommitInfo(c[0], c[1], c[2].replace("Z", "+00:00"), c[3]) for c in shown if c[0]}


def messages(repo: Repository, commits: Iterable[str]) -> dict[str, str]:
    """The whole messages of commits by id; those that are not here are left out."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return {}
    asked = ["log", "--no-walk=unsorted", "--ignore-missing", "-z", "--format=%H%x09%B", "--stdin"]
    done = repo.git(asked, stdin="\n".join(wanted).encode())
    parts = (part.partition("\t") for part in done.text.split("\0") if part)
    return {commit: message.strip() for commit, _, message in parts}


def apart(repo: Repository, one: str, other: str) -> tuple[int, int]:
    """How many commits only `one` has, and how many only `other` has."""
    left, right = repo.git(["rev-list", "--left-right", "--count", f"{one}...{other}"]).text.split()
    return int(left), int(right)


def last_change(repo: Repository, tip: str, path: str) -> CommitInfo | None:
    """The newest commit in the history of `tip` that changed a path."""
    commit = repo.git(["rev-list", "-1", "--end-of-options", tip, "--", path]).text.strip()
    return describe(repo, [commit])[commit] if commit and commit not in repo.cut_off else None


def last_removal(repo: Repository, tip: str, *starts: str) -> tuple[CommitInfo, str] | None:
    """The newest commit that removed a file whose path begins with one of `starts`, and that path."""
    asked = ["log", "-1", "--diff-filter=D", "--no-renames", "--format=%H", "--name-only", "-z"]
    patterns = [f":(top,glob){start}*" for start in starts]
    done = repo.git([*asked, tip, "--", *patterns], env={"GIT_LITERAL_PATHSPECS": "0"})
    commit, _, paths = done.text.partition("\0")
    path = paths.lstrip("\n").split("\0")[0]
    return (describe(repo, [commit])[commit], path) if path else None


def ever_had(repo: Repository, pattern: str) -> bool:
    """Whether any commit that a ref or HEAD reaches has a file whose path fits a glob pattern."""
    asked = ["rev-list", "-1", "--all", "--", f":(top,glob){pattern}"]
    return bool(repo.git(asked, env={"GIT_LITERAL_PATHSPECS": "0"}).text.strip())


def reachable_objects(repo: Repository, paths: Iterable[str], tips: Iterable[str]) -> set[str]:
    """The ids of all versions that the paths have in commits that `tips`, a ref or HEAD reach, and more."""
    head = ["HEAD"] if repo.head else []
    few = list(paths)
    limit = ["--", *few] if len(few) <= _FEW else []
    asked = ["rev-list", "--objects", "--no-object-names", "--full-history", "--all", *tips, *head]
    return set(repo.git([*asked, *limit]).text.split())


def range_of(base: str | None, tip: str) -> list[str]:
    """The revisions that mean ``base..tip``, the whole history of `tip` without a base."""
    return [tip, f"^{base}"] if base else [tip]


def path_events(
    repo: Repository, revisions: Sequence[str], path: str, *, cut_off: bool = False
) -> list[PathEvent]:
    """The commits of a range that changed one path, none before its descendants.

    Merges count where the result differs from every parent.  One literal path at a time, so that
    a commit-graph's Bloom filters serve.  The commits where a shallow history begins count only
    with `cut_off`: what they changed is not known.  A log that was read once is not read again.
    """
    key = (*revisions, path)
    if key not in repo.logs:
        beside = repo.beside.pop(key, None)
        repo.logs[key] = beside() if beside else path_log(repo, revisions, path)
    return [event for event in repo.logs[key] if cut_off or event.commit not in repo.cut_off]


def path_log(repo: Repository, revisions: Sequence[str], path: str, *options: str) -> list[PathEvent]:
    """The events of one path in a range, read anew with more options of git's log."""
    done = repo.git([*LOG, *options, "--format=%x02%H", "--end-of-options", *revisions, "--", path])
    return [event for event in raw_events(done.text) if event.path == path]


def merge_events(repo: Repository, revisions: Sequence[str], paths: Sequence[str]) -> list[PathEvent]:
    """What the merges of a range made of paths, against each parent (``old``) that has them otherwise.

    The newest first; also merges that took a path as another parent has it.
    """
    asked = ["log", "--merges", "-m", *LOG[1:3], *_RAW, "--format=%x02%H", "--end-of-options", *revisions]
    return list(raw_events(repo.git([*asked, "--", *paths]).text)) if paths else []


def renamed_to(repo: Repository, commit: str, path: str) -> str | None:
    """Where a commit that removed `path` moved it, by content, None if it did not."""
    return next((new for old, new in renames_in(repo, commit) if old == path), None)


def renames_in(repo: Repository, commit: str) -> list[tuple[str, str]]:
    """The (old, new) paths of the renames git finds in a commit against its first parent.

    Where contents that would tell are not here, those of files that were not edited.
    """
    if ("renames", commit) not in repo.logs:
        repo.logs["renames", commit] = _renames(repo, commit)
    found: list[tuple[str, str]] = repo.logs["renames", commit]
    return found


def read_renames(repo: Repository, commits: Iterable[str]) -> None:
    """Read into the memo of `renames_in` the renames in several commits, in one process."""
    wanted = [commit for commit in dict.fromkeys(commits) if ("renames", commit) not in repo.logs]
    asked = ["log", "--no-walk=unsorted", "--diff-merges=first-parent", "--diff-filter=R", "--name-status"]
    asked += ["-r", "-z", "--format=%x02%H", "--stdin"]
    if len(wanted) < 2:
        return
    names = "\n".join(wanted).encode()
    done = repo.git([*asked, "-M"], stdin=names, allow=(0, 128))
    if done.code:
        done = repo.git([*asked, "-M100%"], stdin=names)
    found: dict[str, list[tuple[str, str]]] = {commit: [] for commit in wanted}
    tokens = (token.lstrip("\n") for token in done.text.split("\0"))
    commit = ""
    for token in tokens:
        if token.startswith("\x02"):
            commit = token[1:].strip()
        elif token:
            found[commit].append((next(tokens), next(tokens)))
    for commit, pairs in found.items():
        repo.logs["renames", commit] = pairs


def _renames(repo: Repository, commit: str) -> list[tuple[str, str]]:
    asked = ["diff-tree", "-r", "--root", "--diff-filter=R", "--name-status", "-z", "--no-commit-id"]
    first = repo.commit_or_none(f"{commit}^1")
    ends = [*([first] if first else []), commit]
    done = repo.git([*asked, "-M", *ends], allow=(0, 128))
    if done.code:
        done = repo.git([*asked, "-M100%", *ends])
    fields = done.text.split("\0")
    return [(fields[at + 1], fields[at + 2]) for at in range(0, len(fields) - 2, 3)]


def following_events(
    repo: Repository, revisions: Sequence[str], path: str, events: Sequence[PathEvent]
) -> list[PathEvent]:
    """The events of the names that `path` was later renamed to in the range, newest first by name.

    `events` are those of the path itself.
    """
    out: list[PathEvent] = []
    seen, queue = {path}, [list(events)]
    while queue and len(seen) < _MAX_RENAMES:
        for event in queue.pop():
            if event.new is None:
                target = renamed_to(repo, event.commit, event.path)
                if target and target not in seen:
                    seen.add(target)
                    more = path_events(repo, revisions, target)
                    out += more
                    queue.append(more)
    return out


def changes_between(repo: Repository, old: str | None, new: str) -> list[PathEvent]:
    """The paths whose states differ between two commits' trees; ``commit`` is `new`."""
    empty = repo.git(["hash-object", "-t", "tree", "--stdin"], stdin=b"").text.strip() if not old else ""
    asked = ["diff-tree", "-r", *_RAW]
    return list(raw_events(f"\x02{new}\0\n" + repo.git([*asked, old or empty, new]).text))


def changes_of_moves(repo: Repository, moves: Sequence[tuple[str | None, str]]) -> list[list[PathEvent]]:
    """`changes_between` of several pairs of commits, in one process for those that have both."""
    pairs = [(old, new) for old, new in moves if old]
    # "commit parent": diff-tree shows the commit against the parent it is told
    lines = "".join(f"{new} {old}\n" for old, new in pairs)
    asked = ["diff-tree", "--stdin", "-r", *_RAW, "-m", "--root"]
    done = repo.git([*asked, "--always", "--format=%x02%H"], stdin=lines.encode()) if pairs else None
    parts = done.text.split("\x02")[1:] if done else []
    known = iter([list(raw_events("\x02" + part)) for part in parts])
    return [next(known) if old else changes_between(repo, None, new) for old, new in moves]


def merges_among(repo: Repository, commits: Iterable[str]) -> list[str]:
    """Those of some commits that are merges."""
    asked = "\n".join(dict.fromkeys(commits)).encode()
    return repo.git(["rev-list", "--no-walk=unsorted", "--merges", "--stdin"], stdin=asked).text.split()


def combined_paths(repo: Repository, merge: str) -> set[str]:
    """The paths that were made by hand in a merge: as in none of its parents, nor as git merges them.

    A git that cannot merge again to compare (before 2.35) gives those as in no parent.
    """
    asked = ["diff-tree", "-r", "-c", "--name-only", "-z", "--no-commit-id", "--no-renames"]
    unlike_parents = {path for path in repo.git([*asked, merge]).text.split("\0") if path}
    if not unlike_parents:
        return unlike_parents
    repo.make_objects_dir()
    asked = ["show", "--remerge-diff", "--name-only", "-z", "--no-renames", "--format=", merge]
    again = repo.git(asked, env=repo.object_env, allow=(0, 128, 129))
    return unlike_parents if again.code else unlike_parents & set(again.text.split("\0"))


def commits_in(repo: Repository, revisions: Sequence[str], *options: str) -> list[str]:
    """The commits of a range, the newest first."""
    return repo.git(["rev-list", *options, "--end-of-options", *revisions, "--"]).text.split()


def changed_by(repo: Repository, commits: Iterable[str]) -> dict[str, list[PathEvent]]:
    """What each of some commits changed against its first parent, read in one process."""
    wanted = list(dict.fromkeys(commits))
    out: dict[str, list[PathEvent]] = {commit: [] for commit in wanted}
    asked = ["log", "--no-walk=unsorted", "--diff-merges=first-parent", "-r", *_RAW, "--format=%x02%H"]
    if wanted:
        done = repo.git([*asked, "--stdin"], stdin="\n".join(wanted).encode())
        for event in raw_events(done.text):
            if event.commit not in repo.cut_off:
                out[event.commit].append(event)
    return out


def raw_events(text: str) -> Iterator[PathEvent]:
    """The events in the output of ``--raw -z --format=%x02%H``; a merge's have several colons."""
    tokens = iter(text.split("\0"))
    commit = ""
    for raw in tokens:
        token = raw.lstrip("\n")
        if token.startswith("\x02"):
            commit = token[1:].strip()
        elif token.startswith(":"):
            parents = len(token) - len(token.lstrip(":"))
            fields = token[parents:].split(" ")
            modes, oids = fields[: parents + 1], fields[parents + 1 : 2 * parents + 2]
            path = next(tokens)
            yield PathEvent(commit, path, _state(modes[0], oids[0]), _state(modes[-1], oids[-1]))


def _state(mode: str, oid: str) -> State:
    return f"{mode} {oid}" if mode.strip("0") else None
