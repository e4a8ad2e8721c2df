"""The file of tasks, in all its forms, and the folder it lies in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange import foreign_json, kept_files
from taskorch.interchange.foreign import Foreign
from taskorch.interchange.foreign_text import clean, fields, utc
from taskorch.interchange.task_master.tasks import Item, Tag, number

_Tagged = tuple[str, list[Any], datetime | None]
MASTER = "master"
_FILES = ("tasks/tasks.json", ".taskmaster/tasks/tasks.json", "tasks.json")
_LEFT_OUT = (
    ("reports/", "a report that Task Master makes of its tasks; what it says of a task is not read"),
    ("docs/", "a document, no task: it can stay in the repository as it is"),
    ("templates/", "a template of Task Master"),
    ("tasks/", "a copy that Task Master writes of its tasks, or no tasks at all"),
)


def read_tasks(path: Path) -> Foreign:
    """What a file or folder holds.  Raises NotFound where no tasks are, TaskorchError for what is no JSON."""
    file = _file(path)
    out = Foreign("task-master")
    try:
        said = foreign_json.loads(kept_files.content(file))
    except ValueError as error:
        raise TaskorchError(f"{file}: {error}", hint="mend the file, or name another") from None
    if not isinstance(said, dict | list):
        raise TaskorchError(f"{file} holds no tasks: it is neither a list nor tags with tasks")
    tags = [Tag(name, list(_items(name, tasks, out)), begun) for name, tasks, begun in _tags(said, out)]
    if not tags:
        raise TaskorchError(f"{file} holds no tasks", hint="name the tasks.json of Task Master")
    if path != file:
        _tell_of_the_rest(path, file, out)
    seen = Counter(item.name for tag in tags for item in tag.items)
    several = len(tags) > 1 or tags[0].name != MASTER
    for tag in tags:
        out.tasks.extend(tag.tasks(seen, several, out))
    return out


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = kept_files.found_in(path, *_FILES)
    if found is None:
        raise NotFound(f"{path} has no tasks/tasks.json", hint="name the tasks.json of Task Master")
    return found


def _tags(said: dict[str, Any] | list[Any], out: Foreign) -> Iterator[_Tagged]:
    """The tasks of each tag: of the old form, which knew no tags, all in the tag that took their place."""
    if isinstance(said, list):
        yield MASTER, said, None
        return
    old = isinstance(said.get("tasks"), list)
    if old:
        yield MASTER, said["tasks"], _begun(said)
    for name, value in said.items():
        if old and name == "tasks":
            continue
        if isinstance(value, dict) and isinstance(value.get("tasks"), list):
            yield clean(name).strip() or MASTER, value["tasks"], _begun(value)
            _tell(f"tag {clean(name)}", {key: one for key, one in value.items() if key != "tasks"}, out)
        else:
            _tell("the file", {name: value}, out)


def _begun(said: Mapping[str, Any]) -> datetime | None:
    """When a tag was made, as its metadata have it."""
    found = said.get("metadata")
    when = utc(found.get("created")) if isinstance(found, dict) else None
    return datetime.fromisoformat(when) if when else None


def _tell(what: str, values: Mapping[str, Any], out: Foreign) -> None:
    """Tell of what stands beside the tasks, in one row."""
    said = fields(values).replace("\n- ", "; ").removeprefix("- ")
    if said:
        out.skipped.append((what, f"said beside its tasks: {' '.join(said.split())}"))


def _items(tag: str, said: list[Any], out: Foreign) -> Iterator[Item]:
    """The tasks of a tag, each followed by its subtasks; of what is none is told."""
    for at, one in enumerate(said, 1):
        item = _item(f"tag {tag}, task {at}", one, out)
        if item is None:
            continue
        yield item
        yield from _subtasks(tag, item, out)


def _subtasks(tag: str, above: Item, out: Foreign) -> Iterator[Item]:
    waiting = [above]
    while waiting:
        item = waiting.pop(0)
        said = item.said.get("subtasks")
        for at, one in enumerate(said if isinstance(said, list) else [], 1):
            found = _item(f"tag {tag}, subtask {at} of {item.name}", one, out, item)
            if found:
                yield found
                waiting.append(found)


def _item(what: str, one: Any, out: Foreign, above: Item | None = None) -> Item | None:
    if not isinstance(one, dict):
        out.skipped.append((what, f"no task: {clean(one)[:200]}"))
        return None
    name = number(one.get("id"))
    if not name:
        out.skipped.append((what, f"it has no id: {clean(one.get('title') or '')[:200]}"))
        return None
    if above and not name.startswith(f"{above.name}."):
        name = f"{above.name}.{name}"
    return Item(name, one, above)


def _tell_of_the_rest(path: Path, file: Path, out: Foreign) -> None:
    """Tell of the other files of Task Master's folder; a project's folder holds more than that."""
    folder = file.parent.parent if file.parent.name == "tasks" else file.parent
    if folder.name != ".taskmaster" and folder != path:
        return
    if folder == path and folder.name != ".taskmaster" and not (folder / "config.json").exists():
        return
    for name, _ in kept_files.below(folder):
        if folder / name != file:
            why = next(
                (why for start, why in _LEFT_OUT if name.startswith(start)), "a setting of Task Master"
            )
            out.skipped.append((name, why))
