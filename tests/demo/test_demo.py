"""``taskorch demo`` as a newcomer runs it: it proves what it says, and notices when it is not so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from taskorch.demo import stage
from taskorch.git import process
from taskorch.git.process import Finished
from taskorch.records.claim import Claim
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.verdict import Verdict
from tests.repos import Repo, Result

DEMO = [sys.executable, "-m", "taskorch", "demo"]
CHECKED = "shorty/codes.py"

Json = dict[str, Any]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for temporary files that the demo gets, empty."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def demo(temporary: Path, *options: str, **environment: str) -> Result:
    """Run the demo in a folder that is no repository."""
    env = {**os.environ, "TMPDIR": str(temporary), **environment}
    done = subprocess.run([*DEMO, *options], cwd=temporary, env=env, capture_output=True, check=False)
    return Result(("taskorch", "demo", *options), done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def demo_here(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Plays the demo, and what is typed in it, in this process: the same, faster."""

    def run(command: Sequence[str], folder: Path, *, env: Mapping[str, str]) -> Finished:
        if tuple(command[:3]) != (sys.executable, "-m", "taskorch"):
            return process.run(command, folder, env=env)
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - set(env):
                patch.delenv(name)
            done = Repo(folder).run(*command[3:], check=False, env=env)
        return Finished(done.code, done.out.encode(), done.err)

    monkeypatch.setattr(stage, "run", run)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return lambda *options: Repo(temporary).run("demo", *options, check=False)


def failed_proofs(answer: Json) -> list[Json]:
    return [proof for step in answer["steps"] for proof in step["proofs"] if not proof["ok"]]


def failed_commands(answer: Json) -> list[Json]:
    return [command for step in answer["steps"] for command in step["commands"] if not command["ok"]]


def verdicts(answer: Json) -> dict[str, str]:
    """The rung of each file as ``taskorch verify`` showed it to people."""
    (output,) = (
        command["output"]
        for step in answer["steps"]
        for command in step["commands"]
        if command["command"].startswith("taskorch verify") and "--json" not in command["command"]
    )
    rows = [line.split() for line in output if line.startswith("  ")]
    return {row[2]: row[0] for row in rows}


def test_json_and_kept_repositories(temporary: Path, demo_here: Callable[..., Result]) -> None:
    done = demo_here("--json", "--keep")
    answer = done.checked().json
    assert answer["ok"] is True
    assert [step["number"] for step in answer["steps"]] == list(range(1, 10))
    assert failed_proofs(answer) == failed_commands(answer) == []
    kept = Path(answer["kept"])
    assert [kept] == list(temporary.iterdir())
    assert sorted(path.name for path in kept.iterdir()) == ["bob", "cleo", "origin.git"]
    check_with_git_alone(answer, Repo(kept / "cleo"))
    Repo(kept / "bob").git("fsck", "--strict")
    verified = Repo(kept / "cleo").json("verify", "--all", "--target", "origin/main")
    assert (verified["status"], verified["summary"]) == ("verified", {"exact": 4, "superseded": 1})


def check_with_git_alone(answer: Json, cleo: Repo) -> None:
    """The demo's proofs can be repeated, and what they stand on is so."""
    proofs = {proof["git_command"]: proof for step in answer["steps"] for proof in step["proofs"]}
    blob = cleo.git("rev-parse", f"origin/main:{CHECKED}")
    assert proofs[f"git rev-parse origin/main:{CHECKED}"]["expected"] == blob
    subjects = cleo.git("log", "--format=%s").splitlines()
    assert len(subjects) == 5
    assert subjects[1] == "Codes that nobody can guess (#12)"
    brought = cleo.git("diff", "--name-status", "-M", "HEAD~2", "HEAD~1").splitlines()
    code = [line for line in brought if ".orchestrator" not in line]
    assert [line[0] for line in code] == ["M", "A", "D", "R", "A"]
    heads = cleo.git("for-each-ref", "--format=%(refname)").split()
    assert heads == ["refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]


def test_a_corrupted_record_is_noticed(temporary: Path, demo_here: Callable[..., Result]) -> None:
    done = demo_here("--sabotage", "record", "--json")
    assert done.code == 4
    answer = done.json
    assert (answer["ok"], answer["sabotage"]) == (False, "record")
    assert CHECKED not in verdicts(answer)
    wrong = failed_proofs(answer)
    assert wrong[0]["git_command"] == "git rev-parse origin/main:.orchestrator"
    others = set(wrong[1]["found"].splitlines()) - set(wrong[1]["expected"].splitlines())
    assert others == {f"create {CHECKED}"}
    assert_checks_exit_with_4(answer)
    assert "conflict markers of an unresolved merge" in said(answer)
    assert list(temporary.iterdir()) == []


def test_a_revert_is_noticed(demo_here: Callable[..., Result]) -> None:
    done = demo_here("--sabotage", "revert", "--json")
    assert done.code == 4
    answer = done.json
    found = verdicts(answer)
    assert found.pop(CHECKED) == "reverted"
    assert found.pop("shorty/counter.py") == "reverted"
    wrong = {proof["git_command"]: proof for proof in failed_proofs(answer)}
    assert f"git rev-parse origin/main:{CHECKED}" in wrong
    assert wrong["git ls-tree origin/main -- shorty/counter.py"]["expected"] == ""
    assert "shorty/counter.py" in wrong["git ls-tree origin/main -- shorty/counter.py"]["found"]
    assert_checks_exit_with_4(answer)


def assert_checks_exit_with_4(answer: Json) -> None:
    """verify and review found something, each for people and as JSON; nothing else went wrong."""
    wrong = failed_commands(answer)
    assert [command["command"].split()[1] for command in wrong] == ["verify", "verify", "review", "review"]
    assert {command["exit_code"] for command in wrong} == {4}
    assert all(step["complete"] for step in answer["steps"])


def said(answer: Json) -> str:
    """All output of all commands."""
    return "\n".join(
        line for step in answer["steps"] for command in step["commands"] for line in command["output"]
    )


def test_a_file_dropped_from_the_squash_is_shown_to_people(
    temporary: Path, demo_here: Callable[..., Result]
) -> None:
    done = demo_here("--sabotage", "squash")
    assert done.code == 4
    lines = done.out.splitlines()
    assert ["absent", "create", CHECKED] in [line.split()[:3] for line in lines], "verify says so too"
    checks = [lines[at - 1] for at, line in enumerate(lines) if line == "   ✗ exit code 4, not 0"]
    assert sum(line.endswith("--json") for line in checks) == 2, "verify and review, each twice"
    assert done.out.count("   ✗ exit code") == 4
    at = lines.index(f"   ✗ {CHECKED} on main is what Ann's task claimed (absent)")
    assert lines[at + 1] == f"     proof: git rev-parse origin/main:{CHECKED} -> NOT the same"
    assert lines[at + 3] == f"       git says  fatal: path '{CHECKED}' does not exist in 'origin/main'"
    assert "   forge # SABOTAGE: one of Ann's files is dropped from the squash" in lines
    assert lines[-1] == "The sabotage (squash) was noticed."
    wrong = done.out.count("-> NOT the same")
    assert (
        f"{wrong} of {wrong + done.out.count('-> same')} proofs do not hold: see step 7, 8, 9." == lines[-2]
    )
    assert done.out.count("   ✓ ") == done.out.count("-> same") > 30
    assert f"       expected  create {CHECKED}" in lines
    assert list(temporary.iterdir()) == []


def lie(self: object, claims: list[Claim], claimed: object = ()) -> list[Verdict]:
    return [Verdict(claim, "exact", at_path=claim.path) for claim in claims if claim.op != "read"]


def test_a_ladder_that_lies_is_caught_by_plain_git(
    demo_here: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proofs do not lean on what they are to prove."""
    monkeypatch.setattr(Ladder, "judge", lie)
    done = demo_here("--sabotage", "squash", "--json")
    assert done.code == 4
    answer = done.json
    assert failed_commands(answer) == [], "verify and review believe the lie"
    assert set(verdicts(answer).values()) == {"exact"}
    wrong = failed_proofs(answer)
    assert wrong[0]["git_command"] == f"git rev-parse origin/main:{CHECKED}"
    assert wrong[0]["claim"].endswith("(exact)")


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """An environment in which plain git would not get through the story."""
    hooks = tmp_path / "hooks"
    for name in ("pre-commit", "commit-msg", "pre-push", "post-checkout", "pre-merge-commit"):
        hook = hooks / "hooks" / name
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'a hook of the user ran' >&2\nexit 1\n")
        hook.chmod(0o755)
    (tmp_path / "attributes").write_text("* text eol=crlf\n")
    (tmp_path / "excludes").write_text(".orchestrator\n*.py\n")
    config = tmp_path / "gitconfig"
    config.write_text(
        f"""\
[user]
    useConfigOnly = true
[commit]
    gpgSign = true
    template = /does/not/exist
[gpg]
    program = /bin/false
[core]
    hooksPath = {hooks}/hooks
    autocrlf = true
    attributesFile = {tmp_path}/attributes
    excludesFile = {tmp_path}/excludes
    quotePath = true
[init]
    defaultBranch = trunk
    templateDir = {hooks}
[diff]
    noprefix = true
    external = /bin/false
    renames = false
[status]
    showUntrackedFiles = no
    short = true
[log]
    showSignature = true
    date = relative
[merge]
    ff = only
[pull]
    rebase = true
[push]
    default = nothing
[color]
    ui = always
[clone]
    defaultRemoteName = upstream
"""
    )
    return {
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_DIR": str(tmp_path / "none"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_WORK_TREE": str(tmp_path / "none"),
        "GIT_EXTERNAL_DIFF": "/bin/false",
        "GIT_LITERAL_PATHSPECS": "1",
        "TASKORCH_SESSION": "s-00000000",
        "TASKORCH_AGENT": "somebody else",
        "HOME": "/does/not/exist",
        "XDG_CONFIG_HOME": str(tmp_path),
        "LC_ALL": "de_DE.ISO-8859-1",
        "LANGUAGE": "de",
        "PYTHONIOENCODING": "ascii",
        "TZ": "Pacific/Kiritimati",
    }


def test_all_proofs_hold_whatever_the_user_has_set_and_nothing_is_left(
    temporary: Path, hostile: dict[str, str]
) -> None:
    done = demo(temporary, **hostile)
    assert done.code == 0, done.out
    assert done.err == ""
    lines = done.out.splitlines()
    good = [line for line in lines if line.startswith("   ok ")]
    assert "NOT" not in done.out
    assert "\x1b" not in done.out
    assert done.out.count("-> same") == len(good) > 30
    assert f"All {len(good)} proofs hold." in done.out
    assert f"   ok {CHECKED} on main is what Ann's task claimed (exact)" in lines
    assert f"     proof: git rev-parse origin/main:{CHECKED} -> same (" in done.out
    assert "   ann $ taskorch task start t-" in done.out
    assert "where their records say: 2 completed, 1 left to do\n" in done.out
    assert "a hook of the user ran" not in done.out
    assert done.out.rstrip().endswith("taskorch task complete ID --results 'What was done'")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "whole_group", "code"),
    [(signal.SIGINT, True, 130), (signal.SIGINT, False, 130), (signal.SIGTERM, False, 143)],
    ids=["ctrl-c", "interrupt", "terminate"],
)
def test_nothing_is_left_when_it_is_stopped(
    temporary: Path, number: signal.Signals, whole_group: bool, code: int
) -> None:
    env = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        DEMO, cwd=temporary, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        for line in process.stdout:
            if line.startswith("2. "):
                break
        assert list(temporary.iterdir()) != []
        if whole_group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert err == ("interrupted\n" if number == signal.SIGINT else "")
    assert list(temporary.iterdir()) == []


def test_without_git(temporary: Path) -> None:
    done = demo(temporary, "--json", PATH="")
    assert (done.code, done.error["kind"], done.error["message"]) == (1, "git", "git is not installed")
    assert list(temporary.iterdir()) == []


def test_a_step_that_fails_ends_the_story(temporary: Path, tmp_path: Path) -> None:
    """A command that does not do what the story needs is shown, with its words."""
    (tmp_path / "lie").mkdir()
    (tmp_path / "lie" / "sitecustomize.py").write_text(
        "from taskorch.services import starting\n"
        "from taskorch.errors import TaskorchError\n"
        "def start_task(*args, **more): raise TaskorchError('not today', hint='try tomorrow')\n"
        "starting.start_task = start_task\n"
    )
    done = demo(temporary, PYTHONPATH=str(tmp_path / "lie"))
    assert done.code == 4
    lines = done.out.splitlines()
    at = lines.index("     error: not today")
    assert lines[at - 1].startswith("   ann $ taskorch task start t-")
    assert lines[at + 1 :] == [
        "     hint: try tomorrow",
        "   ✗ exit code 1, not 0",
        "   ✗ the demo cannot go on",
        "",
        "A command did not do what it should: see step 3.",
    ]
    assert list(temporary.iterdir()) == []
