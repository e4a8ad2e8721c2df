"""The states of files on disk are exactly those that a real ``git add`` gives them afterwards."""

from __future__ import annotations

import os
import random
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.errors import GitFailed
from taskorch.git import worktree
from taskorch.git.repository import Repository
from tests.repos import Repo

PROCESS_FILTER = """
import sys
def read():
    size = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(int(size, 16) - 4) if int(size or b"0", 16) else None
def lines():
    out = []
    while (one := read()) is not None:
        out.append(one)
    return out
def write(*parts):
    for part in parts:
        sys.stdout.buffer.write(b"%04x" % (len(part) + 4) + part if part else b"0000")
    sys.stdout.buffer.flush()
lines()
write(b"git-filter-server\\n", b"version=2\\n", b"")
lines()
write(b"capability=clean\\n", b"")
while True:
    head = read()
    if head is None:
        break
    lines()
    data = b"".join(lines())
    write(b"status=success\\n", b"", *([data.swapcase()] if data else []), b"", b"")
"""


def open_repo(repo: Repo) -> Repository:
    return Repository.open(repo.path)


def every_path(repo: Repo) -> set[str]:
    """All paths of the index and the disk, folders and the git directory left out."""
    listed = repo.git("ls-files", "-z").split("\0")
    paths = {path for path in listed if path}
    for folder, names, files in os.walk(repo.path):
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        nested = [name for name in names if os.path.exists(os.path.join(folder, name, ".git"))]
        names[:] = [name for name in names if name != ".git" and name not in nested]
        for name in [*files, *links, *nested]:
            if name != ".git":
                paths.add(os.path.relpath(os.path.join(folder, name), repo.path))
    return paths


def everything(repo: Repo) -> dict[str, bytes]:
    """Every file of the git directory (ours left out) and of the work tree, byte for byte."""
    found = {}
    for folder, names, files in os.walk(repo.path):
        names[:] = [name for name in names if os.path.join(folder, name) != str(repo.path / ".git/taskorch")]
        for name in files:
            path = Path(folder, name)
            found[str(path)] = os.fsencode(os.readlink(path)) if path.is_symlink() else path.read_bytes()
    return found


def added(repo: Repo, paths: set[str]) -> dict[str, str | None]:
    """The states after a real ``git add --all --force``."""
    repo.git("add", "--all", "--force", "--sparse", ".")
    listed = repo.git("ls-files", "--stage", "-z")
    rows = [line.split("\t", 1) for line in listed.split("\0") if line]
    states = {path: " ".join(meta.split(" ")[:2]) for meta, path in rows}
    return {path: states.get(path) for path in paths}


def check(repo: Repo) -> dict[str, str | None]:
    """All paths at once, and each alone: as git adds them, and nothing of the user's is touched."""
    paths = every_path(repo)
    before = everything(repo)
    opened = open_repo(repo)
    answer = worktree.staged_states(opened, paths)
    some = {path: worktree.staged_states(opened, [path])[path] for path in sorted(paths)[:3]}
    assert everything(repo) == before
    expected = added(repo, paths)
    assert answer == expected
    assert some == {path: expected[path] for path in some}
    return answer


def set_attributes(repo: Repo, text: str) -> None:
    repo.write(".git/info/attributes", text)


def plain(repo: Repo) -> None:
    repo.commit("1", {"same": "1\n", "changed": "1\n", "gone": "1\n", "d/gone": "1\n", "e/f": "1\n"})
    repo.write("changed", "2\n")
    repo.write("new/er", "3\n")
    repo.write("empty", "")
    repo.write("big", bytes(range(256)) * 20_000)
    repo.remove("gone")
    repo.remove("d/gone")


def staged_and_changed(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n", "b": "1\n", "c": "1\n"})
    repo.write("a", "2\n")
    repo.git("add", "a")
    repo.write("a", "3\n")
    repo.git("rm", "-q", "--cached", "b")
    repo.git("rm", "-q", "c")
    repo.write("wanted", "later\n")
    repo.write("gone-again", "later\n")
    repo.git("add", "-N", "wanted", "gone-again")
    repo.remove("gone-again")


def links(repo: Repo) -> None:
    repo.commit("1", {"file": "1\n", "was-file": "1\n", "folder/in": "1\n", "was-folder/in": "1\n"})
    for name, to in {"to-file": "file", "dangling": "nowhere", "to-folder": "folder", "out": "/"}.items():
        os.symlink(to, repo.path / name)
    repo.git("add", "to-file")
    repo.remove("was-file")
    os.symlink("file", repo.path / "was-file")
    repo.remove("to-file")
    repo.write("to-file", "a file now\n")


def folder_becomes_link(repo: Repo) -> None:
    repo.commit("1", {"d/in": "1\n", "e/in": "1\n"})
    repo.remove("d/in")
    (repo.path / "d").rmdir()
    os.symlink("e", repo.path / "d")


def file_becomes_folder(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n", "b": "1\n", "c/in": "1\n", "other": "1\n"})
    for name in ("a", "b"):
        repo.remove(name)
    (repo.path / "a").mkdir()
    repo.write("b/in", "1\n")
    repo.remove("c/in")
    (repo.path / "c").rmdir()
    repo.write("c", "1\n")
    repo.write("other", "2\n")


def modes(repo: Repo, *, trusted: bool) -> None:
    repo.git("config", "core.fileMode", str(trusted).lower())
    repo.commit("1", {"plain": "1\n", "program": "1\n"})
    repo.git("update-index", "--chmod=+x", "program")
    repo.git("commit", "-qm", "x")
    (repo.path / "plain").chmod(0o755)
    (repo.path / "program").chmod(0o644)
    repo.write("new", "1\n").chmod(0o755)


def line_ends(repo: Repo, config: dict[str, str], attributes: str) -> None:
    """Files that were committed with CRLF or LF as they are, then changed under the given settings."""
    kinds = {"lf": "1\n2\n", "crlf": "1\r\n2\r\n", "mixed": "1\n2\r\n", "binary": "1\r\n\0\r\n"}
    repo.commit("1", {f"{kind}-{n}.txt": text for kind, text in kinds.items() for n in range(3)})
    for name, value in config.items():
        repo.git("config", name, value)
    set_attributes(repo, attributes)
    for kind, text in kinds.items():
        repo.write(f"{kind}-0.txt", text + "3\n")
        repo.write(f"{kind}-1.txt", text + "3\r\n")
        repo.write(f"new-{kind}.txt", text)


def ident(repo: Repo) -> None:
    set_attributes(repo, "*.c ident\n")
    repo.commit("1", {"a.c": "$Id$\n", "b.c": "$Id: 123 $\n"})
    repo.write("a.c", "$Id: 0123456789012345678901234567890123456789 $\nmore\n")
    repo.write("n.c", "$Id: not so $\n")


def encoding(repo: Repo) -> None:
    set_attributes(repo, "*.txt text working-tree-encoding=UTF-16\n")
    repo.commit("1", {"a.txt": "Grüße\n".encode("utf-16")})
    repo.write("a.txt", "Grüße\r\nan alle\n".encode("utf-16"))
    repo.write("b.txt", "neu\n".encode("utf-16"))


def clean_filter(repo: Repo, command: str, *, required: bool = False, key: str = "clean") -> None:
    set_attributes(repo, "*.f filter=up\n")
    repo.git("config", f"filter.up.{key}", command)
    repo.git("config", "filter.up.required", str(required).lower())
    repo.write("a.f", "some text\n")
    repo.write("b.f", "more text\n" * 500)
    repo.write("plain", "some text\n")


def process_filter(repo: Repo) -> None:
    script = repo.write(".git/filter.py", PROCESS_FILTER)
    clean_filter(repo, f"{sys.executable} {script}", key="process", required=True)


def submodules(repo: Repo) -> None:
    other = Repo.init(repo.path.parent / "other")
    other.commit("1", {"f": "1\n"})
    for name in ("newer", "dirty", "same", "gone"):
        repo.git("submodule", "add", "-q", str(other.path), name)
    repo.commit("with submodules")
    Repo(repo.path / "newer").commit("2", {"f": "2\n"})
    Repo(repo.path / "dirty").write("f", "not committed\n")
    Repo(repo.path / "dirty").write("g", "not tracked\n")
    other.clone(repo.path / "nested")
    for folder in (repo.path / "gone", repo.path / "gone" / ".git"):
        for child in sorted(folder.iterdir()) if folder.is_dir() else ():
            child.unlink()
    (repo.path / "gone").rmdir()
    repo.write("gone", "a file now\n")


def ignored(repo: Repo) -> None:
    repo.commit("1", {".gitignore": "*.log\nbuild/\n", "a": "1\n"})
    repo.write("x.log", "1\n")
    repo.write("build/out", "1\n")
    repo.write("tracked.log", "1\n")
    repo.git("add", "-f", "tracked.log")
    repo.write("tracked.log", "2\n")


def names(repo: Repo) -> None:
    repo.commit("1", {"a.txt": "1\n", "b": "1\n", "[ab]": "1\n"})
    odd = [":(top)x", ":(exclude)a.txt", ":!a", ":/", "*.txt", "?", "[a]", "-n", "--all", " lead", "trail "]
    odd += ["new\nline", "tab\t", 'quote"', "back\\slash", "Grüße/ñandú", "e\u0301", "\ufeffbom", "#", "\x01"]
    odd += [os.fsdecode(b"latin-\xe9"), os.fsdecode(b"\xff/\xfe"), "...", "a/-/--", "stage 0\tx"]
    for number, name in enumerate(odd):
        if not name.endswith("/"):
            repo.write(name, f"{number}\n")
    repo.write("a.txt", "2\n")


def conflict(repo: Repo) -> None:
    repo.commit("1", {"both": "1\n", "gone-here": "1\n", "gone-there": "1\n"})
    repo.git("switch", "-qc", "there")
    repo.commit("2", {"both": "2\n", "gone-here": "2\n", "gone-there": None})
    repo.git("switch", "-q", "main")
    repo.commit("3", {"both": "3\n", "gone-here": None, "gone-there": "3\n"})
    assert repo.git_result("merge", "there").code == 1


def sparse(repo: Repo) -> None:
    repo.commit("1", {"in/a": "1\n", "out/a": "1\n", "out/b": "1\n"})
    repo.git("sparse-checkout", "set", "in")
    repo.write("out/b", "2\n")
    repo.write("out/new", "2\n")
    repo.write("in/a", "2\n")


def split_index(repo: Repo) -> None:
    plain(repo)
    repo.git("config", "core.splitIndex", "true")
    repo.git("update-index", "--split-index")
    repo.write("same", "2\n")
    repo.git("add", "same")


def work_tree_config(repo: Repo) -> None:
    """Attributes and settings from every place that git reads them from."""
    home = Path(os.environ["HOME"])
    repo.commit("1", {"a.txt": "1\n", "d/.gitattributes": "*.txt -text\n", "d/a.txt": "1\n"})
    (home / "attributes").write_text("*.txt text\n")
    repo.git("config", "--global", "core.attributesFile", str(home / "attributes"))
    repo.git("config", "--global", "core.autocrlf", "input")
    repo.git("config", "--global", "core.safecrlf", "warn")
    for path in ("a.txt", "d/a.txt", "n.txt", "d/n.txt"):
        repo.write(path, "1\r\n2\n")


CASES: dict[str, Callable[[Repo], None]] = {
    "plain": plain,
    "staged and changed since": staged_and_changed,
    "links": links,
    "a folder becomes a link": folder_becomes_link,
    "a file becomes a folder": file_becomes_folder,
    "modes trusted": lambda repo: modes(repo, trusted=True),
    "modes not trusted": lambda repo: modes(repo, trusted=False),
    "autocrlf true": lambda repo: line_ends(repo, {"core.autocrlf": "true"}, ""),
    "autocrlf input": lambda repo: line_ends(repo, {"core.autocrlf": "input"}, ""),
    "eol=crlf": lambda repo: line_ends(repo, {}, "*.txt text eol=crlf\n"),
    "eol=lf": lambda repo: line_ends(repo, {"core.autocrlf": "true"}, "*.txt eol=lf\n"),
    "text=auto": lambda repo: line_ends(repo, {"core.eol": "crlf"}, "* text=auto\n"),
    "-text": lambda repo: line_ends(repo, {"core.autocrlf": "true"}, "* -text\n"),
    "ident": ident,
    "working-tree-encoding": encoding,
    "clean filter": lambda repo: clean_filter(repo, "tr a-z A-Z"),
    "required clean filter": lambda repo: clean_filter(repo, "sed s/text/%f/", required=True),
    "failing clean filter": lambda repo: clean_filter(repo, "false"),
    "process filter": process_filter,
    "submodules": submodules,
    "ignored": ignored,
    "names": names,
    "conflict": conflict,
    "sparse checkout": sparse,
    "split index": split_index,
    "attributes of the user": work_tree_config,
    "nothing at all": lambda repo: None,
    "unborn": lambda repo: repo.write("a", "1\n").chmod(0o755),
}


@pytest.mark.parametrize("case", CASES)
def test_states_are_those_of_git_add(repo: Repo, case: str) -> None:
    CASES[case](repo)
    check(repo)


def test_the_cases_bend_what_is_stored(repo: Repo) -> None:
    """The reference is not trivially equal: filters really changed what git stored."""
    clean_filter(repo, "tr a-z A-Z")
    state = check(repo)["a.f"]
    assert state and repo.git("cat-file", "blob", state[7:]) == "SOME TEXT"


def test_in_a_linked_work_tree(repo: Repo, tmp_path: Path) -> None:
    repo.commit("1", {"a": "1\n"})
    linked = repo.worktree(tmp_path / "linked", "-b", "other")
    linked.write("a", "2\n")
    linked.write("b", "2\n")
    before = everything(repo)
    answer = worktree.staged_states(open_repo(linked), ["a", "b"])
    assert everything(repo) == before
    assert answer == added(linked, {"a", "b"})


def test_a_required_filter_that_fails_refuses(repo: Repo) -> None:
    clean_filter(repo, "false", required=True)
    before = everything(repo)
    with pytest.raises(GitFailed, match=r"^git add failed: .*a\.f"):
        worktree.staged_states(open_repo(repo), ["a.f"])
    assert everything(repo) == before
    assert repo.git_result("add", "a.f").code != 0


def test_a_change_in_the_second_of_the_last_add(repo: Repo) -> None:
    """Same size, same second as the index: git looks at the content, and so must the copy's reader."""
    repo.git("config", "core.trustctime", "false")
    second = int(time.time()) - 100
    repo.commit("1", {"f": "a\n"})
    os.utime(repo.path / "f", (second, second))
    repo.git("update-index", "--refresh")
    os.utime(repo.path / ".git/index", (second, second))
    repo.write("f", "b\n")
    os.utime(repo.path / "f", (second, second))
    assert worktree.changed_paths(open_repo(repo)) == ["f"]
    state = worktree.dirty(open_repo(repo)).get("f")
    assert state == added(repo, {"f"})["f"]


@pytest.mark.parametrize("relative", [False, True])
def test_the_index_that_a_hook_names(repo: Repo, monkeypatch: pytest.MonkeyPatch, relative: bool) -> None:
    repo.git("config", "core.autocrlf", "input")
    repo.commit("1", {"d/kept": "1\n"})
    index = repo.path / ".git" / "other-index"
    # CRLF is kept where the index has it already: only in the other index
    repo.write("crlf", "1\r\n")
    crlf = repo.git("hash-object", "-w", "--no-filters", "crlf")
    entry = f"100644,{crlf},crlf"
    repo.git("update-index", "--add", "--cacheinfo", entry, env={"GIT_INDEX_FILE": str(index)})
    repo.write("crlf", "1\r\n2\r\n")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index" if relative else str(index))
    monkeypatch.chdir(repo.path / "d")
    before = everything(repo)
    state = worktree.staged_states(Repository.open(repo.path), ["crlf"])["crlf"]
    assert everything(repo) == before
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    assert state == added(repo, {"crlf"})["crlf"]
    assert state and repo.git("cat-file", "blob", state[7:]) == "1\r\n2\r"


RANDOM_NAMES = ("a", "b.txt", "c.bin", "d", "d/a", "d/b.txt", "d/e/f.up", "ü", "*", "g.up", "d/e")


def random_edits(repo: Repo, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 8)):
        path = repo.path / dice.choice(RANDOM_NAMES)
        if any(one.is_file() or one.is_symlink() for one in path.parents if one != repo.path):
            continue
        what = dice.choice(["text", "text", "crlf", "empty", "link", "mode", "delete", "binary"])
        if path.is_dir() and not path.is_symlink():
            continue
        there = os.path.lexists(path)
        if what == "mode" and path.is_file() and not path.is_symlink():
            path.chmod(path.stat().st_mode ^ stat.S_IXUSR)
            continue
        if there:
            path.unlink()
        if what in ("delete", "mode"):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if what == "link":
            os.symlink(dice.choice(["a", "d", "nowhere", ".."]), path)
        else:
            content = {"text": b"%d\n", "crlf": b"%d\r\n", "binary": b"\0%d\r\n", "empty": b""}[what]
            path.write_bytes(content % dice.randint(0, 9) if content else b"")


@pytest.mark.parametrize("seed", range(12))
def test_random_trees_of_edits(repo: Repo, seed: int) -> None:
    dice = random.Random(seed)
    repo.git("config", "filter.up.clean", "tr 0-4 a-e")
    random_edits(repo, dice)
    repo.commit("1")
    if dice.random() < 0.7:
        set_attributes(repo, "*.txt text=auto\n*.up filter=up\n")
        repo.git("config", "core.autocrlf", dice.choice(["true", "input", "false"]))
    for _ in range(dice.randint(1, 3)):
        random_edits(repo, dice)
        if dice.random() < 0.5:
            repo.git("add", "--", *dice.sample(sorted(every_path(repo)), 1), check=False)
    opened = open_repo(repo)
    changed, head = set(worktree.changed_paths(opened)), repo.head
    answer = check(repo)
    # what is not listed as changed is as in HEAD
    at_head = worktree.states_at(opened, head, answer)
    different = {path for path in answer if answer[path] != at_head[path]}
    assert different - changed == set()
