"""The rep's words that come nearest to a component of a story, told or not. Knows nothing of models or verdicts."""

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence
from callcoach.judging.evidence import times_of
from callcoach.judging.wording import words_of

_FEWEST_WORDS = 4


def nearest_quote(transcript: Transcript, signals: Signals, component: Component) -> Evidence | None:
    """The sentence of the rep's (or leader's) with the greatest closeness, which is its `strength`. None: nothing is said."""
    best: tuple[float, int, int, int] | None = None
    for measured in signals.turns:
        turn = transcript.turns[measured.turn]
        if turn.role not in (Role.REP, Role.LEADER):
            continue
        for sentence in measured.sentences:
            close = sentence.closeness.get(component.value)
            long_enough = len(words_of(turn.text[sentence.begin : sentence.end])) >= _FEWEST_WORDS
            if close is not None and long_enough and (best is None or close > best[0]):
                best = close, measured.turn, sentence.begin, sentence.end
    if best is None:
        return None
    closeness, number, begin, end = best
    start, stop = times_of(transcript.turns[number], begin, end)
    text = transcript.turns[number].text[begin:end]
    return Evidence(act=component.value, turn=number, quote=text, start=start, end=stop, strength=round(closeness, 4))
