"""What a status says, in the words of people, as one of five.

What is struck out does not count; a list to choose from says nothing.
Of several statuses in one place the latest dated counts, else the one that comes last in a
decision's life: whoever adds 'Superseded by' below 'Accepted' or above it means the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from taskorch.interchange.adr import dates
from taskorch.interchange.adr.status_lines import (
    EDGE,
    LIFE,
    LINK,
    LONGEST_LINE,
    STRUCK,
    cleaned,
    read_line,
    whole_status,
)
from taskorch.records.decision import ACCEPTED, REJECTED

_CHECKED = re.compile(r"^[ \t]*[-*+]?[ \t]*\[[xX✓✔]\][ \t]*(\S.*)$", re.MULTILINE)
_UNCHECKED = re.compile(r"^[ \t]*[-*+]?[ \t]*\[ ?\]\s", re.MULTILINE)
_CHOICE = re.compile(r"\s*(?:\||/|,|;|\n|\bor\b|&#124;)\s*")
_BOLD = re.compile(r"(?:\*\*|__)(?=\S)(.+?)(?:\*\*|__)")
_KEY = re.compile(r"(?:(?:current|adr|decision|effective|document)[ -])?(?:status|state)")
_SHORT = 60
_LONGEST = 4000  # characters that are looked at


@lru_cache(maxsize=4096)  # most decisions of a folder say one of a few words
def present(text: str) -> tuple[str | None, int, int]:
    """The status that a value or a whole section says now, and the offsets of the words that say it.

    Where it says none, or leaves it to choose, the offsets are those of its first paragraph.
    """
    pieces = _pieces(text)
    if not pieces:
        return None, 0, 0
    first = pieces[0]
    checked = list(_CHECKED.finditer(text))
    if checked and (_UNCHECKED.search(text) or len(checked) == 1):
        last = checked[-1]
        return read_line(last[1], strict=False), last.start(1), last.end(1)
    if _is_choice(text):
        bold = _BOLD.findall(text)
        return read_line(bold[0], strict=False) if len(bold) == 1 else None, first[0], first[1]
    said: list[tuple[str, str | None, int, int]] = []
    for place, (start, end) in enumerate(pieces):
        words = _cell(text[start:end])
        if not words or _is_choice(words):
            continue
        status = read_line(words, strict=place > 0)
        if status:
            said.append((status, dates.iso(words), start, end))
    if not said:
        return None, first[0], first[1]
    status, _, start, end = _latest(said)
    return status, start, end


def _cell(words: str) -> str:
    """What a table's row says of the status; other text as it is."""
    if not words.startswith("|"):
        return words
    cells = [cell.strip() for cell in words.strip("| ").split("|")]
    if len(cells) > 1 and _KEY.fullmatch(cells[0].strip(EDGE).lower()):
        return cells[1]
    if len(cells) > 1 and cells[0].strip(EDGE).lower().endswith(" by"):
        return " ".join(cells[:2])
    said = next((cell for cell in cells if alone(cell)), "")
    day = next((cell for cell in cells if dates.find(cell)), "")
    return (
        f"{said} {day}".strip()
        if (said and alone(cells[0] or cells[-1])) or day
        else said
        if len(cells) == 1
        else ""
    )


def alone(words: str) -> str | None:
    """The status whose word is all that stands there, beside a date."""
    bare = cleaned(words)
    day = dates.find(bare)
    if day:
        bare = (bare[: day[1]] + bare[day[2] :]).strip(EDGE)
    return whole_status(bare)


def words_of(text: str) -> str:
    """`text` without the targets of links and without what is struck out."""
    return LINK.sub(r"\1", STRUCK.sub("", text[:_LONGEST]))


def _is_choice(text: str) -> bool:
    """Whether `text` is a template's list of statuses to choose from."""
    bare = STRUCK.sub("", text[:LONGEST_LINE]).strip()
    shell = bare.strip("*_`\"' \t\n")
    if not any(sign in bare for sign in ("|", "/", ",", "\n", " or ", ";")):
        return False
    pieces = [piece for piece in _CHOICE.split(LINK.sub(r"\1", shell.strip("{}[]<>()"))) if piece.strip(EDGE)]
    whole = [status for piece in pieces if (status := whole_status(piece))]
    kinds = set(whole)
    bracketed = shell[:1] in "{[<" and "](" not in shell[: shell.find("]") + 2]
    if bracketed and len(kinds) > 1:
        return True
    if len(kinds) > 2 and REJECTED in kinds and len(whole) >= 3 and "~~" not in text and not dates.find(text):
        return True
    return len(kinds) > 1 and len(whole) == len(pieces) and ("|" in bare or "/" in bare)


def _latest(said: list[tuple[str, str | None, int, int]]) -> tuple[str, str | None, int, int]:
    if all(date for _, date, _, _ in said):
        newest = max(str(date) for _, date, _, _ in said)
        said = [one for one in said if one[1] == newest]
    if {status for status, _, _, _ in said} == {ACCEPTED, REJECTED}:
        return said[-1]
    furthest = max(LIFE.index(status) for status, _, _, _ in said)
    return next(one for one in said if LIFE.index(one[0]) == furthest)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The offsets of what can say a status each: paragraphs, list items, lines that end early."""
    out: list[tuple[int, int]] = []
    at, open_, last = 0, False, ""
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            breaks = last.endswith(("  ", "\\", "<br>", "<br/>", "<br />")) or len(last.strip()) < _SHORT
            begins = bare[0] in "-*+|•>" or bare[0].isupper() or bare[0].isdigit() or not bare[0].isascii()
            if open_ and not (breaks and begins):
                out[-1] = (out[-1][0], at + len(line.rstrip()))
            else:
                out.append((at + len(line) - len(line.lstrip()), at + len(line.rstrip())))
            open_ = True
        else:
            open_ = False
        last = line
        at += len(line) + 1
    return out
