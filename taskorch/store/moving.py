"""Moving many files of a store: each is at any moment in one of its two places."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from taskorch.store import files


@dataclass
class Moved:
    """Files that were renamed, each with the place it has now."""

    places: list[tuple[Path, Path]] = field(default_factory=list)

    def put_back(self) -> None:
        """Rename them back, as far as the disk lets us."""
        for old, new in reversed(self.places):
            with suppress(OSError):
                os.rename(new, old)

    def clean(self) -> None:
        """Nothing was made beside them."""


def move(root: Path, paths: Mapping[str, str]) -> Moved:
    """Rename files below `root`, by path relative to it, and flush the folders to disk.

    What was moved already is left where it is, and so is what would take the place of another file.  If
    one cannot be moved, all are moved back.  Raises WriteFailed.
    """
    done = Moved()
    try:
        for folder in {(root / new).parent for new in paths.values()}:
            files.make_folder(folder)
        for old, new in ((root / old, root / new) for old, new in paths.items()):
            if os.path.lexists(old) and not os.path.lexists(new):
                done.places.append((old, new))
                os.rename(old, new)
        files.sync_all({place.parent for pair in done.places for place in pair})
    except OSError as error:
        done.put_back()
        raise files.failed(root, error) from None
    except BaseException:
        done.put_back()
        raise
    return done
