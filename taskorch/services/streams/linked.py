"""Whether the relative links of Markdown pages lead anywhere in the work tree."""

from __future__ import annotations

import posixpath
import re
import stat
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from taskorch.git import disk, worktree
from taskorch.interchange.markdown_page import Link, Page, read_page
from taskorch.services.shapes import Json
from taskorch.services.streams.work import MAX_BYTES
from taskorch.services.workspace import Workspace

_PAGE = re.compile(r"\.(?:md|markdown|mdown|mkd|mkdn)\Z", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/")
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<%|\{[A-Za-z_]+\}")
_AS_IF = (".md", "/index.md", "/README.md", ".markdown", ".mdx", ".rst", ".ipynb")
"""What site generators put after a link without an ending, or in place of ``.html``."""


def is_page(path: str) -> bool:
    """Whether a path is that of a Markdown page."""
    return bool(_PAGE.search(path))


class Linked:
    """The links of some pages, as they are after a task, held against the files on disk."""

    def __init__(self, ws: Workspace, pages: Mapping[str, Page]) -> None:
        self._ws = ws
        self._top = ws.repo.work_tree
        self._own = frozenset(pages)
        self._pages: dict[str, Page | None] = dict(pages)
        places = {self._place(path, link)[0] for path, page in pages.items() for link in page.links}
        there = {place for place in places if place and place != "." and self._is_there(place)}
        self._ignored = worktree.ignored(ws.repo, there)

    def is_unchecked(self, page: str, link: Link) -> bool:
        """Whether a link is an address or absolute, filled in by a template, or leaves the repository."""
        return self._place(page, link)[0] is None

    def problem(self, page: str, link: Link) -> str | None:
        """Why a link of a page leads nowhere, None if it leads somewhere or was not checked."""
        place, fragment = self._place(page, link)
        if place is None:
            return None
        if place in self._ignored:
            return "git ignores that file: no clone has it"
        if not self._is_there(place):
            near = any(self._is_there(f"{place.removesuffix('.html')}{ending}") for ending in _AS_IF)
            return None if near and not _PAGE.search(place) else "no such file"
        return self._missing(place, fragment) if fragment and is_page(place) else None

    def broken_by(self, lost: Mapping[str, set[str] | None]) -> list[Json]:
        """Links in other pages to what was lost: files (None), or anchors of a page.

        ``[{path, line, target, why}]``.
        """
        names = {posixpath.basename(unquote(path)) for path in lost}
        names |= {posixpath.splitext(name)[0] for name in names}
        out: list[Json] = []
        for path in self._other_pages() if lost else ():
            text = self._text(path)
            if text is None or not any(name in text or name in unquote(text) for name in names):
                continue
            for link in read_page(text).links:
                place, fragment = self._place(path, link)
                if place is None or place not in lost:
                    continue
                gone = lost[place]
                hit = gone is None or fragment.lower() in gone
                why = self.problem(path, link) if hit else None
                if why:
                    out.append({"path": path, "line": link.line, "target": link.target, "why": why})
        return out

    def _place(self, page: str, link: Link) -> tuple[str | None, str]:
        """The path from the root that a link names, None for one that is not checked; and its fragment."""
        target = link.target.strip()
        if not target or _ADDRESS.match(target) or _TEMPLATE.search(target) or "\0" in target:
            return None, ""
        path, _, fragment = target.partition("#")
        path = unquote(path.partition("?")[0])
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        outside = place.startswith(("../", "/")) or place == ".." or "\0" in place
        return (None if outside else place), unquote(fragment)

    def _is_there(self, place: str) -> bool:
        if place == "." or self._pages.get(place):
            return True
        try:
            return disk.is_there(self._top, place)
        except (OSError, ValueError):  # no permission to look, or no name for a file
            return False

    def _missing(self, place: str, fragment: str) -> str | None:
        if place not in self._pages:
            text = self._text(place)
            self._pages[place] = None if text is None else read_page(text)
        page = self._pages[place]
        wanted = fragment.lower().removeprefix("user-content-")
        if page is None or wanted == "top" or re.match(r"l\d+|:~:", wanted):
            return None
        return None if wanted in page.anchors() else "no such heading"

    def _text(self, path: str) -> str | None:
        """What a file on disk holds; None for what is no text of moderate size, or not in the work tree."""
        file = self._top / PurePosixPath(path)
        try:
            found = file.stat()
            inside = file.resolve().is_relative_to(self._top.resolve())
            if not inside or not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
                return None
            return file.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError, RuntimeError):
            return None

    def _other_pages(self) -> list[str]:
        head = self._ws.repo.head
        known = set(worktree.all_states(self._ws.repo, head)) if head else set()
        known |= set(worktree.changed_paths(self._ws.repo))
        return sorted(path for path in known if is_page(path) and path not in self._own)
