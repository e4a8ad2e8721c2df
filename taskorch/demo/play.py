"""The steps of the demo in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from taskorch.demo import fresh_clone, landing, working
from taskorch.demo.proof import Proof, Step
from taskorch.demo.stage import Broken, Stage
from taskorch.demo.story import Story

STEPS: tuple[tuple[str, Callable[[Story], list[Proof]]], ...] = (
    ("Ann brings taskorch into her project", working.set_up),
    ("Ann opens a session and plans: a task and its subtasks", working.plan),
    ("The first subtask: decisions are taken, files written, moved, deleted", working.first_subtask),
    ("It is committed: the code by git, the records by taskorch", working.commit),
    ("Bob's work lands on main meanwhile; Ann goes on in the file he changed", landing.meanwhile),
    ("The branch is squash-merged and deleted; Ann's clone is thrown away", landing.squash_merge),
    ("Cleo takes over with a fresh clone: is all of Ann's work on main?", fresh_clone.verify),
    ("Cleo recovers what was done, why, and what is left to do", fresh_clone.recover),
    ("Cleo reviews what landed since Ann began", fresh_clone.review),
)


def play(stage: Stage, sabotage: str | None = None) -> Iterator[Step]:
    """Each step as it is done; a command that fails ends the story."""
    story = Story(stage, sabotage)
    for number, (title, act) in enumerate(STEPS, 1):
        try:
            proofs = act(story)
        except Broken:
            yield Step(number, title, stage.take(), (), complete=False)
            return
        yield Step(number, title, stage.take(), tuple(proofs))
