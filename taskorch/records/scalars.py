"""How one value is written in YAML: plain where every reader takes it for the same string."""

from __future__ import annotations

import re

from taskorch.errors import TaskorchError

# What a YAML 1.1 or 1.2 reader resolves to something other than a string:
# https://yaml.org/type/ (1.1) and https://yaml.org/spec/1.2.2/#1032-tag-resolution (core schema).
_OTHER_TYPE = re.compile(
    r"""(?ix)
    ~ | null | true | false | yes | no | on | off | y | n | = | <<
    | [-+]? (?: 0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-f_]+ )
    | [-+]? (?: \.[0-9_]+ | [0-9][0-9_]* (?: \.[0-9_]* )? ) (?: e[-+]?[0-9]+ )?
    | [-+]? [0-9][0-9_]* (?: :[0-5]?[0-9] )+ (?: \.[0-9_]* )?
    | [-+]? \.inf | \.nan
    | \d{4}-\d\d?-\d\d? (?: [Tt\ \t] .* )?
    """
)
_INDICATORS = set("-?:,[]{}#&*!|>'\"%@`")
# Outside YAML's printable set, or a line break or invisible to some reader.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# What YAML forbids, or breaks lines at beside LF and CRLF.
NOT_YAML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|\r(?!\n)"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Most values: nothing in them can be syntax, so no more need be asked (`is_plain` says the same).
_SIMPLE = re.compile(r"[A-Za-z0-9_./(](?:[A-Za-z0-9_./()+,;=~@*\"\' -]*[A-Za-z0-9_./()+,;=~@*\"\'-])?")
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def is_plain(text: str) -> bool:
    """Whether `text` stands for itself without quotes, as far as syntax goes (not type)."""
    return not (
        not text
        or text[0] in _INDICATORS
        or text[0].isspace()
        or text[-1].isspace()
        or text[-1] == ":"
        or ": " in text
        or " #" in text
        or _UNPRINTABLE.search(text)
    )


def takes_quotes(text: str) -> bool:
    """Whether the string `text` must be quoted to be read back as this string everywhere."""
    return not is_plain(text) or _OTHER_TYPE.fullmatch(text) is not None


class Typed(str):
    """A value to be read as another type than a string (a time, a number, a flag): never quoted."""

    __slots__ = ()


def write_scalar(text: str) -> str:
    """`text` as a YAML string on one line, quoted where it must be.

    Raises TaskorchError for what YAML has no way to write: bytes that were no UTF-8.
    """
    if isinstance(text, Typed) or not takes_quotes(text):
        return text
    if _SURROGATE.search(text):
        raise TaskorchError(f"{text!r} is not UTF-8 text", hint="records hold UTF-8 text only")
    import json

    # JSON strings are YAML double-quoted strings; what YAML holds unprintable is escaped as well.
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def read_plain(text: str) -> str | None:
    """The value of a scalar on one line, plain or quoted.

    Raises ValueError if it takes a YAML parser to tell.
    """
    if text in NULLS:
        return None
    if _SIMPLE.fullmatch(text):
        return text
    if text[0] in "\"'" and _UNPRINTABLE.search(text):
        raise ValueError(text)
    if text[0] == '"':
        if len(text) < 2 or text[-1] != '"':
            raise ValueError(text)
        inner = text[1:-1]
        if "\\" not in inner and '"' not in inner:
            return inner
        import json

        if "\\ud" in text or "\\uD" in text:  # JSON writes astral characters as two escapes, YAML never
            raise ValueError(text)
        return str(json.loads(text))  # a JSON error is a ValueError, and JSON's other escapes are YAML's
    if text[0] == "'" and len(text) > 1 and text[-1] == "'" and "'" not in text[1:-1]:
        return text[1:-1]
    if is_plain(text):
        return text
    raise ValueError(text)
