"""A whole folder of Backlog.md: which file is what, and which are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange import kept_files
from taskorch.interchange.backlog_md import tasks
from taskorch.interchange.backlog_md.decisions import decision
from taskorch.interchange.backlog_md.names import canonical
from taskorch.interchange.backlog_md.page import Page, read_page
from taskorch.interchange.backlog_md.tasks import PLACES, Read, Settings, Tasks
from taskorch.interchange.foreign import Foreign

_MAX_PAGE = 16 << 20
_CONFIGS = ("config.yml", "config.yaml")
_LEFT_OUT = (
    ("docs/", "a document, neither task nor decision: it can stay in the repository as it is"),
    ("milestones/", "its tasks have the label 'milestone:NAME'; what it says of itself is not read"),
    ("archive/milestones/", "its tasks have the label 'milestone:NAME'; what it says of itself is not read"),
    ("assets/", "a file, neither task nor decision: it can stay in the repository as it is"),
)
_OF_THE_PROJECT = ("../backlog.config.yml",)


def read_folder(path: Path) -> Foreign:
    """What a folder holds.  Raises NotFound where it is none of Backlog.md's."""
    folder = _folder(path)
    out = Foreign("backlog-md")
    settings = _settings(folder, out)
    read: list[Read] = []
    for name, page in _pages(folder, out):
        place = next((place for place in PLACES if name.startswith(f"{place}/")), None)
        if place:  # or a folder below it, in which people sort them
            _add(read, page, place, settings, out)
        elif name.startswith("decisions/"):
            _decide(page, out)
        else:
            out.skipped.append((name, "it is in none of the folders that Backlog.md keeps tasks in"))
    read.sort(key=lambda one: PLACES.index(one.place))
    maker = Tasks(read := _with_keys(read, out), settings, out.mapped)
    out.tasks.extend(maker.make(one) for one in read)
    maker.tell()
    return out


def _folder(path: Path) -> Path:
    for folder in (path, *(path / name for name in ("backlog", ".backlog"))):
        if any((folder / part).is_dir() for part in ("tasks", "completed", "drafts", "archive", "decisions")):
            return folder
    raise NotFound(
        f"{path} holds nothing of Backlog.md", hint="name its folder, the one with 'tasks' in it: backlog"
    )


def _settings(folder: Path, out: Foreign) -> Settings:
    """The words for statuses that the folder's configuration has, or the usual ones."""
    place = kept_files.found_in(folder, *_CONFIGS, *_OF_THE_PROJECT)
    if place is None:
        return Settings()
    data = b"---\n" + kept_files.content(place, _MAX_PAGE).rstrip() + b"\n---\n"
    page = read_page(place.name, data)
    words, prefix = page.items("statuses"), page.text("task_prefix")
    out.skipped.append((place.name, "settings of Backlog.md: only its words for statuses are used"))
    usual = Settings()
    return Settings(words or usual.statuses, prefix or usual.prefix)


def _pages(folder: Path, out: Foreign) -> Iterator[tuple[str, Page]]:
    """The files that can be tasks or decisions; of the others is told why they are left out."""
    for name, plain in kept_files.below(folder):
        why = next((why for start, why in _LEFT_OUT if name.startswith(start)), None)
        if not plain:
            why = "no plain file, so it is not read"
        elif name.rpartition("/")[2].lower() == "readme.md":
            why = "a page about the folder, no task"
        elif not why and not name.endswith(".md"):
            why = "no Markdown, so no task"
        if why:
            if name not in _CONFIGS:
                out.skipped.append((name, why))
            continue
        try:
            yield name, read_page(name, kept_files.content(folder / name, _MAX_PAGE))
        except TaskorchError as error:
            out.skipped.append((name, error.message))


def _add(read: list[Read], page: Page, place: str, settings: Settings, out: Foreign) -> None:
    name = tasks.named(page, settings)
    if not name:
        out.skipped.append((page.path, "it has no id, neither inside nor in its name"))
        return
    if page.trouble:
        out.mapped.append((f"task {name}", page.trouble))
    elif not page.has_values:
        out.mapped.append((f"task {name}", f"{page.path} has no front matter; its name says what it is"))
    read.append(Read(page, place, name))


def _with_keys(read: list[Read], out: Foreign) -> list[Read]:
    """The same, where one name is that of several the later ones under names with their folder."""
    seen: set[tuple[str, str]] = set()
    keyed = []
    for one in read:
        known = canonical(one.name)
        keyed.append(replace(one, apart=f"{one.place.partition('/')[0]}/") if known in seen else one)
        if known in seen:
            how = f"there are several; {one.page.path} is '{keyed[-1].alias}'"
            out.mapped.append((f"task {one.name}", how))
        seen.add(known)
    return keyed


def _decide(page: Page, out: Foreign) -> None:
    made = decision(page, out.mapped)
    if made is None:
        out.skipped.append((page.path, "it has no id, neither inside nor in its name"))
        return
    if page.trouble:
        out.mapped.append((f"decision {made.key}", page.trouble))
    out.decisions.append(made)
