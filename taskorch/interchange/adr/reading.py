"""Reading one decision from its file, whichever tool wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from taskorch.errors import BadRecord
from taskorch.interchange.adr import dates, metadata, names, references, statuses, titles
from taskorch.interchange.adr.adr import INVERSE, Adr, Place, Problem, Reference
from taskorch.interchange.adr.metadata import Value, normal
from taskorch.interchange.adr.page import Page, read_page
from taskorch.records.decision import SUPERSEDED
from taskorch.records.document import Entry

_STATUS_KEYS = ("status", "adr-status", "decision-status", "current-status", "state", "statut", "estado")
_DATE_KEYS = (
    "date", "decision-date", "date-decided", "decided-on", "decided", "accepted-on", "approved-on", "accepted", "approved",
    "created", "created-on", "date-created", "creation-date", "created-at", "proposed", "proposed-on",
)  # fmt: skip
_CHANGE_KEYS = ("last-updated", "updated", "last-modified", "modified", "last-edited")
_DECIDERS = ("deciders", "decision-makers", "decider", "decision-maker", "decision-maker-s", "decider-s")
_TAGS = ("tags", "labels", "keywords", "tag", "categories", "label")
_STATUS_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:adr|decision|current|record|document|proposal)\s+)?(?:status|state|statut|estado|stato)(?:\s+of (?:this|the) \w+)?[\W_]*$"
)
_STATUS_IN_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:adr|decision|current)\s+)?status\b[*_`\s]*(?:[:–—(-]|\bis\b)[*_`\s]*(\S.*?)[*_`\s]*$"
)
_DATE_IN_HEADING = re.compile(r"(?i)\W*date\b\W*:\W*\d?.*\d{4}|\W*date\b\W*:.*\d")
_LOG_SECTION = re.compile(
    r"(?i)[\W\d_]*(?:change[ -]?log|(?:revision|change|version|document)s? history|history|revisions|changes)[\W_]*$"
)
_DATE_HEADING = re.compile(
    r"(?i)[\W\d_]*(?:(?:decision|creation|approval)\s+)?dates?(?:\s+(?:of decision|decided|accepted|created))?[\W_]*$"
)
_LINK_SECTION = re.compile(
    r"(?i)[\W\d_]*(?:links?|related(?: (?:adrs?|decisions?|decision records?|documents?|links?|work|artifacts?))?|relations(?:hips)?|see also"
    r"|more information|references|notes?|additional information|further information)[\W_]*$"
)
_KIND_SECTION = re.compile(
    r"(?i)[\W\d_]*(supersedes|superseded[ -]by|supercedes|superceded[ -]by|replaces|replaced[ -]by|amends|amended[ -]by|clarifies|clarified[ -]by|refines|refined[ -]by|extends|extended[ -]by)[\W_]*$"
)
_DECIDER_SECTION = re.compile(r"(?i)[\W\d_]*(?:deciders?|decision[ -]makers?)[\W_]*$")
_PLACEHOLDER = re.compile(r"^\s*[\[{<].*[\]}>]\s*$")
_SPLIT = re.compile(r"\s*[,;]\s+|\s*[,;]$|\s+and\s+|\s*<br\s*/?>\s*|\s*,(?=\S)")
_BADGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_NOTICE = re.compile(
    r"(?i)[\W_]*(?:(?:note|important|warning|notice|update|edit)\b[\W_]*)*"
    r"(?:(?:this|the) (?:adr|decision|decision record|record|document|proposal|rfc)\b.{0,40}?)?super[sc]e+ded\b.*[\[\d]"
)


def read_adr(path: str, data: bytes) -> Adr:
    """The decision in one file; what is wrong with it is among its problems.

    Links to others are left as references: only the folder tells where they lead.  Raises BadRecord
    where there is nothing to read: an empty file, or one that is no text.
    """
    text, encoding, problems = _decoded(path, data)
    page = read_page(path, text)
    name = names.take_apart(names.stem(path))
    values = metadata.read_values(page, title := titles.find(page))
    front = {normal(key): entry for key, entry in page.front.items()}
    reading = _Reading(page, name, title, front, values)
    words, number, title_place = reading.title()
    raw, status, status_place = reading.status()
    date, date_place = reading.date(status_place)
    return Adr(
        path=path,
        number=name.number if name.digits else number if number is not None else reading.told_number(),
        title=words,
        status=status,
        raw_status=raw,
        date=date,
        deciders=reading.people(),
        category=names.category(path),
        tags=reading.tags(),
        metadata=reading.all_values(),
        text=text,
        body_start=page.body_start,
        encoding=encoding,
        sections=tuple(titles.plain(one.text) for place, one in enumerate(page.headings) if place != title),
        heading=page.headings[title].text if title is not None else None,
        title_place=title_place,
        status_place=status_place,
        date_place=date_place,
        references=tuple(reading.references(status_place)),
        problems=tuple(
            sorted({*problems, *page.problems}, key=lambda problem: (problem.line, problem.message))
        ),
    )


def _decoded(path: str, data: bytes) -> tuple[str, str, list[Problem]]:
    """The text of a file, and how it was read.  Raises BadRecord where it has none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), "utf-16", [Problem(path, 1, "UTF-16 text, not UTF-8")]
        except UnicodeDecodeError:
            raise BadRecord("not text: broken UTF-16", path=path) from None
    if b"\0" in data:
        raise BadRecord(
            "not text: it has zero bytes", path=path, line=data.count(b"\n", 0, data.index(b"\0")) + 1
        )
    if not data.strip(b"\xef\xbb\xbf \t\r\n\xc2\xa0"):
        raise BadRecord("the file is empty", path=path)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (
            data.decode("cp1252", "replace"),
            "cp1252",
            [Problem(path, line, "not UTF-8 text; read as Windows-1252")],
        )


_MAIN = 2  # the level of headings that are sections of the whole decision, wherever they stand


class _Reading:
    """What one page says, taken from wherever it stands."""

    def __init__(
        self,
        page: Page,
        name: names.Name,
        title: int | None,
        front: dict[str, Entry],
        values: dict[str, Value],
    ) -> None:
        self.page, self.name, self.title_at = page, name, title
        self.front, self.values = front, values

    def title(self) -> tuple[str, int | None, Place | None]:
        """The title, the number that stands before it, and where the heading's text is."""
        page = self.page
        said = self._front_title()
        if said and not self._heads_all():
            return said
        if self.title_at is not None:
            heading = page.headings[self.title_at]
            raw = page.text[heading.text_start : heading.text_start + len(heading.text)]
            words, number = titles.named(heading.text if "`" not in raw else raw, self.name.number)
            if words:
                end = heading.text_start + len(heading.text)
                place = Place(
                    "heading", heading.text_start, end, "#" * heading.level, (heading.text_start, end)
                )
                return words, number, place
        if said:
            return said
        below = self._below_title_heading()
        if below:
            return below
        words = names.title_of(self.name) or names.stem(page.path)
        return words, None, None

    def _front_title(self) -> tuple[str, int | None, Place] | None:
        """The title that front matter says."""
        for key in ("title", "name", "adr-title"):
            entry = self.front.get(key)
            if entry and isinstance(entry.value, str) and entry.value.strip():
                words, number = titles.named(entry.value, self.name.number)
                if words:
                    return words, number, _front_place(entry)
        return None

    def _heads_all(self) -> bool:
        """Whether the title's heading is the only one of its level, with nothing above it."""
        if self.title_at is None:
            return False
        headings = self.page.headings
        own = headings[self.title_at]
        lead = self.page.plain[self.page.body_start : own.start].strip()
        return not lead and not any(
            one.level <= own.level for at, one in enumerate(headings) if at != self.title_at
        )

    def _below_title_heading(self) -> tuple[str, int | None, Place] | None:
        """The title where it stands as the text of a section of that name."""
        value = self.values.get("title")
        if value and value.words:
            words, number = titles.named(value.words, self.name.number)
            return (words, number, value.place) if words else None
        for place, heading in enumerate(self.page.headings[:3]):
            if titles.plain(heading.text).lower().strip(" :") == "title":
                body = self.page.plain[heading.content : self.page.section_end(place)]
                line = body.strip().split("\n", 1)[0].strip()
                words, number = titles.named(line, self.name.number)
                if words:
                    start = heading.content + body.index(line)
                    return words, number, Place("section", start, start + len(line), heading.text)
        return None

    def told_number(self) -> int | None:
        """The number that a key says."""
        for key in ("adr", "number", "adr-number", "adr-id", "id"):
            said = self.front.get(key)
            words = said.value if said else self.values[key].words if key in self.values else None
            found = re.fullmatch(r"(?i)\D{0,12}?(\d{1,8})", words) if isinstance(words, str) else None
            if found:
                return int(found[1])
        if self.title_at is None and self.page.headings:
            return titles.named(self.page.headings[0].text, None)[1]
        if self.title_at:
            return titles.named(self.page.headings[0].text, None)[1]
        return None

    def status(self) -> tuple[str | None, str | None, Place | None]:
        """The words of the status, which of the five they are, and where they stand.

        A notice at the top that the decision was superseded counts more than a status left as it was.
        """
        said = self._stated()
        return said if said[1] == SUPERSEDED else self._notice() or said

    def _notice(self) -> tuple[str | None, str | None, Place | None] | None:
        """What a paragraph at the top says: 'This decision was superseded by ...'."""
        start, end = metadata.top(self.page, self.title_at)
        text = self.page.plain[start:end]
        if "super" not in text.lower():
            return None
        at = start
        for line in text.split("\n"):
            if _NOTICE.match(line) and statuses.present(line)[0] == SUPERSEDED:
                words = line.strip()
                at += line.index(words)
                span = (at, at + len(words))
                return titles.unwrapped(words.lstrip("> ")), SUPERSEDED, Place("line", *span, "", span)
            at += len(line) + 1
        return None

    def _stated(self) -> tuple[str | None, str | None, Place | None]:
        for key in _STATUS_KEYS:
            entry = self.front.get(key)
            if entry and entry.value not in (None, "", []):
                return self._front_status(entry)
        for key in _STATUS_KEYS:
            value = self.values.get(key)
            if value and value.words:
                return self._said(value.words, value.place)
        found = self._section_status()
        if found:
            return found
        return self._badge() or self._logged() or (None, None, None)

    def _front_status(self, entry: Entry) -> tuple[str | None, str | None, Place]:
        place = _front_place(entry)
        words = self._words(entry)
        words = re.sub(r"<!--.*?-->", "", words, flags=re.DOTALL).strip()
        raw, status, _ = self._said(words, place)
        return raw, status, place

    def _words(self, entry: Entry) -> str:
        """The value of a key as words: what is no string or list of them, as it is spelled."""
        if isinstance(entry.value, str):
            return entry.value
        if isinstance(entry.value, list) and all(isinstance(one, str) for one in entry.value):
            return ", ".join(entry.value)
        return self.page.text[entry.value_start : entry.value_end]

    def _said(self, words: str, place: Place) -> tuple[str | None, str | None, Place]:
        status, _, _ = statuses.present(words)
        raw = titles.unwrapped(" ".join(words.split()))
        return raw or None, status, place

    def _section_status(self) -> tuple[str | None, str | None, Place | None] | None:
        """What the section of that name says; the first that says anything, among the main sections."""
        page = self.page
        silent = None
        for at, heading in enumerate(page.headings):
            about = _about(heading.text)
            if at == self.title_at or about not in ("status", "said status"):
                continue
            bare = titles.plain(heading.text)
            inside = _STATUS_IN_HEADING.match(bare) if about == "said status" else None
            if not inside and not self._is_main(at):
                continue
            if inside:
                words = inside[1].rstrip(")") if "(" in bare and "(" not in inside[1] else inside[1]
                start = heading.text_start + max(heading.text.find(words), 0)
                return self._said(
                    words,
                    Place(
                        "heading",
                        start,
                        start + len(words),
                        heading.text,
                        (heading.content, page.section_end(at)),
                    ),
                )
            found = self._in_section(at)
            if found:
                return found
            silent = silent or (
                None,
                None,
                Place(
                    "section",
                    heading.content,
                    heading.content,
                    heading.text,
                    (heading.content, page.section_end(at)),
                ),
            )
        return silent

    def _in_section(self, at: int) -> tuple[str | None, str | None, Place] | None:
        page, heading = self.page, self.page.headings[at]
        end = page.section_end(at)
        content = page.plain[heading.content : end]
        if not content.strip():
            # A subsection may say it: '## Status' and '### Accepted' below it.
            below = page.headings[at + 1] if at + 1 < len(page.headings) else None
            if below and below.level > heading.level:
                status, _, _ = statuses.present(below.text)
                if status:
                    stop = below.text_start + len(below.text)
                    return (
                        titles.plain(below.text),
                        status,
                        Place("heading", below.text_start, stop, heading.text, (heading.content, end)),
                    )
            return None
        status, start, stop = statuses.present(content)
        start, stop = heading.content + start, heading.content + stop
        raw = (
            " ".join(page.text[start:stop].split())
            if "<!--" not in page.text[start:stop]
            else " ".join(page.plain[start:stop].split())
        )
        return (
            titles.unwrapped(raw),
            status,
            Place("section", start, stop, heading.text, (heading.content, end)),
        )

    def _is_main(self, at: int) -> bool:
        """Whether the heading stands below the title, not within another section."""
        headings = self.page.headings
        level = headings[at].level
        above = next((place for place in range(at - 1, -1, -1) if headings[place].level < level), None)
        if level <= _MAIN or above is None or above == self.title_at or above == 0:
            return True
        return bool(
            re.match(
                r"(?i)\W*(?:meta|info|details|header|prologue|summary|overview|about|document)",
                headings[above].text,
            )
        )

    def _badge(self) -> tuple[str | None, str | None, Place | None] | None:
        """What a badge at the top says, or a sentence there: 'This decision was superseded by ...'."""
        start, end = metadata.top(self.page, self.title_at)
        text = self.page.plain[start:end]
        if "![" in text:
            for found in _BADGE.finditer(text):
                if "status" in found[0].lower() or "badge" in found[0]:
                    status, _, _ = statuses.present(found[0])
                    if status:
                        place = Place(
                            "badge",
                            start + found.start(),
                            start + found.end(),
                            "",
                            (start + found.start(), start + found.end()),
                        )
                        return found[0], status, place
        return None

    def _logged(self) -> tuple[str | None, str | None, Place | None] | None:
        """The last status that a change log names with nothing but a date: ``- approved (2020-01-02)``."""
        told = []
        for start, end in self._log():
            for line in self.page.plain[start:end].split("\n"):
                parts = (line, line.partition(" - ")[0], line.rpartition(" - ")[2])
                status = next((said for part in parts if (said := statuses.alone(part))), None)
                if status:
                    at = start + self.page.plain[start:end].index(line)
                    told.append((dates.iso(statuses.words_of(line)) or "", at, status, line))
        if not told:
            return None
        _, at, status, line = max(told, key=lambda one: one[:2])
        bare = line.strip().lstrip("-*+ ")
        at += line.index(bare)
        return bare, status, Place("section", at, at + len(bare), "", (at, at + len(bare)))

    def _log(self) -> list[tuple[int, int]]:
        """Where the text of a change log begins and ends."""
        headings = self.page.headings
        return [
            (one.content, self.page.section_end(at))
            for at, one in enumerate(headings)
            if at != self.title_at and _about(one.text) == "log"
        ]

    def date(self, status: Place | None) -> tuple[str | None, Place | None]:
        """The day of the decision, and where it stands."""
        told = self._date_of(_DATE_KEYS) or self._dated_heading() or self._date_of(_CHANGE_KEYS)
        if told:
            return told
        if status:
            start, end = status.outer if status.form == "section" else (status.start, status.end)
            day = dates.find(statuses.words_of(self.page.plain[start:end]))
            if day:
                return day[0], Place("status", start, end)
        if self.name.date:
            return self.name.date, Place("name", 0, 0)
        return None, None

    def _dated_heading(self) -> tuple[str, Place] | None:
        """The date that stands in a section or heading of that name."""
        for at, heading in enumerate(self.page.headings):
            about = _about(heading.text) if at != self.title_at else None
            if about not in ("date", "said date"):
                continue
            outer = (heading.content, self.page.section_end(at))
            said = about == "said date"
            start, end = (heading.text_start, heading.text_start + len(heading.text)) if said else outer
            day = dates.find(self.page.plain[start:end])
            if day:
                form = "heading" if said else "section"
                return day[0], Place(form, start + day[1], start + day[2], heading.text, outer)
        return None

    def _date_of(self, keys: tuple[str, ...]) -> tuple[str, Place] | None:
        """The date that one of the keys says."""
        for key in keys:
            entry = self.front.get(key)
            if entry and (day := dates.find(self._words(entry))):
                return day[0], _front_place(entry)
            value = self.values.get(key)
            if value and (day := dates.find(titles.spelled_out(value.words))):
                place = value.place
                start = place.start
                return day[0], Place(place.form, start + day[1], start + day[2], place.key, place.outer)
        return None

    def people(self) -> tuple[str, ...]:
        """Those who decided."""
        for key in _DECIDERS:
            said = self._list(key)
            if said:
                return said
        for at, heading in enumerate(self.page.headings):
            if _about(heading.text) == "deciders":
                body = self.page.plain[heading.content : self.page.section_end(at)]
                lines = [line.strip().lstrip("-*+ ") for line in body.split("\n") if line.strip()]
                return _parts(", ".join(lines))
        return ()

    def tags(self) -> tuple[str, ...]:
        """Its tags or labels."""
        for key in _TAGS:
            said = self._list(key)
            if said:
                return said
        return ()

    def _list(self, key: str) -> tuple[str, ...]:
        entry = self.front.get(key)
        if entry is not None:
            if isinstance(entry.value, list):
                return tuple(one.strip() for one in entry.value if isinstance(one, str) and one.strip())
            return _parts(self._words(entry))
        value = self.values.get(key)
        return _parts(value.words) if value else ()

    def all_values(self) -> dict[str, Any]:
        """All keys and values; front matter's before those of the body."""
        out: dict[str, Any] = {key: value.words for key, value in self.values.items()}
        out.update((key, entry.value) for key, entry in self.front.items())
        return out

    def references(self, status: Place | None) -> list[Reference]:
        """The decisions this one names in its status, keys, link sections and at its top."""
        page = self.page
        out: list[Reference] = []
        for key, entry in self.front.items():
            if key in references.KEYS and entry.value:
                out += references.in_value(
                    page, entry.value, entry.value_start, entry.value_end, references.KEYS[key]
                )
            elif key in _STATUS_KEYS:
                out += references.in_text(page, entry.value_start, entry.value_end, None)
        for key, value in self.values.items():
            if key in references.KEYS and value.words:
                out += references.in_value(
                    page, value.words, value.place.start, value.place.end, references.KEYS[key]
                )
            elif key in _STATUS_KEYS and references.may_link(value.words):
                out += references.in_text(page, value.place.start, value.place.end, None)
        if status and status.form in ("section", "heading"):
            if status.form == "heading":
                out += references.in_text(page, status.start, status.end, None)
            text = page.plain[status.outer[0] : status.outer[1]]
            if "[" in text or references.may_link(text):
                out += references.in_text(page, status.outer[0], status.outer[1], "relates")
        start, end = metadata.top(page, self.title_at)
        if references.may_link(page.plain[start:end]):
            out += references.in_text(page, start, end, None, led=True)
        out += references.in_sentences(page)
        for at in range(len(page.headings)):
            if at != self.title_at:
                out += self._linked(at)
        return _once(out)

    def _linked(self, at: int) -> list[Reference]:
        """The decisions that a section of links names."""
        page, heading = self.page, self.page.headings[at]
        about = _about(heading.text)
        if about in INVERSE:
            return [
                ref
                for ref in references.in_value(
                    page, page.plain[heading.content : page.section_end(at)], heading.content, 0, about
                )
            ]
        if about != "links":
            return []
        end = page.section_end(at)
        text = page.plain[heading.content : end]
        return (
            references.in_text(page, heading.content, end, None, led=True)
            if references.may_link(text) or "elate" in text
            else []
        )


@lru_cache(maxsize=4096)  # most headings of a folder are the same few
def _about(heading: str) -> str | None:
    """What a section tells: ``status``, ``date``, ``deciders``, ``links`` or a kind of these."""
    bare = titles.plain(heading)
    if _STATUS_HEADING.match(bare):
        return "status"
    if _STATUS_IN_HEADING.match(bare):
        return "said status"
    if _DATE_HEADING.match(bare):
        return "date"
    if _DECIDER_SECTION.match(bare):
        return "deciders"
    if _DATE_IN_HEADING.match(bare):
        return "said date"
    if _LOG_SECTION.match(bare):
        return "log"
    kind = _KIND_SECTION.match(bare)
    if kind:
        return references.KEYS[normal(kind[1])]
    return "links" if _LINK_SECTION.match(bare) else None


def _front_place(entry: Entry) -> Place:
    span = (entry.value_start, entry.value_end)
    return Place("front matter", *span, entry.key, span)


def _once(found: list[Reference]) -> list[Reference]:
    seen: dict[tuple[str, str, str], Reference] = {}
    for one in found:
        seen.setdefault((one.kind, one.target, one.words if not one.target else ""), one)
    return list(seen.values())


def _parts(words: str | None) -> tuple[str, ...]:
    """The parts of a list on one line; a template's placeholder has none."""
    words = titles.spelled_out(words or "")
    if not words or _PLACEHOLDER.match(words) and "](" not in words:
        inner = words.strip()[1:-1]
        if not words or "list " in inner or " of " in inner or not inner:
            return ()
        words = inner
    return tuple(part.strip("*_ ") for part in _SPLIT.split(words) if part.strip("*_ "))
