"""A graph of decisions as the text of a diagram: Mermaid, or Graphviz' DOT.

Titles are texts of strangers: no character of theirs can become a part of the language.

Mermaid: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
DOT: https://graphviz.org/doc/info/lang.html, labels: https://graphviz.org/docs/attr-types/escString/
"""

from __future__ import annotations

import re
import textwrap

from taskorch.records.decision import ACCEPTED, DEPRECATED, PROPOSED, REJECTED, SUPERSEDED
from taskorch.services.markdown import one_line
from taskorch.services.shapes import Json

MOST_CHARACTERS, MOST_EDGES = 50_000, 500
"""Beyond one of these Mermaid draws nothing, unless its reader changed ``maxTextSize`` or ``maxEdges``."""

_WIDTH, _MOST_LINES = 32, 4
_OTHER = "other"
# fill, border, text; dark enough to be read on white and light enough on black
_COLORS = {
    PROPOSED: ("#fff8c5", "#9a6700", "#3b2300"),
    ACCEPTED: ("#dafbe1", "#1a7f37", "#002d11"),
    REJECTED: ("#ffebe9", "#cf222e", "#4c0014"),
    DEPRECATED: ("#eaeef2", "#6e7781", "#32383f"),
    SUPERSEDED: ("#eaeef2", "#6e7781", "#32383f"),
    _OTHER: ("#ffffff", "#6e7781", "#32383f"),
}
_DASHED = (SUPERSEDED, DEPRECATED, REJECTED)
_EDGES = {"supersedes": "bold", "reverses": "bold", "refines": "solid", "clarifies": "dashed"}
_ARROWS = {"supersedes": "==>", "reverses": "==>", "refines": "-->", "clarifies": "-.->"}

# All but letters, digits and what is harmless between quotes: written as its number, which is drawn as it is.
_NOT_PLAIN = re.compile(r"[^\w .,!?/+=()-]")
# Some versions of Mermaid (11.4, not 11.17) read every label as Markdown, and draw "Unsupported markdown:
# list" in its place.  A character of no width between is enough to make no Markdown of most.
_MARKDOWN = re.compile(
    r"\A(?![^\W\d_])|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=@)|(?<=\])(?=\()|(?<=\$)(?=\$)"
    r"|(?<![^\W_])(?=_)|(?<=_)(?![^\W_])",
    re.IGNORECASE,
)
_NO_WIDTH = "\u200b"
_LOOK_ALIKES = str.maketrans({"`": "\u02cb", "*": "\u2217", "~": "\u223c"})


def mermaid(graph: Json) -> str:
    """The graph as a Mermaid flowchart, newer decisions above older ones."""
    out = ["flowchart TD"]
    for node in graph["nodes"]:
        lines = "<br/>".join(_NOT_PLAIN.sub(_entity, _unmarked(line)) for line in _label(node))
        out.append(f'  {_name(node["id"])}["{lines}"]:::{_class(node["status"])}')
    for edge in graph["edges"]:
        arrow = f"{_ARROWS[edge['kind']]}|{edge['kind']}|"
        out.append(f"  {_name(edge['from'])} {arrow} {_name(edge['to'])}")
    for status in dict.fromkeys(_class(node["status"]) for node in graph["nodes"]):
        fill, border, text = _COLORS[status]
        dashed = ",stroke-dasharray:4 3" if status in _DASHED else ""
        out.append(f"  classDef {status} fill:{fill},stroke:{border},color:{text}{dashed}")
    return "\n".join(out)


def too_large(text: str, graph: Json) -> bool:
    """Whether Mermaid, as code hosts have set it up, refuses to draw a graph for its size."""
    return len(text) > MOST_CHARACTERS or len(graph["edges"]) > MOST_EDGES


def dot(graph: Json) -> str:
    """The graph in DOT, newer decisions above older ones."""
    out = [
        "digraph decisions {",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11];',
        '  edge [fontname="sans-serif", fontsize=9];',
    ]
    for node in graph["nodes"]:
        fill, border, text = _COLORS[_class(node["status"])]
        style = "rounded,filled,dashed" if node["status"] in _DASHED else "rounded,filled"
        colors = f'fillcolor="{fill}", color="{border}", fontcolor="{text}", style="{style}"'
        label = "\\n".join(_quoted(line) for line in _label(node))
        out.append(f'  "{node["id"]}" [label="{label}", {colors}];')
    for edge in graph["edges"]:
        kind = edge["kind"]
        out.append(f'  "{edge["from"]}" -> "{edge["to"]}" [label="{kind}", style={_EDGES[kind]}];')
    return "\n".join([*out, "}"])


def _label(node: Json) -> list[str]:
    """The lines of a node: id and status, then its title, cut if it is very long."""
    title = textwrap.wrap(
        one_line(node["title"]), _WIDTH, max_lines=_MOST_LINES, placeholder=" ...", break_on_hyphens=False
    )
    return [f"{node['short']} ({node['status']})", *title]


def _name(decision_id: str) -> str:
    """An id as Mermaid takes it: without ``-``, and never a word of its language such as ``end``."""
    return decision_id.replace("-", "_")


def _class(status: str) -> str:
    return status if status in _COLORS else _OTHER


def _unmarked(line: str) -> str:
    """A line of a label that looks the same, and in which Markdown sees nothing but text."""
    return _MARKDOWN.sub(_NO_WIDTH, line).translate(_LOOK_ALIKES)


def _entity(found: re.Match[str]) -> str:
    return f"#{ord(found[0])};"


def _quoted(line: str) -> str:
    """A line of a label between quotes; Graphviz reads HTML's entities in it, so ``&`` is one."""
    return line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
