"""Which tool writes files as a folder has them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from taskorch.interchange.adr import names
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.settings import Settings
from taskorch.interchange.adr.votes import Votes

TOOLS = ("madr2", "madr3", "madr4", "adr-tools", "log4brains", "other")
"""The tools that a dialect may be of."""
_LISTED, _NUMBERED = re.compile(r"\d+-.*\.md$"), re.compile(r"\d+[. ]")


def tool_of(ranked: list[tuple[Adr, float]], templates: Iterable[bytes], settings: Settings) -> str:
    """One of `TOOLS`: what the settings say, else what most of the decisions and the templates look like."""
    if settings.tool:
        return settings.tool
    votes: Votes[str] = Votes()
    total = 0.0
    for adr, weight in ranked:
        votes.add(_of_file(adr), weight)
        total += weight
    madr = sum(votes.weight(tool) for tool in ("madr", "madr2", "madr3", "madr4"))
    best = votes.winner("madr4")
    if madr < max(votes.weight("adr-tools"), votes.weight("log4brains"), votes.weight("other")):
        return best
    for data in templates:
        text = data.decode("utf-8", "replace")
        if "decision-makers:" in text or "### Confirmation" in text:
            votes.add("madr4", total / 4)
        elif "deciders:" in text and text.lstrip("\ufeff").startswith("---"):
            votes.add("madr3", total / 4)
        elif re.search(r"^[*-] Status:", text, re.MULTILINE):
            votes.add("madr2", total / 4)
    exact = max(("madr4", "madr3", "madr2"), key=votes.weight)
    if votes.weight("madr") > votes.weight("madr2") and exact == "madr2":
        return "madr3" if votes.weight("madr3") > votes.weight("madr4") else "madr4"
    return exact


def _of_file(adr: Adr) -> str:
    """The tool that writes such a file; ``madr`` where the version is not told."""
    sections = {title.lower() for title in adr.sections}
    form = adr.status_place.form if adr.status_place else None
    has_body = "decision outcome" in sections or "considered options" in sections
    name = names.take_apart(names.stem(adr.path))
    if len(name.digits) == 8 and name.date and form in ("bullet", None):
        return "log4brains"
    if form == "section" and {"context", "decision"} <= sections:
        # What adr-tools lists: https://github.com/npryce/adr-tools (src/adr-list, src/template.md)
        dated = adr.date_place is not None and adr.date_place.form == "line"
        titled = dated or _NUMBERED.match(adr.heading or "")
        listed = titled and _LISTED.match(adr.path.rsplit("/", 1)[-1])
        return "adr-tools" if listed and not name.date else "other"
    if form == "front matter" or (has_body and adr.body_start > 1):
        if "decision-makers" in adr.metadata or "confirmation" in sections:
            return "madr4"
        if "deciders" in adr.metadata or "validation" in sections:
            return "madr3"
        return "madr" if has_body else "other"
    if has_body:
        if (
            form in ("bullet", "bold")
            or sections & {"positive consequences", "negative consequences"}
            or "links" in sections
        ):
            return "madr2"
        return "madr4" if "confirmation" in sections else "madr" if "consequences" in sections else "madr2"
    return "other"
