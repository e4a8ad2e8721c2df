"""Times as records have them: UTC, in ISO form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_now() -> str:
    """The present time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_instant() -> str:
    """The present time in UTC, to the millisecond: records made one after the other keep their order."""
    return spelt(datetime.now(UTC))


def moment(text: str) -> datetime | None:
    """A time in a record, None where it cannot be made out."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def spelt(moment: datetime) -> str:
    """A time in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(time: str, milliseconds: int) -> str:
    """A time in a record and some milliseconds more."""
    begin = moment(time)
    return spelt(begin + timedelta(milliseconds=milliseconds)) if begin and milliseconds else time
