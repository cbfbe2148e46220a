"""Makes, by rule, statements that say something else than a quote, and ones that say the same."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Said:
    """``text`` as a model might say it, resting on ``numbers`` of ``quotes``."""

    kind: str
    text: str
    numbers: tuple[int, ...]
    quotes: tuple[str, ...]


Rule = Callable[[str, str], Iterator[tuple[str, tuple[int, ...]]]]
"""From a statement and another one to what is said, and the quotes (1 and 2) that it cites."""


def _swap(text: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Iterator[str]:
    """The text with each place of the pattern changed, one at a time."""
    for found in re.finditer(pattern, text):
        put = new(found) if callable(new) else found.expand(new)
        if put != found[0]:
            yield text[: found.start()] + put + text[found.end() :]


def _cap(text: str) -> str:
    text = text.strip(" ,:")
    return text[:1].upper() + text[1:]


# Something else is said


def change_number(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """One figure is another one."""
    number = r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w,]|\.\d|-)"

    def more(found: re.Match[str]) -> str:
        return str(int(found[0]) + 1) if found[0].isdigit() else f"{float(found[0]) * 2:g}"

    for said in _swap(text, number, more):
        yield said, (1,)
    for said in _swap(text, r"(?<![\w.,-])[1-9]\d*(?![\w,]|\.\d|-)", r"\g<0>0"):
        yield said, (1,)


def change_unit(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """One unit is another one."""
    for old, new in (
        (r"\bhours?\b", "days"),
        (r"\bdays?\b", "weeks"),
        (r"\bweeks?\b", "months"),
        (r"\bmonths?\b", "years"),
        (r"\bminutes?\b", "hours"),
        (r"\bmL\b", "L"),
        (r"\bmg\b", "g"),
        (r"\bmm\b(?! Hg)", "cm"),
        (r"\bcm H2O", "mm Hg"),
        (r"(?<=\d)%", " per 1,000"),
    ):
        for said in _swap(text, old, new):
            yield said, (1,)


def drop_not(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A denial is left out."""
    if re.match(r"Do not ", text):
        yield _cap(text.removeprefix("Do not ")), (1,)
        yield "Always " + text.removeprefix("Do not "), (1,)
    body, _, tail = text.partition(": draft rule")
    for said in _swap(body, r"(?<!Do) not\b", ""):
        yield said + (f": draft rule{tail}" if tail else ""), (1,)
    for old, new in (
        (r"\bNo\b (?!later|more)", "A "),
        (r"\bwithout\b", "with"),
        (r"\bcannot\b", "can"),
    ):
        for said in _swap(text, old, new):
            yield said, (1,)


def add_not(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A denial is put in."""
    body, _, tail = text.partition(": draft rule")
    rest = f": draft rule{tail}" if tail else ""
    for said in _swap(
        body, r"\b(?:is|are|was|were|should|may|can|could|must)\b(?! not)", r"\g<0> not"
    ):
        yield said + rest, (1,)
    if re.match(
        r"(?:Offer|Keep|Give|Use|Image|Arrange|Obtain|Request|Treat|Exclude|Ask|Choose)\b", text
    ):
        yield f"Do not {text[:1].lower()}{text[1:]}", (1,)
        yield f"Avoid this: {text[:1].lower()}{text[1:]}", (1,)


_DRUGS = "caffeine,gabapentin,hydrocortisone,theophylline,sumatriptan,acetazolamide,enoxaparin,paracetamol,apixaban,rivaroxaban,low-molecular-weight heparin,NSAIDs,gadolinium"
_THINGS = "epidural blood patch,lumbar puncture,sphenopalatine ganglion block,lumbar drain,MRI,bed rest,brain MRI,CT myelography"
_ILLS = "post-dural puncture headache,spontaneous intracranial hypotension (SIH),subdural haematoma,cerebral venous thrombosis,meningitis,rebound intracranial hypertension"


def swap_drug(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """One drug, procedure or illness is another one."""
    for names in (_DRUGS, _THINGS, _ILLS):
        listed = names.split(",")
        for n, name in enumerate(listed):
            for said in _swap(text, rf"(?<![\w-]){re.escape(name)}(?!\w)", listed[n - 1]):
                if listed[n - 1] not in text:
                    yield said, (1,)
    if re.search(r"\b(?:caffeine|enoxaparin|acetazolamide)\b", text):
        yield re.sub(r"\b(?:caffeine|enoxaparin|acetazolamide)\b", "flumazenil", text), (1,)


def cite_wrongly(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The number is that of another quote, or of this one and another."""
    yield text, (2,)
    yield text, (1, 2)


def invent_citation(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A number of no quote, beside the statement or in it, or no number at all."""
    yield text, (3,)
    yield text, (1, 9)
    yield f"{text} [7]", (1,)
    yield text, ()


def alter_quote(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Words in quotation marks that differ from the quote in one character."""
    for at in range(5, len(text) - 5, 23):
        if text[at].isalnum():
            put = "1" if text[at].isdigit() and text[at] != "1" else "x" if text[at] != "x" else "y"
            yield f"“{text[:at]}{put}{text[at + 1 :]}”", (1,)
            yield f'"{text[:at]}{text[at + 1 :]}"', (1,)


def widen_population(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Whom it holds for is left out, or more than it was."""
    for old, new in (
        (r"\b[Oo]bstetric patients", "patients"),
        (r" an obstetric patient\b", " a patient"),
        (r"\bchildren\b", "patients"),
        (r"\ba child\b", "a patient"),
        (r"^In spontaneous intracranial hypotension \(SIH\)(?: with [\w ]+)?, ", ""),
        (r" (?:in|of) (?:suspected )?spontaneous intracranial hypotension \(SIH\)", ""),
        (r" (?:for|in|with) post-dural puncture headache", ""),
        (r"^In post-dural puncture headache, ", ""),
        (r"\bobstetric\b", "surgical"),
        (r"\bbreastfeeding women\b", "women"),
        (r"\badults\b(?!.*child)", "adults and children"),
        (r" after childbirth\b", ""),
        (r"\bspontaneous intracranial hypotension \(SIH\)", "a CSF leak"),
    ):
        for said in _swap(text, old, new):
            yield _cap(said), (1,)


def change_modality(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What may be is what should or must be."""
    for old, new in (
        (r"\bmay\b", "must"),
        (r"\bmay\b", "should"),
        (r"\bmay\b", "will"),
        (r"\bcan\b(?!not)", "will"),
        (r"\bcan\b(?!not)", "must"),
        (r"^Consider (?:a )?", "Give "),
        (r"^Consider\b", "Always diagnose"),
        (r"\bshould be\b", "must be"),
        (r"\badvises\b", "mandates"),
        (r"\bsuggests?\b", "proves"),
        (r"^(Offer|Keep|Use|Image|Obtain|Request) ", r"You must \1 "),
        (r"^(Offer|Keep|Use|Image|Obtain|Request) ", r"It is possible to \1 "),
        (r"^(Offer|Keep|Use|Image|Obtain|Request) ", r"You may \1 "),
    ):
        for said in _swap(text, old, new):
            yield said, (1,)


def splice(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Half of one quote with half of the other, or with its figure."""
    mine, theirs = text.rstrip("."), other.rstrip(".")
    first, second = mine.split(), theirs.split()
    yield " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]]) + ".", (1, 2)
    yield " ".join([*second[: len(second) // 2], *first[len(first) // 2 :]]) + ".", (1, 2)
    number = r"\d+(?:\.\d+)?(?= ?(?:%|hours|days|mL|mm\b|mg|weeks|months))"
    figures = [found[0] for found in re.finditer(number, theirs) if found[0] not in mine]
    if figures:
        for said in _swap(text, number, figures[0]):
            yield said, (1, 2)


def turn_direction(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """More is less, before is after, better is worse."""
    for one, two in (
        ("more likely", "less likely"),
        ("more often", "less often"),
        ("more frequent", "less frequent"),
        ("raises", "lowers"),
        ("lowered", "raised"),
        ("reduced", "increased"),
        ("higher", "lower"),
        ("before", "after"),
        ("better", "worse"),
        ("worse", "better"),
        ("upright", "lying flat"),
        ("early", "late"),
        ("at least", "at most"),
        ("up to", "at least"),
        ("more than", "less than"),
        ("below", "above"),
        ("or more", "or less"),
        ("or less", "or more"),
        ("with contrast", "without contrast"),
        ("rare", "common"),
        ("usually", "never"),
        ("often", "seldom"),
        ("absent", "present"),
        ("fails", "succeeds"),
    ):
        for said in _swap(text, rf"\b{one}\b", two):
            yield said, (1,)


def claim_certainty(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What is a draft, unconfirmed or disputed is said as if it were known."""
    for old, new in (
        (r"^(?:Disputed and unconfirmed|Unconfirmed): ", ""),
        (r": draft rule of this library, not yet reviewed by a clinician", ""),
        (r", not yet reviewed by a clinician", ""),
        (r": unconfirmed advice from an unreviewed web page", ""),
        (r"\ban unreviewed web page\b", "a guideline"),
        (r"^Unconfirmed: an unreviewed web page attributed to", "According to"),
        (r": a hypothesis .*$", "."),
        (r" in one case report\b", ""),
        (r"\busually\b", "always"),
        (r"\bsometimes\b", "always"),
        (r"\bonly\b ", ""),
        (r" in small trials", ""),
    ):
        for said in _swap(text, old, new):
            yield _cap(said), (1,)


def add_claim(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Something is added that no quote says."""
    mine = text.rstrip(".")
    for more in (
        ", and this is safe in pregnancy",
        " for 3 days",
        " on the left side",
        " immediately",
        ", according to the World Health Organization",
        " and give morphine",
        " in all adults",
        ", which proves the diagnosis",
    ):
        yield f"{mine}{more}.", (1,)


def narrow_range(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A range or bound becomes a point, or another bound."""
    number = r"\d[\d.,]*%?"
    for old, new in (
        (rf"\b({number}) to ({number})(?= )", r"\2"),
        (rf"\b({number}) to ({number})(?= )", r"\1"),
        (r"\b(?:at least|up to|about|more than|less than|below|no later than) (?=\d)", ""),
        (r"\bwithin (?=\d)", "after "),
        (r"(?<=\d mm) or (?:more|less)", ""),
        (r"\bbeyond (?=\d)", "within "),
    ):
        for said in _swap(text, old, new):
            yield said, (1,)


def swap_figures(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Two shares change places."""
    shares = list(re.finditer(r"\d+(?:\.\d+)?%", text))
    for one, two in pairwise(shares):
        parted = text[one.end() : two.start()]
        compares = re.search(r"\b(?:against|and|compared with)\b", parted)
        if one[0] != two[0] and compares and re.match(r" (?:after|with|of|in) ", text[two.end() :]):
            yield (
                text[: one.start()] + two[0] + parted + one[0] + text[two.end() :],
                (1,),
            )


HOSTILE: dict[str, Rule] = {
    "number changed": change_number,
    "unit changed": change_unit,
    "'not' dropped": drop_not,
    "'not' added": add_not,
    "drug, procedure or illness swapped": swap_drug,
    "quote number wrong": cite_wrongly,
    "invented citation": invent_citation,
    "quote altered by one character": alter_quote,
    "population widened": widen_population,
    "modality raised or lowered": change_modality,
    "two quotes spliced": splice,
    "direction turned": turn_direction,
    "certainty claimed": claim_certainty,
    "claim added": add_claim,
    "range or bound changed": narrow_range,
    "figures swapped": swap_figures,
}


# The same is said


def front_last(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What a sentence opens with comes last."""
    found = re.match(r"((?:In|After|For|Among) [^,]{6,90}), ([^:;]+)\.$", text)
    if found and "," not in found[2]:
        yield f"{_cap(found[2])} {found[1][:1].lower()}{found[1][1:]}.", (1,)
    found = re.match(r"([A-Z][^,:;]{20,160}) (when [^,:;]{6,140})(: draft rule.*)?\.$", text)
    if found:
        tail = found[3] or ""
        yield f"{_cap(found[2])}, {found[1][:1].lower()}{found[1][1:]}{tail}.", (1,)
    found = re.match(
        r"([^:;]{20,}), ((?:a|an) [^,]*(?:guideline|review|leaflet|page|consensus)) (states|advises)\.$",
        text,
    )
    if found:
        yield f"{_cap(found[2])} {found[3]}: {found[1]}.", (1,)


def abbreviate(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Long forms are short ones."""
    said = text
    for long, short in (
        (r"spontaneous intracranial hypotension \(SIH\)", "SIH"),
        (r"post-dural puncture headaches?", "PDPH"),
        (r"low-molecular-weight heparin", "LMWH"),
        (r"lumbar puncture", "LP"),
        (r"epidural blood patch", "EBP"),
        (r"cerebral venous thrombosis", "CVT"),
        (r"sphenopalatine ganglion block", "SPG block"),
    ):
        said = re.sub(long, short, said, flags=re.IGNORECASE)
    if said != text:
        yield said, (1,)


def write_out(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Short forms are long ones, and spelt as in America."""
    for old, new in (
        (r"spontaneous intracranial hypotension \(SIH\)", "spontaneous intracranial hypotension"),
        (r"\bCSF\b", "cerebrospinal fluid"),
        (r"\bMRI\b", "magnetic resonance imaging"),
        (r"haematoma", "hematoma"),
        (r"anaesthesia", "anesthesia"),
        (r"randomised", "randomized"),
    ):
        if re.search(old, text):
            yield re.sub(old, new, text), (1,)


def say_alike(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Words for others that mean the same."""
    for old, new in (
        (r"\bwhen\b", "if"),
        (r"\bbegins\b", "starts"),
        (r"\brule out\b", "exclude"),
        (r"\bheadache worse\b", "headache that is worse"),
        (r"\borthostatic\b", "postural"),
        (r"\bneck stiffness\b", "stiff neck"),
        (r"\bsupine\b", "flat"),
        (r"\bback pain\b", "backache"),
        (r"\braises\b", "increases"),
        (r"\bworsens\b", "deteriorates"),
        (r"\bsettle\b", "resolve"),
        (r"\badvises\b", "recommends"),
        (r"\bepidural blood patch\b", "blood patch"),
        (r"\bpachymeningeal enhancement\b", "dural enhancement"),
        (r"\bvisual loss\b", "loss of vision"),
        (r"\b[Hh]eadache after childbirth\b", "postpartum headache"),
        (r"\bconservative care\b", "conservative treatment"),
    ):
        if re.search(old, text):
            yield re.sub(old, new, text), (1,)


# A number that is no decimal's end, and no end of a range.
_ALONE = r"(?<![\d.,–-])(?<!\d to )(?<!\d or )\b"
_COUNTS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def convert_unit(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The same quantity in another unit, or in words."""
    for old, new in (
        (rf"{_ALONE}(\d{{1,2}}) hours\b", lambda f: f"{int(f[1]) * 60} minutes"),
        (r"\b24 to 48 hours\b", "1 to 2 days"),
        (r"\b(\d{1,2}) hours\b", r"\1 h"),
        (r"\b72 hours\b", "3 days"),
        (rf"{_ALONE}([2-9]) days\b", lambda f: f"{int(f[1]) * 24} hours"),
        (rf"{_ALONE}([1-9]) weeks?\b", lambda f: f"{int(f[1]) * 7} days"),
        (rf"{_ALONE}(\d{{1,2}}) mm\b(?! (?:Hg|CSF|H2O))", lambda f: f"{int(f[1]) / 10:g} cm"),
        (rf"{_ALONE}(\d00) mg\b", lambda f: f"{int(f[1]) / 1000:g} g"),
        (r"\b([2-9]|1[0-2]) (?=hours|days|weeks|patients)", lambda f: f"{_COUNTS[int(f[1])]} "),
        (r"\bmore than (?=\d)", "over "),
        (r"\bup to (?=\d)", "at most "),
        (r"(?<=\d) to (?=\d)", "–"),
        (r"(?<=\d)%", " per cent"),
        (r"\babout (?=\d)", "approximately "),
    ):
        if len(re.findall(old, text)) == 1:
            for said in _swap(text, old, new):
                yield said, (1,)


def mark_numbers(text: str, other: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The quote's own words, with its number set in the text or inside quotation marks."""
    yield f"{text.rstrip('.')} [1].", (1,)
    yield f"“{text}”", (1,)


HONEST: dict[str, Rule] = {
    "reordered": front_last,
    "abbreviated": abbreviate,
    "written out": write_out,
    "synonyms": say_alike,
    "units and numbers": convert_unit,
    "verbatim": mark_numbers,
}


def make(rules: dict[str, Rule], statements: Sequence[str], most: int) -> list[Said]:
    """At most so many of each kind, taken evenly from all statements; each true one's neighbour
    is the other quote."""
    made: list[Said] = []
    for kind, rule in rules.items():
        of_kind: list[Said] = []
        for n, text in enumerate(statements):
            other = statements[(n + 37) % len(statements)]
            of_kind += [
                Said(kind, said, numbers, (text, other))
                for said, numbers in rule(text, other)
                if said != text or numbers != (1,)
            ]
        step = max(1, len(of_kind) // most)
        made += of_kind[::step][:most]
    return made
