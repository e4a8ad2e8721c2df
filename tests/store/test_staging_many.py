"""Many files exchanged together are flushed to disk together, and as surely as a few."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from taskorch.errors import WriteFailed
from taskorch.store import files
from taskorch.store.contents import FILE, LINK, Change, Content, content_of
from taskorch.store.staging import carry_out

OLD = Content(FILE, b"old\n")


def changes(root: Path, count: int) -> list[Change]:
    """New files in new folders, a changed one, a deleted one and a link."""
    for name in ("changed", "deleted"):
        (root / name).write_bytes(OLD.data)
    new = [Change(f"new/{n % 3}/{n}", None, Content(FILE, b"%d" % n)) for n in range(count - 3)]
    link = Change("link", None, Content(LINK, b"nowhere"))
    return [*new, Change("changed", OLD, Content(FILE, b"new\n")), Change("deleted", OLD, None), link]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is flushed and renamed: the call and the inode."""
    found: list[tuple[str, int]] = []
    fsync, replace = os.fsync, os.replace

    def seen_fsync(handle: int) -> None:
        found.append(("fsync", os.fstat(handle).st_ino))
        fsync(handle)

    def seen_replace(old: Path, new: Path) -> None:
        found.append(("replace", os.lstat(old).st_ino))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "replace", seen_replace)
    return found


@pytest.mark.parametrize("count", [files.MANY, files.MANY + 1, 3 * files.MANY])
def test_contents_are_on_disk_before_the_first_rename_and_folders_at_the_end(
    tmp_path: Path, calls: list[tuple[str, int]], count: int
) -> None:
    wanted = changes(tmp_path, count)
    for one in carry_out(tmp_path, wanted):
        one.clean()
    assert [one.path for one in wanted if content_of(tmp_path / one.path) != one.after] == []
    renames = [at for at, (what, _) in enumerate(calls) if what == "replace"]
    before = {inode for _, inode in calls[: renames[0]]}
    after = {inode for what, inode in calls[renames[0] :] if what == "fsync"}
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in there if path.stat().st_ino not in before] == []
    folders = [tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())]
    assert [path for path in folders if path.stat().st_ino not in before | after] == []
    assert {tmp_path.stat().st_ino, *(path.parent.stat().st_ino for path in there)} <= after
    assert list(tmp_path.rglob(f"{files.TEMPORARY}*")) == []


@pytest.mark.parametrize("moment", [0, 1, 30, 58, 59, 60, 61, 62])
def test_a_flush_that_fails_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    wanted, left, fsync = changes(tmp_path, 60), moment, os.fsync

    def failing(handle: int) -> None:
        nonlocal left
        left -= 1
        if left == -1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(WriteFailed, match="Input/output"):
        carry_out(tmp_path, wanted)
    assert sorted(os.listdir(tmp_path)) == ["changed", "deleted"]
    assert [content_of(tmp_path / one.path) for one in wanted] == [one.before for one in wanted]
    monkeypatch.undo()
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: failing(-1))
        left = 0
        with pytest.raises(WriteFailed):
            carry_out(tmp_path, wanted)
    assert sorted(os.listdir(tmp_path)) == ["changed", "deleted"]


def test_many_new_files_are_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[tuple[str, int]]
) -> None:
    files.write_many({tmp_path / "a" / str(n): b"%d" % n for n in range(60)})
    first = [what for what, _ in calls].index("replace")
    before = {inode for _, inode in calls[:first]}
    assert {path.stat().st_ino for path in (tmp_path / "a").iterdir()} <= before
    assert ("fsync", (tmp_path / "a").stat().st_ino) in calls[first:]
    monkeypatch.setattr(os, "sync", lambda: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(WriteFailed):
        files.write_many({tmp_path / "b" / str(n): b"%d" % n for n in range(60)})
    assert list((tmp_path / "b").iterdir()) == []
