"""What one line or cell says of a status, in the words of people, as one of five.

Words count before signs; what is struck out does not count.
"""

from __future__ import annotations

import re

from taskorch.interchange.adr import dates
from taskorch.interchange.adr.vocabulary import SIGNS, WORDS
from taskorch.records.decision import ACCEPTED, DEPRECATED, PROPOSED, REJECTED, SUPERSEDED

LIFE = (PROPOSED, ACCEPTED, REJECTED, DEPRECATED, SUPERSEDED)
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
STRUCK = re.compile(
    r"~~.+?~~|~[^~\s][^~\n]*[^~\s]~|<(?:del|s|strike)>.*?</(?:del|s|strike)>", re.IGNORECASE | re.DOTALL
)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BADGE = re.compile(
    r"badge/(?:[\w%]*status[\w%]*-)?([A-Za-z_%0-9]+)(?:-[a-z0-9]+)?(?:\.svg)?(?:[?&#]|$)", re.IGNORECASE
)
EDGE = " \t\n*_`>|-+•·:.,;!\"'“”„«»‹›#=~[](){}⁠\ufe0f"
_LABEL = re.compile(
    r"^(?:the )?(?:(?:current|adr|decision|document|proposal|new|our) )?"
    r"(?:status|state|decision)\s*(?::|=| is\b| -|-)\s*"
)
_NONE = re.compile(r"\W*by\W*(?:none|n/?a|nothing|tbd|nobody|no)?\W*$")
_ARROW = re.compile(r"\s*(?:-+>|=+>|→|➡|⇒|➜|⟶)\s*")
LONGEST_LINE = 600  # characters: nobody's status is longer, and a hostile one shall cost little


def read_line(words: str, strict: bool) -> str | None:
    """The status that a line says; with `strict` nothing but a comment may follow its word."""
    words = words[:LONGEST_LINE]
    if _ARROW.search(words):
        words = _ARROW.split(words)[-1] or words
    bare = cleaned(words)
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
            return read_line(sentence["rest"], strict=False)
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


def whole_status(piece: str) -> str | None:
    """The status whose word is all of `piece`."""
    bare = cleaned(piece)
    if bare.startswith(("part", "in part")):
        return None
    found = _LEAD.match(bare)
    if found and (found.end() == len(bare) or found.lastgroup == SUPERSEDED):
        return found.lastgroup
    return None


def _later(status: str, bare: str, at: int) -> str:
    """The status that a line ends with: ``accepted, superseded by ...``."""
    best = status
    for found in _LATER.finditer(bare, max(at - 1, 0)):
        named = str(found.lastgroup)
        if LIFE.index(named) > LIFE.index(best) and _FOLLOWED.match(bare[found.end() :]):
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
    words = STRUCK.sub("", words)
    for status, signs in SIGNS.items():
        if any(sign in words for sign in signs.split()):
            return status
    return None


def cleaned(words: str) -> str:
    """`words` without markup, dates and labels before them, in lower case, with single blanks."""
    if "!" in words and "](" in words:
        words = _IMAGE.sub(_of_image, words)
    if "[" in words:
        words = LINK.sub(r"\1", words)
    if "~" in words or "<" in words:
        words = _TAG.sub(" ", STRUCK.sub(" ", words))
    words = words.replace("*", "").replace("`", "").replace("_", " ").replace("’", "'")
    words = " ".join(words.lower().split()).strip(EDGE)
    words = _LABEL.sub("", words).lstrip(EDGE)
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
        return words[found[2] :].lstrip(EDGE + "0123456789tz")
    return words


def _of_image(found: re.Match[str]) -> str:
    """What an image says: its alternative text, or the words of a badge."""
    alt, source = found[1], found[2]
    badge = _BADGE.search(source)
    if badge and not _LEAD.match(_label_less(alt)):
        return re.sub(r"[_%20]+", " ", badge[1])
    return alt


def _label_less(alt: str) -> str:
    bare = alt.lower().strip(EDGE)
    return _LABEL.sub("", bare)
