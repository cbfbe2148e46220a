"""The general English that the guard knows: which words mean the same, and which say nothing.

Terms of a field belong in its lexicon. A group holds only words that may stand for each other in a
guideline without changing what it says; when in doubt a word stays out, and the quote is shown.
"""

from functools import cache, lru_cache
from typing import Any

from assistant.language.mentions import fold

# Words that add no claim: articles, pronouns, auxiliaries, light verbs, who says it and how.
_EMPTY = frozenset(
    "a an the this that these those it its itself they them their he him his whose which who whom "
    "what there here and but so yet also too thus therefore however while whereas of in on at by "
    "to from with for into onto upon as via about among amongst per is are was were be been being "
    "am do does did done doing have has had having will would shall such s "
    "patient patients person people individual individuals anyone someone those ones one's "
    "give gives gave given giving get gets got receive receives received receiving undergo "
    "undergoes undergone underwent perform performs performed performing make makes made making "
    "carry carried carrying out take takes took taken taking put use uses used using "
    "say says said saying state states stated stating report reports reported reporting note "
    "notes noted according find finds found describe describes described show shows showed shown "
    "see sees seen occur occurs occurred occurring happen happens happened experience experienced "
    "come comes came case cases one bring brings brought develop develops developed "
    "developing".split()
)

# One group a line; the irregular forms of a verb stand in one too.
_ALIKE = """
begin start commence onset began begun
stop cease discontinue
continue persist last
return recur
settle resolve clear remit subside disappear gone
improve better improvement
worsen worse deteriorate aggravate
increase raise rise elevate heighten
reduce lower decrease lessen diminish fewer reduction
ease relieve relief alleviate
complete completely full fully entire entirely total totally
partial partially
incomplete incompletely
quick quickly fast faster rapid rapidly
usual usually general generally typical typically commonly mostly
often frequent frequently
sometimes occasionally
rare rarely seldom uncommon
every each all
immediate immediately instantly
much far
exclude rule
suspect suspicion
confirm confirmation
prove proof proven
diagnose diagnosis
examine examination
assess assessment evaluate evaluation
ask enquire inquire
explain explanation
suggest suggestion
think thought
treat treatment
manage management
follow followed
avoid avoidance
obtain acquire
delay postpone defer
need require requirement
change alter alteration
differ difference different
same equal identical
meet met fulfil fulfill
restrict limit restriction cap
accept allow permit leave left
accompany accompanied
link associate association
likely probable
probability likelihood
danger dangerous
safe safety
suitable appropriate
child children paediatric pediatric
woman women
man men
pregnancy pregnant
stand rise rose risen stood
lie lay lain laid
drowsy drowsiness
confuse confusion
operate operation
inject injection
place placement
site location
volume amount
rate frequency
mean average
double twice
attribute attribution
rely reliance
bleed bleeding haemorrhage hemorrhage bled
numb numbness
weak weakness
visual vision
attempt try
fail failure
succeed success
grow growth enlarge enlargement grew grown
die dead death
benefit beneficial
markedly substantially considerably
earlier previous previously preceding
another other
further additional
quote cite
discuss discussion
day daily
week weekly
show appear
choose chosen chose
keep kept
hold held
bring brought
drive drove driven
draw drew drawn
know known knew
wear wore worn
seek sought
lose lost loss
tell told
feel felt
send sent
rethink rethought reconsider
break broke broken
arise arose arisen
puncture punctured
patch patched
image imaging
postural orthostatic
recover recovery
survive survival
remove removal
refer referral
compare comparison
decide decision
define definition
respond response
identify identification
apply application
vary variation
uncertain unclear uncertainty
resemble mimic
work effective effectively
necessary needed
indicate indication
persist persistent persistence
severe severity
describe description
detect detection
localise localisation locate
assume assumption
attend attendance
combine combination
expect expectation
infect infection
observe observation
prefer preference
react reaction
require necessitate
respond responsive
separate separately
"""


def fold_word(word: str) -> str:
    """A word as it is compared: its group, or its stem."""
    stem = _stem(fold(word))
    return _groups().get(stem, stem)


def is_empty(word: str) -> bool:
    """Whether the word adds no claim."""
    return word in _EMPTY


@cache
def _groups() -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in _ALIKE.strip().splitlines():
        stems = [_stem(fold(word)) for word in line.split()]
        for stem in stems:
            groups.setdefault(stem, groups.get(stems[0], stems[0]))
    return groups


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word)
    return stem
