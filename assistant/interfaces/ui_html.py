"""Text from documents and people, made safe for the page; the only way text enters HTML here."""

from collections.abc import Iterable, Iterator
from datetime import date

from assistant.documents.document import Description
from assistant.documents.validity import first_day, last_day

# HTML's own characters, and those that Markdown would read as marks. Line ends are written as
# references so that a message is one HTML block, inside which Markdown does nothing.
_REFERENCES = {ord(c): f"&#{ord(c)};" for c in "<>&\"'`{}$\\*_[]()#~|!=+-:@^\n\r\t"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def escape(text: str) -> str:
    """``text`` as HTML that shows exactly these characters, also inside Markdown."""
    return text.translate(_REFERENCES)


def cite_link(
    answer_id: str,
    number: int,
    words: str | None = None,
    classes: str = "",
    *,
    kind: str = "cite",
) -> str:
    """A number that opens its source. Answers have ids of their own, so no two links are alike.

    ``kind`` is "near" for what an answer quotes of its own gaps, which is numbered apart.
    """
    shown = escape(words or f"[{number}]")
    label = f"{shown}, quote {number}" if words else f"{shown} open the source of quote {number}"
    return (
        f'<a class="{f"cite {classes}".strip()}" href="#{kind}-{escape(answer_id)}-{number}" '
        f'title="Open the source of quote {number}" aria-label="{label}">{shown}</a>'
    )


def cite_links(answer_id: str, numbers: Iterable[int]) -> str:
    """Several numbers in a row."""
    return " ".join(cite_link(answer_id, number) for number in numbers)


def button(words: str, action: str, *, classes: str = "", label: str = "", **data: object) -> str:
    """A button that the page's script acts on; ``data`` says on what. ``words`` are plain text."""
    values = "".join(f' data-{k.replace("_", "-")}="{escape(str(v))}"' for k, v in data.items())
    said = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<button type="button" class="{f"do {classes}".strip()}" data-do="{action}"{values}{said}>'
        f"{escape(words)}</button>"
    )


def sign(mark: str) -> str:
    """A mark that goes with a word; the word is what is read out."""
    return f'<span class="sign" aria-hidden="true">{mark}</span>'


def render_status(words: str) -> str:
    """A pill for how far a quotation can be relied on."""
    return f'<mark class="status">⚠ {escape(words[:1].upper() + words[1:])}</mark>'


def name_section(title: str, section: str) -> str:
    """The path of headings, without the title where the path begins with it."""
    return " › ".join(section.split(" › ")[1:]) if section.split(" › ")[0] == title else section


def name_place(title: str, section: str) -> str:
    """Title › section."""
    return " › ".join(part for part in (title, name_section(title, section)) if part)


def describe(description: Description) -> list[str]:
    """What a document says about itself, a phrase for each thing said."""
    phrases = [*_say_validity(description)]
    if description.updated:
        phrases.append(f"Updated {say_day(description.updated)}")
    elif description.published:
        phrases.append(f"Published {say_day(description.published)}")
    review = description.review
    if review.status:
        by = f" by {review.by}" if review.by else ""
        on = f", {say_day(review.on)}" if review.on else ""
        phrases.append(f"Review: {review.status}{by}{on}")
    else:
        phrases.append("Review: not stated")
    return phrases


def _say_validity(description: Description) -> Iterator[str]:
    if description.withdrawn:
        why = f": {description.reason}" if description.reason else ""
        yield f"Withdrawn{why}"
    if description.local_policy_over:
        over = ", ".join(description.local_policy_over)
        yield f"Local policy of {description.owner} over {over}"
    if description.version:
        yield f"Version {description.version}"
    if description.valid_from:
        yield f"Valid from {say_day(first_day(description.valid_from).isoformat())}"
    if description.valid_until:
        yield f"Valid until {say_day(last_day(description.valid_until).isoformat())}"


def say_day(iso: str) -> str:
    """1 February 2026; what is no date stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS.split('|')[day.month - 1]} {day.year}"
