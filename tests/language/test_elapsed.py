"""Each time in a note is given to the event it counts from, or to none."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.finding import find_elapsed
from assistant.spans import Span

TABLE = Path(__file__).with_name("elapsed_cases.yaml")
CASES = [
    pytest.param(case["text"], case["reads"], id=f"{group}: {case['text']}")
    for group, cases in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()
    for case in cases
]


def unmarked(text: str) -> tuple[str, list[Span]]:
    """The text without its brackets, and what stood in them."""
    parts = re.split(r"\[([^\]]+)\]", text)
    events, plain = [], ""
    for i, part in enumerate(parts):
        if i % 2:
            events.append(Span(len(plain), len(plain) + len(part)))
        plain += part
    return plain, events


def hours(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def in_words(elapsed: Elapsed, text: str, events: list[Span]) -> str:
    quantity = elapsed.quantity
    if quantity.low == quantity.high:
        amount = hours(quantity.low)
    else:
        amount = (
            f"{'(' * quantity.low_open}{hours(quantity.low)}"
            f"..{hours(quantity.high)}{')' * quantity.high_open}"
        )
    timing = elapsed.timing + "?" * (not elapsed.stated)
    return f"{events[elapsed.event].of(text)} {timing} {amount}"


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_a_time_belongs_to_its_event(marked: str, expected: list[str]) -> None:
    text, events = unmarked(marked)
    found = find_elapsed(text, events)
    assert sorted(in_words(elapsed, text, events) for elapsed in found) == sorted(expected)
    for elapsed in found:
        assert elapsed.span.contains(elapsed.quantity.span)
        assert elapsed.span.contains(events[elapsed.event])


def test_the_caller_may_say_which_events_go_on() -> None:
    text, events = unmarked("[orthostasis] for 3 weeks after [LP]")
    (elapsed,) = find_elapsed(text, events, lasting={0})
    assert (elapsed.timing, elapsed.event) == (Timing.LASTING, 0)


def test_the_caller_may_say_that_none_goes_on() -> None:
    text, events = unmarked("[pain block] 3 days ago")
    assert find_elapsed(text, events) == ()
    (elapsed,) = find_elapsed(text, events, lasting=())
    assert elapsed.timing is Timing.SINCE


def test_events_need_no_order() -> None:
    text, events = unmarked("[LP] 10 days ago, [blood patch] 2 days ago")
    found = find_elapsed(text, events[::-1])
    assert [(e.event, e.quantity.low) for e in found] == [(1, 240), (0, 48)]


def test_without_events_there_is_nothing() -> None:
    assert find_elapsed("LP 2 days ago", []) == ()


WORDS = (
    "[LP]|[headache]|[apixaban]|3 days|2/7|yesterday|POD 3|after|ago|for|since|started|last dose|if|"
    "should|no|and|the|.|,|?|later|within 24 h of|day 2|now 14:00|at 06:00|immediately after|or"
).split("|")


@given(st.lists(st.sampled_from(WORDS), max_size=16))
def test_any_note_is_read_within_its_own_text(words: list[str]) -> None:
    text, events = unmarked(" ".join(words))
    found = find_elapsed(text, events)
    assert found == find_elapsed(text, events)
    for elapsed in found:
        assert elapsed.span.end <= len(text)
        assert elapsed.span.contains(events[elapsed.event])


def test_a_note_is_read_in_milliseconds() -> None:
    marked = (
        "34F, [LP] 3 days ago for ?MS. [Headache] began 12 h after, postural, 7/10. [Enoxaparin] "
        "40 mg last given 14 h ago; [apixaban] stopped a week ago. [EBP] yesterday, better for 12 "
        "hours, now [headache] back since this morning. "
    )
    text, events = unmarked(marked * 5)
    find_elapsed(text, events)
    start = time.perf_counter()
    find_elapsed(text, events)
    assert time.perf_counter() - start < 0.1
