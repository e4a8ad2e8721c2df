"""Work streams: those that come with taskorch, and the store's own ones in ``streams/NAME.yaml``.

A file is a YAML mapping; no key has to be there.  One with the name of a built-in stream changes it:
what it says counts, what it leaves out stays as it was.

    description: one line
    guidance: [conventions, one sentence each, in place of the built-in ones]
    more_guidance: [conventions that are added to them]
    files: [files, folders or globs as in ``governs`` of a decision: what counts as work of the stream]
    readiness: [what is asked before work begins: some of `CHECKS`]
    analysis: what completing a task looks at: one of `ANALYSES`
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from taskorch.errors import BadRecord, NotFound, TaskorchError
from taskorch.records.document import Document, Entry
from taskorch.records.frontmatter import BOM, decode, parse
from taskorch.store.layout import Store

FOLDER, SUFFIX = "streams", ".yaml"
CHECKS = ("dependencies", "work_tree", "verification", "session", "protection")
ANALYSES = ("documentation", "testing", "implementation", "files")
BUILT_IN, OWN, OVERRIDE = "built-in", "own", "override"

_KEYS = ("description", "guidance", "more_guidance", "files", "readiness", "analysis")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of work.  ``path`` is its own file as people name it; None: it comes with taskorch.

    ``readiness`` are some of `CHECKS`, ``analysis`` is one of `ANALYSES`, ``files`` are entries as under
    ``governs`` of a decision, relative to the root of the work tree.
    """

    name: str
    description: str = ""
    guidance: tuple[str, ...] = ()
    files: tuple[str, ...] = ("**",)
    readiness: tuple[str, ...] = CHECKS
    analysis: str = "files"
    source: str = OWN
    path: str | None = None


@dataclass
class Streams:
    """The streams by name, what is wrong with their files, and those whose own file cannot be read."""

    defined: dict[str, Stream] = field(default_factory=dict)
    problems: list[BadRecord] = field(default_factory=list)
    broken: dict[str, BadRecord] = field(default_factory=dict)

    def named(self, name: str) -> Stream:
        """The stream of a name.  Raises NotFound, or BadRecord where its own file cannot be read."""
        if name in self.broken:
            raise self.broken[name]
        if name not in self.defined:
            known = sorted(self.defined)
            raise NotFound(
                f"no stream '{name}'",
                hint=f".orchestrator/{FOLDER}/{name}{SUFFIX} would make it"
                if _NAME.match(name)
                else "taskorch stream list shows them",
                candidates=get_close_matches(name, known, 1) or known,
            )
        return self.defined[name]


def load(store: Store) -> Streams:
    """All streams; a file that cannot be read is a problem, and hides no other."""
    found = Streams(dict(built_in()))
    for path in _own_files(store):
        shown = store.shown(f"{FOLDER}/{path.name}")
        try:
            stream, unknown = _read(path, shown, found.defined.get(path.stem))
            found.defined[stream.name] = stream
            found.problems += unknown
        except BadRecord as problem:
            problem.path = shown
            found.problems.append(problem)
            found.broken[path.stem] = problem
    return found


@cache
def built_in() -> dict[str, Stream]:
    """The streams that come with taskorch, by name."""
    here = Path(__file__).parent.parent
    # beside the package in a checkout (editable install), inside it in a wheel
    for folder in (here / "templates" / FOLDER, here.parent / "templates" / FOLDER):
        files = sorted(folder.glob(f"*{SUFFIX}"))
        if files:
            streams = (_read(path, path.name, None)[0] for path in files)
            return {one.name: replace(one, source=BUILT_IN, path=None) for one in streams}
    raise TaskorchError("the built-in streams are missing", hint="install taskorch again")


def _own_files(store: Store) -> list[Path]:
    """The store's own files; of a folder that a symbolic link leads to none is read."""
    folder = store.root / FOLDER
    if folder.is_symlink() or not folder.is_dir():
        return []
    names = (path for path in folder.iterdir() if path.suffix in (SUFFIX, ".yml"))
    return sorted(path for path in names if not path.name.startswith("."))


def _read(path: Path, shown: str, base: Stream | None) -> tuple[Stream, list[BadRecord]]:
    """A stream and the keys of its file that mean nothing.  Raises BadRecord with line and column."""
    if path.suffix != SUFFIX or not _NAME.match(path.stem):
        raise BadRecord(
            f"'{path.name}' is no name of a stream",
            hint=f"letters, digits, - and _, then {SUFFIX}: documentation{SUFFIX}",
        )
    document = _document(path)
    known = base or Stream(path.stem)
    guidance = _texts(document, "guidance", known.guidance)
    stream = replace(
        known,
        description=_text(document, "description", known.description),
        guidance=(*guidance, *_texts(document, "more_guidance", ())),
        files=_texts(document, "files", known.files),
        readiness=_texts(document, "readiness", known.readiness),
        analysis=_text(document, "analysis", known.analysis),
        source=OVERRIDE if base else OWN,
        path=shown,
    )
    _refuse_others(document, "readiness", stream.readiness, CHECKS)
    _refuse_others(document, "analysis", (stream.analysis,), ANALYSES)
    return stream, list(_unknown(document, shown))


def _document(path: Path) -> Document:
    """The file's keys, with their places.  Raises BadRecord."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would be waited for, a link may lead anywhere
            raise BadRecord("not a file, so it is not read", hint="put a file there")
        data = path.read_bytes()
    except OSError as error:
        raise BadRecord(f"cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise BadRecord(f"larger than {_MAX_BYTES // 1024} KiB", hint="shorten it")
    text = decode(data, path.name).removeprefix(BOM)
    if text.startswith(
        "---"
    ):  # YAML's own mark of a beginning: a comment here, so that lines keep their number
        text = f"#--{text[3:]}"
    try:
        # read as front matter, whose first line is the fence put before it here
        ended = text if text.endswith("\n") else f"{text}\n"
        document = parse(f"---\n{ended}---\n", path.name)
        if document.body.strip():
            line = document.position(document.fence_start)[0]
            raise BadRecord("a second YAML document begins", line=line, hint="one mapping a file")
        return document
    except BadRecord as problem:
        problem.line = max(problem.line - 1, 1)
        raise


def _texts(document: Document, key: str, unsaid: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a list, of a single text that one; `unsaid` where there are none.  Raises BadRecord."""
    entry = document.entries.get(key)
    if entry is None or entry.value is None:
        return unsaid
    found = entry.value if isinstance(entry.value, list) else [entry.value]
    if not all(isinstance(one, str) and one.strip() for one in found):
        raise _problem(document, entry, f"'{key}' is not a list of texts")
    return tuple(" ".join(one.split()) for one in found)


def _text(document: Document, key: str, unsaid: str) -> str:
    entry = document.entries.get(key)
    if entry is None or entry.value is None:
        return unsaid
    if not isinstance(entry.value, str):
        raise _problem(document, entry, f"'{key}' is not a text")
    return " ".join(entry.value.split())


def _refuse_others(document: Document, key: str, said: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raise BadRecord for a word that is none of the known ones."""
    for word in said:
        if word not in known:
            words = f"'{key}' names '{word}', none of: {', '.join(known)}"
            raise _problem(document, document.entries[key], words)


def _unknown(document: Document, shown: str) -> Iterator[BadRecord]:
    for key, entry in document.entries.items():
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, 1)
            hint = f"{f'did you mean {close[0]}? ' if close else ''}known: {', '.join(_KEYS)}"
            problem = _problem(document, entry, f"'{key}' is no setting of a stream", hint)
            problem.path = shown
            yield problem


def _problem(document: Document, entry: Entry, words: str, hint: str | None = None) -> BadRecord:
    line, column = document.position(entry.start)
    return BadRecord(words, line=line - 1, column=column, field=entry.key, hint=hint)
