"""Many calls at once: the bytes of one by one, on the judge that ships; and a bad call takes no other along."""

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import CallScore
from callcoach.errors import WeightsAltered
from callcoach.judging.features import OUTCOMES
from callcoach.judging.groundwork import GROUNDWORK, lay
from callcoach.judging.heads import CallHeads
from callcoach.judging.overlap import _GAP, _MISMATCH, _lookalike, _runs
from callcoach.judging.verdict import score
from callcoach.judging.verdict_many import Judged, Measured, judge_many, score_many
from callcoach.language.heads import read_call_heads
from callcoach.testing import make_call
from callcoach.weights.locate import locate

STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out go to the next shop.", hammer="We text them.", part="Your own missed calls."),
    script="Hi, we have a new service called CatchBack that texts everybody who could not reach you within ten seconds.",
    facts=("Nine dollars a month",),
)
SAID = (
    "rep 0:00 Hi, what happens when everybody is busy and the phone keeps ringing in the back? "
    "/ customer 0:08 We lose them, I think we lost two weddings in May. Why do you ask? "
    "/ rep 0:15 We have a new service called CatchBack that texts everybody who could not reach you. It is nine dollars a month. "
    "/ customer 0:30 What would that do for me? / rep 0:34 The two brides would have had a text before they rang the next shop."
)


@pytest.fixture(scope="module")
def judge() -> CallHeads:
    return read_call_heads(locate("judge"))


def measured(seed: int, transcript: Transcript | None = None) -> Measured:
    """A call with signals thrown by dice."""
    dice = np.random.default_rng(seed)
    transcript = transcript or make_call(SAID, call_id=f"call-{seed}")
    turns = []
    for number, turn in enumerate(transcript.turns):
        rep = turn.speaker == "rep"
        acts: tuple[Act, ...] = REP_ACTS if rep else CUSTOMER_ACTS
        names = ("wall", "hammer", "part", "script", "facts", "makes_sense", "not_answered", "fits")
        turns.append(
            TurnSignals(
                turn=number,
                acts={act: round(float(dice.random()), 4) for act in acts},
                closeness={name: round(float(dice.random()), 4) for name in names},
                sentences=(SentenceSignals(begin=0, end=len(turn.text), closeness={"wall": 0.3, "hammer": 0.2, "part": 0.1}),),
                link=number - 1 if rep and number else None,
                link_strength=0.4 if rep and number else None,
                explained={each.value: round(float(dice.random()), 4) for each in Component} if rep else {},
            )
        )
    signals = Signals(
        call_id=transcript.call_id,
        initiative_id=STORY.id,
        turns=tuple(turns),
        made_by={"acts": "dice"},
        outcomes={name: round(float(dice.random()), 4) for name in OUTCOMES},
    )
    return Measured(transcript, STORY, signals)


def written(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def test_many_at_once_are_the_bytes_of_one_by_one(judge: CallHeads) -> None:
    calls = [measured(seed) for seed in range(60)]
    # nothing to judge, a leader, and a call judged in the middle of others
    calls.insert(7, measured(900, make_call("rep 0:00 Hello? / customer 0:02 Wrong number.", call_id="short")))
    leader = " ".join(["we text everybody who could not reach a shop within ten seconds because they ring the next one"] * 3)
    calls.insert(20, measured(901, make_call(f"leader 0:00 {leader}", call_id="leader")))
    at_once = list(score_many(calls, judge))
    one_by_one = [score(*call[:3], judge) for call in calls]
    assert [written(each) for each in at_once] == [written(each) for each in one_by_one]
    assert len({each.verdict for each in one_by_one}) >= 3
    assert written(next(score_many(calls[5:6], judge))) == written(one_by_one[5])


def test_a_bad_call_takes_no_other_along(judge: CallHeads) -> None:
    good, other = measured(1), measured(2)
    cut = good._replace(signals=replace(good.signals, turns=good.signals.turns[:-1]))
    first, bad, last = score_many([good, cut, other], judge)
    assert isinstance(bad, ValueError) and "another transcript" in str(bad)
    assert isinstance(first, CallScore) and isinstance(last, CallScore)
    assert list(score_many([], judge)) == []


def judged(calls: list[Measured], judge: CallHeads) -> list[Judged]:
    found = list(judge_many(calls, judge))
    assert all(isinstance(one, Judged) for one in found)
    return [one for one in found if isinstance(one, Judged)]


def some_calls() -> list[Measured]:
    """Calls to judge, one with nothing to judge, a leader's, one with times and a why that waits for its answer."""
    leader = " ".join(["we text everybody who could not reach a shop within ten seconds because they ring the next one"] * 3)
    return [
        *(measured(seed) for seed in range(25)),
        measured(900, make_call("rep 0:00 Hello? / customer 0:02 Wrong number.", call_id="short")),
        measured(901, make_call(f"leader 0:00 {leader}", call_id="leader")),
    ]


def test_what_is_kept_gives_the_bytes_of_judging_from_nothing(judge: CallHeads) -> None:
    calls = some_calls()
    one_by_one = [written(score(*call[:3], judge)) for call in calls]
    first = judged(calls, judge)
    kept = [call._replace(kept=one.groundwork) for call, one in zip(calls, first, strict=True)]
    again = judged(kept, judge)
    assert all(call.kept for call in kept) and not any(one.groundwork for one in again)
    assert [written(one.score) for one in first] == [written(one.score) for one in again] == one_by_one
    halves = judged([*kept[:9], *calls[9:]], judge)
    assert [written(one.score) for one in halves] == one_by_one
    assert [one.groundwork is None for one in halves] == [True] * 9 + [False] * (len(calls) - 9)


def test_another_judge_weighs_the_kept_rows_anew(judge: CallHeads) -> None:
    calls = some_calls()
    kept = [call._replace(kept=one.groundwork) for call, one in zip(calls, judged(calls, judge), strict=True)]
    surer = replace(judge, verdict=replace(judge.verdict, sharpness=3.0), fingerprint="surer")
    by_other = judged(kept, surer)
    assert [written(one.score) for one in by_other] == [written(score(*call[:3], surer)) for call in calls]
    assert any(one.score.confidence != two.score.confidence for one, two in zip(by_other, judged(calls, judge), strict=True))
    # its own word is kept in the place of the first one's, and holds
    assert all(one.groundwork for one in by_other[:25]) and not any(one.groundwork for one in by_other[25:])
    anew = [call._replace(kept=one.groundwork or call.kept) for call, one in zip(kept, by_other, strict=True)]
    assert not any(one.groundwork for one in judged(anew, surer))
    # a judge without a name is never taken for the one that was asked
    nameless = replace(judge, fingerprint="")
    assert all(one.groundwork for one in judged(kept[:3], nameless))
    unnamed = [call._replace(kept=one.groundwork) for call, one in zip(calls, judged(calls[:3], nameless), strict=False)]
    assert all(one.groundwork for one in judged(unnamed, nameless))


def test_what_cannot_be_read_or_has_other_columns_is_made_again(judge: CallHeads) -> None:
    call = measured(3)
    (fresh,) = judged([call], judge)
    assert fresh.groundwork is not None
    (mended,) = judged([call._replace(kept=b"\xc1 nothing")], judge)
    assert written(mended.score) == written(fresh.score) and mended.groundwork == fresh.groundwork
    head = judge.verdict
    renamed = replace(judge, verdict=replace(head, names=("other", *head.names[1:])), fingerprint="renamed")
    (failed,) = judge_many([call._replace(kept=fresh.groundwork)], renamed)
    assert isinstance(failed, WeightsAltered)


def test_the_groundwork_of_a_call_is_the_one_that_was_kept_under_this_number(judge: CallHeads) -> None:
    call = measured(3)
    (found,) = judged([call], judge)
    laid = lay(*call[:3])
    assert laid.rows is not None
    numbers = [round(float(value), 6) for value in (*laid.rows.call.plain[0], *laid.rows.conduct.plain[0])]
    said = written(laid.groundwork).decode()
    # where this fails, old databases hold something else: raise GROUNDWORK, then change both
    assert (GROUNDWORK, fingerprint(numbers, laid.rows.conduct.names, said)) == (1, "e5acbcb66445d8bb")
    assert found.score.names_heard == ("CatchBack",)


def _whole_table(said: list[str | None], script: tuple[str, ...]) -> tuple[int, int, int, int, int] | None:
    """Smith-Waterman as it is written in books, every cell of it."""
    if not script or len(set(said) & set(script)) < 3:
        return None
    before = [(0.0, 0, 0, 0)] * (len(script) + 1)
    best = (0.0, 0, 0, 0, 0, 0)
    for row, word in enumerate(said):
        current = [(0.0, row + 1, 0, 0)]
        for column, other in enumerate(script):
            corner = before[column] if before[column][0] > 0 else (0.0, row, column, 0)
            if word is None:
                current.append((0.0, row + 1, column + 1, 0))
                continue
            if word == other:
                cell = (corner[0] + 1.0, corner[1], corner[2], corner[3] + 1)
            elif corner[0] > 0 and _lookalike(word, other):
                cell = (corner[0] + 0.8, corner[1], corner[2], corner[3] + 1)
            else:
                cell = (corner[0] + _MISMATCH, *corner[1:])
            for neighbour in (before[column + 1], current[column]):
                if neighbour[0] + _GAP > cell[0]:
                    cell = (neighbour[0] + _GAP, *neighbour[1:])
            if cell[0] <= 0:
                cell = (0.0, row + 1, column + 1, 0)
            elif cell[0] > best[0]:
                best = (cell[0], cell[1], row + 1, cell[2], column + 1, cell[3])
            current.append(cell)
        before = current
    return best[1:] if best[0] > 0 else None


WORDS = st.sampled_from(["a", "b", "c", "d", "call", "calls", "text", "texts", "shop"])


@given(st.lists(st.one_of(WORDS, st.none()), max_size=24), st.lists(WORDS, max_size=24).map(tuple), st.integers(2, 5))
def test_copied_runs_are_those_of_the_whole_table(said: list[str | None], script: tuple[str, ...], shortest: int) -> None:
    expected, left = [], list(said)
    while len(expected) < 4:
        run = _whole_table(left, script)
        if run is None or run[4] < shortest:
            break
        expected.append(run)
        left[run[0] : run[1]] = [None] * (run[1] - run[0])
    assert [tuple(run) for run in _runs(list(said), script, shortest)] == expected
