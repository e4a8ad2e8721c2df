"""The work that some claims tell of: what became of each file, which commits brought it, what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from taskorch.git import history
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.succession import judge
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.origins import is_local
from taskorch.services.recovered.attribution import Attribution, Span, attribute, moment
from taskorch.services.recovered.changed_tests import tests_among
from taskorch.services.recovered.files import file_rows
from taskorch.services.recovered.markers import markers_left, untold_markers
from taskorch.services.recovered.rows import commit_rows, later_rows, revert_rows
from taskorch.services.recovered.rung_advice import lacking
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


@dataclass(frozen=True)
class Work:
    """Verdicts on some claims, and the commits in HEAD's history that they are attributed to."""

    ws: Workspace
    head: str | None
    verdicts: Sequence[Verdict]
    commits: Attribution = field(default_factory=Attribution)

    @classmethod
    def of(
        cls,
        ws: Workspace,
        found: Collection,
        claims: Sequence[Claim],
        record: str,
        worked: Sequence[Session],
        is_mine: Callable[[Claim], bool],
    ) -> Work:
        """The work of the record at the path `record`, done in the sessions `worked`.

        `is_mine` tells its claims from those of others.
        """
        head = ws.repo.head
        verdicts = judge(Ladder(ws.repo, head, ws.repo.has_work_tree), claims, found.claims_in_time())
        if not head:
            return cls(ws, head, verdicts)
        spans = [span_of(ws, head, session) for session in worked if not is_local(session)]
        others = [claim for claim in found.net_claims() if not is_mine(claim)]
        return cls(ws, head, verdicts, attribute(ws.repo, head, record, verdicts, spans, others))

    @property
    def paths(self) -> set[str]:
        """The claimed paths, and those that files were moved from."""
        return self.paths_of(verdict.claim for verdict in self.verdicts)

    @staticmethod
    def paths_of(claims: Iterable[Claim]) -> set[str]:
        """The paths that claims name."""
        return {path for claim in claims for path in (claim.path, claim.source) if path}

    @property
    def ignored(self) -> list[str]:
        """The claimed paths that are on disk and that git ignores."""
        return [verdict.claim.path for verdict in self.verdicts if verdict.rung == "ignored"]


def work_rows(work: Work, default: str | None) -> Json:
    """The package's keys about files and commits; `default` is the commit of the default branch."""
    repo, commits = work.ws.repo, work.commits
    rows = file_rows(repo, work.verdicts, commits)
    edited = [v.claim.path for v in work.verdicts if v.claim.after and v.claim.after != v.claim.before]
    markers = markers_left(repo, work.head, work.verdicts, commits.landings) if work.head else []
    markers_untold = untold_markers(repo, work.head, work.verdicts, commits.landings) if work.head else []
    return rows | {
        "commits": commit_rows(commits),
        "reverts": revert_rows(repo, work.verdicts),
        "changed_since_by_others": later_rows(repo, commits, work.verdicts),
        "markers": markers,
        "tests_changed": tests_among(edited),
        "against_default": against_default(work.ws, default),
        "untold": [*rows["untold"], *markers_untold, *lacking(repo, work.verdicts)],
    }


def against_default(ws: Workspace, default: str | None) -> Json | None:
    """How many commits HEAD is ahead and behind of the default branch; None where that cannot be told."""
    head = ws.repo.head
    if not head or not default or ws.repo.is_shallow or not ws.repo.merge_base(head, default):
        return None
    ahead, behind = history.apart(ws.repo, head, default)
    return {"commit": default, "ahead": ahead, "behind": behind}


def span_of(ws: Workspace, head: str, one: Session) -> Span:
    """When a session's author was at work on it, as every clone can tell.

    Of a session that nobody ended only what was recorded counts: up to the newest commit that
    changed its record or its claims, and without one no time at all.  What its author did to the same
    files months later is other work.
    """
    if one.ended:
        return Span(one.agent, one.created, one.ended)
    paths = (ws.shown(one.path), ws.shown(one.claims_path))
    known = [history.last_change(ws.repo, head, path) for path in paths]
    dates = [info.date for info in known if info]
    return Span(one.agent, one.created, max(dates, key=moment, default=one.created))
