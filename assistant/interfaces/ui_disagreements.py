"""Where the sources of an answer disagree: the positions side by side, each with its quotation."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answering.answer import Quote
from assistant.interfaces.ui_html import cite_link, cite_links, escape, name_section, sign

_KINDS = {
    "true-conflict": "They contradict each other.",
    "differing-scope": "They speak of different situations.",
    "differing-date": "They are of different dates.",
    "error-in-a-source": "One of them is in error.",
    "silent": "One of them is silent.",
    "local-policy": "A local policy says something else.",
    "found-among-the-quotes": "Two quotes of this answer contradict each other.",
}


def render_disagreements(
    disagreements: Sequence[Mapping[str, Any]], quotes: Sequence[Quote], answer_id: str
) -> str:
    """A card for each; ``disagreements`` are those of ``ask --json``."""
    by_number = {quote.number: quote for quote in quotes}
    return "".join(_card(one, by_number, answer_id) for one in disagreements)


def _card(one: Mapping[str, Any], by_number: Mapping[int, Quote], answer_id: str) -> str:
    kind = _KINDS.get(str(one.get("kind") or ""), "")
    positions = "".join(
        _position(position, by_number, answer_id) for position in one.get("positions", ())
    )
    rest = "".join(
        f"<p><b>{label}:</b> {escape(str(one[key]))}</p>"
        for key, label in (("explanation", "Why"), ("handling", "What to make of it"))
        if one.get(key)
    )
    return (
        '<section class="disagreement" aria-label="The sources disagree">'
        f'<h3 class="disagreement-head">{sign("≠")} The sources disagree: '
        f"{escape(str(one.get('topic') or ''))}</h3><p>{kind}</p>"
        f'<ul class="positions">{positions}</ul>{rest}</section>'
    )


def _position(position: Mapping[str, Any], by_number: Mapping[int, Quote], answer_id: str) -> str:
    numbers = [int(number) for number in position.get("quotes", ())]
    known = [by_number[number] for number in numbers if number in by_number]
    quoted = "".join(
        f'<blockquote class="verbatim"><span class="words">{escape(quote.text)}</span> '
        f'{cite_link(answer_id, quote.number)}</blockquote><p class="where">'
        f"{escape(name_section(quote.title, quote.section) or quote.title)}</p>"
        for quote in known
    )
    links = "" if known else cite_links(answer_id, numbers)
    return f"<li><p><b>{escape(str(position.get('says') or ''))}</b> {links}</p>{quoted}</li>"
