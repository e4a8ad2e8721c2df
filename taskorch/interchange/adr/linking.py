"""Links between the decisions of a folder: where each mention leads, joined from both sides."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote

from taskorch.interchange.adr import names
from taskorch.interchange.adr.adr import INVERSE, Adr, Problem, Reference
from taskorch.records.decision import SUPERSEDED

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_NUMBER = re.compile(r"(?:^|(?<=[^\d]))(\d{1,8})(?!\d)")
_ALONE = re.compile(rf"(?i)(?:(?:{names.WORD})s?[-_ #:.]*|#)?(\d{{1,8}})")
_LOUD = frozenset(INVERSE) - {"relates"}


class _Index:
    """The decisions of a folder by all the names they may be called."""

    def __init__(self, adrs: Sequence[Adr]) -> None:
        self.paths = {posixpath.normpath(adr.path): adr.path for adr in adrs}
        self.by_name: dict[str, list[Adr]] = defaultdict(list)
        self.by_number: dict[int, list[Adr]] = defaultdict(list)
        self.by_title: dict[str, list[Adr]] = defaultdict(list)
        for adr in adrs:
            file = adr.path.rsplit("/", 1)[-1].lower()
            for name in {file, file.rpartition(".")[0], names.stem(adr.path).lower()}:
                self.by_name[name].append(adr)
            if adr.number is not None:
                self.by_number[adr.number].append(adr)
            self.by_title[adr.title.lower()].append(adr)

    def at(self, path: str) -> str | None:
        """The decision at a path, or in the folder of that path."""
        for candidate in (path, f"{path}/README.md", f"{path}/readme.md", f"{path}/index.md", f"{path}.md"):
            if candidate in self.paths:
                return self.paths[candidate]
        return None

    def called(self, name: str, near: Adr) -> str | None:
        """The one decision of a file name, with or without its ending."""
        return _only(self.by_name.get(name.lower(), []), near)

    def numbered(self, number: int, near: Adr) -> tuple[str | None, str | None]:
        """The decision of a number, or why there is none."""
        found = [adr for adr in self.by_number.get(number, []) if adr.path != near.path]
        if not found:
            itself = bool(self.by_number.get(number))
            return None, "itself" if itself else f"no decision of the folder has the number {number}"
        path = _only(found, near)
        if path:
            return path, None
        both = " and ".join(sorted(adr.path for adr in found)[:3])
        return None, f"the number {number} is that of {both}: which of them is meant is not said"


def _only(found: list[Adr], near: Adr) -> str | None:
    """The one of `found`, or the one of the same category."""
    if len(found) > 1:
        found = [adr for adr in found if adr.category == near.category]
    return found[0].path if len(found) == 1 else None


def joined(adrs: Sequence[Adr]) -> tuple[list[Adr], list[Problem]]:
    """The decisions with their links, and what is wrong with these."""
    index = _Index(adrs)
    problems: list[Problem] = []
    links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    successors: dict[str, list[str]] = defaultdict(list)
    for adr in adrs:
        for reference in adr.references:
            path, problem = _resolve(index, adr, reference)
            if problem and (reference.kind in _LOUD):
                problems.append(Problem(adr.path, _line(adr, reference.offset), problem))
            if path and path != adr.path:
                _add(links[adr.path][reference.kind], path)
                _add(links[path][INVERSE[reference.kind]], adr.path)
                if reference.kind == "superseded_by":
                    _add(successors[adr.path], path)
    _forget_weaker(links)
    _forget_whole(links, {adr.path for adr in adrs if adr.status != SUPERSEDED})
    out = [
        replace(
            adr,
            links={kind: tuple(paths) for kind, paths in links[adr.path].items() if paths},
            successors=tuple(successors[adr.path]),
        )
        if adr.path in links
        else adr
        for adr in adrs
    ]
    return out, problems + _cycles(out) + _rivals(out) + _twins(adrs)


def _add(paths: list[str], path: str) -> None:
    if path not in paths:
        paths.append(path)


def _forget_weaker(links: dict[str, dict[str, list[str]]]) -> None:
    """'Relates to' says nothing more where another kind joins the same two."""
    for kinds in links.values():
        told = {path for kind, paths in kinds.items() if kind != "relates" for path in paths}
        kinds["relates"] = [path for path in kinds.get("relates", []) if path not in told]


def _forget_whole(links: dict[str, dict[str, list[str]]], standing: set[str]) -> None:
    """Of a decision that still stands and says itself that it was superseded in part, only that holds."""
    for path in standing & set(links):
        partly = set(links[path].get("amended_by", ()))
        for newer in [one for one in links[path].get("superseded_by", ()) if one in partly]:
            links[path]["superseded_by"].remove(newer)
            links[newer]["supersedes"].remove(path)


def _resolve(index: _Index, adr: Adr, reference: Reference) -> tuple[str | None, str | None]:
    """The path a mention leads to, or None; and what is wrong with it."""
    if reference.target:
        return _follow(index, adr, reference)
    words = reference.words.strip()
    number = _ALONE.fullmatch(words)
    if number:
        path, problem = index.numbered(int(number[1]), adr)
        return path, f"'{words}' is the decision itself" if problem == "itself" else problem
    path = index.called(words.rsplit("/", 1)[-1], adr) or _only(index.by_title.get(words.lower(), []), adr)
    if path:
        return path, None
    told = names.take_apart(words)
    if told.number is not None:
        path, problem = index.numbered(told.number, adr)
        return path, f"'{words}' is the name of no file" + (f"; read as {path}" if path else "")
    return None, f"'{words}' is the name of no decision of the folder"


def _follow(index: _Index, adr: Adr, reference: Reference) -> tuple[str | None, str | None]:
    """Where a link leads: by its path, else by the file's name, else by the number in it."""
    target = reference.target
    elsewhere = bool(_ELSEWHERE.match(target))
    bare = target if elsewhere else _plain_path(index, adr, target)
    if not bare or bare.startswith("#"):
        number = _ALONE.match(reference.words)
        return index.numbered(int(number[1]), adr) if number else (None, None)
    if not elsewhere:
        found = index.at(posixpath.normpath(posixpath.join(posixpath.dirname(adr.path), bare)))
        if found:
            return found, f"'{target}' is the decision itself" if found == adr.path else None
    name = bare.split("#", 1)[0].split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    found = index.called(unquote(name), adr)
    if found:
        return found, f"'{target}' is the decision itself" if found == adr.path else None
    if elsewhere:
        return None, None
    return _by_number(index, adr, reference, name)


def _by_number(index: _Index, adr: Adr, reference: Reference, name: str) -> tuple[str | None, str | None]:
    nowhere = f"'{reference.target}' leads to no decision of the folder"
    own = names.take_apart(names.stem(name) or name)
    number = own.number
    if number is None:
        told = _ALONE.match(reference.words)
        number = int(told[1]) if told else None
    if number is None:
        return None, nowhere
    path, problem = index.numbered(number, adr)
    if not path:
        return None, nowhere if problem == "itself" or (problem and problem.startswith("no ")) else problem
    if name.isdigit() or not names.is_markup(name):
        return path, None  # a site's own address: /adr/12
    return path, f"'{reference.target}' leads to no file; by its number it is read as {path}"


def _plain_path(index: _Index, adr: Adr, target: str) -> str:
    """A link's path without anchor and escapes; a number sign may be of the file's name."""
    for spelled in (target, unquote(target)):
        if index.at(posixpath.normpath(posixpath.join(posixpath.dirname(adr.path), spelled))):
            return spelled
    return unquote(target.split("#", 1)[0].split("?", 1)[0])


def _line(adr: Adr, offset: int) -> int:
    return adr.text.count("\n", 0, offset) + 1


def _twins(adrs: Iterable[Adr]) -> list[Problem]:
    """Decisions of one category whose file names have one number; days may have several."""
    seen: dict[tuple[str | None, int], str] = {}
    out = []
    for adr in adrs:
        name = names.take_apart(names.stem(adr.path))
        if name.number is None or (name.date and len(name.digits) >= 8):
            continue
        first = seen.setdefault((adr.category, name.number), adr.path)
        if first != adr.path:
            out.append(Problem(adr.path, 1, f"the number {name.number} is also that of {first}"))
    return out


def _rivals(adrs: Iterable[Adr]) -> list[Problem]:
    """Decisions that several supersede."""
    return [
        Problem(adr.path, 1, f"superseded by several: {', '.join(adr.superseded_by)}")
        for adr in adrs
        if len(adr.superseded_by) > 1
    ]


def _cycles(adrs: Sequence[Adr]) -> list[Problem]:
    """Rings of decisions that supersede each other, each told once."""
    later = {adr.path: adr.superseded_by for adr in adrs if adr.superseded_by}
    done: set[str] = set()
    out = []
    for start in sorted(later):
        trail: list[str] = []
        stack = [(start, 0)]
        while stack:
            path, depth = stack.pop()
            del trail[depth:]
            if path in trail:
                ring = trail[trail.index(path) :]
                if not done & set(ring):
                    out.append(Problem(ring[0], 1, f"they supersede each other: {', '.join([*ring, path])}"))
                    done |= set(ring)
                continue
            if path in done:
                continue
            trail.append(path)
            stack += [(following, depth + 1) for following in later.get(path, ())]
        done |= set(trail)
    return out
