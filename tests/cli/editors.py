"""Editors that do what a test says, and records that are edited with them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.snapshots import snapshot
from tests.repos import Repo, Result


def editor(repo: Repo, body: str) -> dict[str, str]:
    """An editor that runs some Python on the text of the file it is given."""
    script = repo.path.parent / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text()\n"
        f"{body}\n"
        "file.write_text(text)\n"
    )
    return {"VISUAL": f"{sys.executable} {script}"}


def refused_text(repo: Repo, noun: str, record: str, body: str) -> Result:
    """A record edited so that its text is refused: it is kept, and nothing changed."""
    before = snapshot(repo, local=True)
    done = repo.run(noun, "edit", record, "--json", check=False, env=editor(repo, body))
    assert done.code == 1
    assert kept_text(done).is_file()
    assert snapshot(repo, local=True) == before
    return done


def kept_text(done: Result) -> Path:
    """Where a text that was refused is."""
    return Path(done.error["hint"].split("your text is in ")[1])
