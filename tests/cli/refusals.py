"""What a refusal is held to, and the commands that every one of them has to survive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.cli.snapshots import snapshot
from tests.repos import Repo

TEXTS = ["--context", "c", "--decision", "d", "--rationale", "r"]
WRITING: list[list[str]] = [
    ["task", "new", "T"],
    ["task", "edit", "t-123", "--title", "T"],
    ["task", "note", "t-123", "x"],
    ["task", "check", "t-123", "1"],
    ["task", "start", "t-123"],
    ["task", "complete", "t-123", "--results", "r"],
    *(["task", verb, "t-123"] for verb in ("block", "fail", "cancel", "reopen", "delete", "release")),
    ["decision", "new", "T", *TEXTS],
    ["decision", "new", "T", "--because", "r"],
    ["decision", "edit", "d-123", "--title", "T"],
    *(["decision", verb, "d-123"] for verb in ("accept", "reject", "deprecate")),
    ["decision", "supersede", "d-123", "--by", "d-456"],
    *(["session", verb] for verb in ("start", "end", "resume")),
    ["session", "note", "x"],
    ["track"],
    ["track", "--range", "HEAD..HEAD"],
    ["commit"],
]
READING: list[list[str]] = [
    *(["task", verb] for verb in ("list", "ready")),
    ["task", "show", "t-123"],
    ["decision", "list"],
    ["decision", "show", "d-123"],
    ["decision", "check"],
    ["decision", "graph"],
    *(["session", verb] for verb in ("status", "list", "show")),
    *([word] for word in ("status", "doctor", "verify", "recover", "review")),
    ["search", "x"],
    ["history", "t-123"],
    ["why", "README.md:1"],
]


def refused(
    repo: Repo,
    *words: str,
    kind: str,
    code: int = 1,
    cwd: str = ".",
    env: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The error of a command, which must be one, with a hint, and must leave everything as it was."""
    before = snapshot(repo, local=True)
    done = repo.run(*words, check=False, cwd=cwd, env=env)
    assert (done.code, done.out) == (code, "")
    assert done.err.count("error: ") == 1, done.err
    assert done.err.count("hint: ") == 1, done.err
    assert "Traceback" not in done.err
    split = words.index("--") if "--" in words else len(words)
    as_json = repo.run(*words[:split], "--json", *words[split:], check=False, cwd=cwd, env=env)
    assert as_json.code == code
    assert as_json.error["kind"] == kind
    assert as_json.error["message"]
    assert as_json.error["hint"]
    assert snapshot(repo, local=True) == before
    return as_json.error
