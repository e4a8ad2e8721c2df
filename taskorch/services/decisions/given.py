"""What people say of a new decision, in the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError, UsageError
from taskorch.records import sections
from taskorch.records.decision_body import same_name
from taskorch.services.shell_words import word
from taskorch.services.writing import one_liners


@dataclass(frozen=True, kw_only=True)
class Given:
    """Flags of ``decision new``; None or empty: not given.

    ``pros`` and ``cons`` begin with the name of an option and a colon.  ``links`` are names of older
    decisions by the kind of link.  Without ``task`` it is for the task that is active here, with
    `no_task` for none.
    """

    title: str | None = None
    context: str | None = None
    decision: str | None = None
    rationale: str | None = None
    drivers: Sequence[str] = ()
    alternatives: Sequence[str] = ()
    pros: Sequence[str] = ()
    cons: Sequence[str] = ()
    consequences: Sequence[str] = ()
    risks: Sequence[str] = ()
    confirmation: str | None = None
    template: str | None = None
    category: str | None = None
    impact: str | None = None
    implementation: str | None = None
    outcome: str | None = None
    files: Sequence[str] = ()
    components: Sequence[str] = ()
    labels: Sequence[str] = ()
    decision_makers: Sequence[str] = ()
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    task: str | None = None
    no_task: bool = False
    status: str | None = None
    cwd: Path | None = None

    @property
    def texts(self) -> list[str]:
        """The options that were given and whose words go into the body."""
        named = {
            "--context": self.context, "--decision": self.decision, "--rationale": self.rationale,
            "--driver": self.drivers, "--alternative": self.alternatives, "--pro": self.pros,
            "--con": self.cons, "--consequence": self.consequences, "--risk": self.risks,
            "--confirmation": self.confirmation, "--template": self.template,
        }  # fmt: skip
        return [name for name, value in named.items() if value is not None and value != ()]

    @property
    def lacking(self) -> list[str]:
        """The options without which no decision can be made of this alone.

        A title and its reason are one in short: what is decided is the title.
        """
        said = {"--context": self.context, "--decision": self.decision, "--rationale": self.rationale}
        short = self.context is None and self.decision is None and self.rationale is not None
        return [] if short else [name for name, text in said.items() if text is None]

    def check(self) -> None:
        """Raise UsageError where something is missing, TaskorchError where a text is empty."""
        if self.title is None:
            raise UsageError("give the decision a title", hint=_FORMS.format(title="TITLE"))
        if self.lacking:
            *others, last = self.lacking
            missing = f"{', '.join(others)} and {last} are" if others else f"{last} is"
            title = word(sections.one_line(self.title) or "TITLE")
            raise UsageError(f"{missing} missing", hint=_FORMS.format(title=title))
        for what in ("context", "decision", "rationale", "confirmation"):
            text = getattr(self, what)
            if text is not None and not text.strip():
                raise TaskorchError(f"the {what} is empty", hint=f"say it in a sentence: --{what} TEXT")

    @property
    def chosen(self) -> str:
        """The name of the option that was chosen; empty where none is said."""
        short = self.rationale is not None and self.context is None
        return sections.one_line(self.decision or (self.title if short else "") or "")

    def arguments(self) -> dict[str, tuple[list[str], list[str]]]:
        """By option, what speaks for it and against it.  Raises NotFound for an option that is none."""
        options = [
            one for one in one_liners("an alternative", self.alternatives) if not same_name(one, self.chosen)
        ]
        names = [self.chosen, *options] if self.chosen else options
        found: dict[str, tuple[list[str], list[str]]] = {name: ([], []) for name in names}
        for place, flag, texts in ((0, "--pro", self.pros), (1, "--con", self.cons)):
            for text in one_liners("an argument", texts):
                name, said = _split(text, names, flag)
                found[name][place].append(said)
        return found


_FORMS = (
    "in short: taskorch decision new {title} --because 'WHY'; else --context, --decision and --rationale; "
    "-F FILE takes a text, -e opens $EDITOR"
)


def _split(text: str, names: Sequence[str], flag: str) -> tuple[str, str]:
    """The option that a text ``NAME: words`` is about, and the words."""
    parts = text.split(":")
    for number in range(len(parts) - 1, 0, -1):
        name = next((one for one in names if same_name(one, ":".join(parts[:number]))), None)
        if name is not None:
            said = ":".join(parts[number:]).strip()
            if not said:
                raise TaskorchError(f"{flag} '{text}' says nothing", hint=f"{flag} '{name}: why'")
            return name, said
    raise NotFound(
        f"{flag} '{text}' does not begin with an option and a colon",
        hint=f"{flag} 'OPTION: why', where OPTION is one of: {', '.join(names) or 'none yet'}",
        candidates=list(names),
    )
