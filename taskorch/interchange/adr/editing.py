"""Changing a decision of another tool's folder as that tool, or a careful hand, would: nothing else moves.

adr-tools (``adr new -s``, ``adr link``) adds lines to the status section and takes out the old status;
log4brains and MADR write the status in its place, and links into a section of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from taskorch.errors import TaskorchError
from taskorch.interchange.adr.adr import Adr, Place
from taskorch.interchange.adr.dialect import Dialect
from taskorch.interchange.adr.drafting import keyed, link
from taskorch.interchange.adr.link_keys import with_link_key
from taskorch.interchange.adr.metadata import normal
from taskorch.interchange.adr.page import read_page
from taskorch.interchange.adr.reading import read_adr
from taskorch.records import frontmatter, sections
from taskorch.records.edit import set_field
from taskorch.records.scalars import Typed, write_scalar

_WORDS = {
    "supersedes": "Supersedes", "refines": "Refines", "refined_by": "Refined by", "reverses": "Reverses",
    "reversed_by": "Reversed by", "clarifies": "Clarifies", "clarified_by": "Clarified by",
    "superseded_by": "Superseded by",
}  # fmt: skip
_BREAK = re.compile(r"\S( {2,}|\\|[ \t]*<br[ ]*/?>)$")
_OLDER = re.compile(
    r"(?i)[;,.]\s+(?:(?:and|it) )?(?:super[sc]edes|replaces|amends|refines|extends|clarifies)\b[^\n]*$"
)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_ITEM = re.compile(r"^([-*+]) [A-Z][A-Za-z ]{0,30}: [^\n]*\n", re.MULTILINE)
_UNDERLINE = re.compile(r"([=\-~^\"'`*+#:.])\1{2,}[ \t]*(?:\r?\n|\Z)")
_LINES = ("bullet", "bold", "line")
LINKS, MORE = "Links", "More Information"


def with_status(adr: Adr, dialect: Dialect, status: str) -> str:
    """The text with another status, in the folder's word for it.  Raises TaskorchError."""
    return _throughout(adr, lambda part: _with_status(part, dialect, dialect.words[status]))


def superseded(adr: Adr, dialect: Dialect, by: Adr) -> str:
    """The text of a decision that another one takes the place of.  Raises TaskorchError."""
    text = _throughout(adr, lambda part: _superseded(part, dialect, by))
    return _keyed(adr, text, dialect, "superseded_by", by)


def _keyed(adr: Adr, text: str, dialect: Dialect, kind: str, other: Adr) -> str:
    """The text with a link also in a key of the front matter, where the folder has such keys."""
    if kind not in dialect.link_keys or other.number is None:
        return text
    key, form = dialect.link_keys[kind]
    return with_link_key(text, read_page(adr.path, text).body_start, key, form.format(number=other.number))


def _throughout(adr: Adr, change: Callable[[Adr], str]) -> str:
    """The text with a change of its front matter, made as well in a section that says the same status."""
    text = change(adr)
    if not adr.status_place or adr.status_place.form != "front matter":
        return text
    at = read_page(adr.path, text).body_start
    body = read_adr(adr.path, text[at:].encode()) if text[at:].strip() else None
    place = body.status_place if body else None
    if not body or not place or place.form != "section" or body.status != adr.status:
        return text
    return text[:at] + change(body)


def _superseded(adr: Adr, dialect: Dialect, by: Adr) -> str:
    said = f"{dialect.superseded_by} {link(dialect, adr.path, by)}"
    if adr.status_place and adr.status_place.form == "section" and adr.status_place.outer != (0, 0):
        return _add_to_section(adr, _without_status(adr, adr.status_place), said)
    return _with_status(adr, dialect, said)


def with_link(adr: Adr, dialect: Dialect, kind: str, other: Adr) -> str:
    """The text with a link to another decision, which is ``supersedes`` or another kind of link."""
    return _keyed(adr, _with_link(adr, dialect, kind, other), dialect, kind, other)


def _with_link(adr: Adr, dialect: Dialect, kind: str, other: Adr) -> str:
    words = _WORDS[kind]
    if re.search(r"(?i)superc", dialect.superseded_by):
        words = words.replace("Superse", "Superce")
    said = f"{words} {link(dialect, adr.path, other)}"
    place = adr.status_place
    if place and place.form == "section" and place.outer[1] > place.outer[0]:
        return _add_to_section(adr, adr.text, said)
    if adr.path.endswith(".rst"):
        return _append_rst(adr, f"{said}.")
    links = sections.find(adr.text, LINKS, adr.body_start)
    if links or dialect.tool in ("log4brains", "madr2"):
        return _append(adr.text, LINKS, f"{dialect.marker} {said}", dialect, adr.body_start)
    return _append(adr.text, MORE, f"{said}.", dialect, adr.body_start)


def _append_rst(adr: Adr, said: str) -> str:
    """The text of a file in reStructuredText with a paragraph at the end of its last section."""
    last = adr.sections[-1:] == (MORE,)
    heading = "" if last else f"{MORE}\n{'-' * len(MORE)}\n\n"
    return f"{adr.text.rstrip()}\n\n{heading}{said}\n"


def with_key(adr: Adr, dialect: Dialect, key: str, value: str) -> str:
    """The text with a further key: in the front matter, or on a line below the date or status."""
    text, newline = adr.text, _newline(adr.text)
    known = frontmatter.front_matter(text, adr.path)
    if known and key in known.entries:
        return set_field(text, key, Typed(value), [*known.entries])
    if known:
        return f"{text[: known.fence_start]}{key}: {value}{newline}{text[known.fence_start :]}"
    places = [one for one in (adr.date_place, adr.status_place) if one]
    row = next((one for one in places if one.form == "table" and _is_row(text, one)), None)
    if row:
        return _with_row(adr, row, key, value)
    at = next((one for one in places if one.form in _LINES and ":" in one.key), None)
    return _with_own_line(adr, at, key, value)


def _with_own_line(adr: Adr, at: Place | None, key: str, value: str) -> str:
    """The text with a key on a line like that of `at`, or else like the items above the first section."""
    text, newline = adr.text, _newline(adr.text)
    item = None if at else _last_item(adr)
    like = at.key if at else (f"{item[0]} Key:" if item else "Key:")
    lead = re.sub(r"[A-Za-z][A-Za-z ]*", key.capitalize(), like, count=1)
    line = keyed(lead, value)
    old = re.compile(rf"^{re.escape(lead)}[^\n]*\n", re.MULTILINE).search(text, adr.body_start)
    if old:
        return text[: old.start()] + line + _break(old[0]) + newline + text[old.end() :]
    if at:
        return _with_line(text, at, line)
    if item:
        return text[: item[1]] + line + newline + text[item[1] :]
    end = _title_end(adr)
    return text[:end] + newline + line + newline + text[end:]


def _title_end(adr: Adr) -> int:
    """The offset behind the line of the title."""
    title = adr.title_place
    if not title or title.form != "heading":
        return adr.body_start
    end = _line_end(adr.text, title.end)
    underline = _UNDERLINE.match(adr.text, end)
    return underline.end() if underline else end


def _last_item(adr: Adr) -> tuple[str, int] | None:
    """The mark of the last key in a list above the first section (``- Tags: x``), and where its line ends."""
    start = _title_end(adr)
    section = _HEADING.search(adr.text, start)
    items = list(_ITEM.finditer(adr.text, start, section.start() if section else len(adr.text)))
    return (items[-1][1], items[-1].end()) if items else None


def _is_row(text: str, place: Place) -> bool:
    """Whether a value of a table has its key before it on its line, not at the top of its column."""
    start = text.rfind("\n", 0, place.start) + 1
    return normal(text[start : place.start]) == place.key


def _with_row(adr: Adr, at: Place, key: str, value: str) -> str:
    """The text with a row of a table, below the row of `at`; its key is marked as the one there."""
    text, newline = adr.text, _newline(adr.text)
    start, end = text.rfind("\n", 0, at.start) + 1, _line_end(text, at.end)
    lead = re.sub(r"[A-Za-z][A-Za-z -]*[A-Za-z]", key.capitalize(), text[start : at.start], count=1)
    old = re.compile(rf"^{re.escape(lead)}[^\n]*\n", re.MULTILINE).search(text, adr.body_start)
    start, end = old.span() if old else (end, end)
    return f"{text[:start]}{lead}{value} |{newline}{text[end:]}"


def _with_line(text: str, at: Place, line: str) -> str:
    """The text with a line beside that of `at`, apart from it or not as the others there are."""
    newline = _newline(text)
    start, end = text.rfind("\n", 0, at.start) + 1, _line_end(text, at.end)
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    below = text[end : _line_end(text, end)]
    own = _break(text[start:end])
    if at.form == "bullet" or own:
        return text[:end] + line + own + newline + text[end:]
    if _break(above):  # the last line of a paragraph has no break of its own
        return text[:start] + line + _break(above) + newline + text[start:]
    apart = not below.strip() and not (above.strip() and not above.startswith("#"))
    return text[:end] + newline * apart + line + newline + text[end:]


def _break(line: str) -> str:
    """The mark of a line break within a paragraph that a line ends with, if it has one."""
    found = _BREAK.search(line.rstrip("\r\n"))
    return found[1] if found else ""


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _line_end(text: str, offset: int) -> int:
    """The offset behind the line of an offset."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def _with_status(adr: Adr, dialect: Dialect, said: str) -> str:
    place, text = adr.status_place, adr.text
    if place is None:
        return _put_status(adr, dialect, said)
    if place.form == "badge":
        raise TaskorchError(
            f"the status of {adr.path} stands in a picture, which is not changed",
            hint="change it by hand, or write the status in words",
        )
    if place.form == "table" and adr.path.endswith(".rst"):
        raise TaskorchError(
            f"the status of {adr.path} stands in a table whose borders would have to move",
            hint="change it by hand",
        )
    said += _other_links(text[place.start : place.end])
    if place.form == "front matter":
        quote = text[place.start : place.start + 1]
        plain = quote not in ("'", '"') or any(sign in said for sign in ("'", '"', "\\"))
        said = write_scalar(said) if plain else f"{quote}{said}{quote}"
    if place.form == "section" and place.start == place.end:
        return _add_to_section(adr, text, said)
    return text[: place.start] + said + text[place.end :]


def _other_links(old: str) -> str:
    """What a status says of older decisions, which stays true: ``; supersedes ADR-0045``."""
    found = _OLDER.search(old.rstrip("\"'"))
    return found[0] if found else ""


def _put_status(adr: Adr, dialect: Dialect, said: str) -> str:
    """The text with a status where it had none: in its front matter, or else below its title."""
    text, newline = adr.text, _newline(adr.text)
    document = frontmatter.front_matter(text, adr.path)
    if document and dialect.status_form in (None, "front matter"):
        at = document.fence_start
        return f"{text[:at]}status: {write_scalar(said)}{newline}{text[at:]}"
    end = _title_end(adr)
    if dialect.status_form == "section":
        block = f"## {dialect.status_key or 'Status'}{newline * 2}{said}{newline}"
    elif dialect.status_form in ("bullet", "bold", "line") and dialect.status_key:
        block = f"{dialect.status_key} {said}{newline}"
    else:
        block = f"{dialect.marker} Status: {said}{newline}"
    lead = "" if text[:end].endswith("\n") or not end else newline
    return text[:end] + lead + newline + block + text[end:]


def _without_status(adr: Adr, place: Place) -> str:
    """The text without the line of the status; its place in the text ends earlier by as much."""
    text = adr.text
    start = text.rfind("\n", 0, place.start) + 1
    stop = text.find("\n", place.end)
    stop = len(text) if stop < 0 else stop + 1
    if text[start : place.start].strip() or text[place.end : stop].strip():
        return text[: place.start] + text[place.end :].lstrip(" ")
    while text[stop : stop + 1] == "\n" or text[stop : stop + 2] == "\r\n":
        stop = text.index("\n", stop) + 1
    return text[:start] + text[stop:]


def _add_to_section(adr: Adr, text: str, said: str) -> str:
    """A decision's text with a paragraph at the end of the section of its status."""
    newline = _newline(text)
    assert adr.status_place
    begin = adr.status_place.outer[0]
    stop = next((one.start for one in read_page(adr.path, text).headings if one.start >= begin), len(text))
    inner = text[begin:stop].rstrip()
    rest = text[stop:]
    apart = text[begin : begin + 2].strip(" \t").startswith(("\r", "\n"))
    lead = newline * 2 if inner else (newline * apart if text[:begin].endswith("\n") else newline * 2)
    return text[:begin] + inner + lead + said + newline + (newline + rest if rest else "")


def _append(text: str, title: str, said: str, dialect: Dialect, start: int) -> str:
    """The text with a line at the end of a section, a list item directly below the last."""
    section = sections.find(text, title, start)
    item = said.startswith(f"{dialect.marker} ")
    if section and item:
        inner = text[section.start : section.end].rstrip()
        if inner.rsplit("\n", 1)[-1].lstrip().startswith(("- ", "* ", "+ ")):
            at = section.start + len(inner)
            marker = inner.rsplit("\n", 1)[-1].lstrip()[0]
            return text[:at] + _newline(text) + marker + said[1:] + text[at:]
    return sections.append(text, title, said, _newline(text), start)
