"""Claims made of changes: renames paired, with digest and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from taskorch.git import diff
from taskorch.git.worktree import State
from taskorch.records.claim import SEEN, TOLD, Change, Claim, op_of
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import Told


def build_claims(
    ws: Workspace,
    task: str,
    changes: Mapping[str, Change],
    onto: str | None,
    old: Sequence[Claim] = (),
    told: Mapping[str, Told] | None = None,
    by: str = SEEN,
    upon: Mapping[str, State] | None = None,
) -> list[Claim]:
    """Claims of one task for its net changes: renames paired, digests and lines added.

    What `old` claims said of a path (why, by whom, digest) is kept where it still holds.  `upon`
    are states of others that the work now stands upon.
    """
    told = told or {}
    pairs = _moves(ws, changes, old, told)
    copies = {c.path: c.source for c in old if c.op == "copy" and c.source}
    copies |= {one.path: one.source for one in told.values() if one.op == "copy" and one.source}
    gone = set(pairs.values())
    before = {c.path: c for c in old}
    out = []
    for path, change in changes.items():
        if path in gone:
            continue
        source = pairs.get(path) or (copies.get(path) if change.before is None else None)
        op = "move" if path in pairs else "copy" if source else op_of(change)
        said = told.get(path)
        kept = before.get(path)
        out.append(
            Claim(
                task=task,
                path=path,
                op=op,
                before=changes[pairs[path]].before if path in pairs else change.before,
                after=change.after,
                onto=kept.onto if kept else onto,
                fork=kept.fork if kept else None,
                by=TOLD if said or (kept and kept.by == TOLD) else by,
                source=source,
                why=(said.why if said else None) or (kept.why if kept else None),
            )
        )
    return with_evidence(ws, out, before, upon)


def with_evidence(
    ws: Workspace,
    made: Iterable[Claim],
    old: Mapping[str, Claim] | None = None,
    upon: Mapping[str, State] | None = None,
) -> list[Claim]:
    """Claims with digest and lines; those of `old` by path are kept where the change is still the same.

    Lines that others wrote are not the task's: where work stands `upon` theirs, it is compared with that.
    """
    old, upon = old or {}, upon or {}
    out: list[Claim] = []
    fresh: list[Claim] = []
    for one in made:
        kept = old.get(one.path)
        same = kept and kept.digest and (kept.before, kept.after) == (one.before, one.after)
        same = same and one.path not in upon
        if kept and same:
            out.append(replace(one, digest=kept.digest, lines=kept.lines))
        else:
            fresh.append(one)
    states = {one.path: (upon.get(one.path, one.before), one.after) for one in fresh}
    found = diff.evidence(ws.repo, states)
    for one in fresh:
        kept_lines = found.get(one.path)
        out.append(replace(one, digest=kept_lines.digest, lines=kept_lines.lines) if kept_lines else one)
    return out


def _moves(
    ws: Workspace, changes: Mapping[str, Change], old: Sequence[Claim], told: Mapping[str, Told]
) -> dict[str, str]:
    """New path to old path: as told, as claimed before, else as git finds renames."""
    hints = {c.path: c.moved_from for c in old if c.moved_from}
    hints |= {one.path: one.source for one in told.values() if one.op == "move" and one.source}
    pairs = {
        new: source
        for new, source in hints.items()
        if new in changes
        and source in changes
        and changes[new].before is None
        and changes[source].after is None
    }
    taken = {*pairs, *pairs.values()}
    rest = {path: (c.before, c.after) for path, c in changes.items() if path not in taken}
    return pairs | diff.renames(ws.repo, rest)
