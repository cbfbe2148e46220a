"""Bytes to text, once, keeping every character; nothing later changes a character."""

import codecs
import re

from charset_normalizer import from_bytes

from assistant.errors import ReadError

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_BINARY = 0.01
# Enough for the detector to know a language by; it slows down with length.
_DETECTED_BYTES = 200_000
_TELLING_BYTES = 40
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
SAVE_AS_UTF8 = "save it as UTF-8 and try again"


def decode(raw: bytes, path: str, declared: str | None = None) -> str:
    """The text of a file, newlines as ``\\n``; ``declared`` is the encoding it names itself.

    Raises ReadError for content that is binary, empty or in no encoding that keeps it whole.
    """
    text = unify_newlines(_characters(raw, path, declared))
    refuse_unusable(text, path)
    return text


def unify_newlines(text: str) -> str:
    """``\\r\\n`` and ``\\r`` as ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_unusable(text: str, path: str) -> None:
    """Raises ReadError for text that is empty, binary, or holds half a character."""
    if not text.strip("\ufeff \t\n\r\f\v\u00a0\u200b") or not text.strip():
        raise ReadError(path, "it holds no text: remove it or fill it")
    if "\x00" in text or _looks_binary(text):
        raise ReadError(path, "it is binary, not text: convert it to text, Markdown or HTML first")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ReadError(
            path, f"half a character (a lone surrogate) at offset {error.start}: mend the text"
        ) from error


def _characters(raw: bytes, path: str, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding, path)
    if b"\x00" in raw:
        raise ReadError(
            path,
            "it is binary, not text (or UTF-16 without its mark): "
            f"convert it to text, or {SAVE_AS_UTF8}",
        )
    for encoding in ("utf-8", *_as_browsers_do(declared)):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return _detected(raw, path)


def _as_browsers_do(declared: str | None) -> tuple[str, ...]:
    """Pages that say Latin-1 mean Windows-1252: https://encoding.spec.whatwg.org/#names-and-labels."""
    if declared is None:
        return ()
    name = declared.strip().lower()
    return ("cp1252", "latin-1") if name in _LATIN_1 else (name,)


def _strictly(raw: bytes, encoding: str, path: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            path,
            f"not valid {encoding.removesuffix('-sig').upper()} at byte {error.start}: "
            f"{SAVE_AS_UTF8}",
        ) from error


def _detected(raw: bytes, path: str) -> str:
    if len(_BINARY.findall(raw.decode("latin-1"))) > _MOST_BINARY * len(raw):
        raise ReadError(path, "it is binary, not text: convert it to text, Markdown or HTML first")
    matches: list[str] = []
    if len(raw) >= _TELLING_BYTES or 2 * sum(byte > 0x7F for byte in raw) > len(raw):
        matches = [match.encoding for match in from_bytes(raw[:_DETECTED_BYTES])]
    # Western texts are often too short to tell their code pages apart; Windows-1252 is the
    # commonest, and Latin-1 gives back every byte.
    encodings = ["cp1252", "latin-1"]
    if matches and "cp1252" not in matches:
        encodings.insert(0, matches[0])
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(path, f"its encoding cannot be told: {SAVE_AS_UTF8}")


def _looks_binary(text: str) -> bool:
    return len(_BINARY.findall(text)) > _MOST_BINARY * len(text)
