from collections import Counter

import pytest

from callcoach.domain.verdict import Verdict
from callcoach.judging.sampling import Candidate, sample

VERDICTS = (Verdict.EXPLAINS, Verdict.RECITES, Verdict.RECITES, Verdict.RECITES, Verdict.NOT_RAISED, Verdict.STUMBLES)


def candidates(n: int = 120) -> list[Candidate]:
    return [
        Candidate(
            call_id=f"c{number:03}",
            rep_id=f"R{number % 7}",
            verdict=VERDICTS[number % len(VERDICTS)],
            confidence=0.3 if number % 20 == 0 else 0.9,
            named=True,
            words=100 + number,
        )
        for number in range(n)
    ]


def test_every_verdict_rep_and_length_is_there_and_the_least_sure_are():
    known = {each.call_id: each for each in candidates()}
    picks = sample(list(known.values()), 24, seed=3)

    assert len({pick.call_id for pick in picks}) == 24
    assert {known[pick.call_id].verdict for pick in picks} == set(VERDICTS)
    assert {known[pick.call_id].rep_id for pick in picks} == {f"R{number}" for number in range(7)}
    assert sum(known[pick.call_id].confidence < 0.5 for pick in picks) >= 6
    reasons = Counter(pick.why.split(":")[0] for pick in picks)
    assert reasons["at random"] == 6 and reasons["the judge is unsure"] == 6 and reasons["of its kind"] == 12


def test_a_rare_verdict_is_not_drowned_by_a_common_one():
    common = [
        Candidate(call_id=f"n{n}", rep_id="R1", verdict=Verdict.NOT_RAISED, confidence=0.9, named=False, words=9)
        for n in range(200)
    ]
    rare = [
        Candidate(call_id=f"e{n}", rep_id="R2", verdict=Verdict.EXPLAINS, confidence=0.9, named=True, words=9) for n in range(4)
    ]
    picks = sample([*common, *rare], 20, seed=1)

    assert {f"e{n}" for n in range(4)} <= {pick.call_id for pick in picks}


def test_the_seed_decides_and_the_order_of_the_calls_does_not():
    known = candidates()

    assert sample(known, 20, seed=5) == sample(known[::-1], 20, seed=5)
    assert sample(known, 20, seed=5) != sample(known, 20, seed=6)


def test_calls_the_judge_has_not_judged_are_told_apart_by_whether_the_name_is_in_them():
    unjudged = [
        Candidate(call_id=f"c{n:02}", rep_id=None, verdict=None, confidence=None, named=n < 3, words=50 + n) for n in range(30)
    ]
    picks = sample(unjudged, 12, seed=1)

    assert {"c00", "c01", "c02"} <= {pick.call_id for pick in picks}


def test_a_voicemail_is_never_picked_and_too_few_calls_are_all_taken():
    silent = Candidate(call_id="v", rep_id="R1", verdict=Verdict.NOT_ASSESSED, confidence=None, named=False, words=3)

    assert sorted(pick.call_id for pick in sample([*candidates(6), silent], 20, seed=1)) == [f"c{n:03}" for n in range(6)]
    assert sample([silent], 5, seed=1) == ()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_small_rounds_have_as_many_calls_as_asked(n):
    assert len(sample(candidates(), n, seed=2)) == n
