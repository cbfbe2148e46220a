"""Terms are found as the quotes write them and explained in the lexicon's words."""

from assistant.answering.answer import Quote, QuoteRole
from assistant.answering.glossary import Glossary, Term
from assistant.language.lexicon import Concept
from assistant.spans import Span

GLOSSARY = Glossary.of(
    [
        Concept(
            id="zf",
            names=("zebra fever",),
            abbreviations=("ZF",),
            lay=("stripy flu",),
            misspellings=("zebbra fever",),
            explanation="a fever with stripes",
        ),
        Concept(id="fever", names=("fever",), explanation="a raised temperature"),
        Concept(id="syrup", names=("stripe syrup",)),
    ]
)


def explain(*texts: str) -> tuple[Term, ...]:
    return GLOSSARY.explain(
        [
            Quote(n, text, "d", "T", "S", Span(0, len(text)), QuoteRole.DO, 0.0)
            for n, text in enumerate(texts, start=1)
        ]
    )


def test_a_term_is_explained_once_with_every_quote_that_has_it() -> None:
    assert explain("Zebra fevers last.", "Give stripe syrup for ZF.", "Rest.") == (
        Term("Zebra fevers", "a fever with stripes", (1, 2)),
    )


def test_the_longer_term_hides_the_one_inside_it() -> None:
    assert [term.term for term in explain("Zebra fever brings fever.")] == ["Zebra fever", "fever"]
    assert [term.term for term in explain("Zebra fever.")] == ["Zebra fever"]


def test_everyday_words_slips_and_other_capitals_are_no_terms() -> None:
    assert explain("Stripy flu.") == ()
    assert explain("Zebrra fevver.") == ()
    assert explain("The zf button.") == ()
    assert explain("Give stripe syrup.") == ()
