"""The lease that keeps a session active: how long it holds, whatever becomes of the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Lease:
    """From when until when a session counts as active, in seconds of `uptime`, and in which boot."""

    expires: float
    boot: str
    begun: float

    def holds(self) -> bool:
        """Whether it still stands; a reboot voids it, a clock that is set back or forward does not."""
        return self.begun <= uptime() < self.expires and self.boot == boot_id()


def uptime() -> float:
    """Seconds since the boot, sleep included; where the system does not tell them, those of the clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if boot_id() else time.time()


def boot_id() -> str:
    """An id of the system's current boot, empty where the system does not tell."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
