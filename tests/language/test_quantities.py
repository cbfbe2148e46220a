"""A quantity is read as a clinician would read it, and what is none is left alone."""

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.quantities.finding import find_quantities
from assistant.language.quantities.moments import find_moments
from assistant.language.quantities.named import find_number_after
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.units import UnitError, convert

TABLE = Path(__file__).with_name("quantity_cases.yaml")
CASES = [
    pytest.param(str(text), expected, id=f"{group}: {text}")
    for group, cases in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()
    for text, expected in cases.items()
]
NOTE = (
    "34F, BMI 22, LP 3 days ago (22G Quincke, 3 attempts) for ?MS. Headache began 12 h after, "
    "postural, 7/10 upright and 1/10 flat. T 37.9, BP 150/95, GCS 15 (E4V5M6). Platelets 90, INR "
    "1.2, CRP 12. Enoxaparin 40 mg last given 14 h ago; apixaban stopped a week ago. MRI brain: "
    "subdural 8 mm, suprasellar cistern 3.8 mm, mamillopontine 6.0 mm, no midline shift. Opening "
    "pressure 4 cm H2O. Lives with her partner and a six-year-old. She was well until the puncture, "
    "which was done by a junior doctor in the emergency department, and drinks four cups of coffee. "
)


def number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 9):.12g}"


def in_words(quantity: Quantity) -> str:
    if quantity.low == quantity.high:
        return f"{quantity.measure} {number(quantity.low)}"
    return (
        f"{quantity.measure} {'(' * quantity.low_open}{number(quantity.low)}"
        f"..{number(quantity.high)}{')' * quantity.high_open}"
    )


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_quantities_are_read(text: str, expected: list[str]) -> None:
    assert [in_words(quantity) for quantity in find_quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", ["duration 24"]),
        ("LP yesterday morning", ["duration 24"]),
        ("the day before yesterday", ["duration 48"]),
        ("today", ["duration 0..24"]),
        ("this morning", ["duration 0..24"]),
        ("last night", ["duration 12"]),
        ("last week", ["duration 168..336"]),
        ("for the last week", []),
        ("last Tuesday", ["duration 0..168"]),
        ("POD 3", ["duration 72"]),
        ("POD3", ["duration 72"]),
        ("POD#2", ["duration 48"]),
        ("day 3 post spinal", ["duration 72"]),
        ("day 2 after LP", ["duration 48"]),
        ("days 2-3 after LP", ["duration 48..72"]),
        ("D2", ["duration 48"]),
        ("postpartum day 4", ["duration 96"]),
        ("day 3 postpartum", ["duration 72"]),
        ("second postoperative day", ["duration 48"]),
        ("day one", ["duration 24"]),
        ("vitamin D3", []),
        ("D10-D12", []),
        ("three times per day 2 tablets", []),
        ("day 20%", []),
    ],
)
def test_moments_are_hours_before_now(text: str, expected: list[str]) -> None:
    assert [in_words(moment) for moment in find_moments(text)] == expected


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("platelets| 90", Measure.COUNT, "count 90"),
        ("plt|: 90 x10^9/L", Measure.COUNT, "count 90"),
        ("platelets| 90k", Measure.COUNT, "count 90"),
        ("platelets| 90,000/µL", Measure.COUNT, "count 90"),
        ("platelets| 90,000", Measure.COUNT, "count 90"),
        ("platelets| 1.5 lakh", Measure.COUNT, "count 150"),
        ("platelets| of 45", Measure.COUNT, "count 45"),
        ("platelets| <50", Measure.COUNT, "count ..50)"),
        ("platelets| now only 45", Measure.COUNT, "count 45"),
        ("platelets| (today) 45", Measure.COUNT, None),
        ("platelets| 3 days ago 90", Measure.COUNT, "count 90"),
        ("platelets| fell from 220 to 45", Measure.COUNT, "count 45"),
        ("platelets| 220 -> 45", Measure.COUNT, "count 45"),
        ("platelets| 90k", Measure.NUMBER, "count 90"),
        ("INR| 1.2", Measure.NUMBER, "number 1.2"),
        ("INR|=2.5", Measure.NUMBER, "number 2.5"),
        ("INR| 1,2", Measure.NUMBER, "number 1.2"),
        ("INR| at least 2", Measure.NUMBER, "number 2.."),
        ("INR| 1.2.", Measure.NUMBER, "number 1.2"),
        ("eGFR| 25", Measure.RATE, "rate 25"),
        ("eGFR| 25 mL/min", Measure.RATE, "rate 25"),
        ("suprasellar cistern| 3.8", Measure.LENGTH, "length 3.8"),
        ("suprasellar| 0.38 cm", Measure.LENGTH, "length 3.8"),
        ("CRP| 120", Measure.NUMBER, "number 120"),
        ("CRP| 120 mg/L", Measure.NUMBER, "number 120"),
        ("APTT| 40s", Measure.NUMBER, "number 40"),
        ("opening pressure| 4", Measure.CSF_PRESSURE, "csf-pressure 4"),
        ("opening pressure| 180", Measure.CSF_PRESSURE, "csf-pressure 18"),
        ("opening pressure| 55 mm", Measure.CSF_PRESSURE, "csf-pressure 5.5"),
        ("temp| 101.3", Measure.TEMPERATURE, "temperature 38.5"),
        ("CO2| 38 mmHg", Measure.NUMBER, "number 38"),
        ("platelets|, INR 1.2", Measure.COUNT, None),
        ("platelets| pending, 34F", Measure.COUNT, None),
        ("platelets| 3 days ago", Measure.COUNT, None),
        ("platelets| 20 mL", Measure.COUNT, None),
        ("platelets|", Measure.COUNT, None),
        (
            "platelets normal. Then much later on in the note| and far away from it all 90",
            Measure.COUNT,
            None,
        ),
    ],
)
def test_a_bare_number_follows_its_name(text: str, measure: Measure, expected: str | None) -> None:
    position = text.index("|")
    found = find_number_after(text.replace("|", ""), position, measure)
    assert (in_words(found) if found else None) == expected


@pytest.mark.parametrize(
    ("value", "unit", "to_unit", "expected"),
    [
        (72, "h", "days", 3),
        (3, "weeks", "h", 504),
        (1, "month", "days", 30.4375),
        (100.4, "degF", "degC", 38),
        (38, "°C", "degF", 100.4),
        (4.0, "mm", "cm", 0.4),
        (60, "mmH2O", "cmH2O", 6),
        (60, "mm H2O", "cm of water", 6),
        (1, "cmH2O", "mmHg", 0.73555924),
        (90000, "/µL", "10^9/L", 90),
        (1, "g", "mg", 1000),
        (1, "kg", "lb", 2.204622622),
        (6, "months", "years", 0.5),
        (2.5, "", "", 2.5),
        (25, "mL/min/1.73 m2", "mL/min/1.73 m2", 25),
    ],
)
def test_units_convert(value: float, unit: str, to_unit: str, expected: float) -> None:
    assert convert(value, unit, to_unit) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("unit", "to_unit", "words"),
    [("h", "mm", "cannot be converted"), ("furlong", "mm", "furlong"), ("h", "", "cannot")],
)
def test_what_cannot_be_converted_is_said(unit: str, to_unit: str, words: str) -> None:
    with pytest.raises(UnitError, match=words):
        convert(1, unit, to_unit)


def test_every_measure_has_a_unit_that_converts() -> None:
    for measure in Measure:
        assert convert(1, measure.unit, measure.unit) == 1


@pytest.mark.parametrize(
    ("text", "operator", "threshold", "expected"),
    [
        ("72 h", ">", 72, False),
        ("72 h", ">=", 72, True),
        ("73 h", ">", 72, True),
        (">72 h", ">", 72, True),
        (">72 h", "<=", 72, False),
        (">72 h", ">", 96, None),
        ("≥72 h", ">", 72, None),
        ("≥72 h", "≥", 72, True),
        ("<72 h", "<", 72, True),
        ("<72 h", ">=", 72, False),
        ("<72 h", ">", 48, None),
        ("48-72 h", ">", 72, False),
        ("48-72 h", ">=", 72, None),
        ("48-72 h", "<=", 72, True),
        ("a few days", ">", 72, None),
        ("a few days", ">", 24, True),
        ("within 24 h", "<=", 24, True),
        ("about 72 h", ">", 72, None),
        ("72 h", "==", 72, True),
        ("72 h", "!=", 72, False),
        ("48-72 h", "=", 60, None),
        ("48-72 h", "==", 80, False),
        ("100.4 °F", ">=", 38, True),
    ],
)
def test_an_interval_is_compared_in_three_values(
    text: str, operator: str, threshold: float, expected: bool | None
) -> None:
    (quantity,) = find_quantities(text)
    assert quantity.compare(operator, threshold) is expected


def test_another_operator_is_refused() -> None:
    (quantity,) = find_quantities("72 h")
    with pytest.raises(ValueError, match="~"):
        quantity.compare("~", 1)


def test_a_quantity_remembers_how_it_was_written() -> None:
    (quantity,) = find_quantities("more than 1.2cm deep")
    assert quantity.written == "cm"
    assert quantity.unit == "mm"
    assert quantity.span.of("more than 1.2cm deep") == "more than 1.2cm"


@given(
    st.lists(
        st.sampled_from(
            "3 72 38.2 2/7 7/10 150/95 E4V5M6 GCS T OP h days mm cm mg G F yo > < ~ - to or and a few "
            "half over within ago after week , . ( ) : 12/03/2024 x age °C + k / \n".split(" ")
        ),
        max_size=14,
    ),
    st.sampled_from(["", " "]),
)
def test_any_text_is_read_in_order_without_overlap(words: list[str], between: str) -> None:
    text = between.join(words)
    quantities = find_quantities(text)
    assert quantities == find_quantities(text)
    for first, second in pairwise(quantities):
        assert first.span.end <= second.span.start
    for quantity in (*quantities, *find_moments(text)):
        assert quantity.span.end <= len(text)
        assert quantity.low is not None or quantity.high is not None
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.high


def test_a_note_is_read_in_milliseconds() -> None:
    note = (NOTE * 2)[:1000]
    find_quantities(note)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        find_quantities(note)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.01


def test_pint_is_imported_only_to_convert() -> None:
    check = "import sys, assistant.language.quantities.finding; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
