"""Find the customer's why-questions and what the rep made of them. Knows nothing of models: probabilities are given."""

from dataclasses import dataclass

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import Act, Signals
from callcoach.judging.wording import manner, words_of

ANSWER_TURNS = 3
# a word time may stretch over the silence after it, so a pause is measured from the capped end of the last word
LONGEST_WORD_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyQuestion:
    """A customer turn that asks why (`probability` 0..1) and the rep turns that follow it before the next two questions.

    pause_s: silence between question and answer in seconds, negative where they overlap, None without times.
    """

    turn: int
    probability: float
    answers: tuple[int, ...]
    pause_s: float | None
    hedges: int


def why_questions(transcript: Transcript, signals: Signals, *, at_least: float) -> tuple[WhyQuestion, ...]:
    """The customer turns whose probability to ask why is at least `at_least`, in order."""
    found = []
    reps = [number for number, turn in enumerate(transcript.turns) if turn.role is Role.REP]
    for turn in signals.turns:
        probability = turn.acts.get(Act.ASK, 0.0)
        if probability < at_least:
            continue
        answers = tuple(number for number in reps if number > turn.turn)[:ANSWER_TURNS]
        found.append(
            WhyQuestion(
                turn=turn.turn,
                probability=probability,
                answers=answers,
                pause_s=pause_between(transcript, turn.turn, answers[0]) if answers else None,
                hedges=sum(manner(transcript.turns[number].text).hedges for number in answers[:1]),
            )
        )
    return tuple(found)


def pause_between(transcript: Transcript, first: int, second: int) -> float | None:
    """Seconds of silence between two turns; None without times."""
    turn, reply = transcript.turns[first], transcript.turns[second]
    begin = reply.words[0].start if reply.words else reply.start
    if turn.words:
        last = turn.words[-1]
        end: float | None = min(last.end, last.start + LONGEST_WORD_S)
    else:
        end = turn.end
    return None if begin is None or end is None else round(begin - end, 3)


def asks_something(text: str) -> bool:
    """Whether a turn holds a question of more than a word or two (`Yeah?` is none)."""
    return any(len(words_of(piece)) > 2 for piece in text.replace("!", ".").split(".") if "?" in piece)
