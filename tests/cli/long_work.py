"""A repository in which much has happened to one task, as ``recover`` finds it months later."""

from __future__ import annotations

from tests.cli.making import new_decision, new_task
from tests.conftest import start_project
from tests.repos import Repo

BOB = ("-c", "user.name=Bob", "-c", "user.email=bob@example.org")
APP = "".join(f"def page_{number}():\n    return {number}\n\n" for number in range(8))
LOGIN = "def login():\n    pass\n"
HANDOFF = "Next: the waiting after three tries, in src/form.py."
FORM = "".join(f"field_{number} = {number}\n" for number in range(12))


def by_bob(repo: Repo, message: str, path: str, content: str) -> str:
    """A colleague's commit of one file."""
    repo.write(path, content)
    repo.git("add", "--", path)
    repo.git(*BOB, "commit", "--quiet", "-m", message)
    return repo.head


def long_work(repo: Repo) -> None:
    """A login that was squash-merged, edited by Bob, in part reverted, in part never merged.

    Its parent has one more subtask that waits for it, a decision was superseded, and the session that
    ended last left a hand-off.  HEAD is main; the branch is kept as ``keep-login``.
    """
    start_project(repo)
    files = {"src/util.py": "def one():\n    return 1\n" * 5, "src/old_login.py": "old = True\n" * 6}
    repo.commit("the app", {"src/app.py": APP, "docs/login.md": "# Login\n", **files})
    parent = new_task(repo, "Accounts", "-d", "People can have accounts.", "--priority", "high")
    criteria = ("a wrong password is refused", "the third try waits", "works without JavaScript")
    words = [word for text in criteria for word in ("--accept", text)]
    task = new_task(repo, "Login form", "-d", "A form with name and password.", "--parent", parent, *words)
    new_task(repo, "Reset mail", "--parent", parent, "--depends-on", task)
    words = [
        "--status",
        "accepted",
        "--risk",
        "slow on phones",
        "--component",
        "auth",
        "--file",
        "src/form.py",
    ]
    old = new_decision(repo, "Use bcrypt", "--task", task, *words)
    repo.run("commit", "-m", "plan accounts")
    on_a_branch(repo, task)
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "login")
    repo.git("rm", "--quiet", "-f", "src/style.css")
    repo.commit("Add the login form (#7)")
    repo.git("branch", "--quiet", "-m", "login", "keep-login")
    split = APP.replace("page_0", "first_page") + LOGIN + "\n\ndef logout():\n    pass\n"
    by_bob(repo, "Split the app", "src/app.py", split)
    repo.git("rm", "--quiet", "src/mail.py")
    reason = "Revert the mail\n\nThe smtp server is not there before May."
    repo.git(*BOB, "commit", "--quiet", "-m", reason)
    new = new_decision(repo, "Use argon2id", "--status", "accepted")
    repo.run("decision", "supersede", old, "--by", new)
    repo.run("commit", "-m", "argon2id, not bcrypt")


def on_a_branch(repo: Repo, task: str) -> None:
    """The work itself, on the branch ``login``, with its records."""
    repo.git("switch", "--quiet", "-c", "login")
    repo.run("task", "start", task)
    repo.commit("form", {"src/form.py": FORM + "# TODO: rate limit\n", "src/app.py": APP + LOGIN})
    repo.git("mv", "src/util.py", "src/tools.py")
    mail = "def send():\n    raise 1  # FIXME: smtp\n" * 3
    repo.commit("tools", {"src/old_login.py": None, "src/mail.py": mail})
    repo.run("track", "src/form.py", "--why", "the form itself")
    repo.run("task", "check", task, "1")
    repo.run("task", "note", task, "The form posts to /login.")
    repo.run("session", "note", "Bob wants the app split.")
    repo.run("commit", "-m", "records of the login")
    repo.commit("last touch", {"src/style.css": "form { color: red }\n" * 8})
    repo.run("session", "end", "--summary", "The form works.", "--handoff", HANDOFF)
    repo.run("commit", "-m", "end of the session")
