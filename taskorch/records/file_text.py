"""The text of a record's file, read when it is first asked for, and what records of all kinds have of it."""

from __future__ import annotations

from collections.abc import Callable

from taskorch.records import sections
from taskorch.records.frontmatter import body_start


class FileText:
    """The whole text of a file: given, or read by a function when it is first asked for."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: str | Callable[[], str]) -> None:
        self._text = text if isinstance(text, str) else None
        self._read = None if isinstance(text, str) else text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileText) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def text(self) -> str:
        """The text as it was when it was first asked for."""
        if self._text is None:
            assert self._read
            self._text = self._read()
        return self._text

    @property
    def body_start(self) -> int:
        """Where the text behind the front matter begins."""
        return body_start(self.text)


class WithFile:
    """What a record of any kind has of its file.  Each kind has ``path``, relative to the store, itself."""

    __slots__ = ()
    file: FileText

    @property
    def other_name(self) -> str | None:
        """What others call it, if they do."""
        return None

    @property
    def text(self) -> str:
        """The whole file."""
        return self.file.text

    @property
    def body_start(self) -> int:
        """Where the Markdown begins."""
        return self.file.body_start

    def section(self, title: str) -> str:
        """The text of one section of the body, with the headings of its subsections."""
        return sections.content(self.text, title, self.body_start)
