"""What a status says, in the words of people, as one of five.

Words count before signs; what is struck out does not count; a list to choose from says nothing.
Of several statuses in one place the latest dated counts, else the one that comes last in a
decision's life: whoever adds 'Superseded by' below 'Accepted' or above it means the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from taskorch.interchange.adr import dates
from taskorch.interchange.adr.vocabulary import SIGNS, WORDS
from taskorch.records.decision import ACCEPTED, DEPRECATED, PROPOSED, REJECTED, SUPERSEDED

_LIFE = (PROPOSED, ACCEPTED, REJECTED, DEPRECATED, SUPERSEDED)
_ANY = "|".join(f"(?P<{status}>{words})" for status, words in WORDS.items())
_FILLER = r"""(?:(?:now|currently|provisionally|tentatively|conditionally
    |partially|partly|finally|unanimously|already
    |has|have|is|was|were|been|be|formally|fully|effectively|retroactively|initially|originally|mostly
    |implicitly|officially|generally|temporarily|self|pre|newly)[ -]+)*"""
_LEAD = re.compile(rf"(?x) {_FILLER} (?:{_ANY}) (?![a-z])")
_PARTLY = re.compile(
    r"""(?x) ^(?:some[ ]parts?[ ]|parts?[ ]of[ ]this.{0,20}[ ])?(?:partly|partially|in[ ]parts?|parts?)?[ ]?
    (?:(?:is|has|have|been|are|of[ ]this[ ]\w+)[ ])*
    (?:super[sc]e+ded|replaced|obsoleted?|deprecated|overridden|outdated)"""
)
_SENTENCE = re.compile(
    rf"""(?x) (?:(?:this|the|our)[ ](?:(?:architecture|architectural|design)[ ])?
    (?:adr|decision|decision[ ]record|record|document|proposal|rfc|change|approach|choice|adl)?
    |it|we|decision|status:?|adr[ -]?\#?\d+|the[ ]status(?:[ ]of[ ]this[ ]\w+)?)[ ]?
    (?:(?:has|is|was|have|been|now|also|later|since|currently|already|all|therefore|are|being)[ ])*
    (?P<rest>(?:partly|partially|in[ ]part|{_ANY})(?![a-z]).*)"""
)
_LATER = re.compile(
    rf"""(?x) (?:[,;.(/>→—–-]|\b(?:now|later|since|then|but|and|subsequently|also|finally))[ ]*
    (?:(?:now|later|since|then|has|been|is|subsequently|also|finally|but|and)[ ]+)* (?:{_ANY}) (?![a-z])"""
)
_FOLLOWED = re.compile(
    r"\W*$|[ ]*[.,;:(&!–—/|<\[>→+-]|[ ]+(?:by|on|in|at|as|and|but|since|for|with|after|before|from|via"
    r"|per|under|through|to|"
    r"due|until|not|was|because|during|if|when|while|without|the|\d|#|@|adr|rfc|\w+day)\b|[ ]+[\[(#@✅]"
)
_STRUCK = re.compile(
    r"~~.+?~~|~[^~\s][^~\n]*[^~\s]~|<(?:del|s|strike)>.*?</(?:del|s|strike)>", re.IGNORECASE | re.DOTALL
)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BADGE = re.compile(
    r"badge/(?:[\w%]*status[\w%]*-)?([A-Za-z_%0-9]+)(?:-[a-z0-9]+)?(?:\.svg)?(?:[?&#]|$)", re.IGNORECASE
)
_CHECKED = re.compile(r"^[ \t]*[-*+]?[ \t]*\[[xX✓✔]\][ \t]*(\S.*)$", re.MULTILINE)
_UNCHECKED = re.compile(r"^[ \t]*[-*+]?[ \t]*\[ ?\]\s", re.MULTILINE)
_CHOICE = re.compile(r"\s*(?:\||/|,|;|\n|\bor\b|&#124;)\s*")
_BOLD = re.compile(r"(?:\*\*|__)(?=\S)(.+?)(?:\*\*|__)")
_EDGE = " \t\n*_`>|-+•·:.,;!\"'“”„«»‹›#=~[](){}⁠\ufe0f"
_LABEL = re.compile(
    r"^(?:the )?(?:(?:current|adr|decision|document|proposal|new|our) )?"
    r"(?:status|state|decision)\s*(?::|=| is\b| -|-)\s*"
)
_KEY = re.compile(r"(?:(?:current|adr|decision|effective|document)[ -])?(?:status|state)")
_NONE = re.compile(r"\W*by\W*(?:none|n/?a|nothing|tbd|nobody|no)?\W*$")
_ARROW = re.compile(r"\s*(?:-+>|=+>|→|➡|⇒|➜|⟶)\s*")
_SHORT = 60
_LONGEST, _LONGEST_LINE = (
    4000,
    600,
)  # characters: nobody's status is longer, and a hostile one shall cost little


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
        return _read_line(last[1], strict=False), last.start(1), last.end(1)
    if _is_choice(text):
        bold = _BOLD.findall(text)
        return _read_line(bold[0], strict=False) if len(bold) == 1 else None, first[0], first[1]
    said: list[tuple[str, str | None, int, int]] = []
    for place, (start, end) in enumerate(pieces):
        words = _cell(text[start:end])
        if not words or _is_choice(words):
            continue
        status = _read_line(words, strict=place > 0)
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
    if len(cells) > 1 and _KEY.fullmatch(cells[0].strip(_EDGE).lower()):
        return cells[1]
    if len(cells) > 1 and cells[0].strip(_EDGE).lower().endswith(" by"):
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
    bare = _cleaned(words)
    day = dates.find(bare)
    if day:
        bare = (bare[: day[1]] + bare[day[2] :]).strip(_EDGE)
    return _whole(bare)


def words_of(text: str) -> str:
    """`text` without the targets of links and without what is struck out."""
    return _LINK.sub(r"\1", _STRUCK.sub("", text[:_LONGEST]))


def _is_choice(text: str) -> bool:
    """Whether `text` is a template's list of statuses to choose from."""
    bare = _STRUCK.sub("", text[:_LONGEST_LINE]).strip()
    shell = bare.strip("*_`\"' \t\n")
    if not any(sign in bare for sign in ("|", "/", ",", "\n", " or ", ";")):
        return False
    pieces = [
        piece for piece in _CHOICE.split(_LINK.sub(r"\1", shell.strip("{}[]<>()"))) if piece.strip(_EDGE)
    ]
    whole = [status for piece in pieces if (status := _whole(piece))]
    kinds = set(whole)
    bracketed = shell[:1] in "{[<" and "](" not in shell[: shell.find("]") + 2]
    if bracketed and len(kinds) > 1:
        return True
    if len(kinds) > 2 and REJECTED in kinds and len(whole) >= 3 and "~~" not in text and not dates.find(text):
        return True
    return len(kinds) > 1 and len(whole) == len(pieces) and ("|" in bare or "/" in bare)


def _whole(piece: str) -> str | None:
    """The status whose word is all of `piece`."""
    bare = _cleaned(piece)
    if bare.startswith(("part", "in part")):
        return None
    found = _LEAD.match(bare)
    if found and (found.end() == len(bare) or found.lastgroup == SUPERSEDED):
        return found.lastgroup
    return None


def _latest(said: list[tuple[str, str | None, int, int]]) -> tuple[str, str | None, int, int]:
    if all(date for _, date, _, _ in said):
        newest = max(str(date) for _, date, _, _ in said)
        said = [one for one in said if one[1] == newest]
    if {status for status, _, _, _ in said} == {ACCEPTED, REJECTED}:
        return said[-1]
    furthest = max(_LIFE.index(status) for status, _, _, _ in said)
    return next(one for one in said if _LIFE.index(one[0]) == furthest)


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


def _cleaned(words: str) -> str:
    """`words` without markup, dates and labels before them, in lower case, with single blanks."""
    if "!" in words and "](" in words:
        words = _IMAGE.sub(_of_image, words)
    if "[" in words:
        words = _LINK.sub(r"\1", words)
    if "~" in words or "<" in words:
        words = _TAG.sub(" ", _STRUCK.sub(" ", words))
    words = words.replace("*", "").replace("`", "").replace("_", " ").replace("’", "'")
    words = " ".join(words.lower().split()).strip(_EDGE)
    words = _LABEL.sub("", words).lstrip(_EDGE)
    return _after_date(words)


def _after_date(words: str) -> str:
    if not words[:1].isdigit() and words[:3] not in (
        "on ",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ):
        return words
    found = dates.find(words)
    if found and found[1] <= 3:
        return words[found[2] :].lstrip(_EDGE + "0123456789tz")
    return words


def _of_image(found: re.Match[str]) -> str:
    """What an image says: its alternative text, or the words of a badge."""
    alt, source = found[1], found[2]
    badge = _BADGE.search(source)
    if badge and not _LEAD.match(_label_less(alt)):
        return re.sub(r"[_%20]+", " ", badge[1])
    return alt


def _label_less(alt: str) -> str:
    bare = alt.lower().strip(_EDGE)
    return _LABEL.sub("", bare)


def _read_line(words: str, strict: bool) -> str | None:
    words = words[:_LONGEST_LINE]
    if _ARROW.search(words):
        words = _ARROW.split(words)[-1] or words
    bare = _cleaned(words)
    if not bare:
        return _signed(words)
    signless = _without_signs(bare)
    if _PARTLY.match(signless) and re.match(
        r"(?:some |parts? of|partly|partially|in parts?|parts? )", signless
    ):
        return ACCEPTED
    found = _LEAD.match(signless)
    if not found:
        sentence = _SENTENCE.match(signless)
        if sentence:
            return _read_line(sentence["rest"], strict=False)
        return None if strict or _speaks(signless) else _signed(words)
    status, rest = str(found.lastgroup), signless[found.end() :]
    if strict and not _FOLLOWED.match(rest):
        return None
    if status == SUPERSEDED and _NONE.match(rest) and rest.strip(" :by-"):
        return None
    if strict and "implement" in found[0] and rest.strip(" .!"):
        return None
    if re.match(r" (?:alternatives?|options?|solutions?|apis?)\b", rest):
        return None
    if status in (SUPERSEDED, DEPRECATED) and re.match(r"\W*(?:in parts?\b|partly|partially)", rest):
        return ACCEPTED
    return _later(status, signless, found.end())


def _later(status: str, bare: str, at: int) -> str:
    """The status that a line ends with: ``accepted, superseded by ...``."""
    best = status
    for found in _LATER.finditer(bare, max(at - 1, 0)):
        named = str(found.lastgroup)
        if _LIFE.index(named) > _LIFE.index(best) and _FOLLOWED.match(bare[found.end() :]):
            best = named
    return best


def _without_signs(bare: str) -> str:
    """`bare` without the signs before its first word: ``✅ accepted``, ``:x: rejected``."""
    return re.sub(r"^(?::[a-z0-9_+ -]+:|[^\w:]|\W)+", "", bare) if not bare[:1].isalpha() else bare


def _speaks(bare: str) -> bool:
    """Whether words are more than a short label beside a sign."""
    return len(bare.split()) > 6


def _signed(words: str) -> str | None:
    """The status that a sign says."""
    words = _STRUCK.sub("", words)
    for status, signs in SIGNS.items():
        if any(sign in words for sign in signs.split()):
            return status
    return None
