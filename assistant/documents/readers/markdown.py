"""Markdown with front matter: rendered to plain text, its citations taken out and kept as keys."""

import re
from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.documents.document import BlockKind, Document, SourceKey
from assistant.documents.ids import check_id
from assistant.documents.readers.building import (
    Line,
    TextBuilder,
    join_lines,
    make_row,
    raise_digits,
)
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.frontmatter import read_front_matter
from assistant.documents.readers.html import UNSEEN, is_html_name, write_html
from assistant.documents.readers.lists import ListWriter
from assistant.errors import ReadError

_DEEPEST = 100
# What lies in one of these at the deepest level is left out by the parser.
_CONTAINERS = ("blockquote_open", "list_item_open")
_KEY = r"@([^\s\]@;,]+)(?:,[^\]@;]{1,60})?"
_CITATION = re.compile(rf"\s*\[({_KEY}(?:\s*;\s*{_KEY})*)\]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")


def read_markdown(text: str, doc_id: str, path: str) -> Document:
    """The document of a Markdown file's text."""
    front, body = read_front_matter(text, path)
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    builder = TextBuilder()
    try:
        tokens = parser.parse(body)
        if any(token.level >= _DEEPEST - 1 for token in tokens if token.type in _CONTAINERS):
            raise RecursionError
        _Rendering(ListWriter(builder)).render(tokens)
    except RecursionError as error:
        raise ReadError(path, "nested too deeply: simplify its lists and quotes") from error
    return make_document(
        front.doc_id or check_id(doc_id, path),
        front.title,
        builder.text,
        builder.blocks,
        path,
        builder.source_keys,
        front.description,
    )


class _Rendering:
    """Writes one block after another, as the parser's tokens open and close them."""

    def __init__(self, writer: ListWriter) -> None:
        self._writer = writer
        self._header: list[str] = []
        self._cells: list[Line] = []
        self._heads = False

    def render(self, tokens: Sequence[Token]) -> None:
        """Write every block."""
        opened: list[Token] = []
        for token in tokens:
            if token.nesting == 1:
                opened.append(token)
                self._open(token)
            elif token.nesting == -1:
                opened.pop()
                self._close(token)
            elif token.type == "inline":
                self._inline(opened[-1], read_inline(token.children or ()))
            elif token.type in ("fence", "code_block"):
                self._code(token.content)
            elif token.type == "html_block":
                write_html(token.content, self._writer)

    def _open(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._writer.open_list(None)
            case "ordered_list_open":
                self._writer.open_list(int(token.attrs.get("start", 1)))
            case "list_item_open":
                self._writer.open_item()
            case "table_open":
                self._header = []
            case "tr_open":
                self._cells = []

    def _close(self, token: Token) -> None:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self._writer.close_list()
            case "thead_close":
                self._header = [cell.text for cell in self._cells]
                self._heads = True
            case "tr_close" if self._header:
                self._row(make_row(self._header, self._cells))
            case "table_close" if self._heads:
                self._row(make_row((), [Line(name) for name in self._header]))

    def _row(self, line: Line) -> None:
        """A row; the header is one only for a table without others."""
        self._writer.write(BlockKind.ROW, line, tight=not self._heads)
        self._heads = False

    def _inline(self, parent: Token, lines: Sequence[Line]) -> None:
        if parent.type in ("th_open", "td_open"):
            self._cells.append(_on_one_line(lines))
        elif parent.type == "heading_open" and not self._writer.in_list:
            level = int(parent.tag[1])
            self._writer.builder.add(BlockKind.HEADING, _on_one_line(lines), level=level)
        elif self._writer.in_list:
            self._writer.write(BlockKind.PARAGRAPH, _on_one_line(lines))
        else:
            for number, line in enumerate(lines):
                self._writer.write(BlockKind.PARAGRAPH, line, tight=number > 0)

    def _code(self, content: str) -> None:
        for number, line in enumerate(line for line in content.split("\n") if line.strip()):
            self._writer.write(BlockKind.PARAGRAPH, Line(line.rstrip()), tight=number > 0)


def read_inline(tokens: Iterable[Token]) -> tuple[Line, ...]:
    """The words of a paragraph, without marks, as one line for each hard line break."""
    lines: list[list[str]] = [[]]
    hidden: list[str] = []
    raised = False
    for token in tokens:
        if token.type == "html_inline":
            tag = _TAG.match(token.content)
            name = tag[2].lower() if tag else ""
            if tag is None:
                continue
            if not is_html_name(name):
                lines[-1].append(token.content)
            elif name == "br":
                lines.append([])
            elif name == "sup":
                raised = not tag[1]
            elif name in UNSEEN and not tag[1]:
                hidden.append(name)
            elif name in hidden:
                hidden.remove(name)
        elif hidden:
            continue
        elif token.type == "hardbreak":
            lines.append([])
        elif token.type == "softbreak":
            lines[-1].append(" ")
        elif token.type in ("text", "code_inline", "text_special"):
            lines[-1].append(raise_digits(token.content) if raised else token.content)
    return tuple(_cite("".join(parts)) for parts in lines)


def _cite(words: str) -> Line:
    """The words with single spaces and without citations, which become keys where they stood."""
    words = " ".join(words.split())
    parts: list[Line] = []
    start = 0
    for citation in _CITATION.finditer(words):
        said = words[start : citation.start()]
        start = citation.end()
        keys = tuple(SourceKey(len(said), found[1]) for found in re.finditer(_KEY, citation[1]))
        parts.append(Line(said, keys))
    return join_lines([*parts, Line(words[start:].rstrip())])


def _on_one_line(lines: Sequence[Line]) -> Line:
    parts: list[Line] = []
    for line in lines:
        if parts and line.text:
            parts.append(Line(" "))
        parts.append(line)
    return join_lines(parts)
