"""Make of each labelled call the calls it could have been: cut short, misheard, cut up wrongly, picked up by somebody else.

What tells the rep in written calls must not be that written calls are whole, punctuated, and opened by the rep. Seeded: the same
corpus gives the same examples. Knows nothing of features or fitting.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from callcoach.domain.call import Role, Transcript, Turn
from callcoach.judging.role_cues import RoleCues, cues_of
from callcoach.training.corpus import Corpus, LabelledCall

SEED = 20261122
WORDS_A_SECOND = 2.5
LOST_WORDS = 0.08
# of short turns, those that diarization gives to the wrong voice
MISPLACED = 0.12
SHORT_TURN = 6
# of one voice's turns, those that diarization takes for another's
CUT = 0.3

_INTRODUCTION = re.compile(
    r"(?:[Tt]his is|[Ii]t's|[Mm]y name is|[Ii]'m)[, ]+(?:(?:uh|um|it's),? )*([A-Z][a-z]+)\b"
    r"|\b([A-Z][a-z]+)(?:,? (?:over |down |up )?(?:with|from|at)\b|, (?=[A-Z]))"
)
_BUSINESSES = (
    "Pinehurst Dental",
    "Calloway Tire",
    "Harbor Street Bakery",
    "Ostrander Roofing",
    "Lindqvist Accounting",
    "Bluebird Preschool",
    "Varga Auto Body",
    "Northgate Animal Hospital",
    "Mendel and Sons",
    "The Copper Kettle",
    "Three Rivers Freight",
    "Saint Anselm Clinic",
)
_PEOPLE = ("Janet", "Luis", "Karl", "Priya", "Monique", "Doug", "Teresa", "Hank", "Amina", "Steve", "Olga", "Wendell")
_PICKED_UP = (
    "Hello?",
    "Yeah, hello.",
    "Hello, this is {person}.",
    "{business}.",
    "{business}, this is {person}.",
    "Good morning, {business}, {person} speaking, how can I help you?",
    "Thank you for calling {business}, this is {person}, how may I help you?",
    "{business}, can you hold a second? Okay, thanks for holding.",
)
_SERVED = (
    "Thank you for calling {company}, this is {person}, how can I help you today?",
    "{company}, {person} speaking.",
    "Thanks for calling {company}. My name is {person}. Who am I speaking with?",
    "Good afternoon, this is {person}, what can I do for you?",
)
_RANG = (
    "Hi, yeah, I'm calling about my account.",
    "Hi {person}, I got a letter from you guys and I have a question.",
    "Yes, hello, I'm a customer of yours, and I need some help with my bill.",
    "Hey. Somebody called me from this number.",
    "Hi, my name is {other}, I was told to call you.",
)
_RECORDED = (
    "You've reached {person}. Leave a message after the tone.",
    "Hi, this is {person}, I can't come to the phone right now. Leave your name and number and I'll call you back.",
    "The person you are calling is not available. Please leave a message at the tone.",
    "Thank you for calling {business}. Our office is closed. For directions press one. To leave a message, stay on the line.",
    "Your call has been forwarded to a voice mailbox. {person} is not available. At the tone, please record your message.",
)
_LEFT = (
    "",
    "",
    "",
    "I'll try you again tomorrow.",
    "Give me a call back when you can. Thanks.",
    "My number is on our site. Bye.",
)


class RoleExample(NamedTuple):
    """One form of a call, its speakers rightly labelled, and what would be known beforehand; `form` names what was done to it."""

    call: LabelledCall
    form: str
    transcript: Transcript
    cues: RoleCues


class _Known(NamedTuple):
    """What is known of a call before it is heard."""

    company: str
    with_names: RoleCues
    without: RoleCues


def role_examples(corpus: Corpus, forms: Sequence[str] | None = None) -> Iterator[RoleExample]:
    """Every base call in each of the forms (default: all); twins share their words with base calls and are left out."""
    for call, known in _known_calls(corpus):
        if call.base_id is None:
            for form in forms or tuple(_FORMS):
                yield _example(call, form, known)


def twin_examples(corpus: Corpus) -> Iterator[RoleExample]:
    """Every contrast twin as it is written."""
    for call, known in _known_calls(corpus):
        if call.base_id is not None:
            yield _example(call, "whole", known)


def cut_voice(example: RoleExample) -> RoleExample:
    """The call as diarization gives it that hears two voices where there is one: the rep's in some calls, else the customer's."""
    chance = random.Random(f"{SEED} {example.call.call_id} cut")
    side = chance.choice(("rep", "customer"))
    turns = tuple(
        replace(turn, speaker=f"{side}9") if turn.speaker == side and chance.random() < CUT else turn
        for turn in example.transcript.turns
    )
    return example._replace(form="cut_voice", transcript=replace(example.transcript, turns=turns))


def form_names() -> tuple[str, ...]:
    """What can be done to a call."""
    return tuple(_FORMS)


def nobody_known(transcript: Transcript) -> Transcript:
    """The labels as they stand before anybody asked: unknown, unknown2, by first appearance."""
    names: dict[str, str] = {}
    for turn in transcript.turns:
        names.setdefault(turn.speaker, f"unknown{len(names) + 1}" if names else "unknown")
    return replace(transcript, turns=tuple(replace(turn, speaker=names[turn.speaker]) for turn in transcript.turns), roles=None)


def _known_calls(corpus: Corpus) -> Iterator[tuple[LabelledCall, _Known]]:
    for labelled in corpus.initiatives:
        names = _rep_names(labelled.calls)
        company = labelled.initiative.company or ""
        bare = cues_of([labelled.initiative])
        for call in labelled.calls:
            own = names.get(call.rep)
            full = cues_of([labelled.initiative], rep_names=[own]) if own else bare
            yield call, _Known(company, full, bare)


def _rep_names(calls: Sequence[LabelledCall]) -> dict[str, str]:
    """What each rep is called, from how they introduce themselves over all their calls."""
    heard: dict[str, Counter[str]] = {}
    for call in calls:
        first = next((turn.text for turn in call.transcript.turns if turn.role is Role.REP), "")
        for match in _INTRODUCTION.finditer(first):
            heard.setdefault(call.rep, Counter())[match[1] or match[2]] += 1
    return {rep: min(counted, key=lambda name: (-counted[name], name)) for rep, counted in heard.items()}


def _example(call: LabelledCall, form: str, known: _Known) -> RoleExample:
    chance = random.Random(f"{SEED} {call.call_id} {form}")
    if form.startswith("nameless"):
        cues = RoleCues()
    elif form in ("whole", "heard"):
        cues = known.with_names if chance.random() < 0.5 else known.without
    else:
        cues = chance.choice((known.with_names, known.without, RoleCues(), RoleCues()))
    transcript = replace(call.transcript, turns=_FORMS[form](call.transcript.turns, known.company, chance), roles=None)
    return RoleExample(call, form, transcript, cues)


def _whole(turns: tuple[Turn, ...], _company: str, _chance: random.Random) -> tuple[Turn, ...]:
    return turns


def _heard(turns: tuple[Turn, ...], _company: str, chance: random.Random) -> tuple[Turn, ...]:
    """As a plain recogniser prints it: lower case, no punctuation, some words lost."""
    return tuple(replace(turn, text=_misheard(turn.text, chance)) for turn in turns)


def _misheard(text: str, chance: random.Random) -> str:
    words = re.sub(r"[^\w\s'’]", " ", text.lower()).split()
    return " ".join(word for word in words if chance.random() >= LOST_WORDS) or " ".join(words)


def _first_30_s(turns: tuple[Turn, ...], _company: str, _chance: random.Random) -> tuple[Turn, ...]:
    return _window(turns, 0, 30)


def _first_60_s(turns: tuple[Turn, ...], _company: str, _chance: random.Random) -> tuple[Turn, ...]:
    return _window(turns, 0, 60)


def _middle_60_s(turns: tuple[Turn, ...], _company: str, chance: random.Random) -> tuple[Turn, ...]:
    return _window(turns, chance.randint(len(turns) // 5, max(len(turns) // 5, len(turns) * 3 // 5)), 60)


def _window(turns: tuple[Turn, ...], begin: int, seconds: int) -> tuple[Turn, ...]:
    left, kept = round(seconds * WORDS_A_SECOND), []
    for turn in turns[begin:]:
        words = turn.text.split()[:left]
        kept.append(replace(turn, text=" ".join(words)))
        left -= len(words)
        if left <= 0:
            break
    return tuple(kept)


def _misplaced(turns: tuple[Turn, ...], company: str, chance: random.Random) -> tuple[Turn, ...]:
    """As diarization gives it: short turns go to the wrong voice, neighbours of one voice are one turn."""
    joined: list[Turn] = []
    for turn in _heard(turns, company, chance):
        short = len(turn.text.split()) <= SHORT_TURN
        if short and joined and chance.random() < MISPLACED:
            turn = replace(turn, speaker=joined[-1].speaker)
        if joined and joined[-1].speaker == turn.speaker:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {turn.text}")
        else:
            joined.append(turn)
    return tuple(joined)


def _picked_up(turns: tuple[Turn, ...], _company: str, chance: random.Random) -> tuple[Turn, ...]:
    """The customer answers the telephone first, as whoever is called does."""
    answer = chance.choice(_PICKED_UP).format(business=chance.choice(_BUSINESSES), person=chance.choice(_PEOPLE))
    return (Turn(speaker="customer", text=answer), *turns)


def _rang_in(turns: tuple[Turn, ...], company: str, chance: random.Random) -> tuple[Turn, ...]:
    """The customer called: the rep's opening and what was said to it give way to a service greeting."""
    first = next((place for place, turn in enumerate(turns) if turn.role is Role.REP), 0)
    person, other = chance.sample(_PEOPLE, 2)
    greeting = Turn(speaker="rep", text=chance.choice(_SERVED).format(company=company, person=person))
    reply = Turn(speaker="customer", text=chance.choice(_RANG).format(person=person, other=other))
    return (greeting, reply, *turns[first + 2 :])


def _voicemail(turns: tuple[Turn, ...], _company: str, chance: random.Random) -> tuple[Turn, ...]:
    """A machine answers, and the rep speaks the first of what was to be said."""
    greeting = chance.choice(_RECORDED).format(business=chance.choice(_BUSINESSES), person=chance.choice(_PEOPLE))
    said = " ".join([turn.text for turn in turns if turn.role is Role.REP][:2])
    return Turn(speaker="customer", text=greeting), Turn(speaker="rep", text=f"{said} {chance.choice(_LEFT)}".strip())


def _listens(turns: tuple[Turn, ...], _company: str, chance: random.Random) -> tuple[Turn, ...]:
    """The rep says little: each of the rep's turns ends early, until the customer has half of the words or more."""
    customers = sum(len(turn.text.split()) for turn in turns if turn.role is not Role.REP)
    share = chance.uniform(0.25, 0.5)
    allowed = customers * share / (1.0 - share)
    longest = max((len(turn.text.split()) for turn in turns if turn.role is Role.REP), default=1)
    while longest > 3 and sum(min(longest, len(turn.text.split())) for turn in turns if turn.role is Role.REP) > allowed:
        longest -= 1
    return tuple(replace(turn, text=" ".join(turn.text.split()[:longest])) if turn.role is Role.REP else turn for turn in turns)


_Form = Callable[[tuple[Turn, ...], str, random.Random], tuple[Turn, ...]]
_FORMS: dict[str, _Form] = {
    "whole": _whole,
    "heard": _heard,
    "nameless": _whole,
    "nameless_heard": _heard,
    "first_30_s": _first_30_s,
    "first_60_s": _first_60_s,
    "middle_60_s": _middle_60_s,
    "misplaced": _misplaced,
    "picked_up": _picked_up,
    "rang_in": _rang_in,
    "listens": _listens,
    "voicemail": _voicemail,
}
