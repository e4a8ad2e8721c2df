"""Reads a package's imports from its source, for the architecture test: nothing is executed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_STARTS_PROCESS = re.compile(r"(system|popen|(exec|spawn)[lv]p?e?|posix_spawnp?|fork(pty)?|startfile)$")


@dataclass(frozen=True)
class Import:
    """One imported name: ``target`` is a module, ``name`` what is taken from it, if anything."""

    importer: str
    line: int
    target: str
    name: str = ""

    @property
    def place(self) -> str:
        return f"{self.importer}:{self.line}"


class Sources:
    """The modules of one package folder, parsed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder.name
        self.files = {self._dotted(folder, file): file for file in sorted(folder.rglob("*.py"))}
        self.trees = {
            name: ast.parse(file.read_text("utf-8"), str(file)) for name, file in self.files.items()
        }

    @staticmethod
    def _dotted(folder: Path, file: Path) -> str:
        parts = file.relative_to(folder.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def layer(self, module: str) -> str:
        """The part of the package a module belongs to; empty for the package itself."""
        return module.removeprefix(self.root).strip(".").partition(".")[0]

    def is_own(self, module: str) -> bool:
        return module == self.root or module.startswith(f"{self.root}.")

    def imports(self) -> Iterator[Import]:
        """All imports: at the top, in functions, for type checking, and by a module's name in a string."""
        for module, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    yield from (Import(module, node.lineno, alias.name) for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield from self._imports_from(module, node)
                elif isinstance(node, ast.Constant) and node.value in self.files and node.value != self.root:
                    yield Import(module, node.lineno, str(node.value))

    def _imports_from(self, module: str, node: ast.ImportFrom) -> Iterator[Import]:
        base = node.module or ""
        if node.level:
            is_package = self.files[module].name == "__init__.py"
            above = module.split(".")[: len(module.split(".")) - node.level + is_package]
            base = ".".join([*above, *filter(None, [node.module])])
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            if inner in self.files:
                yield Import(module, node.lineno, inner)
            else:
                yield Import(module, node.lineno, base, alias.name)

    def cycle(self) -> list[str]:
        """A ring of modules that import each other, if there is one.

        The package's own ``__init__`` is left out: it names its exports and loads them on first use.
        """
        graph: dict[str, set[str]] = {}
        for found in self.imports():
            if found.target in self.files and self.root not in (found.importer, found.target):
                graph.setdefault(found.importer, set()).add(found.target)
        for module, targets in graph.items():
            targets.discard(module)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            return list(reversed(error.args[1]))
        return []

    def process_calls(self) -> Iterator[str]:
        """Uses of the functions of ``os`` and ``asyncio`` that start a process."""
        for module, tree in self.trees.items():
            for node in ast.walk(tree):
                owner, names = _names_used(node)
                for name in names:
                    if (owner == "os" and _STARTS_PROCESS.match(name)) or (
                        owner == "asyncio" and name.startswith("create_subprocess")
                    ):
                        yield f"{module}:{getattr(node, 'lineno', 0)}: {owner}.{name}"


def _names_used(node: ast.AST) -> tuple[str, list[str]]:
    """Module and names of ``module.name`` and of ``from module import name``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, [node.attr]
    if isinstance(node, ast.ImportFrom) and node.module:
        return node.module, [alias.name for alias in node.names]
    return "", []
