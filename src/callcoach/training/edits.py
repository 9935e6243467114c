"""Change a labelled call in ways that a judgement should survive: misheard words, other names, fillers, order; and tricks.

A trick makes a poor call look like an explanation without explaining anything. Seeded by call and edit: the same call gives the
same edited call. Knows nothing of judging or of how edited calls are used.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from callcoach.domain.call import Role, Turn
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.judging.wording import words_of
from callcoach.training.corpus import LabelledCall

SEED = 20261122
# of the words a recogniser gets wrong: wrong ones, then lost ones; the rest hears a word too many
SUBSTITUTED, LOST = 0.6, 0.25
# of the wrong words, those that look like the one that was said; the others are any words of the corpus, by how often they fall
LOOKALIKE = 0.5
LEAST_ALIKE = 55.0
FILLED_GAPS = 0.08
LONG_TURN = 8
STUFFED_WORDS = 40
OPENING = CLOSING = 2

FILLERS = ("um,", "uh,", "you know,", "I mean,", "like,", "sort of", "kind of")
_SPLIT = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_CAPITAL = re.compile(r"(?<![.!?:\"“]\s)(?<!^)\b[A-Z][a-z]{2,}\b")
_INVENTED = ("Lantern Choice", "Harrow Plan", "Copperline", "Steady Start", "Bluefin Option", "Northbeam")
_COMPANIES = ("Quillfeather Partners", "Ashgrove Direct", "Meridale Group", "Stonebridge Services")
_CALENDAR_WORDS = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October
November December Okay Yeah English American
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())


class Edited(NamedTuple):
    """A call after an edit, and the initiative it is judged for: another one only where its names were changed too."""

    call: LabelledCall
    initiative: Initiative


@dataclass(frozen=True)
class Vocabulary:
    """The words of a corpus, as often as they fall, and its names: what a recogniser may hear, and who else may be meant."""

    said: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """Each word once, the frequent ones first."""
        return tuple(word for word, _ in Counter(self.said).most_common())

    def misheard(self, word: str, chance: random.Random) -> str:
        """Another word: one that looks like it, or any."""
        if len(word) > 2 and chance.random() < LOOKALIKE:
            alike = _alike(word, self.distinct)
            if alike:
                return chance.choice(alike)
        return chance.choice(self.said)


@lru_cache(maxsize=50_000)
def _alike(word: str, distinct: tuple[str, ...]) -> tuple[str, ...]:
    found = process.extract(word, distinct, scorer=fuzz.ratio, limit=6, score_cutoff=LEAST_ALIKE)
    return tuple(other for other, *_ in found if other != word)


def vocabulary(calls: Sequence[LabelledCall]) -> Vocabulary:
    """What is said in these calls. A name is a capitalised word inside a sentence that nobody ever says in lower case."""
    texts = [turn.text for call in calls if call.base_id is None for turn in call.transcript.turns]
    said = tuple(word for text in texts for word in words_of(text))
    small = {word for text in texts for word in re.findall(r"\b[a-z]+\b", text)}
    names = {name for text in texts for name in _CAPITAL.findall(text)}
    return Vocabulary(said, tuple(sorted(name for name in names if name.lower() not in small and name not in _CALENDAR)))


def misheard(call: LabelledCall, rate: float, words: Vocabulary, *, seed: int = SEED) -> LabelledCall:
    """`rate` (0..1) of all words substituted, lost or doubled by another, in every turn; punctuation stays where it was."""
    chance = _chance(seed, call, f"misheard {rate}")
    heard = [misheard_text(turn.text, rate, words, chance) for turn in call.transcript.turns]
    return _retold(call, f"wer{round(rate * 100):02}", heard)


def misheard_text(text: str, rate: float, words: Vocabulary, chance: random.Random) -> str:
    """`rate` (0..1) of the words of a text substituted, lost or doubled by another; the text itself where none would be left."""
    kept: list[str] = []
    for token in text.split():
        if chance.random() >= rate:
            kept.append(token)
            continue
        kind = chance.random()
        before, word, after = _SPLIT.match(token).groups()  # type: ignore[union-attr]
        if kind < SUBSTITUTED and word:
            other = words.misheard(word.lower(), chance)
            kept.append(f"{before}{other.capitalize() if word[0].isupper() else other}{after}")
        elif kind < SUBSTITUTED + LOST:
            if after and kept and not _SPLIT.match(kept[-1])[3]:  # type: ignore[index]
                kept[-1] += after
        else:
            kept += [token, chance.choice(words.said)]
    return " ".join(kept) or text


def renamed(call: LabelledCall, initiative: Initiative, words: Vocabulary, *, seed: int = SEED) -> Edited:
    """Product, company, people and places called otherwise, in the call and in the initiative alike."""
    chance = _chance(seed, call, "names")
    product, company = chance.choice(_INVENTED), chance.choice(_COMPANIES)
    mapping: dict[str, str] = {}
    for name in sorted({initiative.name, *(term for term in initiative.terms if _is_name(term, initiative))}, key=len)[::-1]:
        mapping[name] = product
    if initiative.company:
        mapping[initiative.company] = company
        mapping.setdefault(initiative.company.split()[0], company.split()[0])
    others = [name for name in words.names if name not in mapping]
    spoken = " ".join(turn.text for turn in call.transcript.turns)
    for name in sorted(set(_CAPITAL.findall(spoken)) & set(words.names)):
        mapping.setdefault(name, chance.choice(others))
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(mapping, key=len)[::-1]), re.IGNORECASE)
    lower = {name.lower(): other for name, other in mapping.items()}

    def told(text: str) -> str:
        return pattern.sub(lambda match: lower[match[0].lower()], text)

    return Edited(
        _retold(call, "names", [told(turn.text) for turn in call.transcript.turns]),
        replace(
            initiative,
            name=product,
            company=company if initiative.company else None,
            terms=tuple(told(term) for term in initiative.terms),
            story=ValueStory(**{part.value: told(initiative.story.of(part)) for part in Component}),
            script=told(initiative.script),
            facts=tuple(told(fact) for fact in initiative.facts),
        ),
    )


def _is_name(term: str, initiative: Initiative) -> bool:
    """Whether a term is the product's own name, not a plain word for what it is: it is capitalised in story or script."""
    texts = " ".join((initiative.script, *(initiative.story.of(part) for part in Component)))
    return re.search(rf"(?<![.!?]\s)(?<!^)\b{re.escape(term.title())}\b", texts) is not None


def filled(call: LabelledCall, *, seed: int = SEED) -> LabelledCall:
    """Fillers in 8% of the gaps between words, whoever speaks."""
    chance = _chance(seed, call, "fillers")

    def told(text: str) -> str:
        words = text.split()
        return " ".join(
            word if not place or chance.random() >= FILLED_GAPS else f"{chance.choice(FILLERS)} {word}"
            for place, word in enumerate(words)
        )

    return _retold(call, "fillers", [told(turn.text) for turn in call.transcript.turns])


def reordered(call: LabelledCall, initiative: Initiative, *, seed: int = SEED) -> LabelledCall | None:
    """The harmless exchanges of a call in another order; None where there are fewer than two.

    Harmless is a rep's turn and the customer's turn after it in which a person tagged nothing and the initiative is not named,
    outside the first and last two turns.
    """
    turns = call.transcript.turns
    names = [name.lower() for name in (initiative.name, *initiative.terms)]

    def harmless(number: int) -> bool:
        text = turns[number].text.lower()
        return not call.tags[number] and not any(name in text for name in names)

    places, number = [], OPENING
    while number + 1 < len(turns) - CLOSING:
        pair = turns[number].role is Role.REP and turns[number + 1].role is Role.CUSTOMER
        if pair and harmless(number) and harmless(number + 1):
            places.append(number)
            number += 1
        number += 1
    if len(places) < 2:
        return None
    shuffled = list(places)
    chance = _chance(seed, call, "reorder")
    while shuffled == places:
        chance.shuffle(shuffled)
    order = list(range(len(turns)))
    for place, other in zip(places, shuffled, strict=True):
        order[place], order[place + 1] = other, other + 1
    return _with_turns(call, "reorder", [turns[place] for place in order], [call.tags[place] for place in order])


def without(call: LabelledCall, removed: Sequence[int], name: str) -> LabelledCall | None:
    """The call without these turns; None where nothing would be left."""
    kept = [place for place in range(len(call.transcript.turns)) if place not in set(removed)]
    if not kept:
        return None
    return _with_turns(call, name, [call.transcript.turns[place] for place in kept], [call.tags[place] for place in kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words in which tricks are played. Calls to learn from use others than the calls to measure with."""

    because: tuple[str, ...]
    parrot: tuple[str, ...]
    questions: tuple[str, ...]
    before_script: tuple[str, ...]


TRIED = Phrases(
    because=("And the reason is because that's what it means for you.", "Because that is why, and because of that it matters."),
    parrot=("So you're saying {said}",),
    questions=("Does that make sense for your business?", "Why does that matter to you?", "So what does that mean for you?"),
    before_script=("Because of that.",),
)


def because(call: LabelledCall, _initiative: Initiative, phrases: Phrases, _chance: random.Random) -> LabelledCall:
    """A sentence with `because` after every rep turn of eight words or more."""
    return _rep_retold(
        call,
        "because",
        lambda place, text: f"{text} {phrases.because[place % len(phrases.because)]}" if len(text.split()) >= LONG_TURN else text,
    )


def story_words(call: LabelledCall, initiative: Initiative, _phrases: Phrases, chance: random.Random) -> LabelledCall:
    """Forty words of wall and part, in no order, at the end of a rep turn."""
    words = [word for part in (Component.WALL, Component.PART) for word in words_of(initiative.story.of(part)) if len(word) > 4]
    chance.shuffle(words)
    chosen = _middle_rep_turn(call)
    return _rep_retold(
        call, "story_words", lambda place, text: f"{text} {' '.join(words[:STUFFED_WORDS])}." if place == chosen else text
    )


def parrot(call: LabelledCall, _initiative: Initiative, phrases: Phrases, _chance: random.Random) -> LabelledCall:
    """Every rep turn begins with the whole of what the customer has just said."""
    turns = call.transcript.turns

    def told(place: int, text: str) -> str:
        if not place or turns[place - 1].role is not Role.CUSTOMER:
            return text
        return f"{phrases.parrot[place % len(phrases.parrot)].format(said=turns[place - 1].text)} {text}"

    return _rep_retold(call, "parrot", told)


def fake_questions(call: LabelledCall, _initiative: Initiative, phrases: Phrases, _chance: random.Random) -> LabelledCall:
    """A question that waits for no answer after every rep turn."""
    return _rep_retold(call, "fake_questions", lambda place, text: f"{text} {phrases.questions[place % len(phrases.questions)]}")


def script_because(call: LabelledCall, initiative: Initiative, phrases: Phrases, chance: random.Random) -> LabelledCall:
    """A rep turn replaced by the whole script, with a connecting word before it."""
    chosen, opening = _middle_rep_turn(call), chance.choice(phrases.before_script)
    script = " ".join(initiative.script.split())
    return _rep_retold(call, "script_because", lambda place, text: f"{opening} {script}" if place == chosen else text)


def story_aloud(call: LabelledCall, initiative: Initiative, _phrases: Phrases, _chance: random.Random) -> LabelledCall:
    """The initiative's own story read out word for word at the end of a rep turn."""
    story = initiative.story.text
    chosen = _middle_rep_turn(call)
    return _rep_retold(call, "story_aloud", lambda place, text: f"{text} {story}" if place == chosen else text)


Trick = Callable[[LabelledCall, Initiative, Phrases, random.Random], LabelledCall]
TRICKS: Mapping[str, Trick] = {
    "because": because,
    "story_words": story_words,
    "parrot": parrot,
    "fake_questions": fake_questions,
    "script_because": script_because,
    "story_aloud": story_aloud,
}


def tricked(call: LabelledCall, initiative: Initiative, name: str, *, phrases: Phrases = TRIED, seed: int = SEED) -> LabelledCall:
    """The call after one of TRICKS, with its old labels and tags."""
    return TRICKS[name](call, initiative, phrases, _chance(seed, call, name))


def _middle_rep_turn(call: LabelledCall) -> int | None:
    """Where a pitch would stand: the rep turn tagged with the hammer first, else the one in the middle."""
    reps = [place for place, _ in call.transcript.turns_of(Role.REP)]
    told = [place for place in reps if Act.HAMMER in call.tags[place]]
    return told[0] if told else reps[len(reps) // 2] if reps else None


def with_text(call: LabelledCall, name: str, texts: Mapping[int, str]) -> LabelledCall:
    """The call with other texts at these turns."""
    return _retold(call, name, [texts.get(place, turn.text) for place, turn in enumerate(call.transcript.turns)])


def _rep_retold(call: LabelledCall, name: str, told: Callable[[int, str], str]) -> LabelledCall:
    turns = call.transcript.turns
    return _retold(
        call, name, [told(place, turn.text) if turn.role is Role.REP else turn.text for place, turn in enumerate(turns)]
    )


def _retold(call: LabelledCall, name: str, texts: Sequence[str]) -> LabelledCall:
    turns = [replace(turn, text=text, words=()) for turn, text in zip(call.transcript.turns, texts, strict=True)]
    return _with_turns(call, name, turns, call.tags)


def _with_turns(call: LabelledCall, name: str, turns: Sequence[Turn], tags: Sequence[frozenset[Act]]) -> LabelledCall:
    call_id = f"{call.call_id}~{name}"
    transcript = replace(call.transcript, call_id=call_id, turns=tuple(turns))
    return replace(call, call_id=call_id, transcript=transcript, tags=tuple(tags))


def _chance(seed: int, call: LabelledCall, name: str) -> random.Random:
    return random.Random(f"{seed} {call.call_id} {name}")
