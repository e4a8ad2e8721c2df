"""Finds stale documentation: dead links, an outdated command reference, commands without an example.

``python tests/docs_check.py`` prints every problem and exits 1 if there is one;
``python tests/docs_check.py --line NAME`` prints one of the two copy-paste lines of the README, using
nothing but the standard library, so that CI can run it before anything is installed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).resolve().parent.parent
README_LINES = ("demo", "tests")

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(
    r"""\]\(\s*<?([^)\s>]+)>?(?:\s+["'(][^)]*)?\)"""  # [text](target "title"), also of images
    r"""|^\s{0,3}\[[^\]^]+\]:\s+<?([^\s>]+)"""  # [name]: target
    r"""|\b(?:href|src)="([^"]+)\""""
)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_ANCHOR_TAG = re.compile(r"""\b(?:id|name)="([^"]+)\"""")


def documents(root: Path) -> list[Path]:
    """The Markdown files whose links are promises to readers."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.md")])


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines outside fenced code blocks."""
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if fence:
            closes = match and match[1].startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if closes else fence
        elif match:
            fence = match[1]
        else:
            yield number, line


def anchors(text: str) -> set[str]:
    """The fragments a Markdown text can be linked by, as code hosts make them from headings."""
    found: set[str] = set()
    for _, line in prose_lines(text):
        found.update(_ANCHOR_TAG.findall(line))
        if heading := _HEADING.match(line):
            shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
            repeats = (f"{slug}-{count}" for count in range(1, len(found) + 2))
            found.add(slug if slug not in found else next(name for name in repeats if name not in found))
    return found


def links(text: str) -> Iterator[tuple[int, str]]:
    """Line and target of every link that is no code."""
    for number, line in prose_lines(text):
        for match in _LINK.finditer(_CODE_SPAN.sub("", line)):
            yield number, match[1] or match[2] or match[3]


def link_problem(root: Path, page: Path, target: str) -> str | None:
    """Why a link of a page leads nowhere, or None; what has a scheme is not followed."""
    if _SCHEME.match(target):
        return None
    path, _, fragment = target.partition("#")
    file = (page.parent / unquote(path)).resolve() if path else page
    if path.startswith("/") or not file.is_relative_to(root):
        return "leaves the repository"
    if not file.exists():
        return "no such file"
    if fragment and file.suffix == ".md" and unquote(fragment) not in anchors(file.read_text("utf-8")):
        return "no such heading"
    return None


def check_links(root: Path = ROOT) -> list[str]:
    """Every relative link leads to a file, and its fragment to a heading."""
    problems = []
    for page in documents(root):
        for number, target in links(page.read_text("utf-8")):
            if problem := link_problem(root, page, target):
                problems.append(f"{page.relative_to(root)}:{number}: {target}: {problem}")
    return problems


def readme_line(name: str, root: Path = ROOT) -> str:
    """The one command of the bash block that follows ``<!-- line: NAME -->`` directly."""
    text = (root / "README.md").read_text("utf-8")
    blocks = re.findall(rf"^<!-- line: {re.escape(name)} -->\n```bash\n(.*?)\n```$", text, re.M | re.S)
    if len(blocks) != 1 or not blocks[0].strip() or "\n" in blocks[0]:
        raise ValueError(f"README.md: needs one bash block of one line directly after <!-- line: {name} -->")
    return str(blocks[0])


def check_readme(root: Path = ROOT) -> list[str]:
    """The copy-paste lines that CI runs are there."""
    problems = []
    for name in README_LINES:
        try:
            readme_line(name, root)
        except ValueError as error:
            problems.append(str(error))
    return problems


def check_reference(root: Path = ROOT) -> list[str]:
    """docs/cli.md is what the command tree says."""
    page = root / "docs" / "cli.md"
    command = [sys.executable, "-X", "utf8", "-m", "taskorch.cli.reference"]
    wanted = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "COLUMNS": "80"})
    return compare_reference(page.read_bytes() if page.exists() else b"", wanted.stdout)


def compare_reference(present: bytes, wanted: bytes) -> list[str]:
    """The first difference of the stored reference from a new one."""
    if present == wanted:
        return []
    old, new = present.splitlines(), wanted.splitlines()
    same = (index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    number = next(same, min(len(old), len(new))) + 1
    return [f"docs/cli.md:{number}: stale; run: python -m taskorch.cli.reference > docs/cli.md"]


def leaf_commands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """The words and the command of every leaf that help shows."""
    import click

    if command.hidden:
        return
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    context = click.Context(command, info_name=words[-1])
    for name in command.list_commands(context):
        if child := command.get_command(context, name):
            yield from leaf_commands(child, (*words, name))


def missing_examples(tree: click.Command) -> list[str]:
    """Commands whose help text holds no line that calls them."""
    problems = []
    for words, command in leaf_commands(tree, ("taskorch",)):
        lines = f"{command.help or ''}\n{command.epilog or ''}".splitlines()
        if not any(re.match(rf"\s*(\$ )?{re.escape(words)}(\s|$)", line) for line in lines):
            problems.append(f"{words}: no example in its help (a line that begins with: {words})")
    return problems


def check_examples() -> list[str]:
    """Every command shows in its own help how it is called."""
    from taskorch.cli.app import cli

    return missing_examples(cli)


CHECKS = (check_links, check_readme, check_reference, check_examples)


def main() -> int:
    """Print the problems, or one line of the README."""
    parser = argparse.ArgumentParser(description="Find stale documentation.")
    parser.add_argument("--line", choices=README_LINES, help="print this copy-paste line of the README")
    if name := parser.parse_args().line:
        print(readme_line(name))
        return 0
    problems = [problem for check in CHECKS for problem in check()]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
