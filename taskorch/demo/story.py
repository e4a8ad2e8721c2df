"""What happens in the demo, and what its later steps need to know of the earlier ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from taskorch.demo.proof import Proof
from taskorch.demo.stage import Broken, Stage

RECORDS = ".orchestrator"
CODE_ONLY = ("--", ".", f":(exclude){RECORDS}")
MAIN = "origin/main"
OPERATIONS = {"A": "create", "M": "modify", "D": "delete", "R": "move", "C": "copy"}

_ID = re.compile(r"\b[tds]-[0-9a-z]{8}\b")


@dataclass
class Story:
    """One run of the demo.

    ``ids`` are records by the names they have in the story, ``commits`` commits, ``paths`` record
    files, ``subjects`` those of the commits on main, the newest first.
    """

    stage: Stage
    sabotage: str | None = None
    ids: dict[str, str] = field(default_factory=dict)
    commits: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)

    def make(self, who: str, name: str, *words: str) -> str:
        """Type a command that makes a record, and remember its id and its file."""
        found = _ID.search(self.stage.taskorch(who, *words))
        if not found:
            raise Broken
        self.ids[name] = found[0]
        folder = self.stage.root / who
        files = sorted((folder / RECORDS).rglob(f"{found[0]}*.md"))
        if len(files) != 1:
            raise Broken
        self.paths[name] = files[0].relative_to(folder).as_posix()
        return found[0]

    def read(self, who: str, path: str) -> str:
        """A file in somebody's clone."""
        return (self.stage.root / who / path).read_text()

    def claims(self, who: str) -> list[dict[str, Any]]:
        """The claims as they stand in somebody's clone, a JSON object a line."""
        path = self.paths["session"].removesuffix(".md") + ".claims.jsonl"
        return [json.loads(line) for line in self.read(who, path).splitlines()]

    def same_operations(
        self, who: str, claim: str, rows: Iterable[Mapping[str, Any]], *between: str
    ) -> Proof:
        """Compare operations as taskorch lists them with those that ``git diff`` finds."""
        words = ("diff", "--name-status", "-M", *between, *CODE_ONLY)
        found = self.stage.said(who, *words)
        return Proof(claim, self.stage.shown(words), _lines(map(_operation, rows)), _listed(found))


def section(text: str, heading: str) -> str:
    """The text below a Markdown heading, up to the next one; empty if there is none."""
    inside, lines = False, []
    for line in text.splitlines():
        if inside and line.startswith("#"):
            break
        if inside:
            lines.append(line)
        inside = inside or line.lstrip("#").strip() == heading
    return "\n".join(lines).strip()


def field_of(text: str, key: str) -> str:
    """The plain value of a key of a record's front matter; empty if there is none."""
    found = re.search(rf"^{key}: *(\S+)$", text, re.MULTILINE)
    return found[1] if found else ""


def _operation(row: Mapping[str, Any]) -> str:
    return " ".join(filter(None, [row["op"], row.get("from"), row["path"]]))


def _listed(name_status: str) -> str:
    """``R093<tab>old<tab>new`` as ``move old new``; git's own words where it failed."""
    lines = [line.split("\t") for line in name_status.splitlines()]
    return _lines(" ".join([OPERATIONS.get(words[0][:1], words[0]), *words[1:]]) for words in lines)


def _lines(items: Iterable[str]) -> str:
    return "\n".join(sorted(items))
