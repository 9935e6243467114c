"""What the words of one side of a call say about who it is, as numbers. Knows nothing of labels, models or verdicts.

Every number is something a person can point at: an introduction, a price, "we built", "what would that do for me". None of them
is who speaks first: whether the rep opens is a matter of who rang whom.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Initiative
from callcoach.judging.role_habits import NAMES_THAT_ARE_WORDS, ONCE, OPENING, PATTERNS, PLACES
from callcoach.judging.wording import content_stems, stem, words_of

SCRIPT_RUN = 4
# a rate over fewer words than this is mostly chance, so it is drawn toward nothing
STEADY_WORDS = 40
OPENING_TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCues:
    """What is known beforehand of what a rep says and of who is called what; all in lower case without punctuation.

    offers and companies: names as phrases. script: runs of four word stems. stems: content words of scripts and facts.
    rep_names, customer_names: full names and what is said for short. rung_by_customer: the customer made the call.
    """

    offers: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    script: frozenset[tuple[str, ...]] = frozenset()
    stems: frozenset[str] = frozenset()
    rep_names: tuple[str, ...] = ()
    customer_names: tuple[str, ...] = ()
    rung_by_customer: bool = False

    @property
    def fingerprint(self) -> str:
        """Content address: the same cues give the same sixteen digits."""
        lists = (self.offers, self.companies, [list(run) for run in self.script], self.stems, self.rep_names, self.customer_names)
        return fingerprint(*(sorted(part) for part in lists), self.rung_by_customer)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The turns of one side in order: each its place in the call, and its words with a blank before and after."""

    turns: tuple[tuple[int, str], ...]

    @property
    def n_words(self) -> int:
        """How many words the side says."""
        return sum(text.count(" ") - 1 for _, text in self.turns)


def cues_of(
    initiatives: Iterable[Initiative],
    *,
    rep_names: Iterable[str] = (),
    customer_names: Iterable[str] = (),
    direction: str | None = None,
) -> RoleCues:
    """The cues in `initiatives`; rep_names: the rep and the colleagues, full names.

    customer_names: persons or companies, as the manifest has them. A name of both sides tells nothing and is left out.
    direction: the manifest's `inbound` for a call that the customer made.
    """
    offers: set[str] = set()
    companies: set[str] = set()
    script: set[tuple[str, ...]] = set()
    stems: set[str] = set()
    for initiative in initiatives:
        spellings = (form for entry in initiative.glossary for form in (entry.term, *entry.heard_as))
        offers |= {_phrase(term) for term in (initiative.name, *initiative.terms, *spellings)}
        companies |= set(_short_forms(initiative.company or ""))
        script |= set(_runs(words_of(initiative.script)))
        stems |= content_stems(" ".join((initiative.script, *initiative.facts)))
    reps = {form for name in rep_names for form in _names(name)}
    customers = {form for name in customer_names for form in (*_short_forms(name), *_names(name))}
    return RoleCues(
        offers=tuple(sorted(offers - companies - {""})),
        companies=tuple(sorted(companies)),
        script=frozenset(script),
        stems=frozenset(stems),
        rep_names=tuple(sorted(reps - customers)),
        customer_names=tuple(sorted(customers - reps - companies)),
        rung_by_customer=(direction or "").strip().lower() == "inbound",
    )


def spoken(turns: Iterable[tuple[int, str]]) -> Spoken:
    """(place in the call, text) pairs made comparable: case and punctuation gone, as some recognisers never write them."""
    normal = ((place, words_of(text)) for place, text in turns)
    return Spoken(tuple((place, f" {' '.join(words)} ") for place, words in normal if words))


def _phrase(text: str) -> str:
    return " ".join(words_of(text))


def _names(name: str) -> list[str]:
    words = words_of(name)
    return [" ".join(words), words[0]] if len(words) > 1 and len(words[0]) > 2 else [" ".join(words)] if words else []


def _short_forms(name: str) -> list[str]:
    """`dunmore pell legal services`, `dunmore pell`, `dunmore`: people say as much of a name as is needed."""
    words = words_of(name)
    forms = {" ".join(words)}
    if len(words) > 2 and words[1] not in ("and", "of", "the"):
        forms.add(" ".join(words[:2]))
    if words and len(words[0]) >= 5 and content_stems(words[0]):
        forms.add(words[0])
    return sorted(forms - {""})


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    stems = [stem(word) for word in words]
    return [tuple(stems[place : place + SCRIPT_RUN]) for place in range(len(stems) - SCRIPT_RUN + 1)]


_COMPILED = [re.compile(rf"(?<= )(?:{pattern})(?= )") for pattern in PATTERNS.values()]
_CUED = ("offer", "company", "opens_with_company", "script", "stems", "own_name", "others_name")
_SHAPE = ("turn_length", "short_turns")
_BETWEEN = ("names_offer_first", "names_company_first", "talk")
FEATURES: tuple[str, ...] = (*PATTERNS, *_CUED, *_SHAPE, *_BETWEEN)

# what somebody does all through a call, whatever share of it they have
HABITS = frozenset(PATTERNS) - frozenset(ONCE) | {"script", "stems", "turn_length"}


def contrast(one: Spoken, other: Spoken, cues: RoleCues) -> tuple[float, ...]:
    """How one side differs from the other, a number per name in FEATURES; swapping the sides turns every sign exactly."""
    mine, theirs = _alone(one, cues), _alone(other, cues)
    between = (
        _sooner(_first_place(one, cues.offers), _first_place(other, cues.offers)),
        _sooner(_first_place(one, cues.companies), _first_place(other, cues.companies)),
        math.log(one.n_words + STEADY_WORDS) - math.log(other.n_words + STEADY_WORDS),
    )
    return (*(mine[name] - theirs[name] for name in FEATURES[: -len(_BETWEEN)]), *between)


def _alone(side: Spoken, cues: RoleCues) -> dict[str, float]:
    n_words = side.n_words
    opening = side.turns[:OPENING_TURNS]
    counts = [_counts(text) for _, text in side.turns]
    told: dict[str, float] = {}
    for name, at_first, all_through in zip(PATTERNS, _summed(counts[:OPENING_TURNS]), _summed(counts), strict=True):
        number = at_first if name in OPENING else all_through
        told[name] = math.log1p(number) if name in ONCE else _rate(number, n_words)
    self_rep, spoken_rep = _named(side, cues.rep_names)
    self_customer, spoken_customer = _named(side, cues.customer_names)
    lengths = [text.count(" ") - 1 for _, text in side.turns]
    told |= {
        "offer": math.log1p(sum(_mentions(text, cues.offers) for _, text in side.turns)),
        "company": math.log1p(sum(_mentions(text, cues.companies) for _, text in side.turns)),
        "opens_with_company": float(any(_mentions(text, cues.companies) for _, text in opening)),
        "script": math.sqrt(_rate(sum(_copied(text, cues.script) for _, text in side.turns), n_words)),
        "stems": _rate(sum(len(content_stems(text) & cues.stems) for _, text in side.turns), n_words),
        "own_name": math.log1p(self_rep) - math.log1p(self_customer),
        "others_name": math.log1p(spoken_customer) - math.log1p(spoken_rep),
        "turn_length": math.log1p(n_words / len(lengths)) if lengths else 0.0,
        "short_turns": sum(length <= 3 for length in lengths) / (len(lengths) + 3),
    }
    return told


@lru_cache(maxsize=20_000)
def _counts(text: str) -> tuple[int, ...]:
    """How often each of PATTERNS is there, in order."""
    return tuple(sum(1 for _ in pattern.finditer(text)) for pattern in _COMPILED)


def _summed(counts: Sequence[tuple[int, ...]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)] or [0] * len(_COMPILED)


def _rate(number: float, n_words: int) -> float:
    return STEADY_WORDS * number / (n_words + STEADY_WORDS)


def _mentions(text: str, phrases: Sequence[str]) -> int:
    return sum(text.count(f" {phrase} ") for phrase in phrases)


def _first_place(side: Spoken, phrases: Sequence[str]) -> int | None:
    return next((place for place, text in side.turns if _mentions(text, phrases)), None)


def _sooner(one: int | None, other: int | None) -> float:
    if one is None or other is None:
        return 0.5 * ((other is None) - (one is None))
    return 1.0 if one < other else -1.0 if other < one else 0.0


@lru_cache(maxsize=20_000)
def _copied(text: str, script: frozenset[tuple[str, ...]]) -> int:
    """How many words stand in a run of four that the script has too."""
    words = text.split()
    copied: set[int] = set()
    for place, run in enumerate(_runs(words)):
        if run in script:
            copied |= set(range(place, place + SCRIPT_RUN))
    return len(copied)


def _named(side: Spoken, names: Sequence[str]) -> tuple[int, int]:
    """How often a side introduces itself by one of the names, and how often it says one otherwise."""
    if not names:
        return 0, 0
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    introducing = re.compile(
        rf"(?:this is|it's|it is|my name is|my name's|i'm|i am|speaking this is)(?: uh| um)*(?: it's)? (?:{any_name})\b"
        rf"|\b(?:{any_name}) (?:\w+ )?{PLACES} "
    )
    itself = sum(len(introducing.findall(text)) for _, text in side.turns)
    said = re.compile(rf" (?:{'|'.join(re.escape(name) for name in names if name not in NAMES_THAT_ARE_WORDS) or '$^'})(?='s | )")
    everything = sum(len(said.findall(introducing.sub("", text))) for _, text in side.turns)
    return itself, everything
