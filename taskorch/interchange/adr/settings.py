"""The settings of other tools: adr-tools' ``.adr-dir`` and ``.log4brains.yml``.

log4brains: https://github.com/thomvaill/log4brains (packages/core/src/infrastructure/config/schema.ts)
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records import frontmatter

ADR_DIR, LOG4BRAINS = ".adr-dir", ".log4brains.yml"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of log4brains: its name, its folder and that of its decisions, from the settings' folder."""

    name: str
    path: str
    adr_folder: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings of other tools say.

    ``tool`` is ``adr-tools``, ``log4brains`` or None where there are no settings; ``adr_folder`` is the
    folder of the decisions, from that of the settings.  ``base`` is the folder that is read, from there.
    """

    tool: str | None = None
    adr_folder: str | None = None
    project: str | None = None
    packages: tuple[Package, ...] = ()
    base: str = ""

    def category(self, path: str) -> str | None:
        """The folder of the package whose decision `path` is."""
        full = posixpath.normpath(posixpath.join(self.base, path))
        for package in self.packages:
            if full.startswith(f"{package.adr_folder}/"):
                return package.path
        return None


def read_adr_dir(text: str, base: str = "") -> Settings:
    """What ``.adr-dir`` says: the folder of the decisions, as all its text."""
    folder = text.lstrip(frontmatter.BOM).strip()
    return Settings("adr-tools", _folder(folder) if folder else None, base=base)


def read_log4brains(text: str, base: str = "") -> Settings:
    """What ``.log4brains.yml`` says.  Raises BadRecord with the line where it is not to be read."""
    values = _yaml(text, LOG4BRAINS)
    project = values.get("project")
    if not isinstance(project, dict):
        raise BadRecord("'project' is missing", path=LOG4BRAINS, field="project")
    packages = project.get("packages") or []
    if not isinstance(packages, list):
        raise BadRecord("'packages' is not a list", path=LOG4BRAINS, field="packages")
    return Settings(
        "log4brains",
        _folder(_word(project.get("adrFolder"))),
        _word(project.get("name")) or None,
        tuple(_package(one) for one in packages),
        base,
    )


def _package(said: Any) -> Package:
    if not isinstance(said, dict) or not _word(said.get("adrFolder")):
        raise BadRecord("a package has no 'adrFolder'", path=LOG4BRAINS, field="packages")
    folder = _folder(_word(said["adrFolder"])) or ""
    return Package(_word(said.get("name")), _folder(_word(said.get("path"))) or folder, folder)


def _word(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _folder(path: str) -> str | None:
    return posixpath.normpath(path) if path else None


def _yaml(text: str, path: str) -> dict[str, Any]:
    """The values of a YAML file, read as front matter is."""
    bare = text.lstrip(frontmatter.BOM)
    added = not bare.startswith("---")
    try:
        document = frontmatter.parse(f"---\n{bare}\n---\n" if added else f"{bare}\n---\n", path)
    except BadRecord as bad:
        bad.line = max(1, bad.line - added)
        raise
    return {key: entry.value for key, entry in document.entries.items()}
