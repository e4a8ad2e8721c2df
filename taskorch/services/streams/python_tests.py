"""The tests in a Python file, as pytest and unittest find them by default, and which of them are skipped.

https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery: functions ``test*`` of the
module and of classes ``Test*`` without ``__init__``, and of classes with bases, for unittest's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from taskorch.services.streams.python_source import (
    Named,
    assigned,
    definitions,
    dotted,
    imported,
    statements,
)

_ALWAYS = {"skip", "skipTest", "SkipTest", "xfail", "expectedFailure"}
_IF = {"skipif", "skipIf", "skipUnless", "importorskip"}
_ROOTS = {"pytest", "unittest"}


class Skip(NamedTuple):
    """What skips a test, as it is written, and whether only where a condition holds."""

    how: str
    conditional: bool


@dataclass(frozen=True)
class Test:
    """A test: its name (``TestLogin::test_wrong_password``), its line, and what skips it.

    ``whole`` is its syntax, ``text`` the same without the name.
    """

    __test__ = False  # none of ours, though it is called so

    name: str
    line: int
    skips: tuple[Skip, ...]
    text: str
    whole: str


@dataclass
class TestsOf:
    """The tests of a file by name, and the names that stand twice: the earlier of these never runs."""

    __test__ = False

    tests: dict[str, Test] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)


def tests_of(tree: ast.Module) -> TestsOf:
    """The tests of a module.  Raises RecursionError for one that is nested too deep."""
    found, skips = TestsOf(), _Skips(imported(tree))
    for one in statements(tree.body):
        for name in assigned(one):
            skips.marks[name] = skips.in_expression(getattr(one, "value", None))
    _collect(tree.body, "", skips.of_body(tree.body), skips, found)
    return found


def _collect(
    body: Sequence[ast.stmt], prefix: str, outer: tuple[Skip, ...], skips: _Skips, found: TestsOf
) -> None:
    direct = {id(one) for one in body}
    for one in definitions(body):
        marks = [*outer, *(skip for mark in one.decorator_list for skip in skips.in_expression(mark))]
        if isinstance(one, ast.ClassDef):
            if _is_collected(one):
                inner = (*marks, *skips.of_body(one.body))
                _collect(one.body, f"{prefix}{one.name}::", inner, skips, found)
        elif one.name.startswith("test"):
            name = f"{prefix}{one.name}"
            if name in found.tests and id(one) in direct and not one.decorator_list:
                found.twice.append(name)
            whole = ast.dump(one)
            every = tuple(dict.fromkeys((*marks, *skips.in_function(one))))
            found.tests[name] = Test(name, one.lineno, every, whole.replace(repr(one.name), "", 1), whole)


def _is_collected(one: ast.ClassDef) -> bool:
    own_init = any(inner.name == "__init__" for inner in definitions(one.body))
    return bool(one.bases) or (one.name.startswith("Test") and not own_init)


@dataclass
class _Skips:
    """What skips tests in a module: ``names`` are its imports, ``marks`` the skips that a name stands for."""

    names: Mapping[str, str]
    marks: dict[str, tuple[Skip, ...]] = field(default_factory=dict)

    def of_body(self, body: Sequence[ast.stmt]) -> tuple[Skip, ...]:
        """What skips all tests of a module or class: ``pytestmark``, or a call where it is loaded."""
        out: list[Skip] = []
        direct = {id(one) for one in body}
        for one in statements(body):
            if "pytestmark" in assigned(one):
                out += self.in_expression(getattr(one, "value", None))
            elif isinstance(one, ast.Expr | ast.Assign | ast.Raise):
                out += self._calls(one, conditional=id(one) not in direct)
        return tuple(out)

    def in_function(self, one: Named) -> Iterator[Skip]:
        """The skips that a test's own lines call; in a branch of them they hold under a condition."""
        for statement in one.body:
            plain = isinstance(statement, ast.Expr | ast.Raise | ast.Assign | ast.Return)
            yield from self._calls(statement, conditional=not plain)

    def in_expression(self, node: ast.expr | None) -> tuple[Skip, ...]:
        """The skips in a decorator or a list of marks, also in the parameter sets that it gives."""
        out: list[Skip] = []
        for one, of_some in _parts(node, inside=False) if node else ():
            if isinstance(one, ast.Name) and one.id in self.marks:
                out += [Skip(how, of_some or under) for how, under in self.marks[one.id]]
            elif self._is_skip(one):
                under = _last(one) in _IF or (_last(one) == "xfail" and _has_condition(one))
                out.append(Skip(dotted(one), under or of_some))
        return tuple(dict.fromkeys(out))

    def _calls(self, statement: ast.stmt, *, conditional: bool) -> Iterator[Skip]:
        for node in ast.walk(statement):
            raised = node.exc if isinstance(node, ast.Raise) else None
            one = node if isinstance(node, ast.Call) else raised if isinstance(raised, ast.expr) else None
            marks = ".mark." in self._meant(one) if one else True
            if one and not marks and self._is_skip(one):
                yield Skip(dotted(one), conditional or _last(one) in _IF)

    def _is_skip(self, one: ast.expr) -> bool:
        meant = self._meant(one).split(".")
        return meant[-1] in _ALWAYS | _IF and (meant[-1] == "skipTest" or bool(_ROOTS & set(meant)))

    def _meant(self, one: ast.expr) -> str:
        """A name with what its first part was imported as."""
        first, dot, rest = dotted(one).partition(".")
        return f"{self.names.get(first, first)}{dot}{rest}"


def _parts(node: ast.expr, *, inside: bool) -> Iterator[tuple[ast.expr, bool]]:
    """The calls and names in an expression, none that is part of a longer name; whether inside of a call."""
    if isinstance(node, ast.Call):
        yield node, inside
        for one in [*node.args, *(word.value for word in node.keywords)]:
            yield from _parts(one, inside=True)
    elif isinstance(node, ast.Attribute | ast.Name):
        yield node, inside
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _parts(child, inside=inside)


def _last(one: ast.expr) -> str:
    return dotted(one).rsplit(".", 1)[-1]


def _has_condition(node: ast.expr) -> bool:
    """Whether a call has a condition: a positional argument, or ``condition=``."""
    return isinstance(node, ast.Call) and bool(node.args or any(w.arg == "condition" for w in node.keywords))
