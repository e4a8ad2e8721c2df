"""Accepted decisions that govern files, and what ``decision check`` finds, in one line each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.cli.making import new_decision
from tests.conftest import start_project
from tests.repos import Repo

Json = dict[str, Any]
BOB = ("-c", "user.name=Bob", "-c", "user.email=bob@example.org")
LINES = "".join(f"line {number}\n" for number in range(20))


def with_files(repo: Repo) -> None:
    """A project with some files to govern."""
    start_project(repo)
    names = ("src/a.py", "src/b.py", "src/deep/c.py", "src/deep/d.md", "docs/x.md")
    repo.commit("files", {name: f"{name}\n{LINES}" for name in names})


def record(repo: Repo, decision: str) -> Path:
    return repo.path / str(repo.json("decision", "show", decision)["path"])


def edit(repo: Repo, decision: str, old: str, new: str) -> None:
    """Change a record by hand."""
    path = record(repo, decision)
    text, count = re.subn(old, lambda _: new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count
    path.write_text(text)


def accepted(repo: Repo, *governs: str, title: str = "Use argon2id", commit: bool = True) -> str:
    """An accepted decision that governs some entries, committed."""
    made = new_decision(repo, title, "--status", "accepted")
    if governs:
        edit(repo, made, "^governs:\n", "governs:\n" + "".join(f"  - path: '{entry}'\n" for entry in governs))
    if commit:
        repo.commit("accept it")
    return made


def check(repo: Repo, *words: str) -> Json:
    done = repo.run("decision", "check", *words, "--json", check=False)
    assert done.code in (0, 4), done.err
    assert done.code == (4 if done.json["findings"] else 0)
    return done.json


def findings(repo: Repo, *words: str) -> list[Json]:
    rows: list[Json] = check(repo, *words)["findings"]
    return rows


def kinds(repo: Repo, *words: str) -> list[str]:
    return [row["kind"] for row in findings(repo, *words)]


def files_of(row: Json) -> list[str]:
    return [f"{one['op']} {one['from'] + ' -> ' if one['from'] else ''}{one['path']}" for one in row["files"]]


def subjects(row: Json) -> list[str]:
    return [one["subject"] for one in row["commits"]]
