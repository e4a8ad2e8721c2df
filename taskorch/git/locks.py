"""Locks of other git processes: waited for within a bound, named if that was in vain, never removed."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from taskorch.errors import GitFailed
from taskorch.git.process import Finished

WAIT_SECONDS = 5.0
"""How long another git may hold the index or a ref."""

PAUSE = 0.05

# git waits for locked refs itself if told so; it does not for the index:
# https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefilesRefLockTimeout
_REF_LOCKS = ("core.filesRefLockTimeout", "core.packedRefsTimeout")
_FATAL = 128


def waiting_for_refs() -> list[str]:
    """The settings with which a git command waits for refs that another git has locked."""
    return [part for name in _REF_LOCKS for part in ("-c", f"{name}={int(WAIT_SECONDS * 1000)}")]


def unlocked(act: Callable[[], Finished], index: Path) -> Finished:
    """What a git command leaves, repeated for a while if another git holds the lock of the `index`.

    git takes that lock before it runs a hook, so no hook runs twice.  Raises GitFailed, with the name of the
    lock file, if this or another lock is not given up.
    """
    end = time.monotonic() + WAIT_SECONDS
    while True:
        done = act()
        held = _held(done)
        if not held:
            return done
        if held.name != f"{index.name}.lock" or time.monotonic() > end:
            raise still_locked(held)
        time.sleep(PAUSE)


def still_locked(lock: Path) -> GitFailed:
    """The error for a lock that another git did not give up."""
    return GitFailed(
        f"another git holds {lock} and did not give it up within {WAIT_SECONDS:g} s",
        hint="repeat the command when that git has ended (one that waits in an editor holds it as well); "
        "if none is running, one was killed and left the file behind: only then remove it",
    )


def _held(done: Finished) -> Path | None:
    """The lock file that a git command failed on; its words may be of any language, the name is not.

    One that git may not make is held by nobody.
    """
    named = re.search(r"'([^'\n]+\.lock)'", done.err) if done.code == _FATAL else None
    return Path(named[1]) if named and os.access(Path(named[1]).parent, os.W_OK) else None
