"""The estimate of tokens, held against the counts of a real tokenizer (`tests/evaluation/tokens.py`)."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from taskorch.services.recovered.tokens import tokens
from tests.evaluation.tokens import ENGLISH, FILE, main, packages

EXAMPLES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_the_estimate_is_within_a_tenth(example: dict[str, Any]) -> None:
    found, expected = tokens(example["text"]), example["tokens"]
    assert abs(found - expected) <= max(2, expected / 10), (found, expected)


def test_the_examples_can_be_made_anew(tmp_path: Path) -> None:
    name, text = next(packages(tmp_path))
    assert name in [one["name"] for one in EXAMPLES]
    assert text.startswith("# t-") and ENGLISH in text


def test_without_the_tokenizer_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    assert main([str(tmp_path / "examples.json")]) == 1
    assert capsys.readouterr().err.endswith("hint: pip install tiktoken\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["{} ", "a{}B ", "-{}."])
def test_every_character_has_a_cost(form: str) -> None:
    """Also letters whose small form is two, signs of no script, halves of pairs."""
    signs = [chr(code) for code in (*range(0x10000), *range(0x10000, 0x110000, 9973), 0x10FFFF)]
    assert tokens("".join(map(form.format, signs))) > len(signs) / 2


def test_the_estimate_is_fast() -> None:
    text = "".join(one["text"] for one in EXAMPLES)
    assert len(text) > 40_000
    started = time.process_time()
    for _ in range(5):
        tokens(text)
    spent = (time.process_time() - started) / 5
    assert spent / len(text) * 10_000 <= 0.008  # four times what was measured, for a busy machine
