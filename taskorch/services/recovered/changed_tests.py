"""Which of some changed files are tests, as far as their names tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The customs of the common test runners: pytest, unittest, Go, JUnit, NUnit, RSpec, Jest, Vitest, ExUnit, ...
_FOLDERS = {"test", "tests", "spec", "specs", "__tests__", "testing", "testdata", "e2e", "features"}
_NAMED_SO = re.compile(
    r"(?:^(?:test|tests|conftest)\.|^test[_-]|[_.-](?:tests?|spec|e2e|cy)\.|(?<=[a-z0-9])(?:Tests?|Spec|IT)\.)"
)
_CODE = re.compile(
    r"\.(?:c|cc|cpp|cs|cxx|clj|cljs|dart|elm|erl|exs?|f90|fs|go|groovy|h|hpp|hs|java|jl|jsx?|kt|lua|m|ml|mjs|mts"
    r"|nim|pas|php|pl|pm|ps1|pyx?|r|rb|rs|scala|sh|sol|svelte|swift|tcl|tsx?|v|vb|vhd|vue|zig)\Z",
    re.IGNORECASE,
)


def is_test(path: str) -> bool:
    """Whether a path looks like that of a test: its name or a folder above it says so."""
    *folders, name = path.split("/")
    return bool(_FOLDERS & {folder.lower() for folder in folders}) or bool(_NAMED_SO.search(name))


def is_code(path: str) -> bool:
    """Whether a path is that of a program's source, tests left out."""
    return bool(_CODE.search(path)) and not is_test(path)


def tests_among(paths: Iterable[str]) -> list[str]:
    """Those of the paths that look like tests."""
    return sorted({path for path in paths if is_test(path)})
