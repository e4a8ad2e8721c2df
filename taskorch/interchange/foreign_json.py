"""JSON of other systems: read without ever failing for its depth, its numbers or its letters."""

from __future__ import annotations

import json
from typing import Any


def loads(data: bytes) -> Any:
    """The value that JSON text says.  Raises ValueError, with why it is none."""
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError:  # a number with more digits than Python reads
        raise ValueError("no JSON that can be read: a number is too long") from None
    except RecursionError:
        raise ValueError("no JSON that can be read: it is nested too deeply") from None
