"""An invented company's calls as a store keeps them: calls and scores with quotes. Knows nothing of the store."""

from collections.abc import Iterator
from datetime import date, datetime, time

from callcoach.bench.company.world import Seen
from callcoach.coaching.columns import NO_OUTCOME
from callcoach.coaching.measures import told_of
from callcoach.domain.call import Call, Transcript, Turn, Word
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Behaviours, CallScore, Conduct, Evidence, Level, Verdict

_MINUTES = ("", "3", "9", "20")
_SAID = "We counted the calls on your own line between eleven and two, and every fourth of them rang out with nobody free."
_ASKED = "And what would that do for us that the person at our counter does not do already?"


def stored(seen: Seen) -> Iterator[tuple[Call, CallScore]]:
    """Each row as a call of its own and its score."""
    columns = seen.columns
    for row in range(len(columns.rep)):
        call_id = f"call-{row:06d}"
        won, code = int(columns.won[row]), int(columns.code[row])
        call = Call(
            call_id=call_id,
            content=call_id,
            started_at=datetime.combine(date.fromordinal(int(columns.day[row])), time(9)),
            rep_id=columns.reps[columns.rep[row]],
            team=columns.teams[columns.team_of_rep[columns.rep[row]]],
            customer_name="Kimball Tire",
            direction="outbound",
            outcome=None if won == NO_OUTCOME else "won" if won else "lost",
            extra={"minutes": _MINUTES[columns.length[row]], "stage": columns.kinds[columns.kind[row]]},
        )
        yield call, _score(call_id, columns.initiatives[columns.initiative[row]], code)


def _score(call_id: str, initiative_id: str, code: int) -> CallScore:
    told = told_of(code)
    if told.verdict is Verdict.NOT_ASSESSED:
        levels = dict.fromkeys(Component, Level.ABSENT)
        evidence: tuple[Evidence, ...] = ()
    else:
        levels = dict(told.levels)
        spoken = [component.value for component, level in levels.items() if level] + [Act.RECITE.value, Act.STUMBLE.value]
        evidence = tuple(
            quote
            for place, act in enumerate(spoken)
            for quote in (
                Evidence(act=Act.NEED, turn=4 * place + 1, quote=_ASKED, start=40.0 * place, end=40.0 * place + 9),
                Evidence(
                    act=act,
                    turn=4 * place + 2,
                    quote=_SAID,
                    start=40.0 * place + 10,
                    end=40.0 * place + 19,
                    reply_to=4 * place + 1,
                ),
            )
        )
    return CallScore(
        call_id=call_id,
        initiative_id=initiative_id,
        verdict=told.verdict,
        confidence=None if told.verdict is Verdict.NOT_ASSESSED else 0.8,
        why_score=None if told.verdict is Verdict.NOT_ASSESSED else 50.0,
        levels=levels,
        asked_why=told.asked_why,
        answer=told.answer,
        behaviours=Behaviours(
            offer_hunting=told.behaviours.offer_hunting,
            feature_dump=False,
            diagnosed_first=told.behaviours.diagnosed_first,
        ),
        evidence=evidence,
        conduct=Conduct(talk_share=0.6, longest_monologue_s=40.0, questions_asked=5, words_per_minute=150.0),
        statements=("The customer was told what it is.", "No reason was given that fits the customer."),
        reason="The rep reached a voicemail." if told.verdict is Verdict.NOT_ASSESSED else None,
        versions={"judge": "1", "rubric": "1"},
    )


_TALK = (
    "So on an ordinary week we have two people at the counter and one in the back, and at lunch it is just the one of us.",
    "Right, and when it rings while somebody is being served, what happens with that call as far as you can tell?",
)


def words_of(score: CallScore, *, minutes: float) -> Transcript:
    """Words of so many minutes in which every quote of the score stands where it says; with times only from five minutes on."""
    turns = max(int(minutes * 6), 1 + max((quote.turn for quote in score.evidence), default=0))
    quotes = {quote.turn: quote.quote for quote in score.evidence}
    return Transcript(
        call_id=score.call_id,
        turns=tuple(_turn(number, quotes.get(number, _TALK[number % 2]), timed=minutes >= 5) for number in range(turns)),
        language="en",
        duration=10.0 * turns,
    )


def _turn(number: int, text: str, *, timed: bool) -> Turn:
    start, spoken = 10.0 * number, text.split()
    words = (
        Word(text=word, start=round(start + 0.3 * place, 2), end=round(start + 0.3 * place + 0.25, 2), probability=0.97)
        for place, word in enumerate(spoken)
    )
    speaker = "rep" if number % 2 == 0 else "customer"
    return Turn(speaker=speaker, text=text, start=start, end=start + 9.5, words=tuple(words) if timed else ())
