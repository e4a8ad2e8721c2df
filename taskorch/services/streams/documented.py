"""What a task did to pages: headings that came and went, and links that lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from taskorch.interchange.markdown_page import Page, read_page
from taskorch.services.shapes import Json
from taskorch.services.streams.linked import Linked, is_page
from taskorch.services.streams.work import Work
from taskorch.services.workspace import Workspace

_NOT_MARKDOWN = "its headings and links were not looked for: only Markdown is read"


def documentation(ws: Workspace, work: Sequence[Work]) -> tuple[Json, list[Json], list[str]]:
    """The pages in a task's changes, the files that were not looked into, and findings in words.

    ``{pages [{path, from, op, headings_added [], headings_removed []}], links, links_not_checked,
    broken_links [{path, line, target, why, added}], broken_elsewhere [{path, line, target, why}]}``.
    Links are held against the files on disk.  ``links`` counts those of the pages; not checked are
    addresses, absolute paths and those that leave the repository.  ``added``: the link came with the task.
    ``broken_elsewhere``: other pages, whose links lead to what the task took away.
    """
    pages = [one for one in work if is_page(one.path)]
    unread = [
        {"path": one.path, "why": _NOT_MARKDOWN} for one in work if one.of_stream and not is_page(one.path)
    ]
    read = [(one, read_page(one.before or ""), read_page(one.after or "")) for one in pages]
    last = {one.path: (one, before, after) for one, before, after in read if one.after is not None}
    linked = Linked(ws, {path: after for path, (_, _, after) in last.items()})
    part = {
        "pages": [_row(*one) for one in read],
        "links": sum(len(after.links) for _, _, after in last.values()),
        "links_not_checked": sum(
            linked.is_unchecked(p, link) for p, (*_, one) in last.items() for link in one.links
        ),
        "broken_links": [row for one in last.values() for row in _broken(linked, *one)],
        "broken_elsewhere": linked.broken_by(_lost(work, read)) if work else [],
    }
    return part, unread, _findings(part) if work else []


def _row(one: Work, before: Page, after: Page) -> Json:
    old, new = ([heading.text for heading in page.headings] for page in (before, after))
    return {
        "path": one.path,
        "from": one.source,
        "op": one.op,
        "headings_added": _minus(new, old),
        "headings_removed": _minus(old, new),
    }


def _minus(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of some that the others do not have, each as often as it is more, in order."""
    left = Counter(some) - Counter(others)
    out = []
    for one in some:
        if left[one]:
            left[one] -= 1
            out.append(one)
    return out


def _broken(linked: Linked, one: Work, before: Page, after: Page) -> Iterator[Json]:
    had = {link.target for link in before.links}
    for link in after.links:
        why = linked.problem(one.path, link)
        if why:
            yield {
                "path": one.path, "line": link.line, "target": link.target, "why": why,
                "added": link.target not in had,
            }  # fmt: skip


def _lost(work: Sequence[Work], read: Sequence[tuple[Work, Page, Page]]) -> dict[str, set[str] | None]:
    """Paths that a task took away (None), and pages with the anchors that it took from them."""
    out: dict[str, set[str] | None] = {}
    for one, before, after in read:
        gone = before.anchors() - after.anchors()
        if gone and one.op == "modify":
            out[one.path] = gone
    out |= {one.path: None for one in work if one.op == "delete"}
    return out | {one.source: None for one in work if one.op == "move" and one.source}


def _findings(part: Json) -> list[str]:
    out = [] if part["pages"] else ["no page changed"]
    for key in ("broken_links", "broken_elsewhere"):
        out += [f"{row['path']}:{row['line']}: {row['target']}: {row['why']}" for row in part[key]]
    return out
