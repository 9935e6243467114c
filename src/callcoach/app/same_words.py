"""Look through the latest calls of each rep for words that several customers heard alike. Knows nothing of how they are found.

Only the words of the calls are read from the store, no word times: those are read for the few calls that are shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from callcoach.coaching.one_call import MOMENTS_SHOWN
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.coaching import Moment, SaidAgain
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.domain.verdict import CallScore, Verdict
from callcoach.judging.evidence import times_of
from callcoach.judging.same_words import SpokenCall, repeated_passages
from callcoach.storage.store import Store

LATEST = timedelta(weeks=6)
MOST_CALLS = 2_000
"""Of one rep: as many as are compared in seconds."""

MOST_PASSAGES = 2
"""Of one rep and initiative: one to talk about, and one more."""

_NOT_TOLD = (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)


def said_again(
    store: Store,
    calls: Sequence[Call],
    scores: Sequence[CallScore],
    initiatives: Sequence[Initiative],
    transcript_key: Callable[[Call], str],
) -> tuple[SaidAgain, ...]:
    """What each rep said in the same words to different customers in the last six weeks of calls, by rep and initiative.

    transcript_key: names the transcript of a call that was judged.
    """
    latest = _latest(calls)
    known = {call.call_id: call for call in latest}
    told: dict[tuple[str, str], list[Call]] = {}
    stories = {initiative.id: initiative for initiative in default_rubrics(initiatives)}
    for score in scores:
        call = known.get(score.call_id)
        if call is not None and call.rep_id is not None and score.initiative_id in stories and score.verdict not in _NOT_TOLD:
            told.setdefault((call.rep_id, score.initiative_id), []).append(call)
    found: list[SaidAgain] = []
    by_rep: dict[str, list[str]] = {}
    for rep_id, initiative_id in sorted(told):
        by_rep.setdefault(rep_id, []).append(initiative_id)
    for rep_id, initiative_ids in by_rep.items():
        # one rep's words at a time: a year of a large team need not fit into memory
        wanted = {call.call_id: transcript_key(call) for each in initiative_ids for call in told[rep_id, each]}
        texts = store.texts(wanted)
        for initiative_id in initiative_ids:
            heard = [call for call in told[rep_id, initiative_id] if call.call_id in texts][-MOST_CALLS:]
            found += _of_one(rep_id, stories[initiative_id], heard, texts)
    return tuple(_with_times(found, store, known, transcript_key))


def _latest(calls: Sequence[Call]) -> list[Call]:
    """Customer calls of the last weeks in order; a call without a day is none of them."""
    days = [call.day for call in calls if call.day is not None]
    if not days:
        return []
    since = max(days) - LATEST
    customer = [call for call in calls if call.kind is CallKind.CUSTOMER_CALL and call.day is not None and call.day >= since]
    return sorted(customer, key=lambda call: (str(call.day), call.call_id))


def _of_one(rep_id: str, initiative: Initiative, calls: Sequence[Call], texts: Mapping[str, Transcript]) -> Iterator[SaidAgain]:
    in_order = sorted(calls, key=lambda call: (str(call.day), call.call_id))
    spoken = [SpokenCall(call.customer_name or call.call_id, texts[call.call_id]) for call in in_order]
    for passage in repeated_passages(spoken, initiative)[:MOST_PASSAGES]:
        yield SaidAgain(
            rep_id=rep_id,
            initiative_id=initiative.id,
            words=passage.words,
            customers=passage.customers,
            in_script=passage.in_script,
            said=tuple(
                _moment(in_order[telling.call], texts, initiative.id, telling.turn, telling.begin, telling.end)
                for telling in passage.tellings
            ),
        )


def _moment(call: Call, texts: Mapping[str, Transcript], initiative_id: str, turn: int, begin: int, end: int) -> Moment:
    said = texts[call.call_id].turns[turn]
    return Moment(
        call_id=call.call_id,
        initiative_id=initiative_id,
        started_at=call.started_at,
        turn=turn,
        start=said.start,
        end=said.end,
        quote=said.text[begin:end],
        customer_name=call.customer_name,
        rep_id=call.rep_id,
    )


def _with_times(
    found: Sequence[SaidAgain], store: Store, calls: Mapping[str, Call], transcript_key: Callable[[Call], str]
) -> Iterator[SaidAgain]:
    """The moments that are shown with the times of their words, where the transcript has them."""
    for again in found:
        timed = {}
        for moment in again.said[-MOMENTS_SHOWN:]:
            transcript = store.transcript(moment.call_id, transcript_key(calls[moment.call_id]))
            if transcript is not None:
                turn = transcript.turns[moment.turn]
                begin = turn.text.index(moment.quote)
                start, end = times_of(turn, begin, begin + len(moment.quote))
                timed[moment.call_id] = replace(moment, start=start, end=end)
        yield replace(again, said=tuple(timed.get(moment.call_id, moment) for moment in again.said))
