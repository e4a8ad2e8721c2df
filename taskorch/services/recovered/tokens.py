"""How many tokens a language model takes a text for, estimated without its vocabulary.

The text is split as the tokenizers of the GPT models do before they look anything up (the pattern of
cl100k_base, https://github.com/openai/tiktoken): words with the sign before them, digits by three,
signs, white space.  What a piece costs is estimated: a word by its pairs of letters, for those of
English words hardly ever part and those of other languages often do; other scripts by character.
The numbers were fitted to cl100k_base; tests hold the estimate against it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

# As the pattern of cl100k_base; Python's re knows no \p{L}: letters are word characters but digits and _.
_PIECE = re.compile(
    r"'(?:[sdmt]|ll|ve|re)(?![^\W\d_])|(?:[^\w\r\n]|_)?[^\W\d_]+|\d{1,3}|[ ]?(?:[^\w\s]|_)+[\r\n]*"
    r"|\s*[\r\n]|\s+(?!\S)|\s"
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]|[^A-Za-z]")

# By how many tenths of a token the pair makes a word dearer; rows: the first letter, columns: the second;
# M is 0, N is 1, L is -1.
_PAIRS = [
    "PKLLRLJOMOMJLKPMQJKIONONKO",
    "QOMLLQSPPKMKKNNNMKNOMMPMMN",
    "NMNMHPQKOOHKOOJQMIMFKMMMIP",
    "NMOLLPKPOONKNRNOMNINNMNPLQ",
    "LQLKMOMRRQRMMMONJKLMPMMKNR",
    "MMMPMLNMMNMOMOKNNMNKMMMNLM",
    "RQMOKMNLPMONOPQMMLMPOMPMKM",
    "PLNNMMNNOMMONKNMMNMLQMOMNM",
    "LKLMJJIONPOKJIGKNMKINIQLPL",
    "PMMNMMMNRMMMNNLMMNONPMNMMM",
    "RMNJMRNPRMNQNKQKMSLQRNQMNM",
    "PNPNKNPONQNMRPNMMMMJNLNMJN",
    "NLSMKNONPMNQKLNKMPIOQMPMON",
    "PNKKMMKPPPLPPLMNNNLKPNLNPN",
    "NMLLNMLPNNNMLKLMOJKNLMKKOQ",
    "MNPMKPKLQMNIMOJJMLJKOOLMMM",
    "PMMMNNMMOMMLMMNMMMQMNMMPMM",
    "OOOOKOLQOOJPMKMKNJMPPKKMHR",
    "PONPLMOKMPKLOLNKMNKLPPKMLO",
    "NNNMKONGLOOPMPNNMLMLMNHMJP",
    "PLNNKMMOOPPIJOKNMLKINPPMPP",
    "OMOMKMMMMMMNMNONMOSNOMMMMM",
    "PMMOMSMHOMMLMINMMKMMNMMMRO",
    "MMMPNMMMRMMMMMOLMMNNMMNMLM",
    "QNPNPOTMPQPNNLOOMOMNQMMMMM",
    "QNNOMMONSNNOPPPNMNMPQMOMRP",
]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PAIR = {
    (one, other): (ord(_PAIRS[row][column]) - ord("M")) / 10
    for row, one in enumerate(_LETTERS)
    for column, other in enumerate(_LETTERS)
}
_FIRST, _BEYOND, _LONG, _CAPITAL, _GLUED = -0.35, 4, 0.32, 0.51, 0.38
# What a sign before a word adds to it: many words have a token of their own with these.
_SIGNS = {"_": -0.4, ".": -0.15, ":": -0.3, "/": 0.3, "-": 0.35, "'": 0.0, "(": -0.4, "=": -0.3, '"': 0.6}

# What a character costs in tokens, up to each code point: Latin with accents, Greek, Cyrillic, ...
_SCRIPTS = (
    (0x024F, 0.75), (0x036F, 1.0), (0x03FF, 1.0), (0x0453, 0.47), (0x0457, 0.95), (0x048F, 0.47),
    (0x052F, 1.2), (0x07FF, 0.9), (0x1FFF, 1.6), (0x206F, 1.0), (0x2FFF, 1.7), (0x30FF, 0.92),
    (0x4DFF, 2.0), (0x9FFF, 0.97), (0xABFF, 2.0), (0xD7AF, 1.12), (0xFFFF, 1.6),
)  # fmt: skip
_BEYOND_THESE = 2.7
_KANA, _KANJI = re.compile("[\u3040-\u30ff]"), 1.3


def tokens(text: str) -> int:
    """The estimated number of tokens of a text: within a tenth for packages as ``recover`` makes them."""
    return round(weight(text))


def weight(text: str) -> float:
    """The same not rounded: the parts of a text, cut behind line breaks, come to what the whole does."""
    pieces = Counter(_PIECE.findall(text))
    return sum(_cost(piece) * times for piece, times in pieces.items())


@lru_cache(maxsize=1 << 15)
def _cost(piece: str) -> float:
    """The expected number of tokens of one piece."""
    if piece.isdigit() or piece.isspace():
        return 1.0
    glued = not piece[0].isspace()
    body = piece[1:] if not glued or not piece[0].isalnum() else piece
    if not body or not body[-1].isalpha():
        return _of_signs(piece)
    sign = _SIGNS.get(piece[0], 0.8) if glued and body != piece else 0.0
    return max(1.0, sign + _of_word(body, glued))


def _of_word(word: str, glued: bool) -> float:
    parts = _CAMEL.findall(word)
    if parts == [word] and word.isascii():
        return _of_ascii(word, glued)
    if not word.isascii() and _KANA.search(word):
        return sum(_KANJI if "\u4e00" <= sign <= "\u9fff" else _of_sign(sign) for sign in word)
    total, left = 0.0, True
    for part in parts:
        if part.isascii():
            total += _of_ascii(part, glued or not left) - (0.0 if left else 0.35)
        else:
            total += _of_sign(part)
        left = False
    return total


def _of_ascii(word: str, glued: bool) -> float:
    """A word of ASCII letters of one case, or with a capital before it."""
    small = word.lower()
    if word.isupper() and len(word) > 1:
        return max(1.0, 0.35 * len(word))
    parted = _FIRST + sum(map(_PAIR.__getitem__, pairwise(small)))
    parted += _LONG * max(0, len(small) - _BEYOND)
    parted += (_GLUED if glued else 0.0) + (_CAPITAL if word[0].isupper() else 0.0)
    return 1.0 + max(0.0, parted)


def _of_signs(piece: str) -> float:
    """A run of signs: those of ASCII join by about two."""
    signs = piece.strip()
    known = sum(sign.isascii() for sign in signs)
    runs = len(re.findall(r"(.)\1{0,80}", signs)) if known else 0
    runs += 2 * (signs.endswith("`") and piece[-1] in "\r\n")  # the end of a fence is two
    return max(1.0, 0.55 * runs + 0.3) * (known > 0) + sum(_of_sign(s) for s in signs if not s.isascii())


def _of_sign(sign: str) -> float:
    if sign.isascii():
        return 1.0
    code = ord(sign)
    return next((cost for end, cost in _SCRIPTS if code <= end), _BEYOND_THESE)
