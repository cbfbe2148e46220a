"""The YAML between two lines of dashes at the top of a Markdown file."""

import re

from assistant.documents.readers.describing import FrontMatter, parse_front_matter

_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read_front_matter(text: str, path: str) -> tuple[FrontMatter, str]:
    """The front matter and the text below it; raises ReadError naming the key at fault."""
    found = _FRONT.match(text)
    if found is None:
        return FrontMatter(), text
    return parse_front_matter(found[1], path, "the front matter"), text[found.end() :]
