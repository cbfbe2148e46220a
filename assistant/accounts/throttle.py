"""How often a sign-in may fail, for one name and from one address."""

import ipaddress
import math
import threading
import time
from collections.abc import Callable

PER_NAME, PER_ADDRESS, WINDOW_S = 10, 50, 900.0
_MOST_KEPT = 10_000


class Throttle:
    """Counts attempts of the last ``WINDOW_S`` seconds; safe to use from several threads.

    An attempt counts from its beginning, so that many at once do not slip through, and is taken
    back when it succeeds. It is kept in memory: each process counts for itself.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._attempts: dict[tuple[str, str], list[float]] = {}

    def wait_s(self, name: str, address: str) -> int:
        """Count an attempt and return 0, or the seconds to wait before one is possible."""
        with self._lock:
            now = self._clock()
            keys = self._keys(name, address)
            waits = [
                recent[-limit] + WINDOW_S - now
                for key, limit in keys.items()
                if len(recent := self._recent(key, now)) >= limit
            ]
            if waits:
                return math.ceil(max(waits))
            for key in keys:
                self._attempts.setdefault(key, []).append(now)
            if len(self._attempts) > _MOST_KEPT:
                self._forget(now)
            return 0

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of a name, and the attempt that was none."""
        with self._lock:
            by_name, by_address = self._keys(name, address)
            self._attempts.pop(by_name, None)
            if self._attempts.get(by_address):
                self._attempts[by_address].pop()

    def _recent(self, key: tuple[str, str], now: float) -> list[float]:
        recent = [at for at in self._attempts.get(key, ()) if now - at < WINDOW_S]
        if recent:
            self._attempts[key] = recent
        else:
            self._attempts.pop(key, None)
        return recent

    def _forget(self, now: float) -> None:
        """Drop what is out of date; of the rest, the oldest, down to half of what may be kept."""
        for key in list(self._attempts):
            self._recent(key, now)
        oldest = sorted(self._attempts, key=lambda key: self._attempts[key][-1])
        for key in oldest[: max(0, len(oldest) - _MOST_KEPT // 2)]:
            del self._attempts[key]

    @staticmethod
    def _keys(name: str, address: str) -> dict[tuple[str, str], int]:
        return {("name", name): PER_NAME, ("address", _network(address)): PER_ADDRESS}


def _network(address: str) -> str:
    """The address; of IPv6 its /64, of which one household has every address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
