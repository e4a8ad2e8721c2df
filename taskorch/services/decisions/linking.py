"""Decisions, linked: a newer one supersedes, refines, reverses or clarifies an older one.

The words are those of adr-tools (``adr new -s``, ``adr link``: https://github.com/npryce/adr-tools) and of
the system taskorch replaces.
"""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.errors import NotFound, TaskorchError
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, LINKS, REPLACING, STANDING, SUPERSEDED, VERBS, Decision
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_row
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields


@commits("decision {verb}")
def link(ws: Workspace, kind: str, old_name: str, new_name: str) -> Json:
    """Say what a newer decision is to an older one; `kind` is one of `LINKS`, such as ``supersedes``.

    The link is stored on the newer one.  Where the older one does not stand any more, its status line
    changes, too, for readers of MADR; also where the link is there already and a merge or a revert took
    only the status back.  Raises TaskorchError for rings, and where the older one was replaced already.
    """
    verb = VERBS[kind]
    with ws.writing(f"decision {verb} {old_name} --by {new_name}") as found:
        old, new = found.decision(old_name), found.decision(new_name)
        if old.id in new.links(kind) and not _is_half(kind, old, new):
            raise TaskorchError(
                f"{new.id} {kind} {old.id} already", hint=f"taskorch decision show {new.id} shows its links"
            )
        ws.write(texts_with_links(ws, found, new, [(kind, old)]))
        after = ws.load()
        older = decision_row(ws, after.decisions[old.id], after)
        answer = decision_row(ws, after.decisions[new.id], after) | {"verb": verb, "older": older}
        return answer | ({"superseded": older} if kind == "supersedes" else {})


def texts_with_links(
    ws: Workspace, found: Collection, new: Decision, links: Sequence[tuple[str, Decision]]
) -> dict[str, str]:
    """What becomes of a decision that gets links to older ones, and of these: texts by path.

    Raises TaskorchError where a link cannot be.
    """
    older = replaced_texts(found, new, links)
    if new.is_adopted or any(old.is_adopted for _, old in links):
        from taskorch.services.decisions.in_place import linked  # slow to load, and few need it

        return {new.path: new.text, **linked(ws, new, links)}
    text = new.text
    for kind in dict.fromkeys(kind for kind, _ in links):
        named = [*new.links(kind), *(old.id for one, old in links if one == kind)]
        text = with_fields(text, FIELDS, {kind: list(dict.fromkeys(named))})
    return {new.path: text, **older}


def _is_half(kind: str, old: Decision, new: Decision) -> bool:
    """Whether a link is there, and the older one's status does not say so."""
    return kind in REPLACING and old.status != SUPERSEDED and not (old.is_adopted or new.is_adopted)


def new_links(found: Collection, before: Decision | None, after: Decision) -> list[tuple[str, Decision]]:
    """The links, by kind, that a decision has `after` a change and had not before.

    Raises NotFound where one names no decision that is here by its whole id.
    """
    known = {kind: before.links(kind) if before else () for kind in LINKS}
    named = [(kind, name) for kind in LINKS for name in after.links(kind) if name not in known[kind]]
    for kind, name in named:
        if name not in found.decisions and name != after.id:
            raise NotFound(
                f"'{kind}' names {name}, which is no decision here",
                hint="taskorch decision list shows all decisions; give the whole id",
            )
    return [(kind, found.decisions.get(name, after)) for kind, name in dict.fromkeys(named)]


def replaced_texts(found: Collection, new: Decision, links: Sequence[tuple[str, Decision]]) -> dict[str, str]:
    """What becomes of the older decisions, by path, when a newer one gets these links to them.

    The newer one need not be among the records yet.  Raises TaskorchError where a link cannot be.
    """
    for kind, old in links:
        _refuse(found, kind, old, new)
    _refuse_ring(found, new, links)
    gone = [old for kind, old in links if kind in REPLACING and not old.is_adopted]
    return {old.path: with_fields(old.text, FIELDS, {"status": SUPERSEDED}) for old in gone}


def _refuse(found: Collection, kind: str, old: Decision, new: Decision) -> None:
    verb = VERBS[kind]
    if old.id == new.id:
        raise TaskorchError(f"{old.id} cannot {verb} itself", hint="name the newer decision with --by")
    by = found.replaced_by(old.id)
    known = found.decisions.get(new.id)
    if by and kind in REPLACING and not (known and old.id in known.links(kind)):
        hint = _way_around(found, kind, old, new)
        raise TaskorchError(f"{old.id} is superseded by {by[0]} already", hint=hint)
    if new.status not in STANDING:
        raise TaskorchError(
            f"{new.id} is {new.status}: it cannot {verb} another one",
            hint="name a proposed or accepted decision with --by",
        )


def _way_around(found: Collection, kind: str, old: Decision, new: Decision) -> str:
    """What to say instead of replacing a decision that was replaced already."""
    last = next((one for one in found.standing_ends(old.id) if one != new.id), None)
    if last is None:
        return f"taskorch decision show {old.id} shows what stands in its place"
    if new.id in found.decisions:
        return f"taskorch decision {VERBS[kind]} {last} --by {new.id}"
    return f"--{kind} {last}: that one stands now"


def _refuse_ring(found: Collection, new: Decision, links: Sequence[tuple[str, Decision]]) -> None:
    added = tuple(old.id for _, old in links)

    def edges(other: str) -> tuple[str, ...]:
        known = found.decision_edges(other)
        return (*known, *added) if other == new.id else known

    way = found.cycle(new.id, edges) if added else None
    if way:
        raise TaskorchError(
            f"{new.id} would {VERBS[links[0][0]]} itself: {' -> '.join(way)}",
            hint="leave one of these links out",
        )
