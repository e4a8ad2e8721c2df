"""The tests of a Python file, and what skips them."""

from __future__ import annotations

import pytest

from taskorch.services.streams.python_source import NotPython, public_names, tree_of
from taskorch.services.streams.python_tests import tests_of as read_tests


def names(text: str) -> list[str]:
    return list(read_tests(tree_of(text)).tests)


def skips(text: str) -> list[tuple[str, bool]]:
    """What skips the test ``test_a`` of a file, and whether under a condition."""
    found = read_tests(tree_of(f"import pytest, unittest\n{text}")).tests["test_a"].skips
    return [(one.how, one.conditional) for one in found]


def test_functions_and_classes_as_pytest_and_unittest_find_them() -> None:
    text = """
def test_one(): pass
async def test_two(): pass
def helper():
    def test_inner(): pass
if True:
    def test_three(): pass
class TestFour:
    def test_in(self): pass
    class TestDeep:
        def test_in(self): pass
class TestWithInit:
    def __init__(self): pass
    def test_no(self): pass
class Plain:
    def test_no(self): pass
class Case(unittest.TestCase):
    def test_in(self): pass
"""
    assert names(text) == [
        "test_one", "test_two", "test_three", "TestFour::test_in", "TestFour::TestDeep::test_in",
        "Case::test_in",
    ]  # fmt: skip


def test_a_name_that_stands_twice() -> None:
    text = "def test_a(): pass\ndef test_b(): pass\ndef test_a(): assert 1\n"
    assert read_tests(tree_of(text)).twice == ["test_a"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("def test_a(): assert skip('no skip of a test')", []),
        ("@pytest.mark.skip\ndef test_a(): pass", [("pytest.mark.skip", False)]),
        ("@pytest.mark.skip(reason='x')\ndef test_a(): pass", [("pytest.mark.skip", False)]),
        ("@pytest.mark.skipif(True, reason='x')\ndef test_a(): pass", [("pytest.mark.skipif", True)]),
        ("@pytest.mark.xfail\ndef test_a(): pass", [("pytest.mark.xfail", False)]),
        ("@unittest.skipUnless(x, 'y')\ndef test_a(): pass", [("unittest.skipUnless", True)]),
        ("from unittest import skip as no\n@no('x')\ndef test_a(): pass", [("no", False)]),
        ("import pytest as pt\n@pt.mark.skip\ndef test_a(): pass", [("pt.mark.skip", False)]),
        ("no = pytest.mark.skipif(x, reason='y')\n@no\ndef test_a(): pass", [("pytest.mark.skipif", True)]),
        ("pytestmark = [pytest.mark.skip]\ndef test_a(): pass", [("pytest.mark.skip", False)]),
        ("pytest.importorskip('x')\ndef test_a(): pass", [("pytest.importorskip", True)]),
        ("def test_a():\n    pytest.skip('x')", [("pytest.skip", False)]),
        ("def test_a():\n    if x:\n        pytest.skip('x')", [("pytest.skip", True)]),
        ("def test_a():\n    raise unittest.SkipTest('x')", [("unittest.SkipTest", False)]),
        (
            "@pytest.mark.parametrize('x', [pytest.param(2, marks=pytest.mark.skip)])\ndef test_a(x): pass",
            [("pytest.mark.skip", True)],
        ),
        ("@pytest.mark.parametrize('x', [1])\ndef test_a(x): pass", []),
    ],
)  # fmt: skip
def test_what_skips(text: str, wanted: list[tuple[str, bool]]) -> None:
    assert skips(text) == wanted


def test_a_class_skips_what_is_in_it() -> None:
    text = (
        "import unittest\n@unittest.skip('x')\nclass Case(unittest.TestCase):\n    def test_a(self): pass\n"
    )
    assert read_tests(tree_of(text)).tests["Case::test_a"].skips == (("unittest.skip", False),)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("def f(): 1\ndef _g(): 1\nclass C:\n    x: int = 1\n    def m(self): 1\n    def _n(self): 1",
         {"f", "C", "C.x", "C.m"}),
        ("A, B = 1, 2\nC: int = 3\n_D = 4\nimport os\nif A:\n    E = 5", {"A", "B", "C", "E"}),
        ("from m import thing\n__all__ = ['thing', 'f']\n__all__ += ['g']\ndef f(): pass\ndef h(): pass",
         {"thing", "f", "g"}),
        ("__all__ = sorted(names)\ndef f(): pass", {"f"}),
    ],
)  # fmt: skip
def test_public_names(text: str, wanted: set[str]) -> None:
    assert public_names(tree_of(text)) == wanted


@pytest.mark.parametrize("text", ["def f(:", "x = '\0'", "(" * 5000, "x = " + "-" * 100_000 + "1"])
def test_what_is_no_python_is_said(text: str) -> None:
    with pytest.raises(NotPython):
        tree_of(text)


def test_odd_escapes_warn_nobody() -> None:
    assert names("def test_a():\n    assert '\\d' is 1\n") == ["test_a"]
