"""The same HEAD and default-branch commits give the same bytes in every clone, whatever surrounds them."""

from __future__ import annotations

import pytest

from tests.cli.long_work import long_work
from tests.cli.test_recover import task_named
from tests.repos import Build, Repo

SETTINGS = {
    "color.ui": "always", "color.diff": "always", "core.abbrev": "5", "core.quotePath": "true",
    "core.autocrlf": "true", "core.precomposeUnicode": "true", "core.commitGraph": "false",
    "core.untrackedCache": "true", "core.logAllRefUpdates": "false", "core.compression": "0",
    "diff.algorithm": "histogram", "diff.context": "0", "diff.indentHeuristic": "false",
    "diff.interHunkContext": "9", "diff.mnemonicPrefix": "true", "diff.noprefix": "true",
    "diff.orderFile": "order", "diff.renameLimit": "1", "diff.renames": "copies", "diff.submodule": "log",
    "diff.suppressBlankEmpty": "true", "diff.wsErrorHighlight": "all", "log.date": "relative",
    "log.decorate": "full", "log.follow": "true", "log.mailmap": "true", "log.showRoot": "false",
    "log.showSignature": "true", "log.abbrevCommit": "true", "log.diffMerges": "on",
    "i18n.logOutputEncoding": "ISO-8859-1", "i18n.commitEncoding": "ISO-8859-1",
    "format.pretty": "oneline", "grep.patternType": "perl", "status.showUntrackedFiles": "no",
    "user.name": "Somebody Else", "merge.renames": "false", "pager.log": "cat", "gc.auto": "1",
}  # fmt: skip
ENVIRONMENT = {
    "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR", "LANGUAGE": "de", "COLUMNS": "40",
    "GIT_AUTHOR_DATE": "", "GIT_EXTERNAL_DIFF": "false", "GIT_DIFF_OPTS": "--unified=9", "PAGER": "false",
    "PYTHONHASHSEED": "7", "NO_COLOR": "1", "TERM": "dumb", "GIT_LITERAL_PATHSPECS": "0",
}  # fmt: skip


def surrounded(repo: Repo) -> None:
    """Let all that surrounds the commits of a clone differ: settings, objects, packs, refs, ignore rules."""
    for name, value in SETTINGS.items():
        repo.git("config", name, value)
    repo.write(".git/info/exclude", "*.md\n")
    repo.write(".git/info/attributes", "* -diff\n*.py diff=python\n")
    repo.write(".git/mailmap", "Robert <bob@example.org> Bob <bob@example.org>\n")
    repo.git("config", "mailmap.file", ".git/mailmap")
    # so many objects that short ids need more digits, some in packs, some not
    blobs = "\n".join(f"blob\ndata {len(str(n))}\n{n}" for n in range(20_000))
    repo.git("fast-import", "--quiet", stdin=blobs + "\n")
    for number in range(30):
        repo.git("hash-object", "-w", "--stdin", stdin=f"loose {number}\n")
    repo.git("tag", "a-tag")
    repo.git("update-ref", "refs/notes/commits", "HEAD")
    repo.git("pack-refs", "--all")


@pytest.fixture
def clones(build: Build) -> tuple[Repo, Repo]:
    """Two clones of `long_work`; around the second all is different."""
    work = build(long_work)
    one = work.clone(work.path.parent / "one")
    two = work.clone(work.path.parent / "a deeper" / "place", "--no-hardlinks")
    one.git("repack", "-adfq")
    surrounded(two)
    return one, two


def test_two_clones_give_the_same_bytes(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    task = task_named(one, "Login form")
    session = one.json("session", "list")["sessions"][0]["id"]
    whats = [[], [task], ["--session", session], ["--branch", "login"], ["--branch", "keep-login"]]
    whats += [["--at", "HEAD~1"], [task, "--at", "origin/keep-login"], ["--budget", "500"]]
    asked = [["recover", *words] for words in ([task], *([*what, "--json"] for what in whats))]
    for words, second in zip(asked, two.taskorch_each(asked, env=ENVIRONMENT), strict=True):
        first = one.run(*words).out  # the text is made from the object
        assert first == second.checked().out, words
        assert str(one.path.parent) not in first, words


def test_also_after_garbage_collection_and_from_a_subfolder(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    task = task_named(one, "Login form")
    first = one.run("recover", task).out
    two.git("gc", "--quiet", "--prune=now")
    two.git("commit-graph", "write", "--reachable", "--changed-paths")
    assert two.taskorch("recover", task, env=ENVIRONMENT, cwd="src").out == first
