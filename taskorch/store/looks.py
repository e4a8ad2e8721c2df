"""Whether archived records were looked at: what was found then may depend on them."""


class _Looks:
    """How often this process listed archived records."""

    count = 0


LOOKS = _Looks()
