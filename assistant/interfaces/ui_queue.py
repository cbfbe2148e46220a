"""The queue of questions: a few are worked on at once, the others know how many are before them."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator


class Queue:
    """First come, first served. Everything happens in the one event loop of the server."""

    def __init__(self, at_once: int | None = None) -> None:
        """``at_once`` is how many are worked on together; by default as many as there are cores,
        for answering keeps a core busy and more at once would only make each slower."""
        self._free = at_once or os.cpu_count() or 1
        self._waiting: deque[asyncio.Event] = deque()

    async def wait(self) -> AsyncGenerator[int]:
        """Ends when it is one's turn; until then gives one's place, from 1, whenever it changes.

        Whoever had its turn must ``leave``; whoever gives up closes the iterator.
        """
        if self._free and not self._waiting:
            self._free -= 1
            return
        changed = asyncio.Event()
        self._waiting.append(changed)
        told = 0
        try:
            while True:
                changed.clear()
                place = self._waiting.index(changed) + 1
                if place == 1 and self._free:
                    self._free -= 1
                    return
                if place != told:
                    told = place
                    yield place
                await changed.wait()
        finally:
            self._waiting.remove(changed)
            self._tell()

    def leave(self) -> None:
        """Make room for the next one."""
        self._free += 1
        self._tell()

    def _tell(self) -> None:
        for changed in self._waiting:
            changed.set()
