"""See what the customer did right after the pitch: how much they said, whether they asked, stayed with it, took up its words.

Context for a reader and no part of any score. Only what was done is told; what was felt is not inferred.
"""

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import Act, Signals, TurnSignals
from callcoach.domain.verdict import Reaction
from callcoach.judging.evidence import times_of
from callcoach.judging.questions import asks_something
from callcoach.judging.wording import content_stems, stem, word_spans, words_of

PITCHING = (Act.HAMMER, Act.PART, Act.RECITE)
PITCHED = 0.5
ASKED = 0.5
ON_THE_STORY = ("wall", "hammer", "part", "facts")
# "Something else" is said only of a turn with so much content that is so far from the story. Experiment, 42 labelled calls: of
# the customers' turns after the pitch 94% come this close, of their first turns, before any pitch, 54%.
CLOSE = 0.2
FEWEST_STEMS = 5


def reaction(transcript: Transcript, signals: Signals) -> Reaction | None:
    """The customer's turn after the strongest pitch; None where nothing was pitched or no customer spoke after it."""
    pitch = max(signals.turns, key=lambda turn: (_pitched(turn), -turn.turn), default=None)
    if pitch is None or _pitched(pitch) < PITCHED:
        return None
    for number in range(pitch.turn + 1, len(transcript.turns)):
        turn = transcript.turns[number]
        if turn.role is Role.CUSTOMER and words_of(turn.text):
            return _reaction(transcript, signals, pitch.turn, number)
    return None


def _pitched(turn: TurnSignals) -> float:
    return max(turn.acts.get(act, 0.0) for act in PITCHING)


def _reaction(transcript: Transcript, signals: Signals, pitch: int, reply: int) -> Reaction:
    turn = transcript.turns[reply]
    heard = signals.turns[reply]
    quote = turn.text.strip()
    begin = turn.text.index(quote)
    start, end = times_of(turn, begin, begin + len(quote))
    asked_why = heard.acts.get(Act.ASK, 0.0) >= ASKED
    took_up = _taken_up(transcript, pitch, reply)
    return Reaction(
        pitch_turn=pitch,
        turn=reply,
        quote=quote,
        words=len(words_of(quote)),
        asked=asked_why or asks_something(quote),
        asked_why=asked_why,
        stayed=_stayed(heard, quote, asked_why or bool(took_up)),
        took_up=took_up,
        start=start,
        end=end,
    )


def _stayed(heard: TurnSignals, quote: str, certainly: bool) -> bool | None:
    """Whether the turn is still about the pitch: a why, a word of it, closeness to the story; None where it says too little."""
    if certainly:
        return True
    if len(content_stems(quote)) < FEWEST_STEMS:
        return None
    return max((heard.closeness.get(name, 0.0) for name in ON_THE_STORY), default=0.0) >= CLOSE


def _taken_up(transcript: Transcript, pitch: int, reply: int) -> tuple[str, ...]:
    """The customer's words that stand in the pitch and that the customer had not said before, in their order."""
    turns = transcript.turns
    before = (content_stems(turn.text) for turn in turns[:pitch] if turn.role is Role.CUSTOMER)
    told = frozenset().union(*(content_stems(turns[number].text) for number in range(pitch, reply)))
    new = (content_stems(turns[reply].text) & told) - frozenset().union(*before)
    said: dict[str, str] = {}
    for begin, end in word_spans(turns[reply].text):
        word = turns[reply].text[begin:end]
        root = stem(word.lower().replace("’", "'"))
        if root in new:
            said.setdefault(root, word)
    return tuple(said.values())
