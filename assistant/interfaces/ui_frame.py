"""The page before anything was asked: masthead, conversation, question box, tabs."""

from assistant.interfaces import ui_evidence, ui_pathway, ui_patient, ui_source
from assistant.interfaces.ui_html import button, escape, sign
from assistant.interfaces.ui_library import render_tools

EXAMPLES = (
    ("A short question", "Does a normal MRI rule out a leak?"),
    (
        "A patient",
        "34-year-old woman, lumbar puncture 2 days ago, headache worse upright, temperature 38.4. "
        "Can I do a blood patch?",
    ),
    (
        "A dangerous premise",
        "Headache now worse lying down after the blood patch, so I will repeat the patch today?",
    ),
    ("Not in the library", "What dose of acetazolamide should I give?"),
)
TABS = (
    ("evidence", "Evidence", ui_evidence.EMPTY),
    ("patient", "Patient", ui_patient.EMPTY),
    ("pathway", "Pathway", ui_pathway.EMPTY),
    ("source", "Source", ui_source.EMPTY),
    ("library", "Library", ""),
)
# Of those who are signed in; shown to reviewers.
REVIEW = ("review", "Review", "")
DISCLAIMER = (
    "For health professionals; it does not replace clinical judgement. Nothing you type is kept."
)


def render_page(*, guarded: bool = False) -> str:
    """The whole page; the script fills its places. ``guarded``: people sign in to it."""
    classes = ' class="guarded"' if guarded else ""
    return (
        f'<div id="page"{classes}><a class="skip" href="#question">Skip to the question</a>'
        f'{_masthead(guarded)}<main id="desk">{_talk()}{_side(guarded)}</main>'
        '<p id="spoken" class="hidden-label" role="status" aria-live="polite"></p></div>'
    )


def _masthead(guarded: bool) -> str:
    account = '<div id="account"></div>' if guarded else ""
    return (
        '<header id="top"><h1>Guideline Assistant</h1><p>Answers in the guideline’s own words, '
        "each with its source.</p>"
        f"{account}{button('New conversation', 'anew')}</header>"
    )


def _talk() -> str:
    examples = "".join(
        f'<li><button type="button" class="do example" data-do="ask" '
        f'data-question="{escape(question)}"><span class="kind">{kind}</span>'
        f"{escape(question)}</button></li>"
        for kind, question in EXAMPLES
    )
    return (
        '<section id="talk" aria-label="Conversation"><div id="chat" tabindex="0" role="region" '
        'aria-label="Questions and answers"><div id="welcome"><h2>Ask a clinical question, or '
        "describe a patient</h2><p>The answer is made of numbered quotes from the library. Choose "
        "a number to read the quote in its document. What the library does not cover, it says.</p>"
        f"{_no_library()}"
        f'<ul class="examples" aria-label="Examples">{examples}</ul></div>'
        '<div id="log"></div><div id="thinking" hidden>'
        f'<h2 class="asked" id="asking"></h2><p class="working">{sign("…")} <span>Searching the '
        "library, reading the patient, checking the pathways…</span></p></div></div>"
        '<form id="box"><label class="hidden-label" for="question">Your question</label>'
        '<textarea id="question" rows="1" placeholder="Ask, or describe a patient" '
        'autofocus></textarea><button type="submit" id="send">Ask</button></form>'
        f'<p id="disclaimer">{DISCLAIMER}</p></section>'
    )


def _no_library() -> str:
    """What stands in place of the examples while there is nothing to quote."""
    return (
        '<div id="no-library" class="notice empty-library" hidden><p class="notice-head">The '
        "library is empty</p><p>Nothing can be quoted until it holds a document. "
        f"{button('Add documents', 'tab', tab='library')}</p></div>"
    )


def _side(guarded: bool) -> str:
    every = (*TABS, REVIEW) if guarded else TABS
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="pane-{name}" '
        f'aria-selected="{"true" if not n else "false"}" tabindex="{0 if not n else -1}"'
        f"{' hidden' if name == 'review' else ''}>"
        f'{words}<span class="count" id="count-{name}"></span></button>'
        for n, (name, words, _) in enumerate(every)
    )
    panes = "".join(
        f'<div role="tabpanel" id="pane-{name}" aria-labelledby="tab-{name}" class="pane" '
        f'tabindex="0"{" hidden" if n else ""}>{_pane(name, empty)}</div>'
        for n, (name, _, empty) in enumerate(every)
    )
    back = button("← Back to the answer", "back", classes="back")
    return (
        f'<section id="side" aria-label="Behind the answer">{back}<div role="tablist" '
        f'aria-label="Behind the answer" id="tabs">{tabs}</div>{panes}</section>'
    )


def _pane(name: str, empty: str) -> str:
    if name == "library":
        return f'{render_tools()}<div id="list"></div>'
    return empty
