"""Specialist roles: those that come with taskorch, with the project's own merged over them."""

from __future__ import annotations

from collections.abc import Iterable

from taskorch.errors import BadRecord, NotFound
from taskorch.records import role
from taskorch.records.role import Role
from taskorch.services.shapes import Json, problem_row
from taskorch.services.workspace import Workspace
from taskorch.store import roles


def all_roles(ws: Workspace) -> tuple[dict[str, Role], list[BadRecord]]:
    """All roles by name in lower case, the built-in ones first; and what is wrong with role files.

    Without a store: the built-in ones.
    """
    mine, problems = own_roles(ws)
    return role.merged([*roles.built_in(), *mine]), problems


def own_roles(ws: Workspace) -> tuple[list[Role], list[BadRecord]]:
    """The roles in the project's own files, of the commit that is looked at; and what is wrong with these."""
    if ws.committed:
        return roles.own(ws.committed.role_files(), ws.committed.shown)
    store = ws.located()
    return roles.own(roles.files(store), store.shown) if store else ([], [])


def list_roles(ws: Workspace) -> Json:
    """The roles there are, in short: ``{roles: [...], problems: [...]}``."""
    found, problems = all_roles(ws)
    return {
        "roles": [role_row(one) for one in found.values()],
        "problems": [problem_row(one) for one in problems],
    }


def show_role(ws: Workspace, name: str) -> Json:
    """One role with all that its files say.  Raises NotFound, with the roles there are."""
    found, problems = all_roles(ws)
    one = found.get(name.strip().casefold())
    if not one:
        raise NotFound(
            f"no role '{name}' is defined",
            hint="a task can have it all the same; .orchestrator/roles/NAME.yaml says what it means",
            candidates=[known.name for known in found.values()],
        )
    return role_whole(one) | {"problems": [problem_row(bad) for bad in _of_files(problems, one.sources)]}


def role_row(one: Role) -> Json:
    """A role in a list: what it is in a sentence, and where it comes from."""
    built_in = is_built_in(one)
    return {
        "name": one.name,
        "role_definition": one.role_definition,
        "built_in": built_in,
        "overridden": built_in and bool(own_sources(one)),
        "sources": own_sources(one),
    }


def role_whole(one: Role) -> Json:
    """A role with all its fields; ``other`` is what its files say that has no field of ours."""
    return role_row(one) | {
        "expertise": list(one.expertise),
        "approach": list(one.approach),
        "output_format": one.output_format,
        "other": dict(one.other),
    }


def is_built_in(one: Role) -> bool:
    """Whether a role comes with taskorch, changed or not."""
    return "" in one.sources


def own_sources(one: Role) -> list[str]:
    """The project's files that say something of a role, from the root of the work tree."""
    return [path for path in one.sources if path]


def _of_files(problems: Iterable[BadRecord], files: Iterable[str]) -> list[BadRecord]:
    known = set(files)
    return [one for one in problems if one.path in known]
