"""From submitted to approved or rejected: who may, when, and what stands in the way."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from assistant.errors import ReviewRefusedError, SettingsError, UnknownDocumentError
from assistant.review.desk import Desk, Rules
from assistant.review.item import State


def states(desk: Desk) -> list[str]:
    return [one.state.value for one in desk.list()]


def test_an_answer_is_submitted_taken_up_and_approved(
    desk: Desk, make_answer: Any, ward: Any, anna: Any
) -> None:
    item = desk.submit_answer(make_answer(), ward)
    assert (item.item_id, item.state, item.submitted_by) == (1, State.SUBMITTED, "ward")
    desk.start(1, anna)
    assert states(desk) == ["under review"]
    desk.approve(1, anna, "Agrees with the trial.", date(2026, 9, 1))
    found = desk.open(1)
    assert found.standing.state is State.APPROVED
    item = found.standing.item
    assert (item.reviewer, item.decided_by, item.decided_on, item.until, item.comment) == (
        *("Dr Anna", "Dr Anna", "2026-03-01", "2026-09-01", "Agrees with the trial."),
    )
    assert [entry.action for entry in found.entries] == ["submit", "start", "approve"]
    assert [entry.actor for entry in found.entries] == ["ward", "Dr Anna", "Dr Anna"]
    assert desk.inspect_trail().holds


def test_an_approval_lasts_a_year_where_no_day_is_named(
    desk: Desk, make_answer: Any, ward: Any, anna: Any, now: Any
) -> None:
    desk.submit_answer(make_answer(), ward)
    desk.start(1, anna)
    assert desk.approve(1, anna).until == "2027-03-01"
    now.at = datetime(2027, 3, 1, tzinfo=now.at.tzinfo)
    assert states(desk) == ["approved"]
    now.at += timedelta(days=1)
    assert states(desk) == ["expired"]
    desk.start(1, anna)
    assert desk.approve(1, anna).until == "2028-03-01"
    assert states(desk) == ["approved"]


def test_what_it_quotes_changed_so_it_needs_review_until_it_is_as_it_was(
    desk: Desk, make_answer: Any, ward: Any, anna: Any, shelf: Any
) -> None:
    desk.submit_answer(make_answer(), ward)
    desk.submit_document("cough", ward)
    for item in (1, 2):
        desk.start(item, anna)
        desk.approve(item, anna)
    shelf.checksums["cough"] = "changed"
    assert states(desk) == ["approved", "needs review"]
    del shelf.checksums["zebra"]
    assert states(desk) == ["needs review", "needs review"]
    assert [one.item.item_id for one in desk.list(State.NEEDS_REVIEW)] == [1, 2]
    shelf.checksums |= {"zebra": "a" * 64, "cough": "b"}
    assert states(desk) == ["approved", "approved"]


def test_approval_is_impossible_while_a_check_fails(
    desk: Desk, make_answer: Any, ward: Any, anna: Any, shelf: Any
) -> None:
    desk.submit_answer(make_answer(), ward)
    desk.start(1, anna)
    shelf.answer_faults = ("quotes[0].text: it is no longer there",)
    with pytest.raises(ReviewRefusedError, match="no longer there"):
        desk.approve(1, anna)
    assert desk.open(1).barred == shelf.answer_faults
    shelf.answer_faults = ()
    desk.approve(1, anna)


@pytest.mark.parametrize(
    ("issue", "verdict", "words"),
    [
        ({"kind": "contraindicated", "severity": "stop"}, "stop", "the check says stop: Never"),
        ({"kind": "premature", "severity": "caution"}, "caution", "the check says caution: Never"),
        ({"kind": "omission", "severity": "caution"}, "caution", "the check says caution: Never"),
        ({"kind": "contraindicated", "severity": "note"}, "clear", ""),
        ({"kind": "unconfirmed", "severity": "caution"}, "caution", ""),
        ({"kind": "contraindicated", "severity": "note"}, "stop", "the check says stop"),
        (
            {"kind": "contraindicated", "severity": "caution", "message": "Asked about: it. No."},
            "caution",
            "",
        ),
        (
            {"kind": "contraindicated", "severity": "stop", "message": "Asked about: it. No."},
            "stop",
            "the check says stop: Asked",
        ),
    ],
)
def test_an_answer_that_the_check_bars_cannot_be_approved(
    *, desk: Desk, make_answer: Any, ward: Any, anna: Any, issue: Any, verdict: str, words: str
) -> None:
    check = {"verdict": verdict, "issues": [{"message": "Never."} | issue]}
    desk.submit_answer(make_answer(check=check), ward)
    desk.start(1, anna)
    if not words:
        assert desk.approve(1, anna).state is State.APPROVED
        return
    with pytest.raises(ReviewRefusedError, match=words):
        desk.approve(1, anna)
    assert states(desk) == ["under review"]


def test_a_document_is_barred_when_it_changed_left_or_has_faults(
    desk: Desk, ward: Any, anna: Any, shelf: Any
) -> None:
    desk.submit_document("cough", ward)
    desk.start(1, anna)
    shelf.document_faults = ("cough.md:3: unknown source",)
    with pytest.raises(ReviewRefusedError, match="unknown source"):
        desk.approve(1, anna)
    shelf.document_faults = ()
    shelf.checksums["cough"] = "changed"
    with pytest.raises(ReviewRefusedError, match="submit it again"):
        desk.approve(1, anna)
    del shelf.checksums["cough"]
    with pytest.raises(ReviewRefusedError, match="no longer in the library"):
        desk.approve(1, anna)
    with pytest.raises(UnknownDocumentError):
        desk.submit_document("cough", ward)


def test_who_submits_cannot_approve_unless_that_is_allowed(
    desk: Desk, database: Any, shelf: Any, make_answer: Any, anna: Any, ben: Any
) -> None:
    desk.submit_answer(make_answer(), anna)
    desk.start(1, anna)
    with pytest.raises(ReviewRefusedError, match="another reviewer"):
        desk.approve(1, anna)
    assert desk.open(1, ben).barred == ()
    alone = Desk(database, shelf, Rules(own=True))
    assert alone.approve(1, anna).state is State.APPROVED


def test_readers_only_submit(desk: Desk, make_answer: Any, ward: Any, anna: Any) -> None:
    desk.submit_answer(make_answer(), ward)
    for act in (lambda: desk.start(1, ward), lambda: desk.reject(1, ward, "No.")):
        with pytest.raises(SettingsError, match="'ward' is no reviewer"):
            act()
    desk.start(1, anna)
    with pytest.raises(SettingsError, match="'ward' is no reviewer"):
        desk.approve(1, ward)
    assert states(desk) == ["under review"]


def test_acts_out_of_order_are_refused(
    desk: Desk, make_answer: Any, ward: Any, anna: Any, ben: Any
) -> None:
    desk.submit_answer(make_answer(), ward)
    with pytest.raises(ReviewRefusedError, match=r"Item 1 is submitted.*Start its review first"):
        desk.approve(1, anna)
    desk.start(1, anna)
    with pytest.raises(ReviewRefusedError, match="Item 1 is under review: cannot start"):
        desk.start(1, ben)
    desk.approve(1, anna)
    with pytest.raises(ReviewRefusedError, match="submitted before: see item 1"):
        desk.submit_answer(make_answer("how  LONG does zebra fever last"), ward)
    with pytest.raises(SettingsError, match="Say in a comment why"):
        desk.reject(1, ben, "  ")
    desk.reject(1, ben, "The trial was withdrawn.")
    assert states(desk) == ["rejected"]
    assert desk.submit_answer(make_answer(), ward).item_id == 2
    for missing in (0, 7, 2**40):
        with pytest.raises(SettingsError, match="There is no item"):
            desk.find(missing)
    with pytest.raises(SettingsError, match="has passed"):
        desk.approve(2, anna, until=date(2026, 2, 28))
    assert len(desk.trail()) == 5


def test_what_tells_of_a_patient_is_not_kept(
    desk: Desk, database: Any, shelf: Any, make_answer: Any, ward: Any, anna: Any
) -> None:
    secret = "Ms Quillfeather has zebra fever. How long?"
    with pytest.raises(ReviewRefusedError, match="review_patients"):
        desk.submit_answer(make_answer(secret), ward)
    answer = make_answer()
    turn = {"role": "user", "content": "Ms Quillfeather", "corrections": {}}
    answer["certificate"]["settings"]["history"] = [turn]
    with pytest.raises(ReviewRefusedError, match="review_patients"):
        desk.submit_answer(answer, ward)
    desk.submit_answer(make_answer(), ward)
    with pytest.raises(SettingsError, match="comment seems to tell of a patient"):
        desk.reject(1, anna, "Not for Ms Quillfeather.")
    assert not any("Quillfeather" in str(entry) for entry in desk.trail())
    assert not any("zebra fever" in str(entry) for entry in desk.trail())
    hashes = {entry.details["question_hash"] for entry in desk.trail()}
    assert len(hashes) == 1

    allowed = Desk(database, shelf, Rules(patients=True))
    item = allowed.submit_answer(make_answer(secret), ward)
    assert desk.find(item.item_id).content == make_answer(secret)
    assert allowed.trail()[-1].details["question"] == secret


def test_nothing_without_quotes_and_nothing_that_does_not_hold_is_taken(
    desk: Desk, make_answer: Any, ward: Any, shelf: Any
) -> None:
    with pytest.raises(ReviewRefusedError, match="quotes nothing"):
        desk.submit_answer(make_answer(quotes=[]), ward)
    shelf.answer_faults = ("certificate.seal: altered",)
    with pytest.raises(ReviewRefusedError, match=r"does not hold: certificate\.seal"):
        desk.submit_answer(make_answer(), ward)
    assert desk.list() == ()
    assert desk.trail() == ()


def test_any_text_is_kept_as_it_is(desk: Desk, make_answer: Any, ward: Any, anna: Any) -> None:
    question = "Zebra\x00 ‘fever’ 斑馬 \U0001f993 %s '; DROP TABLE review_items; --\ud800"
    item = desk.submit_answer(make_answer(question), ward)
    assert item.title == "Zebra ‘fever’ 斑馬 \U0001f993 %s '; DROP TABLE review_items; --"
    assert desk.find(1).content == make_answer(question)
    with pytest.raises(SettingsError, match="2,001 characters"):
        desk.reject(1, anna, "x" * 2001)
    desk.reject(1, anna, "x" * 2000)
    assert desk.inspect_trail().holds
