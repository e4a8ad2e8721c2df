"""Which repository a folder lies in, and in words why it may be none that can be used."""

from __future__ import annotations

from pathlib import Path

from taskorch.errors import GitFailed, NotARepository
from taskorch.git.placed import is_placed_by_environment
from taskorch.git.process import Finished, git

# What `rev-parse` is asked of a repository: words of its own first, then paths, which hold anything.
_FACTS = ("--is-bare-repository", "--show-object-format", "--show-ref-format")
_PLACES = ("--absolute-git-dir", "--git-common-dir")
_ANOTHER = "use it in a repository of git's default formats: sha1 object ids, refs in files"


def find(start: Path) -> tuple[Path | None, Path, Path, bool]:
    """The root of the work tree (None: bare), its git directory, the one all work trees share, whether bare.

    Raises NotARepository or GitFailed.
    """
    done = git(["rev-parse", *_FACTS, *_PLACES, "--show-toplevel"], start, allow=(0, 128))
    lines = done.text.split("\n")[:-1]
    if len(lines) < len(_FACTS) + len(_PLACES):
        raise _no_repository(start, done)
    bare, *formats = lines[: len(_FACTS)]
    _refuse_formats(*formats)
    if done.code and bare != "true":
        raise NotARepository(
            f"{start} is inside a git directory", hint="go to the work tree, where your files are"
        )
    asked = _PLACES if done.code else (*_PLACES, "--show-toplevel")
    places = lines[len(_FACTS) :]
    if len(places) != len(asked):  # a folder's name has a line break: one answer at a time
        places = [git(["rev-parse", one], start).text.removesuffix("\n") for one in asked]
    git_dir, common, *top = places
    return _existing(Path(*top)) if top else None, Path(git_dir), (start / common).resolve(), bare == "true"


def _existing(top: Path) -> Path:
    if not top.is_dir():
        raise NotARepository(
            f"the work tree of this repository, {top}, is not there",
            hint="core.worktree in its config or GIT_WORK_TREE names it",
        )
    return top


def _refuse_formats(objects: str, refs: str) -> None:
    """Raise NotARepository for a repository that taskorch would read wrongly."""
    if objects != "sha1":
        raise NotARepository(
            f"this repository has {objects} object ids, which taskorch cannot read yet", hint=_ANOTHER
        )
    if refs not in ("files", "--show-ref-format"):  # git before 2.45 repeats what it does not know
        raise NotARepository(
            f"this repository keeps its refs as {refs}, which taskorch cannot read yet", hint=_ANOTHER
        )


def _no_repository(start: Path, done: Finished) -> Exception:
    if "dubious ownership" in done.err:
        return NotARepository(
            f"git does not trust {start}: it belongs to someone else",
            hint="git status there tells how to add it to safe.directory",
        )
    damaged = next(
        (folder / ".git" for folder in (start, *start.parents) if (folder / ".git").exists()), None
    )
    if "not a git repository" in done.err and damaged and not is_placed_by_environment():
        return NotARepository(
            f"git takes {damaged} for no repository: it is damaged, or leads to none",
            hint="git needs HEAD, objects/ and refs/ there; a file names the folder that has them",
        )
    if "not a git repository" in done.err:
        return NotARepository(f"{start} is not in a git repository", hint="git init, or go to your project")
    words = " ".join(done.err.split()).removeprefix("fatal: ")
    return GitFailed(f"git cannot read this repository: {words}", hint="mend what git says: git status there")
