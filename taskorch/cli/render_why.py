"""Why a line or a file is as it is, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, heading, problems, status_paint
from taskorch.services.binding import decided
from taskorch.services.markdown import counted
from taskorch.services.shell_words import pathspec

_MOST_CLAIMS = 5
_BY = {
    "line": "its change added this line",
    "content": "the commit has what it claimed",
    "change": "the commit made the same change",
    "lines": "the commit added the same lines",
}
_VIA = {
    "record": "the commit changed its record",
    "trailer": "the commit's message names it",
    "session": "seen in the active session",
}


def told(data: Json) -> None:
    """The place, the commits with their tasks, then the decisions."""
    where = data["path"] + (
        f":{data['line']}"
        if data["line"]
        else "/"
        if data["kind"] == "folder" and data["path"] != "."
        else ""
    )
    emit(Paint(where, bold=True))
    if data["text"] is not None:
        emit("  ", data["text"].strip() or "(a blank line)")
    titles = {one["id"]: one for one in data["tasks"]}
    if not data["committed"]:
        heading("not committed yet")
        _tasks(data["pending"], titles)
    told_before = True
    for row in data["commits"]:
        if told_before or row["tasks"]:  # those of which nothing is known stand close together
            emit("")
        _commit(data, row, titles)
        told_before = bool(row["tasks"])
    if data["omitted"]:
        emit("")
        follow = "" if data["kind"] == "folder" else "--follow "
        more = f"git log {follow}-- {pathspec(data['path'])}"
        emit(f"and {counted(data['omitted'], 'older commit')}: ", more)
    for line in data["notes"]:
        emit("")
        emit(Paint("note: ", "yellow"), line)
    if data["decisions"]:
        heading("decisions that bind")
        for one in data["decisions"]:
            _decision(one)
    problems(data["problems"])


def _commit(data: Json, row: Json, titles: dict[str, Json]) -> None:
    moved = [one for one in data["commits"] if one["role"] == "moved"]
    word = {"wrote": "written in " if moved else "", "moved": "moved here in "}.get(row["role"], "")
    who = f"  {row['date'][:10]}  {row['author']}  "
    emit(word, Paint(row["id"][:10], "yellow"), Paint(who, dim=True), Paint(row["subject"], bold=True))
    if data["kind"] != "folder" and row["path"] != data["path"]:
        emit("  as ", row["path"] + (f":{row['line']}" if row["line"] else ""))
    _tasks(row["tasks"], titles)


def _tasks(rows: list[Json], titles: dict[str, Json]) -> None:
    for row in rows:
        one = titles[row["id"]]
        status = status_paint(one["status"] or ("unreadable" if one["unreadable"] else "gone"))
        emit("  ", Paint(row["id"], "yellow"), "  ", status, "  ", one["title"] or "")
        how = _VIA.get(row["via"]) or _BY.get(row["by"]) or row["via"]
        for claim in row["claims"][:_MOST_CLAIMS]:
            emit("    ", *_claim(claim), Paint(f"  ({how})" if how else "", dim=True))
            if claim["why"]:
                emit("      why: ", claim["why"])
            how = ""
        if len(row["claims"]) > _MOST_CLAIMS:
            emit(f"    and {counted(len(row['claims']) - _MOST_CLAIMS, 'more claim')}")
        if not row["claims"]:
            more = f", and those of {len(rows) - 1} more" if row["shared"] else ""
            emit(Paint(f"    ({how}{more}: no claim tells more)", dim=True))


def _claim(one: Json) -> list[Part]:
    return [one["op"], "  ", f"{one['from']} -> {one['path']}" if one["from"] else one["path"]]


def _decision(one: Json) -> None:
    by = f"by {', '.join(one['superseded_by'])}; " if one["superseded_by"] else ""
    stands = "" if one["stands"] else f"  ({by}it no longer stands)"
    title = Paint(one["title"], bold=True)
    emit("  ", Paint(one["id"], "yellow"), "  ", status_paint(one["status"]), "  ", title, stands)
    why = [f"made for {', '.join(one['tasks'])}"] if one["tasks"] else []
    why += [f"governs {', '.join(one['governs'])}"] if one["governs"] else []
    emit("    ", Paint("; ".join(why), dim=True))
    for text in decided(one):
        for line in text.splitlines()[:_MOST_CLAIMS]:
            emit("    ", line)
