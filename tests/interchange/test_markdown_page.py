"""What is read of a Markdown page: headings, anchors and links, none of them from code or comments."""

from __future__ import annotations

import time

import pytest

from taskorch.interchange.markdown_page import read_page


def targets(text: str) -> list[tuple[int, str]]:
    return [(link.line, link.target) for link in read_page(text).links]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a](one.md)", ["one.md"]),
        ('![i](img/p.png "a title") [b](<two words.md>)', ["img/p.png", "two words.md"]),
        ("[a](f_(x).md#part)", ["f_(x).md#part"]),
        ("[![badge](b.svg)](one.md)", ["one.md", "b.svg"]),
        ("[text\nover two lines](one.md)", ["one.md"]),
        ("[a]: one.md 'title'\n[^1]: a note", ["one.md"]),
        ("<a href=\"one.md\">x</a> <img src='p.png'>", ["one.md", "p.png"]),
        ("[a][x] [x]\n\n[x]: one.md\n[X]: two.md\n[^1]: note", ["one.md", "two.md"]),
        ("<https://example.org> [a](javascript:x) [b](b%20c.md)", ["javascript:x", "b%20c.md"]),
        ("| a | b | c |\n|---|---|---|\n| `x | [a](one.md) | y` |", ["one.md"]),
        ("<div>\n<!-- <a href='no.md'> -->\n<a href='one.md'>\n</div>", ["one.md"]),
        ("> quoted [a](one.md)", ["one.md"]),
        ("- item\n\n    [a](one.md)", ["one.md"]),
        ("## Heading [a](one.md)", ["one.md"]),
        ("\\[a](one.md) [b\\](two.md)", []),
        ("`[a](one.md)` ``[b](two.md) ` ``", []),
        ("`a span\nover lines [a](one.md)`", []),
        ("a ` alone [a](one.md)", ["one.md"]),
        ("```\n[a](one.md)\n```\n[b](two.md)", ["two.md"]),
        ("~~~\n[a](one.md)\n```\n~~~\n[b](two.md)", ["two.md"]),
        ("- item\n  ```\n  [a](one.md)\n  ```", []),
        ("> ```\n> [a](one.md)\n> ```\n\n[b](two.md)", ["two.md"]),
        ("text\n\n    [a](one.md)\n\n[b](two.md)", ["two.md"]),
        ("text\n    [a](one.md)", ["one.md"]),
        ("x <!-- [a](one.md) --> [b](two.md)", ["two.md"]),
        ("<!--\n[a](one.md)\n\n[c](three.md)\n-->\n[b](two.md)", ["two.md"]),
        ("<pre>\n[a](one.md)\n</pre>\n[b](two.md)", ["two.md"]),
        ("---\nlink: '[a](one.md)'\n---\n[b](two.md)", ["two.md"]),
        ("list[0](x y)", []),
    ],
)
def test_links(text: str, wanted: list[str]) -> None:
    assert [target for _, target in targets(text)] == wanted


def test_links_have_their_lines() -> None:
    text = "# T\n\none [a](1.md)\ntwo [b](2.md)\r\n\n```\nx\n```\n[c]: 3.md\n"
    assert targets(text) == [(3, "1.md"), (4, "2.md"), (9, "3.md")]
    text = "---\nx: y\n---\n`a\nspan` <b\nid='x'>\n[a](4.md)\n\n<p>\n<img src='3.png'>\n"
    assert targets(text) == [(7, "4.md"), (10, "3.png")]


def test_headings() -> None:
    text = "---\ntitle: x\n---\n# One #\n\n```\n# no\n```\n\nTwo\nlines\n---\n"
    text += "\n- item\n---\n####### no\n#no\n##\n"
    found = [(one.line, one.level, one.text) for one in read_page(text).headings]
    assert found == [(4, 1, "One"), (10, 2, "Two lines"), (18, 2, "")]


@pytest.mark.parametrize(
    ("heading", "fragment"),
    [
        ("Install it", "install-it"),
        ("A & B: `code_name()`", "a--b-code_name"),
        ("A & B", "a-b"),
        ("With [a link](x.md)", "with-a-link"),
        ("_Em_ and **strong**", "em-and-strong"),
        ("Größe", "größe"),
        (":rocket: Go", "rocket-go"),
        ("Named {#own-id}", "own-id"),
    ],
)
def test_anchors_of_a_heading(heading: str, fragment: str) -> None:
    assert fragment in read_page(f"# {heading}\n").anchors()


def test_anchors_of_headings_that_are_alike_and_of_tags() -> None:
    page = read_page("# One\n# One\n# One\n<a id='Own' name=\"two\"></a>\n")
    assert {"one", "one-1", "one-2", "own", "two"} <= page.anchors()
    assert "one-3" not in page.anchors()


@pytest.mark.parametrize(
    "text",
    [
        "](x (" * 50_000, "<!-- " * 50_000, "[](" * 50_000, "# " + " #" * 100_000, "<a href='" * 30_000,
        "# " + "{#" * 100_000, "[" * 100_000, "# x" + " " * 200_000 + "x",
        "".join("`" * length + " " for length in range(1, 600)), "`a` [b](c)\n" * 20_000,
            "<div " + "<a href='" * 30_000, "<div>" + "<!--" * 30_000,
    ],
)  # fmt: skip
def test_no_page_takes_long(text: str) -> None:
    started = time.process_time()
    read_page(text).anchors()
    assert time.process_time() - started < 3
