"""What a page says about itself rather than about patients: menus, banners, disclaimers, lists of
references. It stays in the text, so that the source can be shown whole, and is never quoted.

A pattern must cover its whole line, or name a phrase no guideline would use of a patient: an
"Approved indications" section or a "cookie-bite lesion" is content.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.documents.document import Block, BlockKind
from assistant.documents.sentences import find_sentences
from assistant.spans import Span


def _lines(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.IGNORECASE)


WHOLE_LINES = _lines(
    # Review banners
    r"article review status",
    r"(?:medical|clinical|editorial) advisory board",
    r"(?:medical advisory board)?\s*all articles are reviewed for accuracy\b.{0,80}",
    r"(?:(?:medically|clinically) (?:reviewed|approved)|fact[- ]checked|reviewed) by:.{0,80}",
    r"(?:medically|clinically) (?:reviewed|approved) by\b.{0,80}",
    r"educational purposes? only\b.{0,120}",
    r"(?:page )?last (?:updated|reviewed|modified|edited)\s*(?:on|:)?\s*[\w ,./-]{0,30}\d{2,4}"
    r"(?:\s*view editorial policy)?",
    r"(?:view |read )?(?:our )?editorial (?:policy|process|guidelines)",
    r"(?:written|edited) by:? [\w .,'-]{3,60}",
    r"\d{1,2} min(?:ute)?s?\.? read",
    # Personalisation
    r"personali[sz]e(?: (?:this|your) (?:page|experience|content))?",
    r"help us tailor your experience\b.{0,80}",
    r"which best describes you\b.{0,160}",
    r"your choice helps us\b.{0,120}",
    # Prompts
    r"(?:do you )?have (?:a |any )?(?:follow[- ]?up|more|other|another) questions?\b.{0,40}",
    r"ask (?:any|a|your|me a|us a) (?:follow[- ]?up )?questions?\b.{0,120}",
    r"our (?:medical )?a\.?i\.? (?:is|was|can|will)\b.{0,240}",
    r"was this (?:page|article|answer|information|content) (?:helpful|useful)\b.{0,60}",
    r"(?:leave|post|add|write) a (?:comment|reply|review)",
    r"(?:related|recommended|popular|trending|more) (?:articles|posts|topics|reading|links)",
    r"read more|show more|see more|learn more|load more|view all|read next|continue reading",
    # Cookies and accounts
    r"(?:we|this (?:web)?site) uses? cookies\b.{0,300}",
    r"(?:accept|reject|allow|manage)(?: all| only necessary| necessary)? cookies",
    r"cookie (?:policy|settings|preferences|notice|consent)",
    r"(?:we value )?your privacy(?: choices)?|comments are closed",
    r"(?:sign|log) ?(?:in|out|up)(?: (?:to|with|for)\b.{0,60})?",
    r"(?:create|register for) an? (?:free )?account\b.{0,40}",
    r"subscribe(?: (?:now|today|to (?:our|the)\b.{0,60}))?",
    r"(?:sign up for )?(?:our )?(?:e-?mail )?newsletter\b.{0,60}",
    r"privacy (?:policy|notice|statement)|terms (?:of (?:use|service)|and conditions|& conditions)",
    # Tools and menus
    r"share(?: (?:this|on|via)\b.{0,40})?",
    r"(?:print|save|email|e-mail|bookmark|cite)(?: this)?(?: page| article)?",
    r"download (?:the |as )?pdf",
    r"(?:tweet|facebook|twitter|linkedin|whatsapp|instagram|youtube)(?: this)?",
    r"skip to (?:main )?(?:content|navigation)|back to (?:the )?top|jump to\b.{0,30}",
    r"(?:main )?menu|toggle navigation|search(?: this site)?|breadcrumbs?|advertisements?",
    r"table of contents|on this page|in this article",
    # Rights and records
    r"(?:©|\(c\)|copyright\b).{0,200}",
    r"all rights reserved\b.{0,80}",
    r"(?:doi|pmid|pmcid|sha|issn|isbn|licen[cs]e)\s*:\s*\S{1,80}",
    r"(?:authors?|affiliations?|correspondence)\s*:.{3,4000}",
    r"(?:date|published|received|accepted)\s*:\s*[\w ,./-]{4,40}",
    r"(?:abstract|summary)\s*:?\s*nan",
    r"https?://\S+",
)

# These say where a review stands only beside each other or beside the banner's title.
REVIEW_STATES = _lines(
    r"submitted|under review|in review|pending(?: review)?|approved|published|draft|rejected"
)
_OPENINGS = (BlockKind.HEADING, BlockKind.PARAGRAPH)
REVIEW_TITLE = _lines(r"(?:article |content |page )?review status")

PHRASES = re.compile(
    r"\b(?:"
    r"(?:pending|awaiting) human review"
    r"|(?:is|are) reviewed for accuracy by"
    r"|(?:does|do|should|must|can) ?not (?:replace|substitute(?: for)?|supplant) professional"
    r"|(?:information|contents?|guidelines?|guidance|article|page|(?:web)?site|material|document"
    r"|advice|answers?|service)\b[^.;]{0,80} (?:does|do|should|must|can) ?not"
    r" (?:replace|substitute(?: for)?|supplant) (?:the )?(?:clinical|medical|a doctor)"
    r"|(?:not|never) (?:intended )?(?:as |to be )?(?:a )?(?:substitute|replacement)"
    r" for (?:the )?(?:professional|medical|clinical|consulting|seeking)"
    r"|(?:assumes?|accepts?|bears?) no (?:liability|responsibility)"
    r"|(?:disclaims?|exclud\w+) (?:all|any) (?:liability|responsibility|warrant\w+)"
    r"|for (?:general )?(?:educational|informational|information) (?:and \w+ )?purposes only"
    r"|intended for (?:use by )?(?:health ?care|medical) professionals(?: only)?\.?$"
    r")\b",
    re.IGNORECASE,
)

DISCLAIMER = re.compile(r".{0,60}\bdisclaimers?\b.{0,40}", re.IGNORECASE)
REFERENCE_LIST = _lines(
    r"(?:\d+\.?\s*)?(?:(?:selected |key )?references?(?: list)?|bibliography"
    r"|(?:literature|works|sources) cited|further reading|sources|citations)(?:\s*\(\d+\))?"
)
REFERENCE = re.compile(
    r"\b(?:19|20)\d\d\b|\bet al\b|\bdoi\b|https?://|\bPMID\b|\bvol\.|\bpp\."
    r"|\bavailable (?:at|from)\b",
    re.IGNORECASE,
)


def mark_furniture(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, those that are not content as FURNITURE or REFERENCES."""
    marked = [_marked(text, block) for block in blocks]
    _mark_review_states(text, marked)
    _mark_lead_question(text, marked)
    _mark_sections(text, blocks, marked)
    return tuple(part for block in marked for part in _carved(text, block))


def _as(kind: BlockKind, block: Block) -> Block:
    return replace(block, kind=kind, level=0)


def _marked(text: str, block: Block) -> Block:
    return _as(BlockKind.FURNITURE, block) if _covers(WHOLE_LINES, text, block) else block


def _covers(pattern: re.Pattern[str], text: str, block: Block) -> bool:
    return len(block.span) <= 4200 and pattern.fullmatch(block.span.of(text)) is not None


def _mark_lead_question(text: str, marked: list[Block]) -> None:
    """The question that a page of answers opens with: between it and the title is a banner."""
    if len(marked) < 2 or marked[1].kind is not BlockKind.FURNITURE:
        return
    if marked[0].span.of(text).endswith("?") and marked[0].kind in _OPENINGS:
        marked[0] = _as(BlockKind.FURNITURE, marked[0])


def _mark_review_states(text: str, marked: list[Block]) -> None:
    states = [_covers(REVIEW_STATES, text, block) for block in marked]
    titles = [_covers(REVIEW_TITLE, text, block) for block in marked]
    said = [state or title for state, title in zip(states, titles, strict=True)]
    for number, block in enumerate(marked):
        beside = any(said[max(number - 1, 0) : number]) or any(said[number + 1 : number + 2])
        if titles[number] or (states[number] and beside):
            marked[number] = _as(BlockKind.FURNITURE, block)


def _mark_sections(text: str, blocks: Sequence[Block], marked: list[Block]) -> None:
    """Disclaimers and reference lists, each with everything up to where it ends."""
    for number, block in enumerate(blocks):
        if marked[number].kind is not BlockKind.HEADING:
            continue
        if _covers(DISCLAIMER, text, block):
            end = _end_of_section(blocks, number)
            marked[number:end] = [_as(BlockKind.FURNITURE, b) for b in marked[number:end]]
        elif _covers(REFERENCE_LIST, text, block):
            end = _end_of_references(text, blocks, marked, number)
            marked[number:end] = [
                b if b.kind is BlockKind.FURNITURE else _as(BlockKind.REFERENCES, b)
                for b in marked[number:end]
            ]


def _end_of_section(blocks: Sequence[Block], start: int) -> int:
    """Where the next heading stands that is not below this one."""
    for number in range(start + 1, len(blocks)):
        if blocks[number].kind is BlockKind.HEADING and blocks[number].level <= blocks[start].level:
            return number
    return len(blocks)


def _end_of_references(
    text: str, blocks: Sequence[Block], marked: Sequence[Block], start: int
) -> int:
    """After the last entry. Entries that look like headings belong to the list too."""
    end = start + 1
    unsure = False
    for number in range(start + 1, len(blocks)):
        block = blocks[number]
        if marked[number].kind is BlockKind.FURNITURE or _covers(DISCLAIMER, text, block):
            return number
        if REFERENCE.search(block.span.of(text)) is not None:
            unsure = False
        elif block.kind is BlockKind.HEADING:
            unsure = True
        if block.kind is not BlockKind.HEADING and unsure:
            return end
        if not unsure:
            end = number + 1
    return len(blocks)


def _carved(text: str, block: Block) -> Iterator[Block]:
    """A paragraph or bullet with its sentences of disclaimer set apart."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
        yield block
        return
    if PHRASES.search(text, block.span.start, block.span.end) is None:
        yield block
        return
    kept: Span | None = None
    for sentence in find_sentences(text, block.span):
        if PHRASES.search(text, sentence.start, sentence.end) is None:
            kept = Span(sentence.start if kept is None else kept.start, sentence.end)
            continue
        if kept is not None:
            yield replace(block, span=kept)
            kept = None
        yield _as(BlockKind.FURNITURE, replace(block, span=sentence))
    if kept is not None:
        yield replace(block, span=kept)
