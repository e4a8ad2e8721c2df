"""Dates as people write them, to ``YYYY-MM-DD``."""

from __future__ import annotations

import datetime
import re

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)")
_DATES = re.compile(
    rf"""(?ix)
    (?<!\d)(?: (?P<y>\d{{4}}) (?P<s>[-/._ ]|-) (?P<m>\d{{1,2}}) (?P=s) (?P<d>\d{{1,2}}) (?![\da-su-z])
    | (?P<y3>\d{{4}}) [\ ,-]+ (?P<m3>{_MONTH}) [\ -]+ (?P<d3>\d{{1,2}}) (?!\d)
    | (?P<y8>(?:19|20)\d{{2}}) (?P<m8>[01]\d) (?P<d8>[0-3]\d) (?!\d)
    | (?P<a>\d{{1,2}}) (?P<t>[-/.]) (?P<b>\d{{1,2}}) (?P=t) (?P<z>\d{{4}}|\d\d) (?!\d)
    | (?P<d1>\d{{1,2}}) (?:st|nd|rd|th)? (?:[\ -]|\ of\ )+ (?P<m1>{_MONTH}) [\ ,-]+ (?P<y1>\d{{4}})
    | \b (?P<m2>{_MONTH}) [\ -]* (?P<d2>\d{{1,2}}) (?:st|nd|rd|th)? [\ ,-]+ (?P<y2>\d{{4}})
    )"""
)


def iso(text: str) -> str | None:
    """The first date in `text`, None if it has none.

    Of ``03/04/2020`` the day comes first, as adr-tools and log4brains write it, unless it cannot.
    """
    found = find(text)
    return found[0] if found else None


def month_first(spelled: str) -> bool | None:
    """Whether ``12/31/2020`` or ``31/12/2020`` tells that the month comes first; None if it does not."""
    found = _SLASHED.fullmatch(spelled)
    if not found or (int(found[1]) <= 12 and int(found[2]) <= 12):
        return None
    return int(found[2]) > 12


def turned(spelled: str) -> str | None:
    """A date that may be read both ways, with the month first."""
    found = _SLASHED.fullmatch(spelled)
    if not found or int(found[1]) > 12 or int(found[2]) > 12:
        return None
    year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
    return _date(year, found[1], found[2])


def find(text: str) -> tuple[str, int, int, str] | None:
    """The first date in `text`, the offsets it stands at, and how it is written."""
    if len(text) >= 10 and text[4] == "-" == text[7]:
        plain = _date(text[:4], text[5:7], text[8:10]) if not text[10:11].isdigit() else None
        if plain:
            return plain, 0, 10, text[:10]
    for found in _DATES.finditer(text):
        date = _read(found)
        if date:
            return date, found.start(), found.end(), found[0]
    return None


def _read(found: re.Match[str]) -> str | None:
    if found["y"]:
        return _date(found["y"], found["m"], found["d"])
    if found["m3"]:
        return _date(found["y3"], _month(found["m3"]), found["d3"])
    if found["y8"]:
        return _date(found["y8"], found["m8"], found["d8"])
    if found["m1"]:
        return _date(found["y1"], _month(found["m1"]), found["d1"])
    if found["m2"]:
        return _date(found["y2"], _month(found["m2"]), found["d2"])
    year = found["z"] if len(found["z"]) == 4 else f"20{found['z']}"
    return _date(year, found["b"], found["a"]) or _date(year, found["a"], found["b"])


def _month(name: str) -> str:
    return str(_MONTHS.index(name[:3].lower()) + 1)


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
