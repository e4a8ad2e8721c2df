"""Records of every written form, made from parts whose bytes and values are known beforehand."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from taskorch.records import schema
from taskorch.records.task import FIELDS

# More of them on a quiet machine: TASKORCH_EXAMPLES=20000 pytest tests/records
moderate = settings(
    max_examples=int(os.environ.get("TASKORCH_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

ORDER = list(FIELDS)
ATTACHED = schema.attached(FIELDS)
SCALARS = [name for name, field in FIELDS.items() if field.type != "list"]
LISTS = [name for name, field in FIELDS.items() if field.type == "list"]
FOREIGN = ["x-tracker", "estimate", "Überschrift_1", "_private"]

Value = str | list[str] | None

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=24)
line = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=24)
TRAPS = [
    *(
        "yes",
        "No",
        "~",
        "null",
        "true",
        "0x1F",
        "0o17",
        "1_000",
        "1e3",
        ".5",
        "-.inf",
        ".NaN",
        "12:30:45",
    ),
    *("2026-01-31", "2026-01-31T12:00:00Z", "=", "<<", "---", "...", "- a", "a: b", "a #b", "#a", "a:"),
    *("[]", "{}", "[a", "{a", "&a", "*a", "!a", "|", ">", "'", '"', "%", "@", "`", "? a", ": a", ",a"),
    *(" a", "a ", "\ta", "a\tb", "a\nb", "a\r\nb", "a\\b", 'a"b', "a'b", "\ufeffa", "a\u2028b", "a\x85b"),
    *("\0", "\x07", "\x7f", "Ünïcödé", "日本語", "🦜🚀", "é", "\u200b", "\ufffe", "<<<<<<< HEAD"),
]
strings = text | line | st.sampled_from(TRAPS)
words = st.text("abcdefghijklmnop", min_size=1, max_size=8)
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)


@dataclass(frozen=True)
class Part:
    """Some lines of front matter: a field, or a comment or empty lines if `key` is empty."""

    lines: str
    key: str = ""
    value: Value = None


@dataclass(frozen=True)
class Written:
    """A record's text with the parts of its front matter."""

    text: str
    parts: tuple[Part, ...]
    offset: int
    newline: str

    @property
    def values(self) -> dict[str, Value]:
        return {part.key: part.value for part in self.parts if part.key}

    def span(self, key: str) -> tuple[int, int]:
        """The offsets of a field's own lines."""
        at = self.offset
        for part in self.parts:
            end = at + len(part.lines)
            if part.key == key:
                return at, end
            at = end
        raise KeyError(key)


def yaml_values(text: str) -> dict[str, object]:
    """The front matter as PyYAML reads it, all scalars as strings, None for null."""
    lines = text.removeprefix("\ufeff").split("\n")
    end = next(n for n, one in enumerate(lines) if n and one.rstrip("\r") == "---")
    found = yaml.load("\n".join(lines[1:end]) + "\n", Loader=_Strings)
    return dict(found or {})


class _Strings(yaml.SafeLoader):
    """PyYAML in which every plain scalar but null is a string."""


_Strings.yaml_implicit_resolvers = {}
_Strings.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), None)


def written(parts: list[Part], body: str, newline: str = "\n", bom: bool = False) -> Written:
    """A record of these parts; all line ends become `newline`."""
    native = [Part(part.lines.replace("\n", newline), part.key, part.value) for part in parts]
    head = ("\ufeff" if bom else "") + "---" + newline
    whole = head + "".join(part.lines for part in native) + f"---{newline}" + body.replace("\n", newline)
    return Written(whole, tuple(native), len(head), newline)


def is_simple(value: str) -> bool:
    """Whether a value may stand without quotes, more narrowly than YAML has it."""
    return re.fullmatch(r"[A-Za-z](?:[A-Za-z0-9 _./@-]*[A-Za-z0-9])?", value) is not None and value not in (
        *("null", "Null", "NULL"),
    )


@st.composite
def scalar_forms(draw: st.DrawFn, value: str) -> str:
    """What may stand behind ``key:`` for a string, with the line break."""
    forms = [f" {json.dumps(value)}" if "\\u" not in json.dumps(value) else f" {_escaped(value)}"]
    if is_simple(value):
        forms += [f" {value}", f"   {value}", f"\n  {value}", f"\n    {value}", f" # why\n  {value}"]
        forms += [f" {value.replace(' ', chr(10) + '   ')}", f' "{value.replace(" ", chr(10) + "  ")}"']
    if value.isprintable() and value == value.strip():
        forms.append(f" '{_doubled(value)}'")
    form = draw(st.sampled_from(forms))
    return form + draw(st.sampled_from(["\n", "\n", " # a comment: with 'marks'\n", "  \n"]))


def _doubled(value: str) -> str:
    return value.replace("'", "''")


def _escaped(value: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'


@st.composite
def fields(draw: st.DrawFn, key: str, is_list: bool) -> Part:
    """A field in any of its written forms."""
    shown = draw(st.sampled_from([key, key, key, f'"{key}"', f"'{key}'", f"{key} "]))
    if draw(st.integers(0, 9)) == 0:
        empty: Value = [] if is_list and draw(st.booleans()) else None
        rest = " []" if empty == [] else draw(st.sampled_from(["", " ~", " null", " # none", "  "]))
        return Part(f"{shown}:{rest}\n", key, empty)
    if is_list:
        items = draw(st.lists(phrases | strings, min_size=1, max_size=4))
        return Part(f"{shown}:{draw(list_forms(items))}", key, items)
    if draw(st.integers(0, 3)) == 0:
        mark, value, lines = draw(block_scalars())
        return Part(f"{shown}: {mark}\n{lines}", key, value)
    value = draw(phrases | strings)
    return Part(f"{shown}:{draw(scalar_forms(value))}", key, value)


@st.composite
def block_scalars(draw: st.DrawFn) -> tuple[str, str, str]:
    """Mark, value and lines of a block scalar."""
    rows = draw(
        st.lists(phrases | st.sampled_from(["# no comment", "key: value", "- item", "--- x"]), min_size=1)
    )
    fold, chomp = draw(st.sampled_from("|>")), draw(st.sampled_from(["", "-"]))
    value = (" " if fold == ">" else "\n").join(rows) + ("" if chomp == "-" else "\n")
    return fold + chomp, value, "".join(f"  {row}\n" for row in rows)


@st.composite
def list_forms(draw: st.DrawFn, items: list[str]) -> str:
    """What may stand behind ``key:`` for a list, with the line breaks."""
    quoted = [item if is_simple(item) and draw(st.booleans()) else _json_or_escaped(item) for item in items]
    form = draw(st.sampled_from(["block", "block", "block", "flow", "flow lines"]))
    if form == "flow":
        return f" [{', '.join(quoted)}]" + draw(st.sampled_from(["\n", "  # a comment\n"]))
    if form == "flow lines":
        return " [\n" + "".join(f"    {item}, # {n}\n" for n, item in enumerate(quoted)) + "  ]\n"
    indent = draw(st.sampled_from(["", "  ", "    "]))
    out = [draw(st.sampled_from(["\n", " # a comment\n", "  \n"]))]
    for item in quoted:
        out.append(draw(st.sampled_from(["", "", "", "\n", f"{indent}# above\n", "# far left\n"])))
        out.append(indent + draw(st.sampled_from(["- ", "-   ", f"-\n{indent}    "])) + item)
        out.append(draw(st.sampled_from(["\n", "\n", " # behind\n"])))
    return "".join(out)


def _json_or_escaped(item: str) -> str:
    quoted = json.dumps(item)
    return _escaped(item) if "\\u" in quoted else quoted


fillers = st.sampled_from(
    ["\n", "\n\n", "# a comment\n", "# - no item\n", " # indented: no key\n", "#\n"]
).map(Part)
bodies = st.sampled_from(
    [
        "",
        "\n",
        "\n## Description\n\nText.\n",
        "\n## Description\n\nno final newline",
        "text\n---\nkey: value\n---\nmore\n\n\n",
        "```yaml\n---\nstatus: x\n---\n```\n## Notes\n",
        "\n# 題 🦜\n\n\t indented \n",
    ]
)


@st.composite
def hand_written(draw: st.DrawFn) -> Written:
    """A record as people and other programs write it."""
    keys = draw(st.lists(st.sampled_from([*ORDER, *FOREIGN]), unique=True, max_size=7))
    parts = draw(st.lists(fillers, max_size=2))
    for key in keys:
        field = draw(fields(key, key in LISTS))
        parts += [field, *draw(st.lists(fillers, max_size=2))]
    return written(parts, draw(bodies), draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans()))


task_values: st.SearchStrategy[Mapping[str, Value]] = st.fixed_dictionaries(
    {
        "id": st.just("t-00000001"),
        "title": line.map(lambda title: title.strip() or "x"),
        "created": st.just("2026-01-31T12:00:00Z"),
        "status": st.just("pending"),
    },
    optional={
        name: st.lists(strings, min_size=1, max_size=3) if name in LISTS else strings
        for name in ORDER
        if name not in ("id", "title", "created", "status", "deleted")
    }
    | {"deleted": st.just("true")},
)
