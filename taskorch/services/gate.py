"""What a verification tells a gate: one finding for everything that is not landed, the worst first."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.services.markdown import one_line
from taskorch.services.shapes import Json

ERROR, WARNING = "error", "warning"
UNREADABLE, UNFOUNDED = "unreadable", "unfounded"
RULES = {
    UNREADABLE: (ERROR, "A record cannot be read, so what it claims is not known."),
    UNFOUNDED: (ERROR, "It was tracked as changed, but has not changed in the end."),
    "absent": (ERROR, "What was claimed is nowhere in the target's history."),
    "reverted": (ERROR, "What was claimed was there, and a later commit undid it."),
    "ignored": (ERROR, "What was claimed is on disk, but git ignores the path."),
    "lines": (WARNING, "Most of the claimed lines are there, but not the whole change."),
    "staged": (WARNING, "What was claimed is staged, but not committed."),
    "worktree": (WARNING, "What was claimed is on disk, but not committed."),
    "unknown": (WARNING, "What is here does not tell whether it landed: the history is shallow, or mixed."),
}
"""By the rung or the kind of finding: how much it weighs, and what it means."""

_LEVELS = {"failed": ERROR, "partial": WARNING, "pending": WARNING, "unknown": WARNING}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was claimed; ``line`` and ``column`` count from 1, where they are known.

    ``key`` tells it from all others, and is the same in the next run.
    """

    rule: str
    level: str
    path: str
    message: str
    key: str
    line: int = 1
    column: int | None = None


def findings(report: Json) -> list[Finding]:
    """The findings of a verification's report: unreadable records, then errors, then warnings."""
    out = [_problem(row) for row in report["problems"]]
    out += [
        Finding(
            UNFOUNDED, ERROR, path, f"{UNFOUNDED}: {one_line(path)} was tracked, but has not changed", path
        )
        for path in report["unfounded"]
    ]
    claims = [_claim(row) for row in report["files"] if row["counts_as"] in _LEVELS]
    return out + sorted(claims, key=lambda one: one.level != ERROR)


def summary(report: Json) -> str:
    """The report in one line."""
    where = f"in {report['target']}" if report["target"] else "in HEAD, index and work tree"
    commit = f" ({report['commit'][:10]})" if report["commit"] else ""
    total, landed = len(report["files"]), sum(row["counts_as"] == "landed" for row in report["files"])
    counts = ", ".join(f"{count} {rung}" for rung, count in report["summary"].items())
    told = f"landed {landed}/{total}: {counts}" if total else "no claims: nothing to verify"
    lacking = "".join(f"; {note}" for note in report["notes"])
    return one_line(f"{report['status']} {where}{commit}, {told}{lacking}")


def _problem(row: Json) -> Finding:
    hint = f" ({row['hint']})" if row["hint"] else ""
    message = one_line(f"{UNREADABLE}: {row['message']}{hint}")
    key = "\0".join(("problem", row["path"], row["field"] or "", row["message"]))
    return Finding(UNREADABLE, ERROR, row["path"], message, key, row["line"], row["column"])


def _claim(row: Json) -> Finding:
    path = f"{row['from']} -> {row['path']}" if row["from"] else row["path"]
    why = f": {row['detail']}" if row["detail"] else ""
    title = f" {row['title']}" if row["title"] else ""
    message = one_line(f"{row['rung']}: {row['op']} {path}, claimed by {row['task']}{title}{why}")
    key = "\0".join(("claim", row["task"], row["op"], row["from"] or "", row["path"], row["recorded"] or ""))
    return Finding(row["rung"], _LEVELS[row["counts_as"]], row["path"], message, key)
