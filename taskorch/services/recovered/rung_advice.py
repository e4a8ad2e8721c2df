"""What to do about a claimed file that did not simply land, in a sentence for each rung."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git.repository import Repository
from taskorch.services.ladder.verdict import CONTENTS_LACKING, Verdict, short
from taskorch.services.markdown import counted
from taskorch.services.recovered.not_here import BRINGS_CONTENTS, BRINGS_HISTORY
from taskorch.services.shapes import Json
from taskorch.services.shell_words import word

_ADVICE = {
    "ignored": "is on disk, but git ignores it and will never commit it: git check-ignore -v tells the rule",
    "worktree": "is only on disk: commit it",
    "staged": "is staged, not committed: commit it",
    "lines": "landed in part ({detail}): compare what is missing",
    "absent": "is nowhere in this history: do it again, or take it from a branch that still has it",
}
_OF_DELETED = {
    "worktree": "is deleted on disk only: commit that",
    "staged": "is staged as deleted, not committed: commit that",
    "absent": "is still there, no commit of this history deleted it: do it again, "
    "or take it from a branch that did",
}
_OF_SEVERAL = {
    "trimmed": "landed only in part: look at what lacks",
    "absent": "are nowhere in this history: do them again, or take them from a branch that has them",
    "reverted": "were reverted in merges: find out why before doing them again",
    "ignored": "are on disk, but git ignores them and will never commit them",
    "lines": "landed in part: compare what is missing",
    "staged": "are staged, not committed: commit them",
    "worktree": "are only on disk: commit them",
}
_ONE_BY_ONE = 3
"""So many files of one rung are named each in a sentence of its own; more share one."""


def advice(verdicts: Sequence[Verdict], package: Json) -> list[str]:
    """A sentence for each file to see to, the worst first; files of one fate share one."""
    out = [_reverted(row) for row in package["reverts"]]
    trimmed = [v for v in verdicts if v.rung == "absent" and v.standing and v.standing[0]]
    if len(trimmed) > _ONE_BY_ONE:
        out.append(_together("trimmed", trimmed))
    else:
        out += [_trimmed(verdict) for verdict in trimmed]
    for rung in ("absent", "reverted", "ignored", "lines", "unknown", "staged", "worktree"):
        found = [v for v in verdicts if v not in trimmed]
        found = [v for v in found if v.rung == rung and not (rung == "reverted" and v.commit)]
        if rung == "unknown":
            out += _unknown(found)
        else:
            out += _of_one_fate(rung, [v for v in found if v.claim.op != "delete"])
            out += _of_one_fate(rung, [v for v in found if v.claim.op == "delete"])
    return out


def _of_one_fate(rung: str, found: Sequence[Verdict]) -> list[str]:
    return [_together(rung, found)] if len(found) > _ONE_BY_ONE else [_one(verdict) for verdict in found]


def lacking(repo: Repository, verdicts: Sequence[Verdict]) -> list[str]:
    """What this clone lacks to tell more, and the command that brings it."""
    if repo.is_shallow and any(verdict.rung == "unknown" for verdict in verdicts):
        return [f"The history here is shallow: {BRINGS_HISTORY} what would tell more."]
    begun = {v.claim.onto for v in verdicts if v.rung == "unknown" and v.claim.onto}
    gone = sorted(onto for onto in begun if not repo.commit_or_none(onto))
    return [
        f"{short(onto)}, where work began, is not here: its branch was rewritten, or was never fetched; "
        f"git fetch {word(repo.remote)} {onto} brings it where that remote still has it."
        for onto in gone[:_ONE_BY_ONE]
    ]


def _unknown(found: Sequence[Verdict]) -> list[str]:
    """A sentence for each reason that it cannot be told, with the files it is for."""
    of_reason: dict[str, list[Verdict]] = {}
    for verdict in found:
        of_reason.setdefault(verdict.detail, []).append(verdict)
    out = []
    for reason, verdicts in of_reason.items():
        named = ", ".join(verdict.claim.path for verdict in verdicts[:_ONE_BY_ONE])
        more = f" and {len(verdicts) - _ONE_BY_ONE} more" if len(verdicts) > _ONE_BY_ONE else ""
        brings = f" ({BRINGS_CONTENTS})" if reason.endswith(CONTENTS_LACKING) else ""
        out.append(f"{named}{more} may or may not have landed: {reason}{brings}.")
    return out


def _reverted(row: Json) -> str:
    paths = row["paths"]
    named = ", ".join(paths[:_ONE_BY_ONE])
    more = f" and {len(paths) - _ONE_BY_ONE} more" if len(paths) > _ONE_BY_ONE else ""
    verb = "was" if len(paths) == 1 else "were"
    when = f"{row['author']} on {row['date'][:10]} in {row['commit'][:10]}"
    return f"{named}{more} {verb} reverted by {when} ({row['subject']}): find out why before doing it again."


def _trimmed(verdict: Verdict) -> str:
    """Of a file of which too little landed to count, but not nothing."""
    stand, wanted = verdict.standing or (0, 0)
    by = f" in {short(verdict.commit)}" if verdict.commit else ""
    share = f"{stand} of its {wanted} added lines stand{by}"
    return f"{verdict.claim.path} landed only in part, {share}: look at what lacks."


def _one(verdict: Verdict) -> str:
    if verdict.rung == "reverted":
        return f"{verdict.claim.path} was reverted ({verdict.detail}): find out why before doing it again."
    deleted = _OF_DELETED if verdict.claim.op == "delete" else {}
    words = deleted.get(verdict.rung) or _ADVICE[verdict.rung].format(detail=verdict.detail)
    return f"{verdict.claim.path} {words}."


def _together(rung: str, found: Sequence[Verdict]) -> str:
    named = ", ".join(verdict.claim.path for verdict in found[:_ONE_BY_ONE])
    what = "deletion" if found[0].claim.op == "delete" else "file"
    return f"{counted(len(found), what)} ({named}, ...) {_OF_SEVERAL[rung]}."
