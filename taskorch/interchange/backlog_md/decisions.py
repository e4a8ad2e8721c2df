"""Decisions of Backlog.md as ours."""

from __future__ import annotations

import re

from taskorch.interchange.backlog_md.names import in_file
from taskorch.interchange.backlog_md.page import Page
from taskorch.interchange.foreign import ForeignDecision
from taskorch.interchange.foreign_text import fields, joined, under, utc

_STATUSES = ("proposed", "accepted", "rejected", "deprecated", "superseded")
_PARTS = {"context": "context", "decision": "decision", "consequences": "consequences",
          "alternatives": "options"}  # fmt: skip
_HEADING = re.compile(r"(#{2,3})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NUMBER = re.compile(r"decision-(\d{1,9})\Z", re.IGNORECASE)


def decision(page: Page, mapped: list[tuple[str, str]]) -> ForeignDecision | None:
    """The decision of a page; None if it says neither what it is called nor what was decided."""
    name = page.text("id") or in_file(page.path.rpartition("/")[2])
    if not name:
        return None
    word = page.text("status").lower()
    status = word if word in _STATUSES else "proposed"
    if word and word != status:
        mapped.append((f"decision {name}", f"its status '{word}' became proposed, with a label"))
    date = utc(page.text("date"))
    rest = {key: value for key, value in page.values.items() if key not in ("id", "title", "status")}
    if date:
        rest.pop("date", None)
    texts = _texts(page.body)
    odd = "\n".join(page.odd)
    more = joined([texts.get("more", ""), under("From Backlog.md", fields({**rest, "front matter": odd}))])
    number = _NUMBER.match(name)
    return ForeignDecision(
        key=name.lower(),
        title=page.text("title") or name,
        status=status,
        number=int(number[1]) if number else None,
        date=date[:10] if date else None,
        labels=() if word in ("", status) else (f"status:{word}",),
        texts={**texts, "more": more},
    )


def _texts(body: str) -> dict[str, str]:
    """The parts of a decision by the places of ours; sections of other names become more information."""
    found: dict[str, list[str]] = {}
    now, fenced = "more", False
    for line in body.split("\n"):
        fenced = fenced != bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        part = heading[2].lower() if heading and heading[1] == "##" else ""
        if part in _PARTS:
            now = _PARTS[part]
            continue
        now = "more" if part else now
        lower = f"#### {heading[2]}" if heading else line  # lower than the headings of our records
        found.setdefault(now, []).append(lower)
    return {name: "\n".join(lines).strip("\n").rstrip() for name, lines in found.items()}
