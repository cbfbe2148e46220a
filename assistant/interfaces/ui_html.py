"""Text from documents and people, made safe for the page; the only way text enters HTML here."""

from datetime import date

from assistant.documents.document import Description

# HTML's own characters, and those that Markdown would read as marks. Line ends are written as
# references so that a message is one HTML block, inside which Markdown does nothing.
_REFERENCES = {ord(c): f"&#{ord(c)};" for c in "<>&\"'`{}$\\*_[]()#~|!=+-:@^\n\r\t"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def escape(text: str) -> str:
    """``text`` as HTML that shows exactly these characters, also inside Markdown."""
    return text.translate(_REFERENCES)


def cite_link(answer_id: str, number: int, words: str | None = None, classes: str = "") -> str:
    """A number that opens its source. Answers have ids of their own, so no two links are alike."""
    return (
        f'<a class="cite {classes}" href="#cite-{escape(answer_id)}-{number}" '
        f'title="Open the source of quote {number}">{escape(words or f"[{number}]")}</a>'
    )


def name_section(title: str, section: str) -> str:
    """The path of headings, without the title where the path begins with it."""
    return " › ".join(section.split(" › ")[1:]) if section.split(" › ")[0] == title else section


def name_place(title: str, section: str) -> str:
    """Title › section."""
    return " › ".join(part for part in (title, name_section(title, section)) if part)


def describe(description: Description) -> list[str]:
    """What a document says about itself, a phrase for each thing said."""
    phrases = []
    if description.updated:
        phrases.append(f"Updated {_day(description.updated)}")
    elif description.published:
        phrases.append(f"Published {_day(description.published)}")
    review = description.review
    if review.status:
        by = f" by {review.by}" if review.by else ""
        on = f", {_day(review.on)}" if review.on else ""
        phrases.append(f"Review: {review.status}{by}{on}")
    else:
        phrases.append("Review: not stated")
    return phrases


def _day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS.split('|')[day.month - 1]} {day.year}"
