"""Web pages: their main content as plain text, built in the same way as Markdown's."""

import re
import warnings
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from assistant.documents.document import BlockKind, Document
from assistant.documents.ids import check_id
from assistant.documents.readers.building import Line, TextBuilder, make_row, raise_digits
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.lists import ListWriter
from assistant.documents.readers.menus import drop_menus
from assistant.documents.readers.tables import is_for_layout, read_grid
from assistant.documents.reading import Reading

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.I)
_META_WITHIN = 4096

# Never shown, or shown around the content. Struck-out text would be a deleted dose, quoted.
UNSEEN = frozenset(
    """
    script style template noscript head title nav aside form button select option textarea
    input iframe object embed svg canvas audio video dialog menu del s strike
    """.split()
)
_ROLES = frozenset(
    """
    navigation banner contentinfo dialog alertdialog search menu menubar complementary
    """.split()
)
_AROUND = re.compile(
    r"(?:cookies?|gdpr|cookie[-_]?(?:banner|consent|notice|bar|popup|overlay|law|modal|message"
    r"|dialog|policy)|(?:gdpr|consent)[-_]?(?:banner|notice|bar|popup|overlay|modal)"
    r"|breadcrumbs?|navbar|nav[-_]?bar|navigation|side[-_]?bar|newsletter|skip[-_]?link"
    r"|(?:share|sharing|social)[-_]?(?:bar|buttons?|links?|tools?|icons?|media)"
    r"|site[-_]?(?:header|footer|nav)|pop[-_]?up|modal|advert(?:isement)?s?)",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    """
    address article blockquote body caption center dd details div dl dt fieldset figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary
    table tbody td tfoot th thead tr ul
    """.split()
)
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data dfn em font i img ins kbd label mark meter
    output progress q ruby rt rp samp small span strong sub sup time tt u var wbr area map
    picture source track link meta base param col colgroup
    """.split()
)


def declared_encoding(raw: bytes) -> str | None:
    """The encoding that a page's ``<meta>`` names."""
    found = _META_CHARSET.search(raw[:_META_WITHIN])
    return None if found is None else found[1].decode("ascii")


def is_html_name(name: str) -> bool:
    """Whether HTML has such an element; "<dose>" in a text is not markup."""
    return name in _BLOCKS or name in _INLINE or name in UNSEEN


def read_html(text: str, doc_id: str, path: str) -> Document:
    """The document of a page."""
    soup = _parse(text)
    drop_menus(soup)
    title = soup.title.get_text() if soup.title else None
    builder = TextBuilder()
    _Rendering(ListWriter(builder)).render(_main_part(soup))
    images = len(_main_part(soup).find_all("img"))
    heading = any(block.kind is BlockKind.HEADING and block.level == 1 for block in builder.blocks)
    return make_document(
        check_id(doc_id, path),
        None if heading else title,
        builder.text,
        builder.blocks,
        path,
        reading=Reading(images=images),
    )


def write_page(text: str, writer: ListWriter) -> None:
    """Write the main content of one page of several."""
    soup = _parse(text)
    drop_menus(soup)
    _Rendering(writer).render(_main_part(soup))


def write_html(fragment: str, writer: ListWriter) -> None:
    """Write the visible text of HTML found inside another format."""
    _Rendering(writer).render(_parse(fragment))


def _parse(text: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(text, "html.parser")


def _main_part(soup: BeautifulSoup) -> Tag:
    for found in (soup.find_all("main"), soup.find_all(role="main"), soup.find_all("article")):
        if len(found) == 1 and found[0].get_text(strip=True):
            return found[0]
    return soup.body or soup


def _is_around(tag: Tag) -> bool:
    """Whether an element stands around the content, or cannot be seen."""
    if tag.name in UNSEEN:
        return True
    if tag.name in ("html", "body", "main", "article"):
        return False
    if tag.name in ("header", "footer"):
        within = tag.find_parent(["main", "article", "section", "blockquote"])
        return tag.name == "footer" or (within is None and tag.find("h1") is None)
    style = str(tag.get("style") or "").replace(" ", "").lower()
    if (
        tag.has_attr("hidden")
        or str(tag.get("aria-hidden", "")).lower() == "true"
        or "display:none" in style
        or "visibility:hidden" in style
        or str(tag.get("role", "")).lower() in _ROLES
    ):
        return True
    named = [str(tag.get("id") or ""), *(tag.get_attribute_list("class"))]
    return any(_AROUND.fullmatch(str(name)) for name in named if name) and not tag.find(
        ["main", "article", "h1"]
    )


def _walk(root: Tag) -> Iterator[tuple[Tag | str, bool]]:
    """Text, and elements as they open (true) and close; not what is around the content.

    A page may be nested deeper than Python's stack, so there is no recursion. Data tables and
    preformatted text are not entered.
    """
    waiting: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
    while waiting:
        tag, children = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            if waiting:
                yield tag, False
        elif isinstance(child, Tag):
            if _is_around(child):
                continue
            yield child, True
            whole = child.name == "pre" or (child.name == "table" and not is_for_layout(child))
            if not whole:
                waiting.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield str(child), True


def _read_cell(cell: Tag) -> Line:
    """A cell's words on one line."""
    words: list[str] = []
    raised = 0
    for node, opens in _walk(cell):
        if isinstance(node, str):
            words.append(raise_digits(node) if raised else node)
        elif node.name == "sup":
            raised += 1 if opens else -1
        elif node.name == "li" and opens:
            words.append(" • ")
        elif node.name in _BLOCKS or node.name == "br":
            words.append(" ")
    return Line(" ".join("".join(words).split()).removeprefix("• "))


def _distinct(cells: Iterable[Tag]) -> list[str]:
    """The words of the cells above a column, those that span several rows once."""
    return list(dict.fromkeys(filter(None, (_read_cell(cell).text for cell in cells))))


class _Rendering:
    """Writes one block after another while walking the page."""

    def __init__(self, writer: ListWriter) -> None:
        self._writer = writer
        self._words: list[str] = []
        self._heading: int | None = None
        self._raised = 0
        self._broken = False

    def render(self, root: Tag) -> None:
        """Write every block below ``root``."""
        for node, opens in _walk(root):
            if isinstance(node, str):
                self._words.append(raise_digits(node) if self._raised else node)
            elif node.name == "sup":
                self._raised += 1 if opens else -1
            elif node.name == "br":
                self._break_line(opens)
            elif node.name in _BLOCKS:
                self._flush()
                self._open(node) if opens else self._close(node)
        self._flush()

    def _open(self, tag: Tag) -> None:
        match tag.name:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._heading = int(tag.name[1])
            case "ul" | "dl":
                self._writer.open_list(None)
            case "ol":
                start = str(tag.get("start") or "1")
                self._writer.open_list(int(start) if start.isascii() and start.isdigit() else 1)
            case "li" | "dt":
                self._writer.open_item()
            case "dd":
                self._writer.open_list(None)
                self._writer.open_item()
            case "pre":
                self._write_lines(tag.get_text())
            case "table" if not is_for_layout(tag):
                self._write_rows(tag)
        if tag.name in ("p", "ul", "ol", "dl", "li", "table"):
            self._heading = None

    def _close(self, tag: Tag) -> None:
        if tag.name in ("ul", "ol", "dl", "dd"):
            self._writer.close_list()
        elif tag.name[0] == "h" and tag.name[1:].isdigit():
            self._heading = None

    def _break_line(self, opens: bool) -> None:
        if self._heading is not None or self._writer.in_list:
            self._words.append(" ")
        elif opens:
            self._flush()
            self._broken = True

    def _flush(self) -> None:
        """Write the words gathered so far as a block."""
        line = Line(" ".join("".join(self._words).split()))
        self._words = []
        if line.text:
            if self._heading is not None and not self._writer.in_list:
                self._writer.builder.add(BlockKind.HEADING, line, level=self._heading)
            else:
                self._writer.write(BlockKind.PARAGRAPH, line, tight=self._broken)
        self._broken = False

    def _write_lines(self, preformatted: str) -> None:
        lines = [line.rstrip() for line in preformatted.splitlines() if line.strip()]
        for number, line in enumerate(lines):
            self._writer.write(BlockKind.PARAGRAPH, Line(line), tight=number > 0)

    def _write_rows(self, table: Tag) -> None:
        """A row a line; one cell across the whole table leads to the rows below it."""
        caption = table.find("caption")
        if caption is not None:
            self._writer.write(BlockKind.PARAGRAPH, _read_cell(caption))
        grid = read_grid(table)
        header = [" ".join(_distinct(column)) for column in grid.columns]
        rows = grid.rows or grid.header
        for number, row in enumerate(rows):
            cells = [_read_cell(cell) for cell in row]
            if len(cells) > 1 and all(cell is row[0] for cell in row):
                self._writer.write(BlockKind.LEAD, cells[0], tight=number > 0)
            else:
                named = header if grid.rows and any(header) else ()
                self._writer.write(BlockKind.ROW, make_row(named, cells), tight=number > 0)
