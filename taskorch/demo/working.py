"""Steps 1 to 4: Ann sets up, plans, works, commits."""

from __future__ import annotations

from taskorch.demo import project
from taskorch.demo.proof import Proof
from taskorch.demo.story import CODE_ONLY, MAIN, RECORDS, Story, field_of, section

RATIONALE = "A hash can be computed from the link; a drawn code says nothing about it."
FIRST_SUBJECT = "shorty: a URL shortener"
INIT_SUBJECT = "taskorch: init"


def set_up(story: Story) -> list[Proof]:
    """A project with an origin; taskorch init; Bob's clone."""
    stage = story.stage
    stage.look(".", "init", "-q", "--bare", "origin.git")
    stage.look(".", "init", "-q", "ann")
    stage.write("ann", project.START)
    stage.look("ann", "add", ".")
    stage.look("ann", "commit", "-q", "-m", FIRST_SUBJECT)
    stage.look("ann", "remote", "add", "origin", "../origin.git")
    stage.look("ann", "push", "-q", "-u", "origin", "main")
    stage.remark("ann", f"her project has {', '.join(project.START)}, on main at origin")
    said = stage.taskorch("ann", "init")
    created = [line.removeprefix("created ") for line in said.splitlines() if line.startswith("created ")]
    proofs = [
        stage.prove("ann", "init wrote nothing but its folder", f"?? {RECORDS}/", "status", "--porcelain")
    ]
    stage.git("ann", "add", RECORDS)
    stage.git("ann", "commit", "-q", "-m", INIT_SUBJECT)
    stage.git("ann", "push", "-q")
    stage.git("bob", "clone", "-q", "origin.git", "bob", into=".")
    story.subjects = [INIT_SUBJECT, FIRST_SUBJECT]
    files = "\n".join(sorted(", ".join(created).split(", ")))
    listing = ("ls-tree", "-r", "--name-only", MAIN, RECORDS)
    return [*proofs, stage.prove("bob", "Bob's clone has the files that init named", files, *listing)]


def plan(story: Story) -> list[Proof]:
    """A session, a task, three subtasks."""
    stage = story.stage
    stage.git("ann", "switch", "-q", "-c", "codes")
    story.make("ann", "session", "session", "start", "--purpose", "Codes that nobody can guess")
    why = "Codes count up: whoever has one can walk through all links."
    task = story.make("ann", "task", "task", "new", "Codes that nobody can guess", "-d", why)
    accept = ("--accept", "codes have eight characters", "--accept", "no code is given twice")
    first = story.make("ann", "first", "task", "new", "Draw codes at random", "--parent", task, *accept)
    waits = ("--parent", task, "--depends-on", first)
    story.make("ann", "second", "task", "new", "Use the drawn codes in the app", *waits)
    story.make("ann", "third", "task", "new", "Let links expire", "--parent", task)
    stage.taskorch("ann", "task", "list", "--tree")
    record = story.read("ann", story.paths["session"])
    base, onto = field_of(record, "base"), field_of(record, "onto")
    return [
        stage.prove("ann", "the session's base is the commit Ann began at", base, "rev-parse", "HEAD"),
        stage.prove("ann", "its onto is a commit that others have", onto, "merge-base", "HEAD", MAIN),
    ]


def first_subtask(story: Story) -> list[Proof]:
    """Two decisions, one in place of the other; five files; a completion."""
    stage, first = story.stage, story.ids["first"]
    stage.taskorch("ann", "task", "start", first)
    for_task = ("--task", first)
    story.make(
        "ann", "old", "decision", "new", "Hash the link", "--context", "Codes must not count up",
        "--decision", "The first eight digits of its SHA-256", "--rationale", "No store to look into",
        "--status", "accepted", *for_task,
    )  # fmt: skip
    new = story.make(
        "ann", "new", "decision", "new", "Draw codes at random", "--context", "Codes must not be guessed",
        "--decision", "secrets.token_urlsafe", "--rationale", RATIONALE,
        "--risk", "Two draws can be the same", "--file", "shorty/codes.py", *for_task,
    )  # fmt: skip
    stage.taskorch("ann", "decision", "supersede", story.ids["old"], "--by", new)
    stage.taskorch("ann", "decision", "accept", new)
    stage.write("ann", {"shorty/codes.py": project.CODES, "tests/test_codes.py": project.TEST_CODES})
    stage.remark("ann", "writes shorty/codes.py and tests/test_codes.py")
    stage.write("ann", {"shorty/store.py": project.STORE})
    stage.delete("ann", "shorty/links.py", "shorty/counter.py")
    stage.remark("ann", "moves shorty/links.py to shorty/store.py and changes it; deletes shorty/counter.py")
    stage.taskorch("ann", "task", "check", first, "--all")
    stage.taskorch("ann", "task", "complete", first, "--results", "Codes are drawn, and never given twice.")
    stage.git("ann", "add", "--all", *CODE_ONLY)
    claims = story.claims("ann")
    proofs = [story.same_operations("ann", "what is claimed is what Ann did", claims, "--cached", "HEAD")]
    for claim in claims:
        staged = f"{claim['after']} 0\t{claim['path']}" if claim["after"] else ""
        what = f"{claim['path']} is claimed {'as git stages it' if staged else 'to be gone'}"
        proofs.append(stage.prove("ann", what, staged, "ls-files", "--stage", "--", claim["path"]))
    return proofs


def commit(story: Story) -> list[Proof]:
    """Two commits, and what is in them."""
    stage = story.stage
    stage.git("ann", "commit", "-q", "-m", "Draw codes at random")
    stage.taskorch("ann", "commit")
    records_only = ("diff", "--name-only", "HEAD~1", "HEAD", *CODE_ONLY)
    code_only = ("diff", "--name-only", "HEAD~2", "HEAD~1", "--", RECORDS)
    show = ("show", f"HEAD:{story.paths['new']}")
    reason = section(stage.said("ann", *show), "Rationale")
    return [
        stage.prove("ann", "the commit of records holds no code", "", *records_only),
        stage.prove("ann", "the commit of code holds no records", "", *code_only),
        stage.prove("ann", "nothing is left uncommitted", "", "status", "--porcelain"),
        Proof("the decision's reason is in the commit, as Ann gave it", stage.shown(show), RATIONALE, reason),
    ]
