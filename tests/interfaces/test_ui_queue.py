"""The queue of questions, without a page."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

from assistant.interfaces.ui_queue import Queue


class Person:
    """Waits, and says each place in a list that all share."""

    def __init__(self, queue: Queue, name: str, told: list[str]) -> None:
        self.queue, self.name, self.told = queue, name, told

    async def come(self) -> None:
        async with aclosing(self.queue.wait()) as places:
            async for place in places:
                self.told.append(f"{self.name} {place}")
        self.told.append(f"{self.name} in")


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(scene: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scene).result()


def test_those_who_come_first_are_first_and_the_others_move_up() -> None:
    async def scene() -> list[str]:
        told: list[str] = []
        queue = Queue(2)
        people = [asyncio.create_task(Person(queue, name, told).come()) for name in "abcd"]
        await settle()
        told.append("-")
        queue.leave()
        await settle()
        queue.leave()
        await settle()
        await asyncio.gather(*people)
        return told

    first, _, then = " ".join(run(scene())).partition(" - ")
    assert first.split(" ") == "a in b in c 1 d 2".split(" ")
    assert then == "c in d 1 d in"


def test_whoever_gives_up_makes_the_others_move_up() -> None:
    async def scene() -> list[str]:
        told: list[str] = []
        queue = Queue(1)
        await Person(queue, "a", told).come()
        leaving = asyncio.create_task(Person(queue, "b", told).come())
        staying = asyncio.create_task(Person(queue, "c", told).come())
        await settle()
        leaving.cancel()
        await settle()
        queue.leave()
        await staying
        return told

    assert run(scene()) == ["a in", "b 1", "c 2", "c 1", "c in"]
