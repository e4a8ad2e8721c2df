"""Steps 5 and 6: a colleague's work, the squash merge, and (asked for) sabotage."""

from __future__ import annotations

from taskorch.demo import project
from taskorch.demo.proof import Proof
from taskorch.demo.story import MAIN, RECORDS, Story, section

HANDOFF = "The app draws its codes. Left to do: links never expire, see shorty/store.py."
SQUASH_SUBJECT = "Codes that nobody can guess (#12)"
BOBS_SUBJECT = "Health check (#11)"
LATER_SUBJECT = "Links can be removed (#13)"
APP, STORE, DROPPED = "shorty/app.py", "shorty/store.py", "shorty/codes.py"


def meanwhile(story: Story) -> list[Proof]:
    """The second subtask, with Bob's change of the file merged into the branch half-way."""
    stage, second = story.stage, story.ids["second"]
    stage.taskorch("ann", "task", "start", second)
    readme = story.read("bob", "README.md") + project.BOBS_README
    stage.write("bob", {APP: story.read("bob", APP) + project.HEALTH, "README.md": readme})
    stage.remark("bob", f"adds health() to {APP} and a line to README.md")
    stage.git("bob", "commit", "-q", "-a", "-m", BOBS_SUBJECT)
    stage.git("bob", "push", "-q")
    stage.git("ann", "fetch", "-q")
    stage.git("ann", "merge", "-q", "--no-edit", MAIN)
    stage.write("ann", {APP: project.with_store(story.read("ann", APP))})
    stage.remark("ann", f"uses the store in {APP}, in Bob's function too")
    stage.git("ann", "commit", "-q", "-a", "-m", "Use the store")
    stage.taskorch("ann", "task", "complete", second, "--results", "The app draws its codes.")
    stage.taskorch("ann", "session", "end", "--summary", "Codes are random.", "--handoff", HANDOFF)
    stage.taskorch("ann", "commit")
    stage.git("ann", "push", "-q", "origin", "codes")
    story.commits["main"] = stage.look("ann", "rev-parse", MAIN)
    story.commits["records"] = stage.look("ann", "rev-parse", f"HEAD:{RECORDS}")
    story.subjects.insert(0, BOBS_SUBJECT)
    grep = ("grep", "-c", "def health", "HEAD", "--", APP)
    show = ("show", f"HEAD:{story.paths['session']}")
    handoff = section(stage.said("ann", *show), "Hand-off")
    mine = "the claims are Ann's work alone, nothing of what came from Bob"
    return [
        stage.prove("ann", f"{APP} holds Bob's function too", f"HEAD:{APP}:1", *grep),
        story.same_operations("ann", mine, story.claims("ann"), MAIN, "HEAD"),
        Proof("the hand-off is in the commit, as Ann gave it", stage.shown(show), HANDOFF, handoff),
    ]


def squash_merge(story: Story) -> list[Proof]:
    """One commit on main instead of Ann's branch; Bob goes on in one of her files."""
    stage = story.stage
    stage.git("forge", "clone", "-q", "origin.git", "forge", into=".")
    stage.git("forge", "merge", "-q", "--squash", "origin/codes")
    if story.sabotage == "squash":
        stage.remark("forge", "SABOTAGE: one of Ann's files is dropped from the squash")
        stage.git("forge", "rm", "-q", "-f", DROPPED)
    stage.git("forge", "commit", "-q", "-m", SQUASH_SUBJECT)
    stage.git("forge", "push", "-q", "origin", "main")
    stage.git("forge", "push", "-q", "origin", "--delete", "codes")
    story.commits["squash"] = squash = stage.look("forge", "rev-parse", "HEAD")
    story.subjects.insert(0, SQUASH_SUBJECT)
    stage.remove("forge")
    stage.remove("ann")
    stage.remark("ann", "her clone is thrown away")
    stage.git("bob", "pull", "-q", "--ff-only")
    stage.write("bob", {STORE: story.read("bob", STORE) + project.REMOVE})
    stage.remark("bob", f"adds remove() to {STORE}, one of Ann's files")
    _commit_as_bob(story, LATER_SUBJECT)
    _sabotage(story)
    heads = ("for-each-ref", "--format=%(refname)")
    parents = ("show", "--no-patch", "--format=%P", squash[:10])
    before = story.commits["main"]
    no_folder = "fatal: cannot change to 'ann': No such file or directory"
    return [
        stage.prove("origin.git", "the squash is one commit on top of Bob's work", before, *parents),
        stage.prove("origin.git", "Ann's branch is gone at origin", "refs/heads/main", *heads),
        stage.prove(".", "nothing is left of Ann's clone", no_folder, "-C", "ann", "log"),
    ]


def _commit_as_bob(story: Story, subject: str) -> None:
    story.stage.git("bob", "commit", "-q", "-a", "-m", subject)
    story.stage.git("bob", "push", "-q")
    story.subjects.insert(0, subject)


def _sabotage(story: Story) -> None:
    stage = story.stage
    if story.sabotage == "record":
        path = story.paths["session"].removesuffix(".md") + ".claims.jsonl"
        lines = story.read("bob", path).splitlines(keepends=True)
        spoilt = ["<<<<<<< HEAD\n" if f'"{DROPPED}"' in line else line for line in lines]
        stage.write("bob", {path: "".join(spoilt)})
        stage.remark("bob", f"SABOTAGE: spoils the claim of {DROPPED} in {path}")
        _commit_as_bob(story, "Tidy up")
    if story.sabotage == "revert":
        stage.remark("bob", "SABOTAGE: reverts Ann's code; the records stay")
        stage.git("bob", "revert", "--no-commit", story.commits["squash"])
        stage.git("bob", "restore", "--source=HEAD", "--staged", "--worktree", RECORDS)
        _commit_as_bob(story, f'Revert "{SQUASH_SUBJECT}"')
