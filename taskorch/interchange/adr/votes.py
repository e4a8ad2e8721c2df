"""Weighted votes on how a folder writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T", bound=Hashable)


class Votes(Generic[_T]):
    """Weighted votes; among equals the first wins."""

    def __init__(self) -> None:
        self._weights: dict[_T, float] = defaultdict(float)

    def add(self, what: _T, weight: float) -> None:
        """Count `what` with its weight."""
        self._weights[what] += weight

    def winner(self, otherwise: _T) -> _T:
        """What has the most weight; `otherwise` where nobody voted."""
        return max(self._weights, key=self._weights.__getitem__) if self._weights else otherwise

    def weight(self, what: _T) -> float:
        """The weight of `what`."""
        return self._weights.get(what, 0.0)
