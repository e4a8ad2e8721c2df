"""A sealed environment for every test, and an empty repository for those that ask."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from taskorch.cli import output
from tests.repos import Build, Repo, Templates, sealed_environment

IN_MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free there."""


def pytest_configure() -> None:
    """Let the tests' repositories be made in memory, where there is room: that saves a seventh."""
    try:
        found = os.statvfs(IN_MEMORY)
    except OSError:
        return
    usable = (
        os.access(IN_MEMORY, os.W_OK | os.X_OK) and not found.f_flag & os.ST_NOEXEC
    )  # hooks are run there
    if usable and found.f_bavail * found.f_frsize >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.fixture(autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory, bytecode: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting of this user or machine reaches git or taskorch; gives the home folder."""
    home = Path(tempfile.mkdtemp(prefix="home-", dir=tmp_path_factory.getbasetemp()))
    environment = sealed_environment(home, bytecode)
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", environment["TMPDIR"])  # it was looked up long ago
    # No test pulls the plug: that data is flushed, and when, is told by the calls, which may be counted.
    monkeypatch.setattr(os, "fsync", os.fstat)
    monkeypatch.setattr(os, "sync", lambda: None)
    monkeypatch.setattr(output, "FIRST_TOLD", 60.0)  # how busy this machine is must not show
    return home


@pytest.fixture
def repo(build: Build) -> Repo:
    """A repository without commits, on branch main."""
    return build(nothing)


@pytest.fixture
def build(templates: Templates, tmp_path: Path) -> Build:
    """Makes the repository of this test."""
    return Build(templates, tmp_path / "repo")


@pytest.fixture
def project(build: Build) -> Repo:
    """A repository with one commit of ``README.md`` and a store."""
    return build(start_project)


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes of this run, whichever worker started them, keep compiled modules."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "bytecode"


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Repositories that several tests begin with."""
    return Templates(tmp_path_factory.mktemp("templates"))


def nothing(_: Repo) -> None:
    """Nothing: the repository stays empty."""


def start_project(repo: Repo) -> None:
    """One commit of ``README.md`` and a store."""
    repo.write("README.md", "a project\n")
    repo.run("init")
    repo.commit("first")
