"""A whole store as JSON Lines: one line that says what it is, then one for each file, by path.

``{"export": "taskorch", "version": 1, "format": 1, "files": COUNT}``, then ``{"path": PATH, "text": TEXT,
"sha256": DIGEST}``, or with ``base64`` in place of ``text`` for what is not UTF-8.  Paths are relative to the
store.  The digest, in hexadecimal, is that of the content.  All is ASCII.  Who writes such a file by hand can
leave out the count and the digests.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from taskorch.errors import BadRecord, NewerFormat
from taskorch.records import schema

VERSION = 1
"""The version of this form; a change of it is named here.

1  first version (0.1.0)
"""
_HEAD = "export"


def written(files: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of files, without line ends: the same files give the same lines."""
    yield json.dumps({_HEAD: "taskorch", "version": VERSION, "format": schema.FORMAT, "files": len(files)})
    for path in sorted(files):
        yield json.dumps({"path": path} | _content(files[path]) | {"sha256": _digest(files[path])})


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(lines: Iterable[bytes], name: str) -> dict[str, bytes]:
    """The files in the lines of a file of that name, by path.  Raises BadRecord or NewerFormat."""
    files: dict[str, bytes] = {}
    head: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        found = _object(line, name, number)
        if not head:
            _check(found, name)
            head = found
            continue
        path, data = _file(found, name, number)
        if path in files:
            raise _bad(name, number, f"'{path}' is there a second time")
        files[path] = data
    if not head:
        raise _bad(name, 1, "the file is empty")
    if head.get("files", len(files)) != len(files):
        raise _bad(name, len(files) + 1, f"it ends after {len(files)} of {head['files']!r} files")
    return files


def is_export(first: bytes) -> bool:
    """Whether a line is the first one of an export."""
    try:
        found = json.loads(first)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get(_HEAD) == "taskorch"


def _object(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _bad(name, number, "not a JSON object") from None
    if not isinstance(found, dict):
        raise _bad(name, number, "not a JSON object")
    return found


def _check(head: Mapping[str, Any], name: str) -> None:
    """Raise BadRecord or NewerFormat unless the first line is one that we can go on from."""
    if head.get(_HEAD) != "taskorch":
        raise _bad(name, 1, "not an export of taskorch: its first line says so")
    for key, known in (("version", VERSION), ("format", schema.FORMAT)):
        value = head.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise _bad(name, 1, f"'{key}' is {value!r}, not a number from 1 up")
        if value > known:
            raise NewerFormat(
                f"{name} has {key} {value}; this taskorch reads up to {known}",
                hint="install a newer taskorch",
            )


def _file(found: Mapping[str, Any], name: str, number: int) -> tuple[str, bytes]:
    path = found.get("path")
    if not isinstance(path, str) or not path:
        raise _bad(name, number, "'path' is missing")
    try:
        path.encode("utf-8", "surrogateescape")  # as names of files are kept that are not UTF-8
        data = _data(found)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise _bad(name, number, f"{path!a} or its content cannot be read") from None
    if data is None:
        raise _bad(name, number, f"'{path}' has neither 'text' nor 'base64'")
    if found.get("sha256", "") not in ("", digest := _digest(data)):
        raise _bad(name, number, f"the content of '{path}' is not what was exported: its digest is {digest}")
    return path, data


def _data(found: Mapping[str, Any]) -> bytes | None:
    text, coded = found.get("text"), found.get("base64")
    if isinstance(text, str):
        return text.encode("utf-8")
    return base64.b64decode(coded, validate=True) if isinstance(coded, str) else None


def _bad(name: str, number: int, words: str) -> BadRecord:
    hint = "taskorch export --output FILE writes such a file"
    return BadRecord(words, path=name, line=number, hint=hint)
