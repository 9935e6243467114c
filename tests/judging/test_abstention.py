import random
from dataclasses import replace

import pytest
from judging_values import BACKUP, judge, signals

from callcoach import judging
from callcoach.domain.call import RoleFinding, RoleSource, Turn
from callcoach.domain.verdict import Answer, Verdict
from callcoach.judging.abstention import NEEDS_PERSON_BELOW, needs_person, smallest_threshold
from callcoach.testing import make_call

CALL = make_call(
    "rep 0:02 Hi Dale, when did your internet last go down? / customer 0:08 Saturday, for two hours. / "
    "rep 0:12 There's a second line now, over the mobile network, and it takes over within seconds, so nobody has to wait. / "
    "customer 0:30 And what for?",
    call_id="dale",
)


def probabilities(first, share, second, rest):
    return {first: share, second: rest, Verdict.NOT_RAISED: 1 - share - rest}


def test_an_unsure_verdict_goes_to_a_person_with_the_two_likeliest():
    unsure = probabilities(Verdict.RECITES, NEEDS_PERSON_BELOW - 0.12, Verdict.PARTIAL, 0.31)
    why = needs_person(CALL, Verdict.RECITES, unsure, False, Answer.NOT_ASKED)
    assert why is not None and why.endswith("that the rep recites; next comes that the rep explains in part (31%).")
    assert (
        needs_person(CALL, Verdict.RECITES, probabilities(Verdict.RECITES, 0.9, Verdict.PARTIAL, 0.1), False, Answer.NOT_ASKED)
        is None
    )


@pytest.mark.parametrize(
    ("verdict", "asked", "answer", "said"),
    [
        (Verdict.NOT_RAISED, True, Answer.PARTIAL, "asks why, yet the initiative seems not to come up"),
        (Verdict.EXPLAINS, True, Answer.NONE, "seems to get no answer"),
        (Verdict.EXPLAINS, True, Answer.DEFLECTS, "seems to get no answer"),
        (Verdict.EXPLAINS, True, Answer.PARTIAL, None),
        (Verdict.NOT_RAISED, False, Answer.NOT_ASKED, None),
    ],
)
def test_a_judgement_whose_parts_contradict_each_other_goes_to_a_person(verdict, asked, answer, said):
    why = needs_person(CALL, verdict, {verdict: 0.95}, asked, answer)
    assert (why is None) == (said is None) and (said is None or said in (why or ""))


def test_a_call_with_many_words_of_nobody_knows_whom_goes_to_a_person():
    nobody = replace(
        CALL, turns=(*CALL.turns, Turn(speaker="unknown", text="one two three four five six seven eight nine ten eleven"))
    )
    why = needs_person(nobody, Verdict.RECITES, {Verdict.RECITES: 0.95}, False, Answer.NOT_ASKED)
    assert why is not None and why.startswith("It is not known who says ")


@pytest.mark.parametrize(
    ("source", "confidence", "doubted"),
    [
        (RoleSource.GIVEN, 0.01, True),  # labels that fit badly
        (RoleSource.GIVEN, 0.6, False),
        (RoleSource.GIVEN, None, False),  # too little was said to tell
        (RoleSource.HEARD, 0.96, False),  # would not have been told below 0.95
    ],
)
def test_labels_that_hardly_fit_what_is_said_go_to_a_person(source, confidence, doubted):
    call = replace(CALL, roles=RoleFinding(source=source, confidence=confidence))
    why = needs_person(call, Verdict.RECITES, {Verdict.RECITES: 0.95}, False, Answer.NOT_ASKED)
    assert (why is not None) is doubted


def test_the_score_carries_the_sentence_and_a_sure_one_carries_none():
    sure = judging.score(CALL, BACKUP, signals(CALL, {2: {"hammer": 0.9}}), judge("facts_only", "010"))
    assert sure.needs_person is None and sure.confidence is not None and sure.confidence >= NEEDS_PERSON_BELOW
    asked = judging.score(CALL, BACKUP, signals(CALL, {3: {"ask": 0.9}}), judge("not_raised", "000", asked="yes"))
    assert asked.needs_person is not None and asked.reaction is None


def test_the_smallest_threshold_is_found():
    confidences = [0.9, 0.8, 0.7, 0.6, 0.5]
    right = [True, True, False, True, False]
    found = smallest_threshold(confidences, right, wanted=0.75)
    assert found is not None
    assert (found.confidence, found.kept, found.accuracy) == (0.6, 0.8, 0.75)


def test_calls_of_one_confidence_stay_together():
    assert smallest_threshold([0.8, 0.8], [True, False], wanted=0.9) is None
    found = smallest_threshold([0.8, 0.8], [False, True], wanted=0.5)
    assert found is not None and found.kept == 1.0


def test_no_threshold_reaches_what_nothing_reaches_and_none_is_needed_where_all_are_right():
    assert smallest_threshold([0.9, 0.8], [False, False], wanted=0.5) is None
    assert smallest_threshold([], [], wanted=0.9) is None
    found = smallest_threshold([0.9, 0.2], [True, True], wanted=0.9)
    assert found is not None and (found.confidence, found.kept) == (0.2, 1.0)
    with pytest.raises(ValueError, match="do not go together"):
        smallest_threshold([0.9], [], wanted=0.9)


def test_it_is_the_smallest_whatever_the_order():
    chance = random.Random(7)
    pairs = [(round(chance.random(), 2), chance.random() < 0.6) for _ in range(300)]
    found = smallest_threshold([c for c, _ in pairs], [r for _, r in pairs], wanted=0.6)
    wanted = [
        level
        for level in sorted({c for c, _ in pairs})
        if (kept := [r for c, r in pairs if c >= level]) and sum(kept) >= 0.6 * len(kept)
    ]
    assert (found.confidence if found else None) == (wanted[0] if wanted else None)
