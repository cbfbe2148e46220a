"""Who, when and whether: each case is a text with its mentions in brackets, and how each is read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ReadError
from assistant.language.assertion import (
    Assertion,
    Assertions,
    Experiencer,
    Polarity,
    Reading,
    Temporality,
    load_cues,
)
from assistant.spans import Span

ROOT = Path(__file__).resolve().parents[2]
READER = load_cues(ROOT / "corpus")
LETTERS = {
    "p": Assertion.PRESENT,
    "a": Assertion.ABSENT,
    "q": Assertion.POSSIBLE,
    "y": Assertion.HYPOTHETICAL,
    "h": Assertion.HISTORICAL,
    "o": Assertion.SOMEONE_ELSE,
}
_MARKED = re.compile(r"\[([^]|]+)\|([paqyho])]")

ABSENT = r"""
No [fever|a].
No [fever|a], but [headache|p] since Monday.
No [fever|a] and she has [headache|p].
No [fever|a], [chills|a] or [rash|a], [headache|p] since Monday.
no [nausea|a]/[vomiting|a], [headache|p] ++
The patient has had no [fever|a], however [tachycardia|p].
Denies [fever|a], reports [headache|p].
pt denies [fever|a] but has [chills|p]
Denies: [fever|a], [rash|a]\nReports: [headache|p]
She doesn't have [photophobia|a] or [neck stiffness|a], and her [headache|p] is postural.
She has [headache|p], no [photophobia|a], [vomiting|p] twice today.
At no time was there [fever|a].
Neither [fever|a] nor [rash|a].
No [symptoms|a] other than [headache|p].
No [fever|a] after [LP|p].
No [haematoma|a] seen on [MRI|p].
Although there was no [fever|a], [neck stiffness|p] was marked.
30yo with no [fever|a], [WCC|p] 18.
CT has excluded [SDH|a].
[SAH|a] excluded, [CVT|q] not excluded.
[Papilloedema|a] not seen.
[Fever|a] and [rash|a] absent
[Fever|a], [rash|a], [neck stiffness|a]: all absent
[Fever|a]: no, [headache|p]: yes, [vomiting|a]: no
[Fever|a] (-), [headache|p] (+)
Any [fever|a]? No.
Any [fever|p]? Yes.
[Photophobia|a] -, [neck stiffness|p] +
-ve [Kernig|a], +ve [Brudzinski|p]
[Headache|a] settled with caffeine.
[Meningitis|a] was considered but ruled out.
Her [headache|p] had resolved but has recurred.
No [fever|p] initially, but it developed overnight.
She stopped [warfarin|a] last week.
Off [warfarin|a] since Monday, on [LMWH|p].
[Rivaroxaban|a] on hold since Tuesday.
[Warfarin|a] switched to [apixaban|p].
Pain free, no [fever|a].
No [fever|a] - [headache|p] persists
He was not [confused|a].
She was not [drowsy|a] at any point.
No [wheeze|a], [crackles|p] at the left base.
MRI: no [SDH|a], [pachymeningeal enhancement|p] present.
MRI: no [SDH|a], [pachymeningeal enhancement|p] seen.
She had a [fever|a]. It has resolved.
[Nausea|a] did not feature.
She disclaims any [alcohol misuse|a].
Scans fail to show [pneumocephalus|a].
The GP withdrew [ibuprofen|a].
The [stiff neck|a] she had on Monday is gone.
[Incontinence|a]? She says not.
"""
ONLY_SEEMING = r"""
No change in [headache|p].
No relief of [headache|p] after [paracetamol|p].
[Headache|p] not relieved by [caffeine|p].
[Headache|p] has not settled.
Not only [headache|p] but also [vomiting|p].
Gram negative [sepsis|p].
No cause has been found for the [fever|p].
Cannot walk due to [leg weakness|p].
She does not deny [alcohol|p].
Has not been free of [headache|p] since Monday.
There is no doubt she has [PDPH|p].
With or without [aura|p].
Not a day goes by without [headache|p].
It is not true that she has no [pain|p].
Codeine has not touched the [pain|p].
No change: [headache|p] still 8/10.
"""
POSSIBLE = r"""
?[SDH|q]
Imp: ?[PDPH|q], ?[CVT|q]
?? [CVT|q]
query [meningitis|q]
CT to r/o [bleed|q]
We cannot exclude [SAH|q].
[CVT|q] still needs excluding.
[Meningitis|q] unlikely
[SIH|q] was considered unlikely.
This is likely [PDPH|q].
[Headache|p] is likely due to [PDPH|q].
Not sure if [PDPH|q].
Probable [PDPH|q], no [fever|a].
Differential: [PDPH|q], [CVT|q], [meningitis|q].
Symptoms in keeping with [PDPH|q].
[Collection|p] at the wound, in keeping with a [pseudomeningocele|p].
We are leaning towards [migraine|q].
Imp - [migraine|q]? [PDPH|q]?
Could this be [CVT|q]?
There is suspected [cord compression|q].
"""
TIME = r"""
History of [migraine|h], now [headache|p]
history of 3 days of [fever|p]
2/7 hx of [headache|p]
Week-long history of [headache|p].
h/o [fever|p] since yesterday
In 2015 she had a [DVT|h] and now has [back pain|p].
Five years ago she had a [PE|h].
[DVT|h] in 2015, [headache|p] for 3 days
[PDPH|h] with her first baby.
Previous [epidural|h], now [headache|p]
PMH: [migraine|h]; [asthma|h]. [Headache|p] for 3 days.
PMH:\n- [migraine|h]\n- [asthma|h]\n\nO/E: [fever|p]
PMH: [migraine|h]\nMeds: [aspirin|p]
No h/o [DVT|a].
29 yo woman s/p [epidural|h], [headache|p] on standing, [temp|p] 100.4 F.
Back in her student days she was admitted with [glandular fever|h].
Years ago I was told I had a [slipped disc|h].
A [dural tap|h] complicated her first labour.
She used to get [travel sickness|h].
[PE|h] '09, [headache|p] today
"""
IMAGINED = r"""
Return if you develop [fever|y] or [weakness|y].
She has a [headache|p]; if [visual loss|y] occurs, call.
Should she develop [fever|y], call.
If she has no [fever|y], proceed.
Monitor for [weakness|y].
[Fever|y] is a contraindication to patching.
Patients with [fever|y] should not be patched.
In patients with [PDPH|y], [caffeine|y] may help.
Is [fever|y] a contraindication?
What if she develops a [fever|y]?
Should patients with [fever|y] be patched?
34F with [fever|p] 2 days after [LP|p], can I [patch|y]?
Can I patch a patient with [fever|p]?
Can I patch her now that she has a [fever|p]?
Should I patch her despite [fever|p]?
Can I patch a 30-year-old woman on [apixaban|p]?
Can she have an epidural if she takes [aspirin|y]?
Is her [headache|p] due to [CVT|y]?
What if her [headache|y] persists?
She is not on [aspirin|a], so is it safe?
What is the risk of [SDH|y] after a dural puncture?
72M, [headache|p] after LP, on [apixaban|p] 5 mg bd. Is it safe?
Is it safe to patch with [fever|y]?
Would you patch someone who had a [fever|y]?
Why is she still getting [headaches|p] after the patch?
Awaiting [MRI|y].
[Blood patch|y] planned for tomorrow.
She is anxious about [paralysis|y].
If anything the [headache|p] is worse.
"""
OTHERS = r"""
Her mother had [migraine|o].
FHx: [epilepsy|o]
Her mother, who has [migraine|o], says the patient has [fever|p].
Her mother says she has [fever|p].
Partner denies any [seizures|a].
[Migraine|o] in her mother
Mother: [migraine|o]. Father: [DM|o].
Mother has [migraine|o], patient has [PDPH|p].
The neighbour has [flu|o].
No family history of [aneurysm|a].
She delivered a healthy baby on Monday and has had [headache|p] since.
Brought in by husband with [confusion|p].
Mother day 3 post epidural, [headache|p] worse lying flat.
Mum c/o [neck ache|p] when up, baby well.
Mother had [migraine|o].
mother has a history of [DVT|o]
My wife has a [splitting headache|p] after her epidural, what do I do?
17-year-old girl with [PDPH|p].
She works with a girl who had [meningitis|o].
The previous patient on the list had [hepatitis C|o].
None of her siblings has [asthma|o].
His wife has never seen him [fit|a].
"""
SENTENCES = r"""
Dr. Smith saw her. No [fever|a].
temp. 38.5, [rigors|p]
1. No [fever|a]\n2. [Headache|p]\n3. No [rash|a]
No [fever|a]\n[Headache|p] on standing
No [rash|a] (temp. 36.8). [Headache|p] persists.
The patient was seen on the ward round today and told us that she has not had any\n[fever|a] or [rash|a].
"""
CASES = [
    line.replace("\\n", "\n")
    for group in (ABSENT, ONLY_SEEMING, POSSIBLE, TIME, IMAGINED, OTHERS, SENTENCES)
    for line in group.strip().split("\n")
]


def parse(marked: str) -> tuple[str, list[Span], list[Assertion]]:
    text, mentions, wanted, at = "", [], [], 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        mentions.append(Span(len(text), len(text) + len(found[1])))
        wanted.append(LETTERS[found[2]])
        text += found[1]
        at = found.end()
    return text + marked[at:], mentions, wanted


@pytest.mark.parametrize("marked", CASES)
def test_each_mention_is_read_alone_and_with_the_others(marked: str) -> None:
    text, mentions, wanted = parse(marked)
    assert [reading.assertion for reading in READER.read(text, mentions)] == wanted
    alone = [READER.read(text, [mention])[0].assertion for mention in mentions]
    assert alone == wanted


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        (Reading(), Assertion.PRESENT),
        (Reading(temporality=Temporality.HISTORICAL), Assertion.HISTORICAL),
        (Reading(Polarity.POSSIBLE, Temporality.HISTORICAL), Assertion.POSSIBLE),
        (Reading(Polarity.NEGATED, Temporality.HISTORICAL), Assertion.ABSENT),
        (Reading(Polarity.NEGATED, Temporality.HYPOTHETICAL), Assertion.HYPOTHETICAL),
        (
            Reading(Polarity.NEGATED, Temporality.HYPOTHETICAL, Experiencer.OTHER),
            Assertion.SOMEONE_ELSE,
        ),
    ],
)
def test_the_strongest_of_three_becomes_the_assertion(reading: Reading, wanted: Assertion) -> None:
    assert reading.assertion is wanted


def test_a_reading_shows_the_cues_that_decided() -> None:
    text = "Her mother never had migraine."
    (reading,) = READER.read(text, [Span(21, 29)])
    assert reading == Reading(
        Polarity.NEGATED,
        Temporality.RECENT,
        Experiencer.OTHER,
        (Span(0, 10), Span(11, 20)),
    )


@pytest.mark.parametrize(
    "marked", ["[previous caesarean|p] and [fever|p]", "[no-show|p], [fever|p]"]
)
def test_a_cue_in_a_mention_is_part_of_its_name(marked: str) -> None:
    text, mentions, wanted = parse(marked)
    assert [reading.assertion for reading in READER.read(text, mentions)] == wanted


def test_mentions_may_come_in_any_order() -> None:
    text, mentions, wanted = parse("No [fever|a]. [Headache|p]. ?[SDH|q]")
    read = READER.read(text, mentions[::-1])
    assert [reading.assertion for reading in read] == wanted[::-1]


@given(
    st.text(alphabet="no fever?.,;:-+()\n\u2019\u0130\u00df1 ", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
)
def test_any_text_can_be_read(text: str, places: list[tuple[int, int]]) -> None:
    mentions = [
        Span(min(start, len(text)), min(max(start, end), len(text))) for start, end in places
    ]
    readings = READER.read(text, mentions)
    assert len(readings) == len(mentions)
    assert readings == READER.read(text, mentions)
    for reading in readings:
        assert all(len(cue) > 0 and cue.end <= len(text) for cue in reading.cues)


def test_without_cues_everything_is_present(tmp_path: Path) -> None:
    (reading,) = load_cues(tmp_path).read("No fever.", [Span(3, 8)])
    assert reading == Reading()
    assert load_cues(tmp_path) == Assertions()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("cues: [", "while parsing"),
        ("cues:\n  - means: [denied]\n    phrases: nil", "entry cues.0.means.0"),
        ("cues:\n  - meant: [negated]\n    phrases: nil", "entry cues.0.meant"),
        ("cues:\n  - means: [negated]\n    phrases: ''", "entry cues.0.phrases"),
        ("cues:\n  - phrases: nil", "entry cues.0"),
        ("cues:\n  - means: [negated]\n    ends: [turn]\n    phrases: nil", "named 'turn'"),
        ("cues:\n  - means: [negated]\n    phrases: nil <kin>", "named '<kin>'"),
        (
            "cues:\n  - means: [negated]\n    phrases: nil\n  - means: [other]\n    phrases: <stop>",
            "entry cues.1: '<stop>' is no phrase",
        ),
    ],
)
def test_a_fault_names_the_file_and_the_entry(tmp_path: Path, written: str, message: str) -> None:
    path = tmp_path / "lexicon" / "cues.yaml"
    path.parent.mkdir()
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ReadError, match=re.escape(message)) as caught:
        load_cues(tmp_path)
    assert caught.value.path == str(path)
