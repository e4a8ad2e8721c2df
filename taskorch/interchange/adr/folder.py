"""Reading a folder of decisions: each file, the links between them, and the folder's way of writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from taskorch.errors import BadRecord
from taskorch.interchange.adr import dates, linking, names, statuses
from taskorch.interchange.adr.adr import Adr, Problem
from taskorch.interchange.adr.dialect import Dialect, learn
from taskorch.interchange.adr.reading import read_adr
from taskorch.interchange.adr.settings import Settings
from taskorch.records.schema import MAX_RECORD_BYTES

_DECISIVE = re.compile(
    r"(?i)[\W\d]*(context|decision|consequence|considered|options|alternatives|problem|status|rationale"
    r"|outcome|proposal|motivation)"
)


LINK = "a symbolic link, which is not read"
"""What stands in place of the content of one."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".ico")
_ENOUGH = 2  # sections that tell a decision from a note
_STUB = 400  # who began a decision wrote its title and hardly more


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder of decisions holds.

    ``adrs`` are sorted by path.  ``unread`` are the files that may be decisions and could not be
    read, each with a problem that says why; ``left_out`` are those that are none, each with the reason:
    indexes, READMEs, templates, notes, pictures.  ``problems`` are sorted by path and line.
    """

    dialect: Dialect
    adrs: tuple[Adr, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    left_out: Mapping[str, str]


def read_folder(files: Mapping[str, bytes | str], settings: Settings | None = None) -> Folder:
    """The decisions among `files`: contents by path relative to the folder, with ``/`` between parts.

    In place of a content stands in words why there is none.  Whatever is wrong is among the problems;
    nothing is raised.
    """
    settings = settings or Settings()
    adrs: list[Adr] = []
    problems: list[Problem] = []
    unread: list[str] = []
    left_out: dict[str, str] = {}
    for path in sorted(files):
        data = files[path]
        if data == LINK:
            left_out[path] = LINK
        elif names.is_decision_file(path):
            try:
                adrs.append(_of_package(read_adr(path, _checked(path, data)), settings))
            except BadRecord as bad:
                problems.append(Problem(path, bad.line, bad.message))
                unread.append(path)
        elif names.is_other_text(path):
            problems.append(Problem(path, 1, "not Markdown: save it as .md to have it read"))
            unread.append(path)
        else:
            left_out[path] = _why_left_out(path)
    strays = _strays(adrs)
    left_out |= dict.fromkeys(strays, "a note: it has nothing of a decision")
    adrs = [adr for adr in adrs if adr.path not in strays]
    for adr in adrs:
        problems += adr.problems
    adrs = _with_american_dates(adrs)
    adrs, wrong = linking.joined(adrs)
    problems = sorted({*problems, *wrong}, key=lambda problem: (problem.path, problem.line, problem.message))
    templates = [data for path in left_out if _is_template(path) and isinstance(data := files[path], bytes)]
    dialect = learn(adrs, templates, settings)
    return Folder(dialect, tuple(adrs), tuple(problems), tuple(unread), dict(sorted(left_out.items())))


def _is_template(path: str) -> bool:
    return "template" in path.lower() and names.is_markup(path)


def _why_left_out(path: str) -> str:
    """Why a file whose name is that of no decision is none."""
    if path.rpartition("/")[2].startswith("."):
        return "hidden"
    if not names.is_markup(path):
        return "a picture" if path.lower().endswith(_PICTURES) else "not Markdown"
    return "a template" if _is_template(path) else "an index, README or the like"


def _checked(path: str, data: bytes | str) -> bytes:
    """The content of a file, unless no tool could have meant it as a decision's.  Raises BadRecord."""
    if isinstance(data, str):
        raise BadRecord(data, path=path)
    if len(data) > MAX_RECORD_BYTES:
        raise BadRecord(f"larger than {MAX_RECORD_BYTES >> 20} MiB", path=path)
    if not path.isascii() and any("\ud800" <= sign <= "\udfff" for sign in path):
        raise BadRecord("its name is not UTF-8: give it another one", path=path)
    return data


def _of_package(adr: Adr, settings: Settings) -> Adr:
    package = settings.category(adr.path) if settings.packages else None
    return replace(adr, category=package) if package else adr


def _with_american_dates(adrs: list[Adr]) -> list[Adr]:
    """The decisions with ``03/04/2020`` read with the month first, where the folder's other dates tell so."""
    spelled = [_spelled_date(adr) for adr in adrs]
    told = {dates.month_first(one) for one in spelled if one} - {None}
    if told != {True}:
        return adrs
    return [
        replace(adr, date=turned) if one and (turned := dates.turned(one)) else adr
        for adr, one in zip(adrs, spelled, strict=True)
    ]


def _spelled_date(adr: Adr) -> str | None:
    """A decision's date as it is written, where it has slashes."""
    place = adr.date_place
    if not place or place.form == "name" or "/" not in adr.text[place.start : place.end]:
        return None
    found = dates.find(statuses.words_of(adr.text[place.start : place.end]))
    return found[3] if found else None


def _strays(adrs: list[Adr]) -> set[str]:
    """Files without a number among numbered ones that have nothing of a decision: notes on the side."""
    plain = [adr for adr in adrs if not _is_numbered(adr)]
    beside = {adr.path for adr in plain if names.is_beside(adr.path)}
    if len(plain) * 2 > len(adrs):
        return beside
    return beside | {
        adr.path
        for adr in plain
        if len(adr.text) > _STUB
        and len({found[1].lower() for title in adr.sections if (found := _DECISIVE.match(title))}) < _ENOUGH
    }  # fmt: skip


def _is_numbered(adr: Adr) -> bool:
    name = names.take_apart(names.stem(adr.path))
    return bool(name.digits or name.date)
