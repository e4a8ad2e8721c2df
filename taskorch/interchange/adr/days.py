"""The day of a decision, wherever it stands."""

from __future__ import annotations

from taskorch.interchange.adr import dates, statuses, titles
from taskorch.interchange.adr.adr import Place
from taskorch.interchange.adr.source import Source, front_place, told_of

_DATE_KEYS = (
    "date", "decision-date", "date-decided", "decided-on", "decided", "accepted-on", "approved-on",
    "accepted", "approved", "date-accepted", "accepted-date", "date-approved", "approval-date",
    "created", "created-on", "date-created", "creation-date", "created-date", "created-at",
    "proposed", "proposed-on", "date-proposed", "date-documented", "date-started", "start-date",
)  # fmt: skip
_CHANGE_KEYS = ("last-updated", "updated", "last-modified", "modified", "last-edited", "date-revised")
_FIRST_KEYS = ("introduced", "introduced-on", "date-introduced")
_BEFORE_DAY = "-*+|_ \t"


def date(source: Source, status: Place | None) -> tuple[str | None, Place | None]:
    """The day of the decision, and where it stands."""
    told = _date_of(source, _DATE_KEYS) or _dated_heading(source) or _date_of(source, _CHANGE_KEYS)
    told = told or _date_of(source, _FIRST_KEYS)
    if told:
        return told
    if status:
        start, end = status.outer if status.form == "section" else (status.start, status.end)
        day = dates.find(statuses.words_of(source.page.plain[start:end]))
        if day:
            return day[0], Place("status", start, end)
    if source.name.date:
        return source.name.date, Place("name", 0, 0)
    return _logged(source) or (None, None)


def _logged(source: Source) -> tuple[str, Place] | None:
    """The newest date that a line of a change log begins with: ``- 2020-01-02: first draft``."""
    page, told = source.page, []
    for at, heading in enumerate(page.headings):
        if at == source.title_at or told_of(heading.text) != "log":
            continue
        begin, outer = heading.content, (heading.content, page.section_end(at))
        for line in page.plain[slice(*outer)].split("\n"):
            lead = len(line) - len(line.lstrip(_BEFORE_DAY))
            day = dates.find(line[lead:])
            if day and day[1] == 0:
                start = begin + lead
                told.append((day[0], Place("log", start, start + day[2], heading.text, outer)))
            begin += len(line) + 1
    return max(told, key=lambda one: one[0], default=None)


def _dated_heading(source: Source) -> tuple[str, Place] | None:
    """The date that stands in a section or heading of that name."""
    for at, heading in enumerate(source.page.headings):
        about = told_of(heading.text) if at != source.title_at else None
        if about not in ("date", "said date"):
            continue
        outer = (heading.content, source.page.section_end(at))
        said = about == "said date"
        start, end = (heading.text_start, heading.text_start + len(heading.text)) if said else outer
        day = dates.find(source.page.plain[start:end])
        if day:
            form = "heading" if said else "section"
            return day[0], Place(form, start + day[1], start + day[2], heading.text, outer)
    return None


def _date_of(source: Source, keys: tuple[str, ...]) -> tuple[str, Place] | None:
    """The date that one of the keys says."""
    for key in keys:
        entry = source.front.get(key)
        if entry and (day := dates.find(source.words(entry))):
            return day[0], front_place(entry)
        value = source.values.get(key)
        spelled = titles.spelled_out(value.words) if value else ""
        if value and (day := dates.find(spelled)):
            place = value.place
            if spelled != value.words:  # offsets of what was spelled otherwise mean nothing
                return day[0], place
            start, end = place.start + day[1], place.start + day[2]
            return day[0], Place(place.form, start, end, place.key, place.outer)
    return None
