"""What the demo shows: commands that ran, and proofs that git gives for what taskorch says."""

from __future__ import annotations

import re
import shlex
from dataclasses import asdict, dataclass
from typing import Any

_PLAIN = re.compile(r"[\w@%+=:,./^-][\w@%+=:,./^~-]*")


def quoted(word: str) -> str:
    """A word as a shell takes it, ``HEAD~1`` without the quotes that it does not need."""
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)


@dataclass(frozen=True, slots=True)
class Ran:
    """A command one of the people typed, and what it printed.

    A remark, for what an editor does, has no exit code.  ``most`` is how many lines of output are worth
    showing to people.
    """

    who: str
    words: tuple[str, ...]
    exit_code: int | None = None
    expected_exit: int | None = None
    output: str = ""
    most: int = 12

    @property
    def typed(self) -> str:
        """The command as a shell takes it."""
        return " ".join(self.words if self.exit_code is None else map(quoted, self.words))

    @property
    def ok(self) -> bool:
        """Whether it ended as the story needs it."""
        return self.exit_code == self.expected_exit

    def as_json(self) -> dict[str, Any]:
        """The JSON object of a command."""
        return {
            "who": self.who,
            "command": self.typed,
            "exit_code": self.exit_code,
            "expected_exit": self.expected_exit,
            "output": self.output.splitlines(),
            "ok": self.ok,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """One comparison: ``expected`` is what taskorch says or a person did, ``found`` what git says."""

    claim: str
    git_command: str
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found

    def as_json(self) -> dict[str, Any]:
        """The JSON object of a proof."""
        return {**asdict(self), "ok": self.ok}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story; it is not ``complete`` if the story could not go on."""

    number: int
    title: str
    commands: tuple[Ran, ...]
    proofs: tuple[Proof, ...]
    complete: bool = True

    @property
    def ok(self) -> bool:
        """Whether all commands ended as they should and all proofs hold."""
        sound = all(one.ok for one in self.commands) and all(one.ok for one in self.proofs)
        return self.complete and sound

    def as_json(self) -> dict[str, Any]:
        """The JSON object of a step."""
        return {
            "number": self.number,
            "title": self.title,
            "ok": self.ok,
            "complete": self.complete,
            "commands": [one.as_json() for one in self.commands],
            "proofs": [one.as_json() for one in self.proofs],
        }
