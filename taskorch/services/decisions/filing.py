"""Where a new decision is filed in a folder that is split into subfolders, and which number it gets.

MADR's users keep a category in a subfolder, mostly with numbers of its own
(https://adr.github.io/madr/decisions/0010-support-categories.html); log4brains' packages have folders of
their own.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from taskorch.interchange.adr import drafting
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.names import is_own_folder
from taskorch.records.decision import Decision
from taskorch.services.decisions.folders import AdrFolder


@dataclass(frozen=True, slots=True)
class Filed:
    """The subfolder (empty: the folder itself), the decisions there, the next number, and what it says.

    ``said`` are the category and components of the decision that the subfolder tells already.
    """

    where: str
    beside: tuple[Adr, ...]
    number: int
    said: frozenset[str]


def filed(folder: AdrFolder, one: Decision) -> Filed:
    """Where a new decision belongs: in the subfolder of its category or of one of its components.

    Else it goes where those without a category are: into the folder itself, unless all are in one
    subfolder.
    """
    adrs = folder.read.adrs
    homes = _homes(folder)
    wanted = [word for word in (one.category, *one.components) if word]
    word = next((word for word in wanted if word.lower() in homes), None)
    where = homes[word.lower()] if word else _usual([adr for adr in adrs if not adr.category] or adrs)
    beside = tuple(adr for adr in adrs if _home(adr) == where)
    counted = beside if _count_apart(adrs) else adrs
    return Filed(where, beside or adrs, drafting.next_number(counted), frozenset([word] if word else []))


def _homes(folder: AdrFolder) -> Mapping[str, str]:
    """The subfolders by their names in lower case: whole ones, and last parts that only one has."""
    known: dict[str, list[str]] = {}
    for adr in folder.read.adrs:
        if adr.category:
            known.setdefault(adr.category.lower(), []).append(_home(adr))
    homes = {name: Counter(places).most_common(1)[0][0] for name, places in known.items()}
    homes |= {name.lower(): place for name, place in folder.homes}
    ends = Counter(map(_end, known))
    return {_end(name): place for name, place in homes.items() if ends[_end(name)] == 1} | homes


def _end(name: str) -> str:
    return name.rpartition("/")[2]


def _usual(adrs: Iterable[Adr]) -> str:
    """The only subfolder that has decisions, else the folder itself."""
    homes = {_home(adr) for adr in adrs}
    return homes.pop() if len(homes) == 1 else ""


def _home(adr: Adr) -> str:
    """The subfolder a decision is filed in: not the one that it has for itself."""
    where = posixpath.dirname(adr.path)
    return posixpath.dirname(where) if is_own_folder(adr.path) else where


def _count_apart(adrs: Iterable[Adr]) -> bool:
    """Whether each subfolder has numbers of its own: one number is then that of several decisions."""
    places: dict[int, set[str]] = {}
    for adr in adrs:
        if adr.number is not None:
            places.setdefault(adr.number, set()).add(_home(adr))
    return any(len(one) > 1 for one in places.values())
