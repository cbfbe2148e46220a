"""Bytes become text with every character kept, or are refused in plain words."""

import codecs

import pytest

from assistant.documents.decoding import decode
from assistant.errors import ReadError

DOSE = "Dose: 5 µg/kg – “twice daily” – 38 °C, naïve"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32"],
)
def test_unicode_with_or_without_its_mark_is_read_whole(encoding: str) -> None:
    assert decode(DOSE.encode(encoding), "a.txt") == DOSE


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_both_byte_orders_are_read(mark: bytes, encoding: str) -> None:
    assert decode(mark + DOSE.encode(encoding), "a.txt") == DOSE


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The patient’s temperature was 38 °C – “fever” – µg, café, £5"),
        ("cp1252", "Café"),
        ("latin-1", "Dose: 5 µg/kg; déjà vu à la carte, über Größe"),
        ("latin-1", "½ tablet"),
        ("cp1251", "Пациент жалуется на головную боль. Рекомендуется постельный режим."),
        ("gb18030", "患者腰椎穿刺后出现头痛,建议卧床休息。"),
    ],
)
def test_other_encodings_are_told_and_keep_every_character(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


def test_every_byte_of_latin_1_gives_a_character() -> None:
    raw = b"Dose " + bytes(range(0xA0, 0x100)) + b" \x81"
    assert len(decode(raw, "a.txt")) == len(raw)


def test_the_encoding_a_page_declares_is_believed() -> None:
    raw = "ąęś i inne".encode("iso8859-2")
    assert decode(raw, "a.html", "iso-8859-2") == "ąęś i inne"


def test_a_page_that_declares_latin_1_means_windows_1252() -> None:
    assert decode("“fever”".encode("cp1252"), "a.html", "ISO-8859-1") == "“fever”"


def test_an_encoding_that_does_not_exist_is_passed_over() -> None:
    assert decode("Café".encode("cp1252"), "a.html", "no-such-thing") == "Café"


def test_newlines_are_unified_and_nothing_else_is_changed() -> None:
    assert decode(b"a\r\nb\rc\n\x0bd", "a.txt") == "a\nb\nc\n\x0bd"
    decomposed = "e\u0301"
    assert decode(decomposed.encode(), "a.txt") == decomposed


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "holds no text"),
        (b" \n\t \r\n", "holds no text"),
        ("\ufeff\u00a0\n".encode(), "holds no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"PK\x03\x04" + bytes(range(1, 32)) * 40, "binary"),
        ("text".encode("utf-16-le"), "without its mark"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "not valid UTF-16"),
        (codecs.BOM_UTF8 + b"\xff", "not valid UTF-8"),
        (codecs.BOM_UTF16_LE + "a\x00b".encode("utf-16-le"), "binary"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(raw: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        decode(raw, "guide.txt")
    assert caught.value.path == "guide.txt"
