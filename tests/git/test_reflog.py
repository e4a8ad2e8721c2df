"""How HEAD moved, told from its reflog, for what git's own commands write there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.git import reflog
from taskorch.git.repository import Repository
from tests.repos import Repo

EDIT = "sed -i.bak"


def moves(repo: Repo, since: str | None, count: int) -> list[reflog.Move]:
    found = reflog.moves_since(Repository.open(repo.path), since, count)
    assert found is not None
    return found


def two_branches(repo: Repo) -> None:
    """main and side part at the first commit; they agree but for ``both``."""
    repo.commit("first", {"both": "1\n", "a": "1\n"})
    repo.git("switch", "-qc", "side")
    repo.commit("side", {"side": "1\n"})
    repo.commit("side both", {"both": "side\n"})
    repo.git("switch", "-q", "main")
    repo.commit("main", {"main": "1\n"})


def conflicting(repo: Repo, *command: str) -> None:
    repo.commit("main both", {"both": "main\n"})
    assert repo.git_result(*command).code == 1
    repo.write("both", "resolved\n")
    repo.git("add", "both")


def amend(repo: Repo) -> None:
    repo.write("a", "2\n")
    repo.git("commit", "-qa", "--amend", "-m", "amended")


def picked_with_conflict(repo: Repo) -> None:
    conflicting(repo, "cherry-pick", "side")
    repo.git("-c", "core.editor=true", "cherry-pick", "--continue")


def picked_and_committed(repo: Repo) -> None:
    conflicting(repo, "cherry-pick", "side")
    repo.git("commit", "-q", "--no-edit")


def reverted_with_conflict(repo: Repo) -> None:
    repo.commit("x", {"both": "x\n"})
    conflicting(repo, "revert", "--no-edit", "HEAD~1")
    repo.git("commit", "-q", "--no-edit")


def rebase_with_conflict(repo: Repo) -> None:
    repo.commit("main both", {"both": "main\n"})
    assert repo.git_result("rebase", "side").code == 1
    repo.write("both", "resolved\n")
    repo.git("add", "both")
    repo.git("-c", "core.editor=true", "rebase", "--continue")


def autosquash(repo: Repo) -> None:
    repo.commit("fixup! main", {"main": "2\n"})
    repo.git("rebase", "-q", "-i", "--autosquash", "HEAD~2")


def rebase_exec(repo: Repo) -> None:
    repo.commit("more", {"more": "1\n"})
    repo.git("rebase", "-q", "-x", "echo x >> log; git add log; git commit -qm log", "HEAD~1")


def rebase_edit(repo: Repo) -> None:
    repo.commit("more", {"more": "1\n"})
    editor = f"{EDIT} -e 1s/pick/edit/ -e 2s/pick/reword/"
    repo.git("-c", f"sequence.editor={editor}", "rebase", "-q", "-i", "HEAD~2")
    repo.write("main", "2\n")
    repo.git("commit", "-qa", "--amend", "--no-edit")
    repo.git("-c", "core.editor=true", "rebase", "--continue")


def patches(repo: Repo, *options: str) -> None:
    mail = repo.git("format-patch", "--stdout", "main..side")
    repo.git("am", "-q", *options, stdin=f"{mail}\n")


def pulled(repo: Repo, *options: str, ahead: bool = True) -> None:
    remote = repo.clone(repo.path.parent / "remote")
    remote.commit("theirs", {"theirs": "1\n"})
    repo.git("remote", "add", "origin", str(remote.path))
    if ahead:
        repo.commit("mine", {"mine": "1\n"})
    repo.git("pull", "-q", *options, "origin", "main")


def merged_by_hand(repo: Repo) -> None:
    conflicting(repo, "merge", "side")
    repo.git("merge", "--continue")


def squashed(repo: Repo) -> None:
    repo.git("merge", "-q", "--squash", "side")
    repo.git("commit", "-qm", "squashed")


def reset(repo: Repo, *options: str) -> None:
    repo.commit("more", {"more": "1\n"})
    repo.git("reset", "-q", *options, "HEAD~1")


def stashed(repo: Repo) -> None:
    repo.write("a", "2\n")
    repo.git("stash", "-q")
    repo.git("stash", "pop", "-q")


CASES: dict[str, tuple[Callable[[Repo], object], list[str]]] = {
    "commit": (lambda r: r.commit("c", {"a": "2\n"}), ["work"]),
    "commit (merge): as a subject": (lambda r: r.commit("(merge): x", {"a": "2\n"}), ["work"]),
    "amend": (amend, ["work"]),
    "cherry-pick": (lambda r: r.git("cherry-pick", "main..side"), ["work", "work"]),
    "cherry-pick --continue": (picked_with_conflict, ["work", "work"]),
    "cherry-pick, then commit": (picked_and_committed, ["work", "work"]),
    "revert": (lambda r: r.git("revert", "--no-edit", "HEAD"), ["work"]),
    "revert, then commit": (reverted_with_conflict, ["work"] * 3),
    "rebase": (lambda r: r.git("rebase", "-q", "side"), ["rebase start", "work", "rebase finish"]),
    "rebase --apply": (
        lambda r: r.git("rebase", "-q", "--apply", "side"),
        ["rebase start", "work", "rebase finish"],
    ),
    "rebase that fast-forwards": (
        lambda r: (r.git("switch", "-qc", "old", "main~1"), r.git("rebase", "-q", "main")),
        ["other", "rebase start", "rebase finish"],
    ),
    "rebase --continue": (rebase_with_conflict, ["work", "rebase start", "work", "work", "rebase finish"]),
    # commits that stay as they are have no entry, or a fast-forward
    "rebase --autosquash": (autosquash, ["work", "rebase start", "work", "rebase finish"]),
    "rebase --exec": (rebase_exec, ["work", "rebase start", "work", "rebase finish"]),
    "rebase -i, edit and reword": (
        rebase_edit,
        ["work", "rebase start", "other", "work", "work", "rebase finish"],
    ),
    "am": (patches, ["work", "work"]),
    "pull that fast-forwards": (lambda r: pulled(r, ahead=False), ["merged"]),
    "pull that merges": (lambda r: pulled(r, "--no-rebase", "--no-edit"), ["work", "merged"]),
    "pull --rebase": (lambda r: pulled(r, "--rebase"), ["work", "rebase start", "work", "rebase finish"]),
    "pull --rebase, nothing of ours": (lambda r: pulled(r, "--rebase", ahead=False), ["merged"]),
    "merge": (lambda r: r.git("merge", "-q", "--no-edit", "side"), ["merged"]),
    "merge --no-ff": (lambda r: r.git("merge", "-q", "--no-ff", "-m", "m", "side"), ["merged"]),
    "merge that fast-forwards": (
        lambda r: (r.git("switch", "-qc", "old", "main~1"), r.git("merge", "-q", "main")),
        ["other", "merged"],
    ),
    "merge by hand": (merged_by_hand, ["work", "merge"]),
    "merge --squash": (squashed, ["work"]),
    "reset --soft": (lambda r: reset(r, "--soft"), ["work", "reset"]),
    "reset --mixed": (reset, ["work", "reset"]),
    "reset --hard": (lambda r: reset(r, "--hard"), ["work", "reset"]),
    "checkout": (lambda r: r.git("checkout", "-q", "side"), ["other"]),
    "switch to and fro": (
        lambda r: (r.git("switch", "-q", "side"), r.git("switch", "-q", "-")),
        ["other"] * 2,
    ),
    "detach": (lambda r: r.git("switch", "-q", "--detach", "side~1"), ["other"]),
    "stash and pop": (stashed, ["reset"]),
}


@pytest.mark.parametrize("case", CASES)
def test_kinds_of_moves(repo: Repo, case: str) -> None:
    two_branches(repo)
    act, kinds = CASES[case]
    head, count = repo.head, reflog.length(Repository.open(repo.path))
    act(repo)
    found = moves(repo, head, count)
    written = (repo.path / ".git/logs/HEAD").read_text().splitlines()[count:]
    assert [move.kind for move in found] == kinds, "\n".join(written)
    # an unbroken chain from there to here
    assert [head, *(move.new for move in found)] == [*(move.old for move in found), repo.head]


def test_the_first_commit(repo: Repo) -> None:
    assert moves(repo, None, 0) == []
    first = repo.commit("first", {"a": "1\n"})
    assert moves(repo, None, 0) == [reflog.Move(None, first, "work")]


def test_a_branch_that_is_renamed_is_no_move(repo: Repo) -> None:
    """git writes it as two entries, away to nothing and back."""
    first = repo.commit("first", {"a": "1\n"})
    repo.git("branch", "-m", "trunk")
    second = repo.commit("second", {"a": "2\n"})
    assert "Branch: renamed" in (repo.path / ".git/logs/HEAD").read_text()
    assert [one for one in moves(repo, first, 1) if one.old != one.new] == [
        reflog.Move(first, second, "work")
    ]


def test_a_history_begun_anew_goes_on_from_the_old_head(repo: Repo) -> None:
    first = repo.commit("first", {"a": "1\n"})
    repo.git("checkout", "-q", "--orphan", "new")
    second = repo.commit("second", {"b": "1\n"})
    assert moves(repo, first, 1) == [reflog.Move(first, second, "work")]
    # also for who looked while there was no HEAD
    assert moves(repo, None, 1)[-1].new == second


def test_moves_by_plumbing_are_untold(repo: Repo) -> None:
    """git symbolic-ref and update-ref write no message, or no entry: then the next one begins elsewhere."""
    first = repo.commit("first", {"a": "1\n"})
    repo.git("branch", "side")
    second = repo.commit("second", {"a": "2\n"})
    repo.git("symbolic-ref", "HEAD", "refs/heads/side")
    repo.git("reset", "-q")
    assert moves(repo, first, 1)[:2] == [
        reflog.Move(first, second, "work"),
        reflog.Move(second, first, "untold"),
    ]
    repo.git("symbolic-ref", "HEAD", "refs/heads/main")
    assert moves(repo, first, 1)[-1] == reflog.Move(first, second, "untold")


def test_a_reflog_that_was_cut(repo: Repo) -> None:
    """What is left is used from where HEAD was; what does not tell is None, never a guess."""
    first = repo.commit("first", {"a": "1\n"})
    second = repo.commit("second", {"a": "2\n"})
    third = repo.commit("third", {"a": "3\n"})
    log = repo.path / ".git/logs/HEAD"
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[1:]))
    opened = Repository.open(repo.path)
    assert moves(repo, second, 2) == [reflog.Move(second, third, "work")]
    assert [move.new for move in moves(repo, first, 1)] == [second, third]  # git gc took the first entry
    assert reflog.moves_since(opened, "0" * 40, 1) is None
    log.write_text("")
    assert reflog.moves_since(opened, first, 1) is None
    assert reflog.length(opened) == 0
    log.unlink()
    assert reflog.moves_since(opened, first, 1) is None


def test_each_work_tree_has_its_own(repo: Repo, tmp_path: Path) -> None:
    first = repo.commit("first", {"a": "1\n"})
    linked = repo.worktree(tmp_path / "linked", "-b", "other")
    count = reflog.length(Repository.open(linked.path))
    repo.commit("in the main one", {"a": "2\n"})
    assert moves(linked, first, count) == []
    mine = linked.commit("here", {"b": "1\n"})
    assert moves(linked, first, count) == [reflog.Move(first, mine, "work")]


def test_messages_that_no_one_expects(repo: Repo) -> None:
    """Subjects of any kind, also none, and names that are not UTF-8."""
    first = repo.commit("first", {"a": "1\n"})
    repo.git("config", "user.name", "Ann \udcff <x")
    subjects = ["checkout: moving", "\t tab", "reset: moving to x", "ü" * 3000, "\x02"]
    for number, subject in enumerate(subjects):
        repo.commit(subject, {"a": f"{number}\n"})
    repo.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
    assert [move.kind for move in moves(repo, first, 1)] == ["work"] * (len(subjects) + 1)
