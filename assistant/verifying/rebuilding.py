"""A saved answer made again: its quotes from the library, all else as when it was asked.

What only the model could give, which quotes were chosen and how likely they answer, is taken from
the saved answer; everything else is derived anew, so that comparing the two shows what differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import zip_longest

from assistant.answering.answer import Answer, Outcome, Part, Quote, QuoteRole, Statement
from assistant.answering.guard import Guard
from assistant.answering.parts import split_question
from assistant.answering.places import find_place
from assistant.answering.quotes import quote_place
from assistant.answering.roles import tell_role
from assistant.answering.units import Library
from assistant.answering.verification import verify_statement
from assistant.case.correcting import Correction
from assistant.certificate import Given, Versions, certify, hash_text
from assistant.completion import Asked, Audience, Completer
from assistant.consultation import Consultation, pose, told_before
from assistant.errors import VerificationError
from assistant.followups import Turn, with_context
from assistant.spans import Span
from assistant.truth import Truth
from assistant.verifying.comparing import Path
from assistant.verifying.saved import SavedAnswer, SavedDraft, SavedPart, SavedQuote


@dataclass(slots=True)
class Rebuilt:
    """``reasons`` say in plain words what is wrong at a path, where that is known already.

    ``standing`` counts the quotes of each document that still stand where they stood.
    """

    consultation: Consultation
    reasons: dict[Path, str] = field(default_factory=dict)
    standing: dict[str, int] = field(default_factory=dict)


class Rebuilder:
    """Makes saved answers again from one library and one corpus folder."""

    def __init__(
        self, library: Library, generation: str, completer: Completer, versions: Versions
    ) -> None:
        self._library = library
        self._generation = generation
        self._completer = completer.anchored(library)
        self._versions = versions
        self._texts: dict[str, str] = {}

    def rebuild(self, saved: SavedAnswer) -> Rebuilt:
        """The answer as it comes out now."""
        reasons: dict[Path, str] = {}
        standing: dict[str, int] = {}
        quotes = self._all("quotes", saved.quotes, saved, reasons, standing)
        nearest = self._all("nearest", saved.nearest, saved, reasons, standing)
        _check_numbers("quotes", saved.quotes, reasons)
        _check_numbers("nearest", saved.nearest, reasons)
        outcome = _outcome(saved, reasons)
        draft = self._draft(saved, quotes, outcome, nearest, reasons)
        kept = {(quote.doc_id, quote.text): quote for quote in quotes}

        def find(doc_id: str, span: Span, text: str) -> Quote | None:
            # That its document has gone is said once, of the document.
            if self._text(doc_id) is None:
                return kept.get((doc_id, text))
            return quote_place(self._library, doc_id, span, text)

        settings = saved.certificate.settings
        history = [
            Turn(turn.role, turn.content, _corrections(turn.corrections, reasons))
            for turn in settings.history
        ]
        asked = Asked(
            saved.question,
            with_context(saved.question, history),
            told_before(history),
            _audience(settings.role, reasons),
            None if settings.documents is None else frozenset(settings.documents),
            _corrections(settings.corrections, reasons),
            read_day(saved, reasons),
        )
        completed = self._completer.complete(draft, asked, self._library, find=find)
        answer = replace(
            completed.answer,
            statements=self._statements(saved, completed.answer, reasons),
            note=saved.note,
        )
        completed = replace(completed, answer=answer)
        given = Given(
            settings.embedder,
            asked.audience.value,
            None if settings.documents is None else tuple(sorted(settings.documents)),
            tuple((turn.role, turn.content, turn.corrections) for turn in history),
            asked.corrections,
            settings.date,
        )
        certificate = certify(
            draft,
            completed.answer,
            completed.examination.case,
            self._completer.examiner.book,
            self._versions,
            given,
            {d: text for d in completed.answer.documents if (text := self._text(d)) is not None},
        )
        consultation = Consultation.of(saved.question, completed, self._generation, certificate)
        return Rebuilt(consultation, reasons, standing)

    def _statements(
        self, saved: SavedAnswer, answer: Answer, reasons: dict[Path, str]
    ) -> tuple[Statement, ...]:
        """A language model's statements, each held against its quotes as they are now."""
        texts = {quote.number: quote.text for quote in answer.quotes}
        kept = []
        for place, said in enumerate(saved.statements):
            statement = Statement(said.text, tuple(said.quotes), said.verbatim)
            kept.append(statement)
            try:
                verify_statement(statement, texts, self._guard)
            except VerificationError as error:
                reasons["statements", place, "text"] = str(error)
        return tuple(kept)

    @cached_property
    def _guard(self) -> Guard:
        return Guard(self._completer.concepts)

    # Quotes

    def _all(
        self,
        part: str,
        quotes: Sequence[SavedQuote],
        saved: SavedAnswer,
        reasons: dict[Path, str],
        standing: dict[str, int],
    ) -> tuple[Quote, ...]:
        only = saved.certificate.settings.documents
        made = []
        for place, quote in enumerate(quotes):
            path: Path = (part, place)
            if only is not None and quote.document not in only:
                reasons[(*path, "document")] = (
                    f"'{quote.document}' is not among the documents that were asked for"
                )
            rebuilt = self._quote(quote, path, saved, reasons)
            if rebuilt.text == quote.text and rebuilt.span.start == quote.start:
                standing[quote.document] = standing.get(quote.document, 0) + 1
            made.append(replace(rebuilt, number=place + 1))
        return tuple(made)

    def _quote(
        self, saved: SavedQuote, path: Path, answer: SavedAnswer, reasons: dict[Path, str]
    ) -> Quote:
        """The quote from its document; as saved where that has no such place any more."""
        text = self._text(saved.document)
        if text is None:
            if saved.document not in answer.certificate.documents:
                reasons[(*path, "document")] = (
                    f"the library has no document '{saved.document}', and the certificate names "
                    "none: the quote was altered"
                )
            return _as_saved(saved)
        span = self._find(saved, text, answer)
        if span is None:
            reasons[(*path, "text")] = self._misplaced(saved, answer)
            return _as_saved(saved)
        if span.start != saved.start:
            reasons[(*path, "start")] = (
                f"document '{saved.document}' has changed since: these words now stand at "
                f"characters {span.start} to {span.end}"
            )
        elif span.of(text) != saved.text:
            reasons[(*path, "text")] = self._misplaced(saved, answer)
        place = find_place(self._library, saved.document, span)
        if place is None:
            reasons[(*path, "start")] = (
                f"nothing of '{saved.document}' that may be quoted stands at characters "
                f"{saved.start} to {saved.end}"
            )
            return _as_saved(saved)
        made = place.quote(self._library, saved.sources)
        section = saved.section if saved.section in place.sections else place.sections[0]
        return replace(made, section=section, score=saved.score)

    def _find(self, saved: SavedQuote, text: str, answer: SavedAnswer) -> Span | None:
        """Where the quote is now; None where its document does not have such a place."""
        possible = 0 <= saved.start < saved.end <= len(text)
        if possible and text[saved.start : saved.end] == saved.text:
            return Span(saved.start, saved.end)
        if self._is_other(saved.document, answer):
            found = text.find(saved.text) if saved.text else -1
            return Span(found, found + len(saved.text)) if found >= 0 else None
        return Span(saved.start, saved.end) if possible else None

    def _misplaced(self, saved: SavedQuote, answer: SavedAnswer) -> str:
        """Why a quote's words are not at its place."""
        if self._is_other(saved.document, answer):
            return f"document '{saved.document}' has changed since and no longer says this"
        return (
            f"the quote was altered: these are not the words of '{saved.document}' at characters "
            f"{saved.start} to {saved.end}"
        )

    def _text(self, doc_id: str) -> str | None:
        if doc_id not in self._library.records:
            return None
        if doc_id not in self._texts:
            self._texts[doc_id] = self._library.document(doc_id).text
        return self._texts[doc_id]

    def _is_other(self, doc_id: str, saved: SavedAnswer) -> bool:
        """Whether the document is not, or no longer, the one that the answer was made from."""
        text = self._text(doc_id)
        then = saved.certificate.documents.get(doc_id)
        return text is None or (then is not None and hash_text(text) != then)

    # The draft

    def _draft(
        self,
        saved: SavedAnswer,
        quotes: Sequence[Quote],
        outcome: Outcome,
        nearest: Sequence[Quote],
        reasons: dict[Path, str],
    ) -> Answer:
        """What the writer had made: its own quotes, in its order."""
        draft = saved.certificate.draft
        if not _is_possible(draft, len(quotes)):
            reasons["certificate", "draft"] = (
                "names quotes that the answer does not have, or one twice"
            )
            own = [n for n, quote in enumerate(saved.quotes, start=1) if quote.added is None]
            draft = SavedDraft(quotes=own, direct=own[:1])
        made = []
        for place, number in enumerate(draft.quotes, start=1):
            quote = quotes[number - 1]
            role = QuoteRole.DIRECT if number in draft.direct else tell_role(quote.text)
            made.append(replace(quote, number=place, role=role, added=None))
        places = {number: place for place, number in enumerate(draft.quotes, start=1)}
        return Answer(
            outcome=outcome,
            confidence=saved.confidence,
            writer=saved.writer,
            quotes=tuple(made),
            direct=tuple(places[number] for number in draft.direct),
            nearest=tuple(nearest),
            parts=tuple(
                _part(part, number, asked, quotes, nearest, reasons)
                for number, (part, asked) in enumerate(zip_longest(saved.parts, _split(saved)))
                if part is not None
            ),
        )


def read_day(saved: SavedAnswer, reasons: dict[Path, str] | None = None) -> date | None:
    """The day on which an answer was given, None where it names none."""
    try:
        return date.fromisoformat(saved.certificate.settings.date)
    except ValueError:
        if reasons is not None:
            reasons["certificate", "settings", "date"] = (
                f"'{saved.certificate.settings.date}' is no day: it is written as YYYY-MM-DD"
            )
        return None


def _split(saved: SavedAnswer) -> tuple[str, ...]:
    """The parts of the question, split as when it was asked."""
    history = [Turn(turn.role, turn.content) for turn in saved.certificate.settings.history]
    about = with_context(saved.question, history)
    posed = pose(saved.question, about, ())
    return tuple(part.own for part in split_question(posed.text, posed.focus))


def _part(
    saved: SavedPart,
    number: int,
    asked: str | None,
    quotes: Sequence[Quote],
    nearest: Sequence[Quote],
    reasons: dict[Path, str],
) -> Part:
    known = {outcome.value: outcome for outcome in Outcome}
    outcome = known.get(saved.outcome, Outcome.NOT_COVERED)
    if saved.outcome not in known or (outcome is Outcome.ANSWERED) != bool(saved.quotes):
        reasons["parts", number, "outcome"] = "a part with quotes, and no other, is 'answered'"
    places = [(q.doc_id, q.span) for q in quotes if q.number in saved.quotes]
    gap = next(((q.doc_id, q.span) for q in nearest if q.number in saved.nearest), None)
    return Part(saved.question if asked is None else asked, outcome, tuple(places), gap)


def _as_saved(saved: SavedQuote) -> Quote:
    return Quote(
        number=saved.number,
        text=saved.text,
        doc_id=saved.document,
        title=saved.title,
        section=saved.section,
        span=Span(max(saved.start, 0), max(saved.start, saved.end, 0)),
        role=tell_role(saved.text),
        score=saved.score,
        population=saved.population,
        strength=saved.strength,
        certainty=saved.certainty,
        sources=tuple(saved.sources),
        status=saved.status,
        page=saved.page,
    )


def _check_numbers(part: str, quotes: Sequence[SavedQuote], reasons: dict[Path, str]) -> None:
    for place, quote in enumerate(quotes):
        if quote.number != place + 1:
            reasons[part, place, "number"] = (
                f"quotes are numbered 1, 2, 3 …: this is {place + 1}, not {quote.number}"
            )


def _outcome(saved: SavedAnswer, reasons: dict[Path, str]) -> Outcome:
    known = {outcome.value: outcome for outcome in Outcome}
    named = known.get(saved.outcome)
    if saved.quotes and named is not Outcome.ANSWERED:
        reasons["outcome",] = "an answer with quotes is 'answered'"
        return Outcome.ANSWERED
    if not saved.quotes and named is Outcome.ANSWERED:
        reasons["outcome",] = "'answered' needs at least one quote, and there is none"
        return Outcome.NOT_COVERED
    if named is None:
        reasons["outcome",] = f"there is no such outcome: it is one of {', '.join(known)}"
        return Outcome.NOT_COVERED
    return named


def _audience(role: str, reasons: dict[Path, str]) -> Audience:
    known = {audience.value: audience for audience in Audience}
    if role not in known:
        reasons["certificate", "settings", "role"] = (
            f"there is no such role: it is one of {', '.join(known)}"
        )
    return known.get(role, Audience.CLINICIAN)


def _corrections(
    saved: Mapping[str, str | float], reasons: dict[Path, str]
) -> dict[str, Correction]:
    found: dict[str, Correction] = {}
    for fact, value in saved.items():
        if not isinstance(value, str):
            found[fact] = value
        elif value in {truth.value for truth in Truth}:
            found[fact] = Truth(value)
        else:
            reasons["certificate", "settings", "corrections", fact] = (
                f"'{value}' is no correction: it is true, false, unknown or a number"
            )
    return found


def _is_possible(draft: SavedDraft, quotes: int) -> bool:
    numbers = range(1, quotes + 1)
    named = [*draft.quotes]
    return (
        len({*named}) == len(named)
        and all(number in numbers for number in named)
        and {*draft.direct} <= {*named}
    )
