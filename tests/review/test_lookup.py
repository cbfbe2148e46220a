"""What is told beside an answer: at once, only what still holds, and never in its way."""

import time
from datetime import date
from statistics import median
from typing import Any

import pytest

from assistant.review.database import Database
from assistant.review.desk import Desk
from assistant.review.item import State
from assistant.review.known import UNAVAILABLE, Known
from assistant.review.lookup import Lookup

SHELF = {"zebra": "a" * 64, "cough": "b"}


@pytest.fixture
def lookup(database: Database, now: Any) -> Lookup:
    return Lookup(database, lambda: now.at.date())


def approve(desk: Desk, by: Any, item: int = 1) -> None:
    desk.start(item, by)
    desk.approve(item, by, "Fine.", date(2026, 6, 1))


def status(lookup: Lookup, answer: Any) -> State | None:
    known = lookup.of_answer(answer, SHELF).answer
    return known and known.status


def test_an_answer_is_told_from_its_submission_on(
    desk: Desk, lookup: Lookup, make_answer: Any, ward: Any, anna: Any, now: Any
) -> None:
    assert status(lookup, make_answer()) is None
    desk.submit_answer(make_answer(), ward)
    assert status(lookup, make_answer()) is State.SUBMITTED
    approve(desk, anna)
    same = make_answer("how long does ZEBRA fever last", timing_ms={"total": 1.0}, confidence=0.1)
    assert lookup.of_answer(same, SHELF).answer == Known(
        State.APPROVED, "Dr Anna", "2026-03-01", "2026-06-01", "Fine."
    )
    now.at = now.at.replace(month=6, day=2)
    assert status(lookup, same) is State.EXPIRED
    desk.reject(1, anna, "No longer.")
    assert status(lookup, same) is State.REJECTED


def test_an_answer_that_differs_in_anything_needs_review(
    desk: Desk, lookup: Lookup, make_answer: Any, ward: Any, anna: Any
) -> None:
    desk.submit_answer(make_answer(), ward)
    approve(desk, anna)
    other = make_answer()
    other["quotes"] = [other["quotes"][0] | {"text": "Eight days."}]
    assert status(lookup, other) is State.NEEDS_REVIEW
    moved = make_answer()
    moved["certificate"]["documents"] = {"zebra": "changed"}
    assert status(lookup, moved) is State.NEEDS_REVIEW
    assert status(lookup, make_answer("Another question?")) is None
    desk.submit_answer(other, ward)
    assert status(lookup, other) is State.SUBMITTED
    approve(desk, anna, 2)
    assert status(lookup, other) is State.APPROVED
    assert status(lookup, make_answer()) is State.APPROVED


def test_documents_are_told_by_what_was_read(
    desk: Desk, lookup: Lookup, make_answer: Any, ward: Any, anna: Any, shelf: Any
) -> None:
    desk.submit_document("cough", ward)
    approve(desk, anna)
    known = lookup.of_answer(make_answer(), SHELF).documents
    assert {doc_id: one.status for doc_id, one in known.items()} == {"cough": State.APPROVED}
    newer = SHELF | {"cough": "newer"}
    assert lookup.of_documents(newer).documents["cough"].status is State.NEEDS_REVIEW
    shelf.checksums["cough"] = "newer"
    desk.submit_document("cough", ward)
    assert lookup.of_documents(newer).documents["cough"].status is State.SUBMITTED
    many = {f"d{n}": "x" for n in range(600)} | SHELF
    assert set(lookup.of_documents(many).documents) == {"cough"}


def test_a_database_that_is_down_costs_one_try_and_no_answer(
    tmp_path: Any, make_answer: Any
) -> None:
    clock = [0.0]
    database = Database.open("postgresql://nobody@127.0.0.1:1/none", connect_s=2)
    lookup = Lookup(database, clock=lambda: clock[0])
    assert lookup.of_answer(make_answer(), SHELF).unavailable == UNAVAILABLE
    started = time.perf_counter()
    for _ in range(100):
        assert lookup.of_answer(make_answer(), SHELF).unavailable == UNAVAILABLE
    assert time.perf_counter() - started < 0.5
    database.close()


def test_it_comes_back_by_itself(location: str, make_answer: Any) -> None:
    clock = [0.0]
    database = Database.open(location)
    lookup = Lookup(database, clock=lambda: clock[0])
    assert lookup.of_answer(make_answer(), SHELF).unavailable == UNAVAILABLE
    database.upgrade()
    assert lookup.of_answer(make_answer(), SHELF).unavailable == UNAVAILABLE
    clock[0] = 15.0
    assert lookup.of_answer(make_answer(), SHELF).unavailable is None
    database.close()


@pytest.fixture
def full(desk: Desk, make_answer: Any, ward: Any, anna: Any) -> Desk:
    for n in range(200):
        desk.submit_answer(make_answer(f"Question {n}?"), ward)
    approve(desk, anna, 100)
    return desk


@pytest.mark.slow
def test_looking_up_takes_less_than_two_milliseconds(
    full: Desk, lookup: Lookup, make_answer: Any
) -> None:
    answer = make_answer("Question 99?")
    times = []
    for _ in range(200):
        started = time.perf_counter()
        assert status(lookup, answer) is State.APPROVED
        times.append((time.perf_counter() - started) * 1000)
    print(f"median {median(times):.2f} ms, best {min(times):.2f} ms")
    # The best of many: what else this machine does is not what is measured.
    assert min(times) < 2
