"""File names of decisions: which files are decisions, their numbers, dates and categories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from taskorch.interchange.adr.dates import iso

# What is read: Markdown, and headings and lines of reStructuredText and AsciiDoc.
_ENDING = re.compile(
    r"(?:\.html)?\.(?:md|markdown|mdown|mkd|mdx|rst|adoc|asciidoc)(?:\.erb|\.liquid|\.njk)?$", re.IGNORECASE
)
OTHER_TEXTS = (".txt", ".org", ".html", ".htm", ".docx", ".doc", ".odt", ".pdf", ".tex", ".textile", ".wiki")

# A word that stands before the number of a decision in names and headings.
WORD = (
    r"(?:adr|rfc|ad|dr|edr|tdr|pdr|ddr|ard|adl|lld"
    r"|architecture[-_ ]decision(?:[-_ ]record)?|decision(?:[-_ ]record)?)"
)
_DATE = re.compile(r"(\d{4})([-_.])(\d{2})\2(\d{2})(?!\d)")
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?!\d)")
_DATED_NUMBER = re.compile(r"[-_. ]+(?:adr[-_ ]?)?(\d{1,4})(?=[-_. ]|$)", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?P<word>(?:(?:{WORD}|(?-i:[A-Z]{{2,8}})(?=-))?[-_ #]*"
    rf"|(?:[a-z]{{1,10}}[-_ ])?adr[-_ ](?:[a-z]{{1,14}}[-_ ])?(?=\d{{3}})))(?P<digits>\d+"
    rf")(?=[a-z]?(?:[^0-9A-Za-z]|$))"
    r"[a-z]?(?P<separator>[^0-9A-Za-z]*)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"""(?ix) _?(?: index | read-?_?me | summary | toc | table-of-contents | backlog | change-?log
        | contributing
    | licen[cs]e | glossary | _?sidebar | home | all-adrs | code[-_]of[-_]conduct
    | (?: adrs? | decision | decisions | architecture[-_]decision ) [-_ ] (?: log | logs | index
    | list | toc | process | guide | howto | readme )
    ) """
)
_TEMPLATE = re.compile(
    r"(?i)(?:.*[-_. ])?(?:template|vorlage)s?(?:[-_. ](?:minimal|bare|bare-minimal|short|long|full"
    r"|default|en))*"
    r"|(?:n{3,}|x{3,}|y{4}.*|#{3,}|0{3,}|adr[-_ ](?:n+|x+|0{3,}))[-_ ](?:.*template.*|title.*|x+.*"
    r"|name.*|short-title.*)"
)
_TEMPLATE_TAIL = re.compile(r"(?i)(?:adr|madr|decision|record)?[-_ ]?(?:record[-_ ])?template")
_TEMPLATE_FOLDER = re.compile(r"(?i)_?templates?")
_IN_PACKAGE = re.compile(
    r"(?i)(?:^|/)(?:docs?/)?(?:(?:architecture/|architectural-)?(?:adrs?|decisions?|decision-records?))$"
)
_MANY = 32768  # names that are kept taken apart: each is asked for several times
_FOLDER_PAGES = ("readme", "index", "_index")


@dataclass(frozen=True, slots=True)
class Name:
    """A file name taken apart: ``word`` and ``digits`` before the ``slug``, and what stands between.

    ``digits`` is empty where the name has no number; ``date`` is that of a name with a date.
    """

    word: str
    digits: str
    separator: str
    slug: str
    date: str | None

    @property
    def number(self) -> int | None:
        """The number, a date of eight digits as one."""
        return int(self.digits) if self.digits else None


@lru_cache(maxsize=_MANY)
def stem(path: str) -> str:
    """The name that tells of a decision: the file's without its ending, or its own folder's."""
    parts = path.split("/")
    name = _bare(parts[-1])
    if name.lower() in _FOLDER_PAGES and len(parts) > 1 and _is_numbered(parts[-2]):
        return parts[-2]
    return name


def is_own_folder(path: str) -> bool:
    """Whether the file is the page of a folder that one decision has for itself: ``0012-x/README.md``."""
    return _bare(path.rsplit("/", 1)[-1]) != stem(path)


def is_beside(path: str) -> bool:
    """Whether the file lies in the folder of one decision without being its page."""
    parts = path.split("/")
    return len(parts) > 1 and _is_numbered(parts[-2]) and not is_own_folder(path)


@lru_cache(maxsize=_MANY)
def take_apart(name: str) -> Name:
    """A name without folder and ending: ``0012-x``, ``20201016-x``, ``adr-007-x``, ``2021-06-07_001-x``."""
    dated = _DATE.match(name)
    date = iso(dated[0].replace("_", "-")) if dated else None
    if dated and date:
        rest = name[dated.end() :]
        counted = _DATED_NUMBER.match(rest)
        if counted:
            slug = rest[counted.end() :].lstrip("-_. ")
            return Name("", counted[1], rest[: counted.start(1)], slug, date)
        return Name("", "", rest[: len(rest) - len(rest.lstrip("-_. "))], rest.lstrip("-_. "), date)
    found = None if _MONTH.match(name) else _NUMBER.match(name)
    if not found:
        return Name("", "", "", name, None)
    digits = found["digits"]
    # Eight digits that are a day come first: the first four alone would be taken for a number.
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    date = iso(day) if len(digits) in (8, 12, 14) else None
    return Name(found["word"], digits, found["separator"], name[found.end() :], date)


def title_of(name: Name) -> str:
    """The slug as words: the title of a decision without a heading."""
    return " ".join(re.sub(r"[-_]+", " ", name.slug).split())


def is_decision_file(path: str) -> bool:
    """Whether the file may hold a decision: Markdown or kin, and no index, README or template."""
    parts = path.split("/")
    name = _bare(parts[-1])
    if not name or name.startswith((".", "_sidebar")) or not is_markup(path):
        return False
    if any(_TEMPLATE_FOLDER.fullmatch(folder) for folder in parts[:-1]):
        return False
    own = stem(path)
    return not _RESERVED.fullmatch(own) and not _is_template(own)


def is_markup(path: str) -> bool:
    """Whether the file's ending is one that can be read."""
    return _ENDING.search(path) is not None


def is_other_text(path: str) -> bool:
    """Whether the file looks like a decision that is written in a format we cannot read."""
    return path.lower().endswith(OTHER_TEXTS) and _is_numbered(path.rsplit("/", 1)[-1])


def category(path: str) -> str | None:
    """The folders above a decision, without those that only say that decisions are in them."""
    parts = path.split("/")[:-1]
    if is_own_folder(path):
        parts = parts[:-1]
    folder = "/".join(part for part in parts if part not in (".", ".."))
    while folder:
        shorter = _IN_PACKAGE.sub("", folder)
        if shorter == folder:
            break
        folder = shorter
    return folder or None


def _bare(name: str) -> str:
    """A file's name without its ending; of ``x.html.md.erb`` all of it."""
    found = _ENDING.search(name)
    return name[: found.start()] if found else name.rpartition(".")[0] or name


def _is_numbered(name: str) -> bool:
    found = take_apart(name)
    return bool(found.digits or found.date)


def _is_template(name: str) -> bool:
    if _TEMPLATE.fullmatch(name):
        found = take_apart(name)
        # "0007-use-a-template" is a decision; "0000-template" and "adr-template" are none.
        return not found.number or bool(_TEMPLATE_TAIL.fullmatch(found.slug) and not found.number)
    return False
