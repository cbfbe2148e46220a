"""Pages as pictures, drawn from the bytes that were read."""

import io
from collections.abc import Mapping, Sequence

from assistant.documents.pages import Box, PageView
from assistant.documents.readers.pdf.opening import load_page, open_pdf

# Wide enough to be read on a fine screen, small enough to be sent at once.
_WIDTH = 1200
_TALLEST = 3000


def view_pages(
    original: bytes, path: str, boxes: Mapping[int, Sequence[Box]]
) -> tuple[PageView, ...]:
    """The pages that ``boxes`` names, counted from 1, each with its boxes. Raises ReadError."""
    views = []
    with open_pdf(original, path) as pdf:
        for number, own in boxes.items():
            page = load_page(pdf, number)
            if page is None:
                continue
            width, height = page.get_size()
            bitmap = page.render(scale=min(_WIDTH / width, _TALLEST / height))
            picture = bitmap.to_pil()
            file = io.BytesIO()
            picture.save(file, "PNG")
            views.append(
                PageView(number, file.getvalue(), picture.width, picture.height, tuple(own))
            )
            bitmap.close()
            page.close()
    return tuple(views)
