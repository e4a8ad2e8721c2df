"""Values of every type and shape, where a reader expects others."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["\ud800", "a\0b", "- [x] #1 a", "## Notes", "```",
                       "<!-- AC:BEGIN -->", "9" * 300, "1.2"])
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The ways to every place in a value."""
    yield ()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from ((key, *way) for way in places(inner))


def with_value(whole: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A copy of a value with another one at a place."""
    if not way:
        return value
    out = deepcopy(whole)
    inner = out
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    return out
