"""Where an imported project is within the work tree."""

from __future__ import annotations

import pytest

from taskorch.interchange.foreign import Foreign
from taskorch.services.imports.placing import folder_of
from taskorch.services.workspace import Workspace
from tests.repos import Repo


@pytest.mark.parametrize("folder", ["", "sub", ".tools/old"])
def test_the_folder_is_named_as_git_names_it(project: Repo, folder: str) -> None:
    foreign = Foreign("other", root=str(project.path.resolve() / folder))
    assert folder_of(Workspace(project.path), foreign) == folder


def test_a_project_elsewhere_is_that_of_the_store(project: Repo) -> None:
    assert folder_of(Workspace(project.path), Foreign("other", root="/elsewhere")) == ""
