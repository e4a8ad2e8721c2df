"""Links in Markdown bodies: which count, and what they name."""

from __future__ import annotations

import time

import pytest

from taskorch.records.links import links, prose


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("see [a](a.md) and ![b](img/b.png 'B').", ["a.md", "img/b.png"]),
        ("[a](<with blank.md>) [b](with%20blank.md)", ["with blank.md", "with blank.md"]),
        ("[a](a.md#part) [b](b.md?raw=1#x) [c](#part)", ["a.md", "b.md"]),
        ("[a](https://example.org/a.md) [b](mailto:a@b.c) [c](//host/x) [d](vscode://x)", []),
        ("[a](a_(b).md) [c](c\\).md) [d](<d>.md)", ["a_(b).md", "c).md"]),
        ("[a]\n(a.md) [b](\nb.md)", ["b.md"]),
        ("[text\nover lines](over.md 'and\na title')", ["over.md"]),
        ("[ref]: ref.md 'Title'\n [other]: <o t.md>\n[^1]: not.md\n", ["ref.md", "o t.md"]),
        ('<a class="x" href="up/a.md">a</a> <IMG SRC=\'i.png\'> <br src="no.md">', ["up/a.md", "i.png"]),
        ("[a]( a.md ) [b]() [c](two words.md)", ["a.md"]),
        ("\\[a\\](no.md) a](no.md)", []),
        ("[a](&amp;.md)", ["&.md"]),
        ("[![i](i.png)](t.md)", ["i.png", "t.md"]),
        ("`[a](no.md)` ``[a](no.md) ` `` [b](b.md)", ["b.md"]),
        ("`[a](one.md)\n\n`[b](two.md)", ["one.md", "two.md"]),
        ("\\`[a](a.md)`", ["a.md"]),
        ("```\n[a](no.md)\n```\n[b](b.md)\n~~~~ x\n[a](no.md)\n~~~\n[a](no.md)", ["b.md"]),
        ("- ```\n  [a](no.md)\n  ```\n  [b](b.md)", ["b.md"]),
        ("text\n\n    [a](no.md)\n\n    [a](no.md)\n\n[b](b.md)", ["b.md"]),
        ("text\n    [a](a.md)", ["a.md"]),
        ("- item\n\n    [a](a.md)", ["a.md"]),
        ("<!-- [a](no.md)\n\n[b](no.md) --> [c](c.md)", ["c.md"]),
        ("`<!--` [a](a.md)", []),
    ],
)
def test_links(text: str, paths: list[str]) -> None:
    front = "---\nid: [x](front.md)\n---\n"
    assert [link.path for link in links(front + text, len(front))] == paths
    crlf = (front + text).replace("\n", "\r\n")
    assert [link.path for link in links(crlf, len(front) + 3)] == paths


def test_offsets_are_those_of_the_text() -> None:
    text = "x\n```\ncode\n```\n`c` [a](a.md)\n"
    [link] = links(text, 0)
    assert text[link.offset :].startswith("a.md")
    assert prose(text, 0, code=True).split() == ["x", "`c`", "[a](a.md)"]


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "](",
        "[a](",
        "<a ",
        "`",
        "` `` ``` ",
        "<!--",
        "[a]:",
        "[a](b 'c",
        "(",
        "\\",
        "    x\n\n",
        "[a]((((",
    ],
)
def test_no_text_of_a_stranger_takes_long(piece: str) -> None:
    began = time.process_time()
    links("[a](" + piece * (300_000 // len(piece)), 0)
    assert time.process_time() - began < 3
