from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from callcoach.domain.call import Transcript, Turn
from callcoach.domain.signals import Act, Signals, TurnSignals
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import BadInput
from callcoach.training.card import CardNotes, Trial, read_evaluation, read_notes, render_card, write_card
from callcoach.training.corpus import CallLabels, LabelledCall
from callcoach.training.evaluate import contrast, evaluate
from callcoach.training.evaluation import Evaluation, Protocol
from callcoach.training.robustness import Outcome, robustness_figures

SURE = Protocol(cross_validated=True, calls_trained_on=0, folds=2)
QUIET = Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False)
NOTHING = dict.fromkeys(Component, Level.ABSENT)


def labelled(
    call_id: str,
    verdict: Verdict,
    *,
    twin_of: str | None = None,
    writer: str = "w1",
    wall: int = 0,
    answer: Answer = Answer.NOT_ASKED,
    tags: tuple[frozenset[Act], ...] = (frozenset({Act.WALL}), frozenset(), frozenset({Act.RECITE})),
) -> LabelledCall:
    turns = (
        Turn(speaker="rep", text="An outage closes the till."),
        Turn(speaker="customer", text="Why?"),
        Turn(speaker="rep", text="It's thirty dollars."),
    )
    return LabelledCall(
        call_id=call_id,
        base_id=twin_of,
        initiative_id="spare-line",
        writer=writer,
        rep="R01",
        transcript=Transcript(call_id=call_id, turns=turns),
        labels=CallLabels(
            verdict=verdict,
            levels={**NOTHING, Component.WALL: Level(wall)},
            asked_why=answer is not Answer.NOT_ASKED,
            answer=answer,
            behaviours=QUIET,
        ),
        tags=tags,
    )


def score(
    call_id: str,
    verdict: Verdict,
    *,
    confidence: float | None = 0.7,
    explains: float = 0.1,
    levels: Mapping[Component, Level] = NOTHING,
    answer: Answer = Answer.NOT_ASKED,
    evidence: tuple[Evidence, ...] = (),
) -> CallScore:
    return CallScore(
        call_id=call_id,
        initiative_id="spare-line",
        verdict=verdict,
        confidence=confidence,
        why_score=None,
        levels=levels,
        asked_why=answer is not Answer.NOT_ASKED,
        answer=answer,
        behaviours=QUIET,
        evidence=evidence,
        probabilities={Verdict.EXPLAINS: explains, Verdict.RECITES: 1 - explains},
        reason="voicemail" if verdict is Verdict.NOT_ASSESSED else None,
    )


def signals(call_id: str, *wall: float) -> Signals:
    turns = tuple(TurnSignals(turn=2 * n, acts={Act.WALL: strength}, closeness={}) for n, strength in enumerate(wall))
    return Signals(call_id=call_id, initiative_id="spare-line", turns=turns, made_by={})


def measured(
    calls: list[LabelledCall], scores: list[CallScore], baselines: Mapping[str, Mapping[str, Verdict]] | None = None
) -> Evaluation:
    by_id = {call_score.call_id: call_score for call_score in scores}
    heard = {call.call_id: signals(call.call_id, 0.9, 0.1) for call in calls}
    return evaluate(calls, by_id, heard, baselines or {}, protocol=SURE)


PAIRED = [
    labelled("a", Verdict.EXPLAINS),
    labelled("b", Verdict.RECITES, writer="w2"),
    labelled("at", Verdict.RECITES, twin_of="a"),
    labelled("at2", Verdict.PARTIAL, twin_of="a"),
    labelled("bt", Verdict.EXPLAINS, twin_of="b", writer="w2"),
]


def test_a_pair_counts_only_with_both_verdicts_right() -> None:
    told = {
        "a": Verdict.EXPLAINS,
        "at": Verdict.RECITES,
        "at2": Verdict.EXPLAINS,
        "b": Verdict.PARTIAL,
        "bt": Verdict.EXPLAINS,
    }
    figures = contrast(PAIRED, told)
    assert figures.pairs == 3
    assert figures.both_right == pytest.approx(1 / 3)
    assert figures.same == pytest.approx(1 / 3)
    assert [(change.base, change.twin, change.pairs, change.both_right) for change in figures.by_change] == [
        (Verdict.EXPLAINS, Verdict.PARTIAL, 1, 0),
        (Verdict.EXPLAINS, Verdict.RECITES, 1, 1),
        (Verdict.RECITES, Verdict.EXPLAINS, 1, 0),
    ]


def test_a_twin_without_its_base_call_is_no_pair() -> None:
    figures = contrast([PAIRED[2]], {"at": Verdict.RECITES})
    assert (figures.pairs, figures.both_right) == (0, None)


def test_verdicts_are_measured_over_all_base_calls_twins_and_writers() -> None:
    scores = [
        score("a", Verdict.EXPLAINS, explains=0.9),
        score("b", Verdict.RECITES, explains=0.2),
        score("at", Verdict.EXPLAINS, explains=0.8),
        score("at2", Verdict.PARTIAL, explains=0.3),
        score("bt", Verdict.EXPLAINS, explains=0.7),
    ]
    verdict = measured(PAIRED, scores).verdict
    assert (verdict.n, verdict.base.n, verdict.twins.n) == (5, 2, 3)
    assert verdict.base.kappa == 1.0
    # twins: 2 of 3 agree; chance: explains 1/3 * 2/3 + partial 1/3 * 1/3 = 1/3
    assert verdict.twins.kappa == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
    # of the 2 x 3 pairs of an explained and another call, 0.9 beats all, 0.7 loses to 0.8
    assert verdict.explains_auc == pytest.approx(5 / 6)
    assert verdict.confusion["recites"]["explains"] == 1
    assert sum(count for row in verdict.confusion.values() for count in row.values()) == 5
    assert {writer: figures.n for writer, figures in verdict.by_writer.items()} == {"w1": 3, "w2": 2}


def test_not_assessed_is_a_wrong_verdict_and_the_first_to_be_left_to_people() -> None:
    calls = [labelled(str(n), Verdict.EXPLAINS if n < 5 else Verdict.RECITES) for n in range(10)]
    scores = [score(str(n), calls[n].labels.verdict, confidence=0.8) for n in range(1, 10)]
    scores.append(score("0", Verdict.NOT_ASSESSED, confidence=None))
    evaluation = measured(calls, scores)
    # 9 of 10 agree; chance: explains 1/2 * 4/10 + recites 1/2 * 5/10
    assert evaluation.verdict.kappa == pytest.approx((0.9 - 0.45) / (1 - 0.45))
    assert evaluation.verdict.confusion["explains"]["not_assessed"] == 1
    assert evaluation.calibration.accuracy == 0.9
    assert evaluation.calibration.accuracy_at_90 == 1.0
    assert evaluation.calibration.n == 9
    assert evaluation.calibration.ece == pytest.approx(0.2)
    assert evaluation.predictions[0].reason == "voicemail"


def test_levels_are_weighted_by_how_far_off_they_are() -> None:
    calls = [labelled(str(n), Verdict.PARTIAL, wall=level) for n, level in enumerate((0, 1, 2))]
    quote = (Evidence(act="wall", turn=0, quote="An outage"),)
    told = [
        score("0", Verdict.PARTIAL),
        score("1", Verdict.PARTIAL, levels={**NOTHING, Component.WALL: Level(1)}, evidence=quote),
        score("2", Verdict.PARTIAL, levels={**NOTHING, Component.WALL: Level(1)}, evidence=quote),
    ]
    wall = measured(calls, told).levels["wall"]
    # squared distance 1 of 3 calls; by chance columns 1,2,0: (1*2 + 1*1 + 1*1*4 + 1*2)/9 over rows of one each
    assert wall.qwk == pytest.approx(1 - (1 / 3) / ((0 + 2 + 1 + 0 + 4 + 2) / 9))
    assert wall.accuracy == pytest.approx(2 / 3)


def test_acts_are_ranked_over_the_turns_of_the_role_that_can_do_them() -> None:
    calls = [labelled("a", Verdict.EXPLAINS), labelled("b", Verdict.RECITES)]
    heard = {"a": signals("a", 0.9, 0.8), "b": signals("b", 0.3)}  # the last turn of b was not measured: 0
    acts = evaluate(calls, {"a": score("a", Verdict.EXPLAINS), "b": score("b", Verdict.RECITES)}, heard, {}, protocol=SURE).acts
    # wall is gold in the first turns: ranked yes 0.9, no 0.8, yes 0.3, no 0
    assert acts["wall"].ap == pytest.approx((1 + 2 / 3) / 2)
    assert (acts["wall"].prevalence, acts["wall"].n) == (0.5, 4)
    assert (acts["ask"].ap, acts["ask"].n) == (None, 2)


def test_quotes_are_looked_up_in_the_turn_they_name() -> None:
    quotes = (
        Evidence(act="wall", turn=0, quote="An outage"),  # tagged so, verbatim
        Evidence(act="hammer", turn=2, quote="thirty dollars"),  # tagged, but as recite
        Evidence(act="ask", turn=1, quote="Why me?"),  # not tagged, not what was said
    )
    evidence = measured([labelled("a", Verdict.EXPLAINS)], [score("a", Verdict.EXPLAINS, evidence=quotes)]).evidence
    assert evidence.quotes == 3
    assert evidence.in_tagged_turns == pytest.approx(2 / 3)
    assert evidence.in_turns_tagged_so == pytest.approx(1 / 3)
    assert evidence.verbatim == pytest.approx(2 / 3)


def test_answers_are_measured_with_and_without_the_calls_that_do_not_ask() -> None:
    given = [Answer.NOT_ASKED, Answer.NOT_ASKED, Answer.FULL, Answer.DEFLECTS]
    told = [Answer.NOT_ASKED, Answer.NOT_ASKED, Answer.FULL, Answer.FULL]
    calls = [labelled(str(n), Verdict.PARTIAL, answer=answer) for n, answer in enumerate(given)]
    evaluation = measured(calls, [score(str(n), Verdict.PARTIAL, answer=answer) for n, answer in enumerate(told)])
    assert evaluation.asked_why.f1 == 1.0
    # 3 of 4 agree; chance: na 1/2 * 1/2 + full 1/4 * 1/2
    assert evaluation.answer.kappa == pytest.approx((3 / 4 - 3 / 8) / (1 - 3 / 8))
    assert evaluation.answer.n_asked == 2
    assert evaluation.answer.kappa_when_asked == pytest.approx(0.0)


def whole_evaluation() -> Evaluation:
    scores = [score(call.call_id, call.labels.verdict) for call in PAIRED]
    never = {call.call_id: Verdict.RECITES for call in PAIRED}
    return measured(PAIRED, scores, baselines={"length": never})


def test_a_baseline_is_held_against_the_same_calls() -> None:
    length = whole_evaluation().baselines["length"]
    assert (length.kappa_base, length.kappa_twins, length.both_right) == (0.0, 0.0, 0.0)


def test_the_json_keeps_the_promised_fields_and_reads_back(tmp_path: Path) -> None:
    evaluation = whole_evaluation()
    body = msgspec.json.encode(evaluation, order="deterministic")
    fields = msgspec.json.decode(body)
    assert fields["calls"] == 5
    assert {"kappa", "macro_f1", "explains_auc", "confusion"} <= fields["verdict"].keys()
    assert set(fields["levels"]) == {"wall", "hammer", "part"}
    assert all("qwk" in figures for figures in fields["levels"].values())
    assert {"wall", "hammer", "part", "recite", "stumble", "answer", "ask", "need"} == set(fields["acts"])
    assert all("ap" in figures for figures in fields["acts"].values())
    assert fields["contrast"]["pairs"] == 3
    assert fields["contrast"]["both_right"] == 1.0
    assert {"in_tagged_turns", "verbatim"} <= fields["evidence"].keys()
    assert {"ece", "accuracy_at_80", "accuracy_at_90"} <= fields["calibration"].keys()
    assert fields["predictions"][0]["call_id"] == "a"
    assert fields["predictions"][0]["verdict"] == "explains"
    (tmp_path / "evaluation.json").write_bytes(body)
    assert read_evaluation(tmp_path / "evaluation.json") == evaluation


def test_a_file_that_is_no_evaluation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evaluation.json").write_text('{"calls": 3}')
    with pytest.raises(BadInput, match="missing required field"):
        read_evaluation(tmp_path / "evaluation.json")


NOTES = """
command = "callcoach train"
evaluation_command = "callcoach evaluate models/corpus --cross-validate"
seed = 7
recipe = "Heads over MiniLM vectors."
limits = ["English only."]
[models]
encoder = "all-MiniLM-L6-v2"
[[tried]]
what = "trees only"
outcome = "twins 0.1 lower"
kept = false
"""


def test_the_card_holds_the_figures_the_notes_and_that_calls_are_written(tmp_path: Path) -> None:
    (tmp_path / "notes.toml").write_text(NOTES)
    notes = read_notes(tmp_path / "notes.toml")
    assert notes.tried == (Trial(what="trees only", outcome="twins 0.1 lower", kept=False),)
    card = render_card(whole_evaluation(), notes)
    assert "**Written calls, not recordings**: 5 of them (2 base calls and 3 contrast twins)" in card
    assert "| **callcoach** | 1.00 | 1.00 | 1.00 |" in card
    assert "| length only | 0.00 | 0.00 | 0.00 |" in card
    assert "`callcoach train`, seed 7" in card
    assert "| trees only | twins 0.1 lower | no |" in card
    assert "- English only." in card
    assert "Apache-2.0" in card
    assert render_card(whole_evaluation(), notes) == card


def test_figures_of_calls_that_were_trained_on_make_no_card() -> None:
    seen = replace(whole_evaluation(), protocol=Protocol(cross_validated=False, calls_trained_on=4))
    notes = CardNotes(command="c", evaluation_command="e", seed=1, recipe="r", models={}, limits=())
    with pytest.raises(BadInput, match="--cross-validate"):
        render_card(seen, notes)


def test_the_card_is_written_from_the_two_files(tmp_path: Path) -> None:
    evaluation = whole_evaluation()
    (tmp_path / "evaluation.json").write_bytes(msgspec.json.encode(evaluation))
    (tmp_path / "notes.toml").write_text(NOTES)
    write_card(tmp_path / "evaluation.json", tmp_path / "notes.toml", tmp_path / "MODEL_CARD.md")
    assert (tmp_path / "MODEL_CARD.md").read_text() == render_card(evaluation, read_notes(tmp_path / "notes.toml"))


def test_notes_with_a_wrong_field_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.toml").write_text(NOTES.replace("seed = 7", 'seed = "seven"'))
    with pytest.raises(BadInput, match=r"notes\.toml: Expected `int`"):
        read_notes(tmp_path / "notes.toml")


def test_the_card_says_what_edited_calls_showed_where_they_were_tried() -> None:
    notes = CardNotes(command="c", evaluation_command="e", seed=1, recipe="r", models={}, limits=())
    explains, recites = Verdict.EXPLAINS, Verdict.RECITES
    outcomes = [
        Outcome("wer10", "a", explains, recites),
        Outcome("wer10", "b", recites, recites, stands=True),
        Outcome("without_quoted", "a", explains, recites),
        Outcome("story_aloud", "b", recites, recites),
    ]
    card = render_card(replace(whole_evaluation(), robustness=robustness_figures(outcomes)), notes)
    assert "| 10% wrong words | 2 | 0.50 |" in card
    assert "| the quoted rep turns removed (should change) | 1 | 1.00 |" in card
    assert "| story aloud | 1 | 0 | 0 |" in card
    assert "Of the verdicts that ask for no person change: 10% wrong words 0.00 of 1." in card
    assert "Of all tries 0.0% reach `explains`" in card
    assert "Of all tries" not in render_card(whole_evaluation(), notes)
