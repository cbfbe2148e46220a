"""What a sentence advises, and what it warns against."""

from functools import cache
from pathlib import Path

import pytest

from assistant.case.facts import load_facts
from assistant.checking.advice import ActionReader, Advice
from assistant.language.lexicon import load_lexicon
from assistant.pathways.loading import load_pathways

CORPUS = Path(__file__).parents[2] / "corpus"
FOR, AGAINST, NAMED = Advice.FOR, Advice.AGAINST, Advice.NAMED


@cache
def reader() -> ActionReader:
    pathways = load_pathways(CORPUS, load_facts(CORPUS).measures)
    concepts = {concept.id: concept for concept in load_lexicon(CORPUS).concepts}
    return ActionReader(pathways.actions, concepts)


@pytest.mark.parametrize(
    ("text", "action", "advice"),
    [
        ("Offer an epidural blood patch 24 to 48 hours after onset.", "epidural-blood-patch", FOR),
        ("Consider a blood patch when headache persists.", "epidural-blood-patch", FOR),
        ("An EBP should be performed early.", "epidural-blood-patch", FOR),
        ("A blood patch is recommended after 72 hours.", "epidural-blood-patch", FOR),
        ("Do not delay the blood patch.", "epidural-blood-patch", FOR),
        ("Do not give a blood patch in fever.", "epidural-blood-patch", AGAINST),
        ("Avoid a second blood patch.", "repeat-blood-patch", AGAINST),
        ("A blood patch is contraindicated in sepsis.", "epidural-blood-patch", AGAINST),
        ("Blood patch should not be done in coagulopathy.", "epidural-blood-patch", AGAINST),
        ("Delay an epidural blood patch in infection.", "epidural-blood-patch", AGAINST),
        ("Discuss with neurosurgery before a blood patch.", "epidural-blood-patch", NAMED),
        ("Discuss with neurosurgery before a blood patch.", "neurosurgical-referral", FOR),
        ("In 504 patients a blood patch gave relief in 75%.", "epidural-blood-patch", NAMED),
        ("Request MRI of the whole spine.", "whole-spine-mri", FOR),
        (
            "Do not perform a lumbar puncture solely to measure pressure.",
            "lumbar-puncture-for-pressure",
            AGAINST,
        ),
        ("Arrange MR venography the same day.", "venography", FOR),
        ("Waiting up to 72 hours is reasonable.", "wait-and-see", FOR),
        ("Bed rest is not recommended.", "strict-bed-rest", AGAINST),
        ("Give caffeine, but avoid bed rest.", "caffeine", FOR),
        ("Give caffeine, but avoid bed rest.", "strict-bed-rest", AGAINST),
    ],
)
def test_advice(text: str, action: str, advice: Advice) -> None:
    found = {mention.action: mention.advice for mention in reader().read(text)}
    assert found.get(action) is advice, found


@pytest.mark.parametrize(
    "text", ["Patchy shadowing on the film.", "A skin patch test.", "The weather is fine."]
)
def test_nothing_is_read_into_other_words(text: str) -> None:
    assert not any(m.advice is FOR for m in reader().read(text))
