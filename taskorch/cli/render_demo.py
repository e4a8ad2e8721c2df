"""The demo, for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from taskorch.cli.output import Paint, emit
from taskorch.demo.proof import Proof, Ran, Step, quoted

_WIDTH = 100


def begin(sabotage: str | None, kept: str | None) -> None:
    """What is going to happen."""
    emit("A day of work on throw-away repositories.  What taskorch says is held against plain git.")
    if sabotage:
        emit(Paint(f"Sabotage: {_SABOTAGE[sabotage]}.  The demo should notice.", "yellow"))
    if kept:
        emit(f"The repositories are in {kept}")


def step(one: Step) -> None:
    """A step: its commands with their output, then its proofs."""
    emit("")
    emit(Paint(f"{one.number}. {one.title}", bold=True))
    emit("")
    for command in one.commands:
        _command(command)
    for proof in one.proofs:
        _proof(proof)
    if not one.complete:
        emit(_failed(), " the demo cannot go on")


def end(steps: Sequence[Step], sabotage: str | None, kept: str | None) -> None:
    """What was proved, and where to go next."""
    proofs = [proof for one in steps for proof in one.proofs]
    failed = [one for one in steps if not one.ok]
    emit("")
    if not failed:
        _proved(len(proofs))
    else:
        wrong = sum(not proof.ok for proof in proofs)
        where = "step " + ", ".join(str(one.number) for one in failed)
        what = (
            f"{wrong} of {len(proofs)} proofs do not hold" if wrong else "A command did not do what it should"
        )
        emit(Paint(f"{what}: see {where}.", "red", bold=True))
    if sabotage:
        emit(f"The sabotage ({sabotage}) was {'noticed' if failed else 'NOT noticed'}.")
    if kept:
        emit(f"The repositories are in {kept}: origin.git, bob, and cleo (the fresh clone).")


def _proved(count: int) -> None:
    emit(Paint(f"All {count} proofs hold.", "green", bold=True))
    emit("Ann's branch, her commits and her clone are gone.  From a fresh clone taskorch told which of her")
    emit("files are on main, why they are as they are, and what is left to do; plain git says the same.")
    emit("")
    emit(Paint("Next, in a repository of your own:", bold=True))
    emit("  taskorch init")
    emit("  taskorch task new 'What is to be done'")
    emit("  taskorch task start ID       and work as usual")
    emit("  taskorch task complete ID --results 'What was done'")


_SABOTAGE = {
    "squash": "a file of Ann's is dropped from the squash merge",
    "record": "a record is corrupted on main",
    "revert": "Ann's code is reverted on main",
}


def _command(one: Ran) -> None:
    who = Paint(f"   {one.who} ", dim=True)
    if one.exit_code is None:
        emit(who, Paint(one.typed, dim=True))
        return
    first, *more = _wrapped(one.words)
    emit(who, "$ ", Paint(first, "cyan"))
    for line in more:
        emit("         ", Paint(line, "cyan"))
    lines = [line for line in one.output.splitlines() if line.strip()]
    for line in lines[: one.most]:
        emit("     ", line.expandtabs())
    if len(lines) > one.most:
        emit(Paint(f"     ... {len(lines) - one.most} more lines", dim=True))
    if not one.ok:
        emit(_failed(), f" exit code {one.exit_code}, not {one.expected_exit}")


def _proof(one: Proof) -> None:
    if one.ok:
        emit("   ", Paint(_mark("✓", "ok"), "green"), " ", one.claim)
        emit(Paint(f"     proof: {one.git_command} -> same{_short(one.found)}", dim=True))
        return
    emit(_failed(), " ", one.claim)
    emit(f"     proof: {one.git_command} -> ", Paint("NOT the same", "red"))
    expected, found = one.expected.splitlines(), one.found.splitlines()
    same = sum(line in expected for line in found)
    _lines("expected", [line for line in expected if line not in found])
    _lines("git says", [line for line in found if line not in expected])
    if same:
        _lines("", [f"({same} other lines are the same)"])


def _lines(name: str, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines or ["(nothing)"]):
        emit(f"       {name if not number else '':8}  {line.expandtabs()}")


def _failed() -> Paint:
    return Paint(f"   {_mark('✗', 'FAILED')}", "red", bold=True)


def _mark(sign: str, plain: str) -> str:
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return plain
    return sign


def _short(text: str) -> str:
    """What was the same, where it is short enough to show."""
    lines = text.splitlines()
    if not lines:
        return " (nothing)"
    if len(lines) > 1:
        return f" ({len(lines)} lines)"
    return f" ({lines[0][:10] if len(lines[0]) == 40 else lines[0]})" if len(lines[0]) <= 40 else ""


def _wrapped(words: Sequence[str]) -> list[str]:
    """A command in lines that fit, broken before options, as a shell takes it."""
    parts: list[str] = []
    for word in words:
        if word.startswith("--") or not parts:
            parts.append(quoted(word))
        else:
            parts[-1] += f" {quoted(word)}"
    lines = parts[:1]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) < _WIDTH:
            lines[-1] += f" {part}"
        else:
            lines[-1] += " \\"
            lines.append(part)
    return lines
