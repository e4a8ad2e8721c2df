"""Steps 7 to 9: everything is read back in a fresh clone, and held against what plain git says there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taskorch.demo.landing import SQUASH_SUBJECT
from taskorch.demo.proof import Proof
from taskorch.demo.story import CODE_ONLY, MAIN, RECORDS, Story, field_of, section

_FILES = {
    "files_created": "create",
    "files_modified": "modify",
    "files_deleted": "delete",
    "files_moved": "move",
}


def verify(story: Story) -> list[Proof]:
    """Each claim, against the tree and the history of main."""
    stage = story.stage
    stage.git("cleo", "clone", "-q", "--no-local", "origin.git", "cleo", into=".")
    subjects = "\n".join(story.subjects)
    records = story.commits["records"]
    proofs = [
        stage.prove(
            "cleo", "Ann's own commits are not in this clone", subjects, "log", "--all", "--format=%s"
        ),
        stage.prove("cleo", "the records are as Ann left them", records, "rev-parse", f"{MAIN}:{RECORDS}"),
    ]
    stage.check("cleo", "verify", "--all", "--target", MAIN)
    report = stage.ask("cleo", "verify", "--all", "--target", MAIN)
    for row in report["files"]:
        proofs += _there(story, row)
    brought = "the files verified are those the squash brought"
    return [*proofs, story.same_operations("cleo", brought, report["files"], *_squash(story))]


def _there(story: Story, row: Mapping[str, Any]) -> list[Proof]:
    """What git says of one verified file."""
    stage, path, recorded = story.stage, row["path"], row["recorded"]
    if recorded is None:
        return [stage.prove("cleo", f"{path} is gone on main", "", "ls-tree", MAIN, "--", path)]
    if row["rung"] != "superseded":
        what = f"{path} on main is what Ann's task claimed ({row['rung']})"
        return [stage.prove("cleo", what, recorded, "rev-parse", f"{MAIN}:{row['at_path'] or path}")]
    commit = str(row["commit"])
    what = f"{path} was what Ann's task claimed, in the commit that is named ({row['rung']})"
    return [
        stage.prove("cleo", what, recorded, "rev-parse", f"{commit[:10]}:{path}"),
        stage.prove("cleo", "that commit is on main", commit, "merge-base", commit[:10], MAIN),
    ]


def _squash(story: Story) -> tuple[str, str]:
    """The two ends of the squash commit."""
    squash = story.commits["squash"][:10]
    return f"{squash}~1", squash


def recover(story: Story) -> list[Proof]:
    """The packages of both completed subtasks, and of the task they are part of."""
    stage = story.stage
    stage.check("cleo", "recover", story.ids["first"])
    first, second, whole = (stage.ask("cleo", "recover", story.ids[n]) for n in ("first", "second", "task"))
    packages = [answer["recovery_package"] for answer in (first, second)]
    files = [{**row, "op": op} for package in packages for key, op in _FILES.items() for row in package[key]]
    grep = ("log", MAIN, "--format=%H", f"--grep=^{SQUASH_SUBJECT}$")
    commits = "\n".join(sorted({commit for row in files for commit in row["commits"]}))
    lists = "recover lists the files that the squash changed"
    return [
        story.same_operations("cleo", lists, files, *_squash(story)),
        _line_counts(story, files),
        stage.prove("cleo", "the commit it names for them is the squash", commits, *grep),
        *_texts(story, first),
        _subtasks(story, whole),
    ]


def _line_counts(story: Story, files: list[dict[str, Any]]) -> Proof:
    words = ("diff", "--numstat", "-M", "-z", *_squash(story), *CODE_ONLY)
    fields = story.stage.said("cleo", *words).split("\0")
    found, at = [], 0
    while at < len(fields) and fields[at].count("\t") == 2:
        added, removed, path = fields[at].split("\t")
        path, step = (path, 1) if path else (fields[at + 2], 3)  # a move: empty, old path, new path
        found.append(f"{path} +{added} -{removed}")
        at += step
    expected = [
        f"{row['path']} not counted" if row["added"] is None else "{path} +{added} -{removed}".format(**row)
        for row in files
    ]
    claim, shown = "it counts their lines as git does", story.stage.shown(words)
    return Proof(claim, shown, "\n".join(sorted(expected)), "\n".join(sorted(found)))


def _texts(story: Story, answer: Mapping[str, Any]) -> list[Proof]:
    """Decisions and hand-off, against the text of the records on main."""
    decisions = {one["id"]: one for one in answer["recovery_package"]["key_decisions"]}
    new, old = decisions.get(story.ids["new"], {}), decisions.get(story.ids["old"], {})
    handoff = (answer["session_info"] or {}).get("handoff", "")
    proofs = []
    for claim, said, name, heading in (
        ("the reason of the decision is what stands in its file", new.get("rationale"), "new", "Rationale"),
        ("the hand-off is what Ann wrote", handoff, "session", "Hand-off"),
    ):
        words = ("show", f"{MAIN}:{story.paths[name]}")
        text = section(story.stage.said("cleo", *words), heading)
        proofs.append(Proof(claim, story.stage.shown(words), said or "(nothing)", text))
    words = ("show", f"{MAIN}:{story.paths['old']}")
    status = field_of(story.stage.said("cleo", *words), "status")
    expected = "superseded" if old.get("stands") is False else "it still stands"
    claim = "the decision it superseded no longer stands"
    return [*proofs, Proof(claim, story.stage.shown(words), expected, status)]


def _subtasks(story: Story, answer: Mapping[str, Any]) -> Proof:
    """Which subtasks are done and which is left, against the records on main."""
    paths = {story.ids[name]: story.paths[name] for name in ("first", "second", "third")}
    status = {one["id"]: one["status"] for one in answer["task"]["subtasks"]}
    said = sorted(f"{MAIN}:{path}:status: {status.get(task)}" for task, path in paths.items())
    done = list(status.values()).count("completed")
    claim = f"the subtasks stand where their records say: {done} completed, {len(status) - done} left to do"
    words = ("grep", "^status: ", MAIN, "--", *sorted(paths.values()))
    found = story.stage.said("cleo", *words)
    return Proof(claim, story.stage.shown(words), "\n".join(said), found)


def review(story: Story) -> list[Proof]:
    """What landed since Ann began: tasks, decisions, claims."""
    stage = story.stage
    before = story.commits["main"]
    revisions = f"{before[:10]}..{MAIN}"
    stage.check("cleo", "review", revisions)
    answer = stage.ask("cleo", "review", revisions)
    new_tasks = "\n".join(sorted(one["id"] for one in answer["tasks"]))
    listing = ("diff", "--name-only", "--diff-filter=A", revisions, "--", f"{RECORDS}/tasks")
    files = stage.said("cleo", *listing).splitlines()
    found = "\n".join(sorted(path.rpartition("/")[2][:10] for path in files))
    count = ("rev-list", "--count", revisions)
    changed = [*answer["claims"], *({"op": "unclaimed", "path": path} for path in answer["unclaimed"])]
    all_claimed = "its claims are all that changed, nothing is unclaimed"
    return [
        stage.prove("cleo", "review looked at all commits", str(answer["commits"]), *count),
        Proof("the tasks it lists are the ones that are new", stage.shown(listing), new_tasks, found),
        story.same_operations("cleo", all_claimed, changed, *_squash(story)),
    ]
