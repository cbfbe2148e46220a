"""A page's main content, without what stands around it."""

import time

import pytest

from assistant.documents.document import BlockKind, Document
from assistant.documents.readers.html import declared_encoding, read_html
from assistant.errors import ReadError


def read(html: str) -> Document:
    return read_html(html, "page", "page.html")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Give  <b>oxygen</b>\n now.</p>", "Give oxygen now."),
        ("<p>Caf&eacute; &lt;5&nbsp;mg</p>", "Café <5 mg"),
        ("<p>One<br>two</p>", "One\ntwo"),
        ("<div>bare<div>inner</div>after</div>", "bare\n\ninner\n\nafter"),
        ("<h1>Title</h1><p>Words.</p>", "Title\n\nWords."),
        ("<h2><div>Title</div></h2><p>Words.</p>", "Title\n\nWords."),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ul><li><p>a</p><p>more</p></li></ul>", "- a\n  more"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<dl><dt>Term</dt><dd>One</dd><dd>Two</dd></dl>", "- Term\n  - One\n  - Two"),
        ("<blockquote>Quoted.</blockquote>", "Quoted."),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>10<sup>9</sup>/L and m<sup>2</sup></p>", "10⁹/L and m²"),
        ("<p>1<sup>st</sup> line</p>", "1st line"),
        ("<p>Give <del>500 mg</del> 250 mg</p>", "Give 250 mg"),
        ("<p>unclosed<p>paragraphs", "unclosed\n\nparagraphs"),
        ("Just text.", "Just text."),
    ],
)
def test_the_visible_words_are_read(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    "around",
    [
        "<script>alert('x')</script>",
        "<style>p {}</style>",
        "<template><p>x</p></template>",
        "<noscript>Switch it on</noscript>",
        "<nav>Home</nav>",
        "<header>Site</header>",
        "<footer>© 2024</footer>",
        "<aside>Related</aside>",
        "<form><input value=a><button>Send</button></form>",
        "<button>Share</button>",
        "<p hidden>secret</p>",
        "<p aria-hidden='true'>secret</p>",
        "<p style='color: red; display: none'>secret</p>",
        "<div role='navigation'>Home</div>",
        "<div role='dialog'>Agree?</div>",
        "<div id='cookie-banner'>We use cookies</div>",
        "<div class='gdpr popup'>Agree?</div>",
        "<div class='breadcrumbs'>Home › Page</div>",
        "<!-- comment -->",
    ],
)
def test_what_stands_around_the_content_is_dropped(around: str) -> None:
    assert read(f"<body>{around}<p>Give oxygen.</p>{around}</body>").text == "Give oxygen."


@pytest.mark.parametrize(
    "html",
    [
        "<p id='cookie-bite-lesion'>Content.</p>",
        "<section class='social-history'>Content.</section>",
        "<body class='has-sidebar'><p>Content.</p></body>",
        "<div id='informed-consent'>Content.</div>",
        "<div class='modal'><main>Content.</main></div>",
        "<article><header>Content.</header></article>",
    ],
)
def test_content_with_a_similar_name_is_kept(html: str) -> None:
    assert read(html).text == "Content."


def test_only_the_main_part_is_read_where_the_page_names_one() -> None:
    assert read("<div>Menu</div><main><p>Content.</p></main><div>More</div>").text == "Content."


def test_a_cell_is_under_its_own_column_wherever_others_span() -> None:
    document = read(
        "<table><tr><th>Drug</th><th>Adult</th><th>Child</th></tr>"
        "<tr><td rowspan=2>A</td><td>1 mg</td><td>2 mg</td></tr>"
        "<tr><td>3 mg</td><td>4 mg</td></tr>"
        "<tr><td>B</td><td colspan=2>5 mg</td></tr></table>"
    )
    assert document.text.split("\n") == [
        "Drug: A; Adult: 1 mg; Child: 2 mg",
        "Drug: A; Adult: 3 mg; Child: 4 mg",
        "Drug: B; Adult: 5 mg; Child: 5 mg",
    ]


def test_a_cell_across_the_table_leads_to_the_rows_below() -> None:
    document = read(
        "<table><tr><th>Drug</th><th>Dose</th></tr><tr><td colspan=2>Children</td></tr>"
        "<tr><td>A</td><td>1 mg</td></tr></table>"
    )
    assert [b.kind for b in document.blocks] == [BlockKind.LEAD, BlockKind.ROW]


def test_a_table_without_a_head_has_plain_rows() -> None:
    assert read("<table><tr><td>a</td><td>b</td></tr></table>").text == "a | b"


def test_a_table_that_only_arranges_the_page_is_read_as_paragraphs() -> None:
    html = (
        "<table role=presentation><tr><td>Menu of the day</td><td><p>Content.</p></td></tr></table>"
    )
    assert read(html).text == "Menu of the day\n\nContent."


def test_the_title_is_the_first_main_heading_or_the_page_title() -> None:
    head = "<head><title>Site | Page</title></head>"
    assert read(f"{head}<h2>Part</h2><h1>Leak</h1><p>x</p>").title == "Leak"
    assert read(f"{head}<h2>Part</h2><p>Words.</p>").title == "Site | Page"
    assert read("<p>Words.</p>").title == "Page"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b'<meta charset="iso-8859-2">', "iso-8859-2"),
        (
            b"<META http-equiv=Content-Type content='text/html; charset=windows-1252'>",
            "windows-1252",
        ),
        (b"<p>charset=x</p>", None),
    ],
)
def test_the_encoding_named_in_the_page_is_found(raw: bytes, encoding: str | None) -> None:
    assert declared_encoding(raw) == encoding


@pytest.mark.parametrize("html", ["<script>x</script>", "<body></body>", "<!-- x -->"])
def test_a_page_without_words_is_refused(html: str) -> None:
    with pytest.raises(ReadError, match="no text"):
        read(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "x",
        "<ul><li>a" * 3000,
        "<p>a <b>b " * 5000,
        "<table><tr><td>" * 300 + "x",
    ],
)
def test_deep_nesting_is_read_in_reasonable_time(html: str) -> None:
    started = time.perf_counter()
    assert read(html).blocks
    assert time.perf_counter() - started < 20


CONSENT = """
<div id="onetrust-consent-sdk"><h2>Your choices</h2><p>We store or retrieve information.</p></div>
<div id="CybotCookiebotDialog"><p>Details about our partners.</p></div>
<div class="consent-wall__overlay"><h1>Before you go on</h1><p>We and our 834 partners.</p></div>
<div class="cmp-wall"><p>Accept, or pay for a subscription.</p></div>
"""
MENUS = """
<div class="top"><ul><li><a href="/">Home</a></li><li><a href="/az">Health A to Z</a></li></ul></div>
<table role="presentation"><tr><td><a href="1">Home</a><br><a href="2">Contact us</a></td><td>
"""
CONTENT = """
<h1>Blood patch</h1><p>Use 20 mL of blood. See <a href="1">technique</a> and <a href="2">risks</a>.
<p class="informed-consent">Obtain consent first.</p>
<ul><li><a href="3">Fever above 38 °C is a contraindication, whatever its cause may be</a></li>
<li><a href="4">So is a platelet count below 70, unless a haematologist agrees to go on</a></li></ul>
"""


def test_menus_and_consent_walls_are_left_out_and_linked_content_is_not() -> None:
    page = f"<body class='cookies-enabled'>{CONSENT}{MENUS}{CONTENT}</td></tr></table></body>"
    document = read_html(page, "guide", "guide.html")
    assert [b.span.of(document.text) for b in document.blocks] == [
        "Blood patch",
        "Use 20 mL of blood. See technique and risks.",
        "Obtain consent first.",
        "Fever above 38 °C is a contraindication, whatever its cause may be",
        "So is a platelet count below 70, unless a haematologist agrees to go on",
    ]


def test_heads_of_two_rows_name_the_columns_together() -> None:
    page = (
        "<table><thead><tr><th rowspan=2>Drug</th><th colspan=2>Dose</th></tr><tr><th>Adult</th>"
        "<th>Child</th></tr></thead><tr><td>Paracetamol</td><td>1 g</td><td>15 mg/kg</td></tr>"
        "</table>"
    )
    document = read_html(page, "guide", "guide.html")
    assert document.text == "Drug: Paracetamol; Dose Adult: 1 g; Dose Child: 15 mg/kg"


def test_pictures_are_counted() -> None:
    page = "<main><p>See the chart.</p><img src='chart.png'></main>"
    assert read_html(page, "guide", "guide.html").reading.images == 1
