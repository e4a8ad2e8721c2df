"""When lines of files were changed last, for many files at once."""

from __future__ import annotations

from taskorch.git.repository import Repository

_COMMIT = "commit "


def last_changes(repo: Repository, tip: str, folder: str, pattern: str | None = None) -> dict[str, int]:
    """By path, when a commit that `tip` reaches last changed a line of the file that fits a pattern, or any.

    Times are those of the committers, in seconds since 1970.  `pattern` is an extended regular
    expression; files are those below `folder`, and those that were there.  One walk of git over the
    commits that changed the folder.
    """
    lines = ["--extended-regexp", f"-G{pattern}", "--text"] if pattern else []
    asked = ["log", *lines, "--no-renames", "--name-only", "-z", f"--format={_COMMIT}%ct", tip, "--", folder]
    out: dict[str, int] = {}
    when = 0
    for word in repo.git(asked).text.split("\0"):
        said = word.lstrip("\n")
        if said.startswith(_COMMIT):
            when = int(said.removeprefix(_COMMIT))
        elif said:
            out.setdefault(said, when)
    return out
