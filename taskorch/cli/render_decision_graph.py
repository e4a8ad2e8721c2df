"""The graph of decisions, for people."""

from __future__ import annotations

from collections.abc import Callable

from taskorch.cli.output import Json, Paint, Part, emit, emit_body, problems, status_paint
from taskorch.services.decisions import diagrams
from taskorch.services.decisions.graph import Row, tree, unlinked
from taskorch.services.markdown import counted

_DEEPEST = 20
"""Rows further below stand as far to the right as this."""


def graph_as(form: str, *, everything: bool) -> Callable[[Json], None]:
    """The function that writes a graph in one of its forms; the tree with `everything` that has no links."""
    if form == "mermaid":
        return _mermaid
    if form == "dot":
        return _dot
    return lambda data: _tree(data, everything=everything)


def _mermaid(data: Json) -> None:
    text = diagrams.mermaid(data)
    emit_body(text)
    if diagrams.too_large(text, data):
        what = f"{diagrams.MOST_CHARACTERS:,} characters or {diagrams.MOST_EDGES} links"
        words = f"Mermaid draws nothing beyond {what} by itself: name decisions, or --status accepted"
        emit(Paint("note: ", "yellow"), words, err=True)
    problems(data["problems"])


def _dot(data: Json) -> None:
    emit_body(diagrams.dot(data))
    problems(data["problems"])


def _tree(data: Json, *, everything: bool) -> None:
    rows, alone = tree(data), unlinked(data)
    for row in rows:
        emit(*_line(row))
    if everything or (alone and not rows and len(data["nodes"]) == 1):
        for node in alone:
            emit(*_line(Row(node, 0)))
    elif alone:
        if not rows:
            emit("no decision is linked to another: decision supersede, refine, reverse and clarify do it")
        more = "more " if rows else ""
        emit(f"{counted(len(alone), f'{more}decision')} without links: --all shows them")
    if not data["nodes"]:
        emit("no decisions")
    problems(data["problems"])


def _line(row: Row) -> list[Part]:
    node = row.node
    indent = "  " * min(row.depth, _DEEPEST)
    parts: list[Part] = [indent, f"{row.kind} " if row.kind else "", Paint(node["short"], "yellow"), "  "]
    if row.again:
        return [*parts, Paint("(shown above)", dim=True)]
    return [*parts, status_paint(node["status"]), "  ", Paint(node["title"], bold=row.depth == 0)]
