"""Pages of a document as they look, with the quote outlined on them.

A picture travels inside the message, so the page asks for nothing from elsewhere; the outline is
drawn over it in units of the page, so it fits at every width.
"""

import base64
from collections.abc import Sequence

from assistant.documents.pages import WHOLE, Box, PageView
from assistant.interfaces.ui_html import escape

# White around the words, in ten-thousandths of the page.
_MARGIN = 30


def render_pages(views: Sequence[PageView], title: str) -> str:
    """The pages one below the other; nothing where there are none."""
    if not views:
        return ""
    pages = "".join(_page(view, title) for view in views)
    return f'<div class="sheets">{pages}</div><h3 class="label">The text as it was read</h3>'


def _page(view: PageView, title: str) -> str:
    picture = base64.b64encode(view.png).decode("ascii")
    what = f"Page {view.page} of {title}, with the quote outlined; its words are in the text below"
    boxes = "".join(_outline(box) for box in view.boxes)
    return (
        f'<figure class="sheet"><figcaption>Page {view.page}</figcaption><div class="paper">'
        f'<img src="data:image/png;base64,{picture}" width="{view.width}" height="{view.height}" '
        f'alt="{escape(what)}">'
        f'<svg viewBox="0 0 {WHOLE} {WHOLE}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{boxes}</svg></div></figure>'
    )


def _outline(box: Box) -> str:
    return (
        f'<rect x="{box.left - _MARGIN}" y="{box.top}" '
        f'width="{box.right - box.left + 2 * _MARGIN}" height="{box.bottom - box.top}"/>'
    )
