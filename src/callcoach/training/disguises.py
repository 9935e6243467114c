"""Set edited copies of calls beside the calls, so that the judge learns what changes nothing. Knows nothing of features.

Misheard words, harmless exchanges in another order, phrases that sound like reasons, a story's words in a row: the labels stay.
A script or story read out is reciting, whatever stands around it. Seed, phrases and amounts are others than those that robustness
is measured with.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from callcoach.domain.call import Role
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level, Verdict
from callcoach.judging.wording import words_of
from callcoach.training.corpus import Corpus, LabelledCall
from callcoach.training.edits import Phrases, misheard, reordered, tricked, vocabulary, with_text

SEED = 20261005
# every call gets a misheard copy, and one with its harmless turns in another order; these shares of them get a tricked one
TRICKED_BASE, TRICKED_TWINS = 0.5, 0.25
RATES = (0.06, 0.12, 0.18)
POOR = (Verdict.RECITES, Verdict.FACTS_ONLY, Verdict.STUMBLES)

LEARNT = Phrases(
    because=(
        "So that's the reason why we did it.",
        "And because of that, it's something that helps you.",
        "That's why this is so important for people like you.",
        "Which means it's all for you, because you're the customer.",
    ),
    parrot=("Okay, so what I'm hearing is {said}", "Right, {said}", "You said {said} I understand."),
    questions=(
        "How does that sound?",
        "Can you see how that helps you?",
        "What would that mean for somebody like you?",
        "Do you know why we do that?",
    ),
    before_script=("That's why.", "Right, so the reason is this.", "And what that means is.", "So."),
)


def disguised_calls(corpus: Corpus) -> tuple[LabelledCall, ...]:
    """Misheard and reordered copies of the calls and tricked ones of some, by the seed. call_id is `<call>~<edit>`."""
    words = vocabulary(corpus.calls)
    copies: list[LabelledCall] = []
    for call in corpus.calls:
        chance = random.Random(f"{SEED} {call.call_id}")
        initiative = corpus.stories[call.initiative_id]
        copies.append(misheard(call, chance.choice(RATES), words, seed=SEED))
        other_order = reordered(call, initiative, seed=SEED)
        if other_order:
            copies.append(other_order)
        if chance.random() < (TRICKED_TWINS if call.base_id is not None else TRICKED_BASE):
            copies.append(_tricked(call, initiative, chance))
    return tuple(copies)


def _tricked(call: LabelledCall, initiative: Initiative, chance: random.Random) -> LabelledCall:
    tricks = ["because", "fake_questions", "parrot", "words", "words"]
    if call.labels.verdict in POOR:
        tricks += ["script", "story", "story"]
    trick = chance.choice(tricks)
    if trick == "words":
        return _with_words(call, initiative, chance)
    if trick == "script":
        return _read(call, f"{chance.choice(LEARNT.before_script)} {' '.join(initiative.script.split())}", chance)
    if trick == "story":
        parts = chance.sample(list(Component), chance.choice((1, 2, 3, 3)))
        return _read(
            call, " ".join(" ".join(initiative.story.of(part).split()) for part in Component if part in parts), chance, parts
        )
    return tricked(call, initiative, trick, phrases=LEARNT, seed=SEED)


def _with_words(call: LabelledCall, initiative: Initiative, chance: random.Random) -> LabelledCall:
    """Words of the story, long and short, in no order, after one rep turn: nothing is told by them."""
    words = [word for part in Component for word in words_of(initiative.story.of(part)) if chance.random() < 0.8 or len(word) > 5]
    chance.shuffle(words)
    chosen = _any_rep_turn(call, chance)
    if chosen is None:
        return call
    said = f"{call.transcript.turns[chosen].text} {' '.join(words[: chance.randint(12, 45)])}."
    return with_text(call, "words", {chosen: said})


def _read(call: LabelledCall, text: str, chance: random.Random, parts: Sequence[Component] = tuple(Component)) -> LabelledCall:
    """A script or story read out after a rep turn: that turn recites, and a call without any why is one that recites."""
    chosen = _any_rep_turn(call, chance)
    if chosen is None:
        return call
    read = with_text(call, "read", {chosen: f"{call.transcript.turns[chosen].text} {text}"})
    tags = {Act.RECITE, *(Act(part.value) for part in parts)}
    levels = {part: max(level, Level.MENTIONED) if part in parts else level for part, level in call.labels.levels.items()}
    verdict = Verdict.RECITES if call.labels.verdict is Verdict.FACTS_ONLY else call.labels.verdict
    return replace(
        read,
        tags=tuple(acts | tags if place == chosen else acts for place, acts in enumerate(call.tags)),
        labels=replace(call.labels, verdict=verdict, levels=levels),
    )


def _any_rep_turn(call: LabelledCall, chance: random.Random) -> int | None:
    reps = [place for place, _ in call.transcript.turns_of(Role.REP)]
    return chance.choice(reps) if reps else None
