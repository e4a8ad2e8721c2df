"""Commits by the trailers of their messages: https://git-scm.com/docs/git-interpret-trailers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from taskorch.git.history import PathEvent, path_log
from taskorch.git.repository import Repository

_AT_ONCE = 2
_SLACK = timedelta(days=1)
"""How far the clocks of those who commit may be apart."""

_BEGIN = datetime(1970, 1, 3, tzinfo=UTC)


def begin(repo: Repository, tip: str, path: str, trailer: tuple[str, str], created: datetime) -> None:
    """Begin to read a file's log, and the commits with a trailer, beside what comes before they are needed.

    `path_events` and `commits_with_trailer` of the whole history of `tip` then give what was read.  It is
    read back to a day before the file was `created`, for nothing older is about it.  Where the commit
    that made the file is not there, the times are not what they say, and all is read.
    """
    since = f"--since={max(created, _BEGIN).astimezone(UTC) - _SLACK:%Y-%m-%dT%H:%M:%SZ}"

    def read_log() -> list[PathEvent] | None:
        found = path_log(repo, [tip], path, since)
        return found if any(event.old is None for event in found) else None

    def read_trailers() -> list[str]:
        found = _with_trailer(repo, [tip], *trailer, since)
        return _with_trailer(repo, [tip], *trailer) if log.result() is None else found

    pool = ThreadPoolExecutor(_AT_ONCE)
    log = pool.submit(read_log)
    if (tip, path) not in repo.logs:
        repo.beside[tip, path] = lambda: log.result() or path_log(repo, [tip], path)
    repo.beside["trailer", tip, *trailer] = pool.submit(read_trailers).result
    pool.shutdown(wait=False)


def commits_with_trailer(repo: Repository, revisions: Sequence[str], key: str, value: str) -> list[str]:
    """The commits of a range whose message has the trailer ``key: value``, the newest first."""
    beside = repo.beside.pop(("trailer", *revisions, key, value), None)
    if beside:
        found: list[str] = beside()
        return found
    return _with_trailer(repo, revisions, key, value)


def _with_trailer(
    repo: Repository, revisions: Sequence[str], key: str, value: str, *options: str
) -> list[str]:
    asked = ["log", "-z", *options, f"--grep=^{key}: *{value}", _trailers(key)]
    done = repo.git([*asked, "--end-of-options", *revisions, "--"])
    return [commit for commit, values in _trailer_lines(done.text) if value in values]


def trailers_of(repo: Repository, commits: Iterable[str], key: str) -> dict[str, list[str]]:
    """The values of the trailer `key` by commit; commits without one are left out."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return {}
    asked = ["log", "--no-walk=unsorted", "-z", _trailers(key), "--stdin"]
    done = repo.git(asked, stdin="\n".join(wanted).encode())
    return {commit: values for commit, values in _trailer_lines(done.text) if values}


def _trailers(key: str) -> str:
    return f"--format=%H%x09%(trailers:key={key},valueonly,separator=%x2C)"


def _trailer_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.split("\0"):
        commit, _, values = line.partition("\t")
        if commit:
            yield commit, [one.strip() for one in values.split(",") if one.strip()]
