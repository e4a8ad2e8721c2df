"""Committing records and nothing else: index, hooks, failure, and when it is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.errors import GitFailed, TaskorchError
from taskorch.git.commit import changed_below, commit_only, refuse_if_busy
from taskorch.git.index import index_put_back
from taskorch.git.repository import Repository
from tests.git.test_repository import BUSY
from tests.repos import Repo

STORE = ".orchestrator"
OLD, NEW, GONE = f"{STORE}/tasks/old.md", f"{STORE}/tasks/new ü.md", f"{STORE}/tasks/gone.md"
RECORDS = [OLD, NEW, GONE]


def hook(repo: Repo, name: str, script: str) -> None:
    repo.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)


def entries(repo: Repo) -> str:
    """All that the index says of contents: modes, ids, stages, flags; not stat data."""
    flags = repo.git("ls-files", "-z", "-t", "-v", "--stage")
    intended = repo.git("diff", "--name-only", "--no-renames", "--diff-filter=A", "-z")
    return f"{flags}\n{intended}"


def messy(repo: Repo) -> None:
    """Staged, partly staged, deleted, renamed, intended and untracked files beside changed records."""
    repo.git("config", "status.renames", "false")
    repo.commit("1", {"a": "1\n", "b": "1\n", "c": "1\n", "d": "1\n", "e": "1\n", OLD: "1\n", GONE: "1\n"})
    repo.write("a", "2\n")
    repo.git("add", "a")
    repo.write("b", "2\n")
    repo.git("add", "b")
    repo.write("b", "3\n")
    repo.git("rm", "-q", "--cached", "c")
    repo.git("mv", "d", "moved")
    repo.git("update-index", "--assume-unchanged", "e")
    repo.write("wanted", "1\n")
    repo.git("add", "-N", "wanted")
    repo.write("untracked", "1\n")
    repo.write("new-and-staged", "1\n")
    repo.git("add", "new-and-staged")
    repo.write(OLD, "2\n")
    repo.write(NEW, "2\n")
    repo.remove(GONE)


def commit(repo: Repo, message: str = "records") -> str:
    return commit_only(Repository.open(repo.path), RECORDS, [NEW], message)


def others(listed: str) -> list[str]:
    """The rows that are not about records."""
    return [row for row in listed.split("\0") if STORE not in row]


def test_exactly_the_records_are_committed(repo: Repo) -> None:
    messy(repo)
    status = repo.git("status", "--porcelain=v2", "-z", "--untracked-files=all")
    before = entries(repo)
    head = repo.head
    new = commit(repo, "# a message\n\nwith a body")
    assert repo.head == new
    assert repo.git("rev-parse", "HEAD^") == head
    # a message of -m is kept as it is, as git does
    assert repo.git("log", "-1", "--format=%B").startswith("# a message\n\nwith a body")
    changed = repo.git("diff-tree", "-r", "--no-commit-id", "--name-status", "-z", "HEAD").split("\0")
    assert dict(zip(changed[1::2], changed[0::2], strict=False)) == {OLD: "M", NEW: "A", GONE: "D"}
    assert others(entries(repo)) == others(before)
    now = repo.git("status", "--porcelain=v2", "-z", "--untracked-files=all")
    assert now.split("\0") == others(status)
    assert repo.read("b") == "3\n"


def test_on_an_unborn_branch(repo: Repo) -> None:
    repo.write("a", "1\n")
    repo.git("add", "a")
    repo.write(NEW, "1\n")
    commit_only(Repository.open(repo.path), [NEW], [NEW], "first")
    assert repo.git("ls-tree", "-r", "--name-only", "-z", "HEAD") == f"{NEW}\0"
    assert repo.git("diff", "--cached", "--name-only") == "a"


def test_records_that_the_user_staged(repo: Repo) -> None:
    messy(repo)
    repo.git("add", STORE)
    commit_only(Repository.open(repo.path), RECORDS, [], "records")
    assert repo.git("status", "--porcelain", STORE) == ""


def test_odd_names_are_literal(repo: Repo) -> None:
    repo.commit("1", {"a.md": "1\n", OLD: "1\n"})
    odd = [f"{STORE}/{name}" for name in ("*.md", "[a].md", ":(top)a.md", "-n", "new\nline", "\udcff")]
    for name in odd:
        repo.write(name, "2\n")
    repo.write("a.md", "2\n")
    repo.write(OLD, "2\n")
    commit_only(Repository.open(repo.path), odd, odd, "records")
    names = repo.git("diff-tree", "-r", "--no-commit-id", "--name-only", "-z", "HEAD")
    assert sorted(names.rstrip("\0").split("\0")) == sorted(odd)


def test_hooks_run_and_see_just_the_records(repo: Repo, tmp_path: Path) -> None:
    messy(repo)
    seen = tmp_path / "seen"
    names = "git -c core.quotePath=false diff --cached --name-status"
    hook(repo, "pre-commit", f'{names} > "{seen}-pre"; git show :a > "{seen}-a"; test -t 0 || true')
    hook(repo, "commit-msg", f'cat "$1" > "{seen}-msg"; echo "Reviewed-by: hook" >> "$1"')
    hook(repo, "post-commit", f'{names} > "{seen}-post"')
    commit(repo)
    assert Path(f"{seen}-pre").read_text() == f"D\t{GONE}\nA\t{NEW}\nM\t{OLD}\n"
    assert Path(f"{seen}-a").read_text() == "1\n"
    assert Path(f"{seen}-msg").read_text() == "records\n"
    assert "Reviewed-by: hook" in repo.git("log", "-1", "--format=%B")
    assert STORE not in Path(f"{seen}-post").read_text()
    assert "M\ta\n" in Path(f"{seen}-post").read_text()


def test_signing_as_the_user_has_it(repo: Repo, tmp_path: Path) -> None:
    messy(repo)
    signer = tmp_path / "sign"
    signer.write_text("#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'a signature'\n")
    signer.chmod(0o755)
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "gpg.program", str(signer))
    commit(repo)
    assert "a signature" in repo.git("cat-file", "commit", "HEAD")


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "prepare-commit-msg"])
def test_a_failing_hook_leaves_all_as_it_was(repo: Repo, name: str) -> None:
    messy(repo)
    hook(repo, name, "echo 'no records on Sundays' >&2; exit 1")
    before, head, status = entries(repo), repo.head, repo.git("status", "--porcelain=v2")
    with pytest.raises(GitFailed, match="no records on Sundays") as caught:
        commit(repo)
    assert caught.value.hint
    assert (entries(repo), repo.head, repo.git("status", "--porcelain=v2")) == (before, head, status)
    (repo.path / f".git/hooks/{name}").unlink()
    commit(repo)


def test_an_index_that_was_not_there_is_not_left(repo: Repo) -> None:
    repo.write(NEW, "1\n")
    hook(repo, "pre-commit", "exit 1")
    with pytest.raises(GitFailed, match="exit code 1, and no word why"):
        commit_only(Repository.open(repo.path), [NEW], [NEW], "first")
    assert not (repo.path / ".git/index").exists()


def test_an_index_that_stays_locked_is_told(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskorch.git.locks.WAIT_SECONDS", 0.1)
    messy(repo)
    opened = Repository.open(repo.path)
    with (
        pytest.raises(GitFailed, match=r"refused; .*index is locked") as caught,
        index_put_back(opened, unless=lambda: False),
    ):
        repo.git("add", "-N", NEW)
        repo.write(".git/index.lock", "")
        raise TaskorchError("refused")
    assert caught.value.hint


def test_an_index_is_put_back_when_its_lock_is_free(repo: Repo) -> None:
    messy(repo)
    before = (repo.path / ".git/index").read_bytes()
    lock = repo.write(".git/index.lock", "")
    threading.Timer(0.3, lock.unlink).start()
    with pytest.raises(TaskorchError), index_put_back(Repository.open(repo.path), unless=lambda: False):
        (repo.path / ".git/index").write_bytes(b"other")
        raise TaskorchError("refused")
    assert (repo.path / ".git/index").read_bytes() == before
    assert not lock.exists()


def test_no_identity(repo: Repo, sealed: Path) -> None:
    messy(repo)
    (sealed / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    before = entries(repo)
    with pytest.raises(GitFailed):
        commit(repo)
    assert entries(repo) == before


def test_settings_of_the_user_do_not_get_in_the_way(repo: Repo) -> None:
    repo.commit("0", {"stashed": "1\n"})
    repo.write("stashed", "2\n")
    repo.git("stash", "-q")
    messy(repo)
    for name, value in {
        "commit.verbose": "true",
        "commit.status": "true",
        "commit.template": "/nowhere",
        "core.editor": "false",
        "status.showStash": "true",
        "core.autocrlf": "true",
        "core.splitIndex": "true",
        "include.path": "/nowhere",
    }.items():
        repo.git("config", name, value)
    rows = changed_below(Repository.open(repo.path), STORE)
    assert sorted(rows) == [(GONE, ".", "D"), (NEW, "?", "?"), (OLD, ".", "M")]
    commit(repo)


def test_what_is_changed_below_a_folder(repo: Repo) -> None:
    names = ["staged", "both", "changed", "gone", "same", "conflict"]
    repo.commit("1", {f"{STORE}/{name}": "1\n" for name in names})
    repo.git("switch", "-qc", "side")
    repo.commit("2", {f"{STORE}/conflict": "2\n"})
    repo.git("switch", "-q", "main")
    repo.commit("3", {f"{STORE}/conflict": "3\n"})
    assert repo.git_result("merge", "side").code == 1
    for name in ("staged", "both"):
        repo.write(f"{STORE}/{name}", "2\n")
        repo.git("add", f"{STORE}/{name}")
    repo.write(f"{STORE}/both", "3\n")
    repo.write(f"{STORE}/changed", "3\n")
    repo.remove(f"{STORE}/gone")
    repo.write(f"{STORE}/new line\n", "1\n")
    repo.write("elsewhere", "1\n")
    assert sorted(changed_below(Repository.open(repo.path), STORE)) == [
        (f"{STORE}/both", "M", "M"),
        (f"{STORE}/changed", ".", "M"),
        (f"{STORE}/conflict", "u", "u"),
        (f"{STORE}/gone", ".", "D"),
        (f"{STORE}/new line\n", "?", "?"),
        (f"{STORE}/staged", "M", "."),
    ]


@pytest.mark.parametrize("case", BUSY)
def test_refused_in_the_middle_of(project: Repo, case: str) -> None:
    """Of a merge, rebase, cherry-pick, revert, am, bisect: nothing at all is changed, not even written."""
    act: Callable[[Repo], None] = BUSY[case][0]
    words = BUSY[case][1]
    act(project)
    project.run("task", "new", "One")
    before, head = entries(project), project.head
    files = sorted(str(path) for path in (project.path / STORE).rglob("*"))
    done = project.run("commit", "--json", check=False)
    if words is None:
        assert done.code == 0 and project.head == done.json["commit"]
        return
    assert done.code == 1
    assert words in done.error["message"] and done.error["hint"]
    assert (entries(project), project.head) == (before, head)
    assert sorted(str(path) for path in (project.path / STORE).rglob("*")) == files
    with pytest.raises(TaskorchError, match=words):
        refuse_if_busy(Repository.open(project.path), "not now")


@pytest.mark.parametrize("kind", ["partly staged", "unmerged"])
def test_refused_when_a_record_is(project: Repo, kind: str) -> None:
    task = project.json("task", "new", "One")["path"]
    if kind == "unmerged":
        blob = project.git("hash-object", "-w", task)
        rows = "".join(f"100644 {blob} {stage}\t{task}\n" for stage in (1, 2, 3))
        project.git("update-index", "--index-info", stdin=rows)
    else:
        project.git("add", task)
        with (project.path / task).open("a") as file:
            file.write("more\n")
    before, head = entries(project), project.head
    done = project.run("commit", "--json", check=False)
    assert done.code == 1 and task in done.error["message"] and done.error["hint"]
    assert (entries(project), project.head) == (before, head)


def test_the_command_commits_what_it_folds(project: Repo) -> None:
    task = project.json("task", "new", "One")["id"]
    project.run("task", "start", task)
    project.write("a", "1\n")
    project.git("add", "a")
    answer = project.json("commit", "-m", "my words")
    assert project.git("log", "-1", "--format=%s") == "my words"
    assert project.git("diff", "--cached", "--name-only") == "a"
    committed = project.git("diff-tree", "-r", "--no-commit-id", "--name-only", "HEAD").split()
    assert committed == answer["paths"] and any(path.endswith(".claims.jsonl") for path in committed)
    assert project.git("status", "--porcelain", STORE) == ""
    assert project.json("commit")["commit"] is None
    assert os.fsdecode(task) in project.git("show", f"HEAD:{committed[0]}")


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_another_git_holds_for_a_moment_is_waited_for(repo: Repo, name: str) -> None:
    messy(repo)
    hook(repo, "pre-commit", "echo run >> ../hooks-run")
    lock = repo.write(f".git/{name}", "")
    timer = threading.Timer(0.7, lock.unlink)
    timer.start()
    new = commit(repo)
    assert repo.head == new
    assert (repo.path.parent / "hooks-run").read_text() == "run\n"
    assert not timer.is_alive()


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_stays_is_named_and_left(repo: Repo, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskorch.git.locks.WAIT_SECONDS", 0.2)
    messy(repo)
    before, head, index = entries(repo), repo.head, (repo.path / ".git/index").read_bytes()
    lock = repo.write(f".git/{name}", "")
    with pytest.raises(GitFailed, match=f"another git holds .*{name} and did not give it up") as caught:
        commit(repo)
    assert "none is running" in str(caught.value.hint)
    assert lock.exists()
    if name != "index.lock":
        assert (repo.path / ".git/index").read_bytes() == index
    lock.unlink()
    assert (entries(repo), repo.head) == (before, head)


def test_a_hook_that_names_a_lock_is_no_lock(repo: Repo) -> None:
    messy(repo)
    hook(
        repo, "pre-commit", "echo run >> ../hooks-run; echo \"Unable to create '/x/index.lock'\" >&2; exit 1"
    )
    with pytest.raises(GitFailed, match="git commit failed"):
        commit(repo)
    assert (repo.path.parent / "hooks-run").read_text() == "run\n"


def test_signing_with_an_ssh_key(repo: Repo, tmp_path: Path) -> None:
    if not shutil.which("ssh-keygen"):
        pytest.skip("ssh-keygen is not installed")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"ann@example.org {key.with_suffix('.pub').read_text()}")
    messy(repo)
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():
        repo.git("config", name, value)
    commit(repo)
    verified = repo.git_result("verify-commit", "HEAD")
    assert verified.code == 0 and "Good" in verified.err
    assert "SSH SIGNATURE" in repo.git("cat-file", "commit", "HEAD")
    index, head = (repo.path / ".git/index").read_bytes(), repo.head
    key.unlink()
    repo.write(OLD, "3\n")
    with pytest.raises(GitFailed, match="git commit failed"):
        commit_only(Repository.open(repo.path), [OLD], [], "not signed")
    assert ((repo.path / ".git/index").read_bytes(), repo.head) == (index, head)
