"""Say in checkable sentences what a judgement rests on: turns, counts, copied words. Knows nothing of heads.

Turns are counted from 0, as in the transcript JSON and the evidence.
"""

from collections.abc import Mapping, Sequence

from callcoach.domain.signals import Act, Signals
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, CopiedRun, Level, Verdict
from callcoach.judging.questions import WhyQuestion

_TOLD = 0.5
_NAMES = {
    Component.WALL: "The wall (the problem behind it)",
    Component.HAMMER: "The hammer (what the company does about it)",
    Component.PART: "The part (why it matters to this customer)",
}
_LEVELS = {Level.MENTIONED: "is mentioned in general words", Level.EXPLAINED: "is explained"}
_ANSWERS = {
    Answer.FULL: "was answered",
    Answer.PARTIAL: "was answered in part",
    Answer.DEFLECTS: "was put off with something else",
    Answer.NONE: "got no answer",
}
_CONCLUSIONS = {
    Verdict.EXPLAINS: "So the customer heard why this exists and why it matters to them.",
    Verdict.PARTIAL: "So part of the why came across.",
    Verdict.RECITES: "So the talk track was delivered without linking it to the customer.",
    Verdict.FACTS_ONLY: "So the customer heard what it is, and not why.",
    Verdict.STUMBLES: "So the rep tried or was asked, and could not connect it.",
    Verdict.NOT_RAISED: "So the rep did not present the initiative.",
}


def statements(
    verdict: Verdict,
    levels: Mapping[Component, Level],
    signals: Signals,
    questions: Sequence[WhyQuestion],
    answer: Answer,
    copied: CopiedRun | None,
) -> tuple[str, ...]:
    """The chain from what was said to the verdict."""
    chain = [_component(component, level, signals) for component, level in levels.items()]
    if copied is None:
        chain.append("Nothing was copied from the script.")
    else:
        share = round(100 * copied.share_of_turn)
        chain.append(f"Longest run copied from the script: {copied.words} words in turn {copied.turn}, where {share}% is script.")
    recited = _turns_with(signals, Act.RECITE)
    if recited:
        chain.append(f"Read out or canned: {_listed(recited)}.")
    stumbled = _turns_with(signals, Act.STUMBLE)
    if stumbled:
        chain.append(f"Hesitates or cannot connect: {_listed(stumbled)}.")
    if questions:
        asked = _listed([question.turn for question in questions])
        chain.append(f"The customer asked why or what it means for them in {asked}, and {_ANSWERS[answer]}.")
        pauses = [question.pause_s for question in questions if question.pause_s is not None and question.pause_s > 1.5]
        if pauses:
            chain.append(f"The pause before the answer was {max(pauses):.1f} seconds.")
    else:
        chain.append("The customer did not ask why.")
    linked = [turn.turn for turn in signals.turns if turn.acts.get(Act.PART, 0.0) >= _TOLD and turn.link is not None]
    if linked and levels.get(Component.PART, Level.ABSENT) > Level.ABSENT:
        turn = next(turn for turn in signals.turns if turn.turn == linked[-1])
        chain.append(f"Turn {turn.turn} builds on what the customer said in turn {turn.link}.")
    return (*chain, _CONCLUSIONS[verdict])


def _component(component: Component, level: Level, signals: Signals) -> str:
    if level is Level.ABSENT:
        return f"{_NAMES[component]} is not told."
    turns = _turns_with(signals, Act(component.value))
    if not turns:
        strongest = max(signals.turns, key=lambda turn: turn.acts.get(Act(component.value), 0.0))
        turns = [strongest.turn]
    return f"{_NAMES[component]} {_LEVELS[level]} in {_listed(turns)}."


def _turns_with(signals: Signals, act: Act) -> list[int]:
    return [turn.turn for turn in signals.turns if turn.acts.get(act, 0.0) >= _TOLD]


def _listed(turns: Sequence[int]) -> str:
    if len(turns) == 1:
        return f"turn {turns[0]}"
    return f"turns {', '.join(map(str, turns[:-1]))} and {turns[-1]}"
