"""What was found in checking decisions, for people."""

from __future__ import annotations

from itertools import groupby

from taskorch.cli.output import Json, Paint, emit
from taskorch.services.markdown import counted

_WORDS = {
    "changed": "changed", "governs_nothing": "governs nothing", "no_status": "no status",
    "no_outcome": "no outcome", "dead_link": "dead link", "relies_on": "relies on",
    "unreadable": "unreadable",
}  # fmt: skip
_OPS = {"A": "green", "M": "yellow", "D": "red", "R": "cyan"}


def checked(data: Json) -> None:
    """The findings by decision, what could not be told, and the verdict."""
    for path, rows in groupby(data["findings"], lambda row: str(row["path"])):
        found = list(rows)
        first = found[0]
        title = [Paint(first["title"], bold=True)] if first["title"] else []
        emit(Paint(first["decision"] or path, "yellow"), "  " if title else "", *title)
        for row in found:
            _finding(row)
        emit("")
    for line in data["notes"]:
        emit(Paint("note: ", "yellow"), line)
    emit(_verdict(data))


def _finding(row: Json) -> None:
    words = row["message"].removeprefix("dead link: ")
    emit(
        "  ",
        Paint(_WORDS[row["kind"]], "red"),
        ": ",
        words,
        Paint(f"  ({row['path']}:{row['line']})", dim=True),
    )
    for one in row["files"]:
        name = f"{one['from']} -> {one['path']}" if one["from"] else one["path"]
        emit("    ", Paint(one["op"], _OPS[one["op"]]), "  ", name)
    if row["files_omitted"]:
        emit(f"    and {counted(row['files_omitted'], 'more file')}")
    if row["commits_omitted"]:
        emit(f"    {counted(row['commits_omitted'], 'older commit')}, then")
    for one in row["commits"]:
        who = f"  {one['date'][:10]}  {one['author']}  "
        emit("    ", Paint(one["id"][:10], "yellow"), Paint(who, dim=True), one["subject"])
    emit("    ", Paint("hint: ", dim=True), row["hint"])


def _verdict(data: Json) -> str:
    where = f" in {data['target']}" if data["target"] else ""
    findings, number = data["findings"], data["checked"]
    if findings:
        files = len({row["path"] for row in findings})
        of = counted(max(number, files), "decision")  # those that cannot be read are not among the checked
        return f"{counted(len(findings), 'finding')} in {files} of {of}{where}"
    if not number:
        return f"no decisions to check{where}"
    return f"nothing found in {counted(number, 'decision')}{where}"
