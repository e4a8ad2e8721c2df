"""Python files as syntax trees: their tests, and their public names."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from threading import Lock

_PARSING = Lock()
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class NotPython(Exception):
    """A text that this Python cannot read."""


def tree_of(text: str | None) -> ast.Module:
    """The syntax tree of a file, an empty one where there is none.  Raises NotPython with the reason."""
    try:
        # filters are those of the whole process: one at a time
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text or "")
    except SyntaxError as error:
        where = f"line {error.lineno} is " if error.lineno else ""
        raise NotPython(f"{where}not Python that can be read: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotPython("not Python that can be read") from None


def is_python(path: str) -> bool:
    """Whether a path is that of a Python module or a stub."""
    return path.endswith((".py", ".pyi", ".pyw"))


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, also of its ``if``, ``try`` and ``with``, but no others' bodies."""
    for one in body:
        yield one
        if isinstance(one, ast.If | ast.Try | ast.With | ast.TryStar):
            for inner in ("body", "orelse", "finalbody"):
                yield from statements(getattr(one, inner, ()))
            for handler in getattr(one, "handlers", ()):
                yield from statements(handler.body)


def definitions(body: Sequence[ast.stmt]) -> Iterator[Named]:
    """The functions and classes that a body defines."""
    for one in statements(body):
        if isinstance(one, _DEFINED):
            yield one


def dotted(node: ast.expr) -> str:
    """A name as it is written, ``pytest.mark.skip``; of a call that of what is called; else empty."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def assigned(one: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns to."""
    if isinstance(one, ast.Assign):
        targets: Sequence[ast.expr] = one.targets
    elif isinstance(one, ast.AnnAssign | ast.AugAssign):
        targets = [one.target]
    else:
        alias = getattr(one, "name", None)  # of ``type X = ...``, which older Pythons do not have
        targets = [alias] if isinstance(alias, ast.Name) else []
    for target in targets:
        for node in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            if isinstance(node, ast.Name):
                yield node.id


def imported(tree: ast.Module) -> dict[str, str]:
    """The names that imports anywhere in a module give, and what each stands for."""
    found: dict[str, str] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom):
            found |= {name.asname or name.name: f"{one.module or ''}.{name.name}" for name in one.names}
        elif isinstance(one, ast.Import):
            found |= {name.asname: name.name for name in one.names if name.asname}
    return found


def public_names(tree: ast.Module) -> set[str]:
    """What others may import: ``name`` and ``Class.name``, none with a leading underscore.

    Of a module with ``__all__`` written out: what that names, and the members of classes in it.
    """
    told = _all(tree)
    found: set[str] = set()
    for name, node in _members(tree.body):
        if name in told if told is not None else not name.startswith("_"):
            found.add(name)
            if isinstance(node, ast.ClassDef):
                found |= {f"{name}.{inner}" for inner, _ in _members(node.body) if not inner.startswith("_")}
    return found | (told or set())


def _members(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    for one in statements(body):
        if isinstance(one, _DEFINED):
            yield one.name, one
        for name in assigned(one):
            yield name, one


def _all(tree: ast.Module) -> set[str] | None:
    """What ``__all__`` names; None where there is none, or it is computed."""
    found: set[str] | None = None
    for one in statements(tree.body):
        targets = (
            {one.target.id} if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name) else ()
        )
        if "__all__" not in (*targets, *assigned(one)):
            continue
        try:
            names = ast.literal_eval(getattr(one, "value", None) or "")
        except (ValueError, TypeError, SyntaxError):
            return None
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            return None
        found = {*(found or ()), *names}
    return found
