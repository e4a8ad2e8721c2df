"""The evaluation on a small repository of pull requests, and that it notices a ladder that is wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from taskorch.services.ladder import ladder, verdict
from taskorch.services.recovery import recover
from tests.evaluation import recovered
from tests.evaluation.__main__ import main
from tests.repos import Build, Repo

LINES = [f"line {number}\n" for number in range(30)]


def text(**changed: str) -> str:
    return "".join(changed.get(f"l{number}", line) for number, line in enumerate(LINES))


def with_pulls(repo: Repo) -> None:
    """Four pull requests: squashed, squashed upon others' work in two commits, merged, and closed.

    And a commit that was reverted after others changed one of its files.
    """
    repo.commit("start", {"a": text(), "b": "b\n"})

    def branch(number: int, *commits: dict[str, str | bytes | None]) -> None:
        repo.git("switch", "-qc", "branch")
        for files in commits:
            repo.commit("work", files)
        repo.git("update-ref", f"refs/pull/{number}/head", "HEAD")
        repo.git("switch", "-q", "main")

    def land(number: int, *, squash: bool) -> None:
        repo.git("merge", "-q", *(["--squash"] if squash else ["--no-ff", "--no-commit"]), "branch")
        subject = f"It (#{number})" if squash else f"Merge pull request #{number} from ann/branch"
        repo.git("commit", "-qm", subject)

    def over() -> None:
        repo.git("branch", "-qD", "branch")

    branch(1, {"new": "new\n", "a": text(l1="one\n")})
    land(1, squash=True)
    over()
    branch(2, {"a": text(l1="one\n", l5="two\n")}, {"a": text(l1="one\n", l5="two, again\n", l6="more\n")})
    repo.commit("theirs", {"a": text(l1="one\n", l25="theirs\n")})
    land(2, squash=True)
    over()
    branch(3, {"b": "merged\n"})
    land(3, squash=False)
    over()
    branch(4, {"closed": "closed\n"}, {"a": text()})
    over()
    first = repo.path.joinpath("a").read_text()
    wrong = repo.commit("wrong", {"a": first.replace("line 15\n", "wrong\n"), "new": "wrong\n"})
    repo.commit("theirs", {"a": first.replace("line 15\n", "wrong\n").replace("line 28\n", "theirs\n")})
    repo.git("revert", "--no-edit", wrong)


@pytest.fixture
def pulled(build: Build) -> Repo:
    return build(with_pulls)


def evaluated(repo: Repo, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main([str(repo.path), "--main", "main", "--jobs", "1", *options])
    return code, capsys.readouterr().out


def test_what_landed_is_counted_and_nothing_else(pulled: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    before = pulled.git("for-each-ref") + pulled.git("status", "--porcelain")
    code, out = evaluated(pulled, capsys)
    assert code == 0, out
    assert out.startswith("4 pull requests, 1 of them closed without merging; 1 commits that were reverted")
    assert out.rstrip().endswith("goal met")
    brought, parent, base, closed, steps, undone = out.split("## ")[1:]
    assert "exact 3, patch 1" in brought
    assert "git alone the content is there 3, as git merges it 1" in brought
    assert "of 4 files that landed 4 are counted landed: 100.00 %" in brought
    assert "rungs     absent 1" in parent
    assert "rungs     absent 4" in base
    assert "of 0 files that landed" in closed
    assert "rungs     patch 1" in steps
    assert "1 commits, 2 files\n  rungs     reverted 2" in undone
    assert out.count("falsely counted landed: 0") == 6
    assert before == pulled.git("for-each-ref") + pulled.git("status", "--porcelain")


def test_a_ladder_that_sees_too_much_is_noticed(
    pulled: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ladder.Ladder,
        "judge",
        lambda self, claims, claimed=(): [verdict.Verdict(one, "exact", at_path=one.path) for one in claims],
    )
    code, out = evaluated(pulled, capsys)
    assert code == 1
    assert "false  #4 create closed: exact (); git: nothing" in out
    assert out.split("## e")[1].count("false ") == 2
    assert out.rstrip().endswith("GOAL MISSED")


def test_a_ladder_that_sees_too_little_is_noticed(
    pulled: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder.Ladder, "_exact", lambda self, claim: None)
    code, out = evaluated(pulled, capsys, "--limit", "4")
    assert code == 1
    assert "missed #1 create new: unknown" in out or "missed #1 create new: absent" in out


def test_packages_are_those_of_the_pull_requests(
    pulled: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [str(pulled.path), "--main", "main"]
    assert recovered.main(asked) == 0
    out = capsys.readouterr().out
    assert out.rstrip().endswith("3 pull requests, 4 files, 0 not the same"), out
    assert "NOT SAME" not in out
    found: dict[str, Any] = {}

    def with_one_line_less(*given: Any, **options: Any) -> dict[str, Any]:
        found.update(recover(*given, **options))
        for row in found["recovery_package"]["files_created"]:
            row["added"] -= 1
        return found

    monkeypatch.setattr("tests.evaluation.recovered.recover", with_one_line_less)
    assert recovered.main(asked) == 1
    assert "NOT SAME" in capsys.readouterr().out


def test_the_documented_command_in_several_processes(pulled: Repo) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.evaluation",
        str(pulled.path),
        "--jobs",
        "2",
        "--pull",
        "2",
        "--pull",
        "3",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 pull requests")
