"""Decisions, linked: a newer one supersedes, refines, reverses or clarifies an older one.

The words are those of adr-tools (``adr new -s``, ``adr link``: https://github.com/npryce/adr-tools) and of
the system taskorch replaces.
"""

from __future__ import annotations

from taskorch.errors import TaskorchError
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, REPLACING, STANDING, SUPERSEDED, VERBS, Decision
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_row
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields


@commits("decision {verb}")
def link(ws: Workspace, kind: str, old_name: str, new_name: str) -> Json:
    """Say what a newer decision is to an older one; `kind` is one of `LINKS`, such as ``supersedes``.

    The link is stored on the newer one.  Where the older one does not stand any more, its status line
    changes, too, for readers of MADR.  Raises TaskorchError for rings, and where the older one was
    replaced already.
    """
    verb = VERBS[kind]
    with ws.writing(f"decision {verb} {old_name} --by {new_name}") as found:
        old, new = found.decision(old_name), found.decision(new_name)
        _refuse(found, kind, old, new)
        changes = {new.path: with_fields(new.text, FIELDS, {kind: [*new.links(kind), old.id]})}
        if kind in REPLACING:
            changes[old.path] = with_fields(old.text, FIELDS, {"status": SUPERSEDED})
        ws.write(changes)
        after = ws.load()
        older = decision_row(ws, after.decisions[old.id], after)
        answer = decision_row(ws, after.decisions[new.id], after) | {"verb": verb, "older": older}
        return answer | ({"superseded": older} if kind == "supersedes" else {})


def _refuse(found: Collection, kind: str, old: Decision, new: Decision) -> None:
    verb = VERBS[kind]
    if old.id == new.id:
        raise TaskorchError(f"{old.id} cannot {verb} itself", hint="name the newer decision with --by")
    if old.id in new.links(kind):
        raise TaskorchError(
            f"{new.id} {kind} {old.id} already", hint=f"taskorch decision show {new.id} shows its links"
        )
    by = found.replaced_by(old.id)
    if by and kind in REPLACING:
        raise TaskorchError(
            f"{old.id} is superseded by {by[0]} already", hint=f"taskorch decision {verb} {by[0]} instead"
        )
    if new.status not in STANDING:
        raise TaskorchError(
            f"{new.id} is {new.status}: it cannot {verb} another one",
            hint="name a proposed or accepted decision with --by",
        )

    def edges(other: str) -> tuple[str, ...]:
        known = found.decision_edges(other)
        return (*known, old.id) if other == new.id else known

    way = found.cycle(new.id, edges)
    if way:
        raise TaskorchError(
            f"{new.id} would {verb} itself: {' -> '.join(way)}", hint="leave one of these links out"
        )
