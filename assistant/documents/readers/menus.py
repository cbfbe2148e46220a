"""Parts of a web page that are nothing but links, or that ask for consent: never its content."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

_HOLDERS = frozenset("ul ol div td section table p".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LEAST_LINKS = 2
# Nearly all words are links, and each is as short as a menu's.
_LINKED = 0.9
_LONGEST_LINK = 40

_PROVIDERS = frozenset(
    "onetrust cookiebot cybot didomi usercentrics trustarc truste quantcast cmp".split()
)
_ASKS = frozenset("cookie cookies consent gdpr privacy".split())
_WALLS = frozenset(
    "banner wall overlay popup modal dialog sdk manager layer bar notice prompt container".split()
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(slots=True)
class _Share:
    """Characters in all and in links, how many links, and whether there is a heading."""

    characters: int = 0
    linked: int = 0
    links: int = 0
    headed: bool = False

    def add(self, other: "_Share") -> None:
        self.characters += other.characters
        self.linked += other.linked
        self.links += other.links
        self.headed = self.headed or other.headed


def drop_menus(soup: BeautifulSoup) -> None:
    """Take menus and consent walls out of the page."""
    for tag in [*_find_menus(soup), *_find_walls(soup)]:
        tag.extract()


def _find_menus(soup: BeautifulSoup) -> list[Tag]:
    """Counted from the innermost outwards, so that each text is looked at once."""
    shares: dict[int, _Share] = {}
    found: list[Tag] = []
    for tag in reversed(soup.find_all(True)):
        share = _Share(headed=tag.name in _HEADINGS)
        for child in tag.children:
            if isinstance(child, Tag):
                share.add(shares.pop(id(child), _Share()))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                share.characters += len("".join(str(child).split()))
        if tag.name == "a" and tag.has_attr("href"):
            share = _Share(share.characters, share.characters, 1, share.headed)
        shares[id(tag)] = share
        if tag.name in _HOLDERS and _is_menu(share):
            found.append(tag)
    return found


def _is_menu(share: _Share) -> bool:
    return (
        share.links >= _LEAST_LINKS
        and not share.headed
        and share.linked >= _LINKED * share.characters
        and share.linked <= _LONGEST_LINK * share.links
    )


def _find_walls(soup: BeautifulSoup) -> list[Tag]:
    return [
        tag
        for tag in soup.find_all(True)
        if tag.name not in ("html", "body", "main", "article")
        and any(
            _names_wall(str(name))
            for name in (tag.get("id") or "", *tag.get_attribute_list("class"))
            if name
        )
        and tag.find(["main", "article"]) is None
    ]


def _names_wall(name: str) -> bool:
    parts = {part.lower() for part in _PARTS.findall(name)}
    return bool(parts & _PROVIDERS) or bool(parts & _ASKS and parts & _WALLS)
