"""Text that is no text is told from text in any language."""

import pytest

from assistant.documents.readers.pdf.garbled import is_garbled
from assistant.documents.readers.pdf.words import Word


def words(text: str) -> list[Word]:
    return [Word(one, 0, 0, 10, 10, 10) for one in text.split()]


ENGLISH = (
    "Give thirty millilitres of stripe syrup twice a day and measure the pressure every hour. "
)


@pytest.mark.parametrize(
    ("text", "unmapped", "garbled"),
    [
        (ENGLISH, 0.0, False),
        (ENGLISH, 0.9, True),
        (
            "Donner trente millilitres de sirop rayé deux fois par jour et mesurer la pression. ",
            0.0,
            False,
        ),
        (
            "Дайте тридцать миллилитров сиропа два раза в день и измеряйте давление каждый час.",
            0.0,
            False,
        ),
        ("\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd", 0.0, True),
        ("\ue012\ue013\ue014 \ue015\ue016", 0.0, True),
        (ENGLISH.lower().translate(str.maketrans("aeiouy", "qxzwkj")), 0.0, True),
        ("12 30 45 60 90", 0.0, False),
        ("\uf0b7 \uf0b7 Give syrup", 0.0, False),
        ("", 0.0, False),
    ],
)
def test_garbled(text: str, unmapped: float, garbled: bool) -> None:
    assert is_garbled(words(text), unmapped) is garbled
