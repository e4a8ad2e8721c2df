"""A large repository made by ``git fast-import``: many files, many commits, merges, renames.

It is the same for the same sizes: all choices come from a seeded generator.  A few files are changed
often and most hardly ever, as in real projects; one commit in five is on a side branch that is merged.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_EPOCH = 1_500_000_000
_LINES = 10
_SKEW = 3
_AHEAD, _SIDE_LENGTH, _SIDE_EVERY = 5, 6, 25
_RENAME_EVERY = 150


@dataclass(frozen=True, slots=True)
class Version:
    """A file's content as the main line got it: ``place`` counts the main line's commits.

    ``removed`` and ``added`` are the line that one commit of the main line changed, else empty.
    """

    place: int
    path: str
    oid: str
    removed: str = ""
    added: str = ""


@dataclass
class Synthetic:
    """The history as it was written: the main line's commits in order, and each file's versions.

    ``times`` are those of the commits, in seconds since 1970.
    """

    main: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    versions: list[list[Version]] = field(default_factory=list)

    def at(self, number: int, place: int) -> Version | None:
        """The version that a file had at a place of the main line."""
        known = [one for one in self.versions[number] if one.place <= place]
        return known[-1] if known else None


class Writer:
    """Writes a fast-import stream and keeps in mind what is in it."""

    def __init__(self, files: int, commits: int) -> None:
        self._random = random.Random(f"{files} {commits}")
        self._wanted, self._files = commits, files
        self._lines: list[list[str]] = []
        self._paths: list[str] = []
        self._made = 0
        self._removed = self._added = ""
        self._places: list[int] = []
        self.history = Synthetic()

    def stream(self) -> Iterator[bytes]:
        """The stream; ``history`` is filled while it is read."""
        yield b"reset refs/heads/main\n"
        yield from self._first()
        reserved: set[int] = set()
        while self._made < self._wanted:
            if self._random.randrange(_SIDE_EVERY) == 0 and self._wanted - self._made > _AHEAD + _SIDE_LENGTH:
                yield from self._side_branch()
            else:
                yield from self._main_commit(reserved)
        yield b"done\n"

    @property
    def places(self) -> list[int]:
        """The marks of the main line's commits, in order."""
        return self._places

    def _first(self) -> Iterator[bytes]:
        yield self._head("refs/heads/main", "add all files")
        self._places.append(self._made)
        for number in range(self._files):
            self._paths.append(f"area{number % 40}/part{number // 40 % 25}/file{number}.txt")
            self._lines.append([f"line {line} of file {number}" for line in range(_LINES)])
            self.history.versions.append([Version(0, self._paths[number], self._oid(number))])
            yield self._content(number)

    def _main_commit(self, reserved: set[int]) -> Iterator[bytes]:
        if self._made % _RENAME_EVERY == 0:
            yield from self._rename()
            return
        yield self._head("refs/heads/main", "change some files")
        self._places.append(self._made)
        for number in self._some(reserved):
            yield self._edit(number)
            self._keep(number, (self._removed, self._added))

    def _rename(self) -> Iterator[bytes]:
        number = self._one()
        old = self._paths[number]
        new = f"{old.rsplit('/', 1)[0]}/moved{self._made}.txt"
        yield self._head("refs/heads/main", "move a file")
        self._places.append(self._made)
        yield f"R {old} {new}\n".encode()
        self._paths[number] = new
        last = self.history.versions[number][-1]
        self.history.versions[number].append(Version(len(self._places) - 1, new, last.oid))

    def _side_branch(self) -> Iterator[bytes]:
        """A branch of a few commits beside some of the main line; they touch different files."""
        base, changes = self._places[-1], []
        reserved: set[int] = set()
        for step in range(self._random.randint(2, _SIDE_LENGTH)):
            parent = f"from :{base}\n".encode() if step == 0 else b""
            yield self._head("refs/heads/side", "work on the side") + parent
            for number in self._some(set()):
                yield self._edit(number)
                reserved.add(number)
                changes.append(number)
        tip = self._made
        for _ in range(self._random.randint(1, _AHEAD)):
            yield from self._main_commit(reserved)
        yield self._head("refs/heads/main", "merge the side") + f"merge :{tip}\n".encode()
        self._places.append(self._made)
        for number in dict.fromkeys(changes):
            yield self._content(number)
            self._keep(number)

    def _one(self) -> int:
        return int(self._files * self._random.random() ** _SKEW)

    def _some(self, reserved: set[int]) -> list[int]:
        numbers = {self._one() for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 5)))}
        return sorted(numbers - reserved) or [next(n for n in range(self._files) if n not in reserved)]

    def _edit(self, number: int) -> bytes:
        place = self._random.randrange(_LINES)
        self._removed = self._lines[number][place]
        self._added = f"line {place} of file {number}, as commit {self._made} has it"
        self._lines[number][place] = self._added
        return self._content(number)

    def _keep(self, number: int, change: tuple[str, str] = ("", "")) -> None:
        version = Version(len(self._places) - 1, self._paths[number], self._oid(number), *change)
        self.history.versions[number].append(version)

    def _text(self, number: int) -> bytes:
        return ("\n".join(self._lines[number]) + "\n").encode()

    def _oid(self, number: int) -> str:
        text = self._text(number)
        return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()

    def _content(self, number: int) -> bytes:
        text = self._text(number)
        return b"M 100644 inline %s\ndata %d\n%s\n" % (self._paths[number].encode(), len(text), text)

    def _head(self, ref: str, subject: str) -> bytes:
        self._made += 1
        name = f"author{self._made % 37}"
        who = f"{name} <{name}@example.org> {time_of(self._made)} +0000"
        message = f"{subject}\n\nThis is number {self._made}.\n".encode()
        return (
            f"commit {ref}\nmark :{self._made}\nauthor {who}\ncommitter {who}\n".encode()
            + b"data %d\n%s\n" % (len(message), message)
        )


def time_of(mark: int) -> int:
    """When a commit is said to be made, in seconds since 1970."""
    return _EPOCH + 600 * mark


def write_history(folder: Path, files: int, commits: int, env: dict[str, str]) -> Synthetic:
    """Make a repository in a new `folder` with its main branch checked out."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, env=env, check=True)
    marks = folder / ".git" / "marks"
    writer = Writer(files, commits)
    command = ["git", "fast-import", "--quiet", "--done", f"--export-marks={marks}"]
    with subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE) as process:
        assert process.stdin
        for part in writer.stream():
            process.stdin.write(part)
        process.stdin.close()
    if process.returncode:
        raise RuntimeError("git fast-import failed")
    ids = dict(line.split(" ") for line in marks.read_text().splitlines())
    writer.history.main = [ids[f":{mark}"] for mark in writer.places]
    writer.history.times = [time_of(mark) for mark in writer.places]
    marks.unlink()
    for command in (["git", "branch", "-qD", "side"], ["git", "reset", "-q", "--hard", "main"]):
        subprocess.run(command, cwd=folder, env=env, check=True)
    return writer.history
