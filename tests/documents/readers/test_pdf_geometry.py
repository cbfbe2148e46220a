"""A page's three sets of coordinates agree, whichever way it is turned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.pages import Box, Place, find_boxes, find_page, pack_places, unpack_places
from assistant.documents.readers.pdf.geometry import Frame
from assistant.spans import Span

turns = st.integers(0, 3)
inside = st.tuples(
    st.floats(20, 300), st.floats(40, 400), st.floats(1, 200), st.floats(1, 300)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


@given(turns, turns, inside)
def test_a_box_comes_back_to_where_it_was_written(
    shown: int, read: int, written: tuple[float, float, float, float]
) -> None:
    frame = Frame(20, 40, 600, 800, shown, read)
    box = frame.to_shown(*frame.to_read(*written))
    assert frame.to_written(box) == pytest.approx(written, abs=0.1)


def test_a_page_turned_clockwise_shows_its_left_edge_on_top() -> None:
    frame = Frame(0, 0, 600, 800, shown=1, read=1)
    assert frame.to_read(10, 100, 30, 200) == (100, 10, 200, 30)
    assert (frame.width, frame.height) == (800, 600)


def test_places_are_packed_without_loss_and_cut_where_the_span_cuts() -> None:
    places = (
        Place(Span(10, 14), Box(1000, 500, 1400, 600)),
        Place(Span(15, 20), Box(1450, 500, 1950, 600)),
        Place(Span(21, 25), Box(1000, 620, 1400, 720)),
    )
    assert tuple(unpack_places(pack_places(places))) == places
    assert find_boxes(places, Span(12, 25)) == (
        Box(1200, 500, 1950, 600),
        Box(1000, 620, 1400, 720),
    )
    assert find_boxes(places, Span(30, 40)) == ()


def test_the_page_of_an_offset_is_that_of_the_last_run_before_it() -> None:
    runs = ((0, 1), (50, 2), (70, 1), (80, 3))
    assert [find_page(runs, at) for at in (0, 49, 50, 75, 500)] == [1, 1, 2, 1, 3]
    assert find_page((), 5) is None
