import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from callcoach.app.evaluate import evaluate_folder, evaluation_json
from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import Act, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Level, Verdict
from callcoach.errors import BadCorpus

INITIATIVE = """\
id: {id}
name: Spare Line
company: Testing Telecom
industry: telecom
growth_driver: customers
launched: 2026-10-05
terms: [spare line]
value_story: {{wall: An outage closes the till., hammer: A second line takes over., part: Ask what the last outage cost.}}
script: Nobody likes an outage.
facts: [thirty dollars]
"""
LABELS = "asked_why=no answer=na offer_hunting=no feature_dump=no diagnosed_first=no"
CALLS = """\
=== {id}-01 rep=R01
--- verdict=explains wall=1 hammer=0 part=2 {labels}
R: {reason} {{wall,part}}
C: Right.
=== {id}-02 rep=R02
--- verdict=facts_only wall=0 hammer=1 part=0 {labels}
R: Thirty dollars for the {id}. {{hammer}}
C: Okay.
"""
TWINS = """\
=== {id}-01b from={id}-01
--- verdict=facts_only wall=0 hammer=1 part=0 {labels}
@0 R: The {id} is thirty dollars a month. {{hammer}}
"""


def write_initiative(folder: Path, name: str, reason: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "initiative.yaml").write_text(INITIATIVE.format(id=name))
    (folder / name / "calls.txt").write_text(CALLS.format(id=name, reason=reason, labels=LABELS))
    (folder / name / "twins.txt").write_text(TWINS.format(id=name, labels=LABELS))


class PriceListener:
    """Hears a wall in every rep turn that names no price."""

    def measure(self, transcript: Transcript, initiative: Initiative) -> Signals:
        turns = tuple(
            TurnSignals(turn=number, acts={Act.WALL: 0.0 if "dollars" in turn.text.lower() else 1.0}, closeness={})
            for number, turn in transcript.turns_of(Role.REP)
        )
        return Signals(call_id=transcript.call_id, initiative_id=initiative.id, turns=turns, made_by={})


def judge(transcript: Transcript, initiative: Initiative, signals: Signals) -> CallScore:
    explained = any(turn.acts[Act.WALL] > 0.5 for turn in signals.turns)
    return CallScore(
        call_id=transcript.call_id,
        initiative_id=initiative.id,
        verdict=Verdict.EXPLAINS if explained else Verdict.FACTS_ONLY,
        confidence=0.9,
        why_score=None,
        levels=dict.fromkeys(Component, Level.ABSENT),
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(),
    )


def encode(texts: Sequence[str]) -> np.ndarray:
    return np.array([[float("outage" in text), float("dollars" in text)] for text in texts])


class Watched:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def stage(self, name: str, total: float) -> None:
        self.heard.append(f"{name}: {total}")

    def advance(self, amount: float, sentence: str) -> None:
        self.heard.append(sentence)

    def warn(self, sentence: str) -> None:
        raise AssertionError(sentence)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    write_initiative(tmp_path / "shipped", "spare-line", "Your till stood still in May.")
    write_initiative(tmp_path / "shipped", "second-till", "You lost a Saturday to it.")
    return tmp_path / "shipped"


def test_every_call_is_measured_and_judged_and_held_against_its_labels(tmp_path: Path, shipped: Path) -> None:
    write_initiative(tmp_path / "new", "new-line", "That flood closed you for a week.")
    watched = Watched()
    evaluation = evaluate_folder(tmp_path / "new", PriceListener(), judge, encode=encode, trained_on=shipped, progress=watched)
    assert (evaluation.calls, evaluation.base_calls, evaluation.twins) == (3, 2, 1)
    assert evaluation.verdict.kappa == 1.0
    assert evaluation.contrast.both_right == 1.0
    assert evaluation.acts["wall"].ap == 1.0
    assert set(evaluation.baselines) == {"length", "style", "terms", "causal", "script", "similarity"}
    assert evaluation.protocol.calls_trained_on == 0
    assert evaluation.protocol.honest
    assert "Judging: 3" in watched.heard
    assert "new-line-01b: facts_only" in watched.heard


def test_calls_that_the_judge_has_learnt_from_are_counted(shipped: Path, tmp_path: Path) -> None:
    whole = evaluate_folder(shipped, PriceListener(), judge, encode=encode, trained_on=shipped)
    assert whole.protocol.calls_trained_on == whole.calls == 6
    assert not whole.protocol.honest
    # the same words under other ids are still known: those of the first call, in which no name falls
    write_initiative(tmp_path / "renamed", "other-line", "Your till stood still in May.")
    renamed = evaluate_folder(tmp_path / "renamed", PriceListener(), judge, encode=encode, trained_on=shipped)
    assert renamed.protocol.calls_trained_on == 1


def test_the_json_is_the_contract_and_says_the_same_each_time(tmp_path: Path, shipped: Path) -> None:
    write_initiative(tmp_path / "new", "new-line", "That flood closed you for a week.")
    once, again = (
        evaluation_json(evaluate_folder(tmp_path / "new", PriceListener(), judge, encode=encode, trained_on=shipped))
        for _ in "12"
    )
    assert once == again
    fields = json.loads(once)
    assert fields["calls"] == 3
    assert list(fields["levels"]) == ["wall", "hammer", "part"]
    assert [prediction["call_id"] for prediction in fields["predictions"]] == ["new-line-01", "new-line-02", "new-line-01b"]


def test_a_mistake_in_the_folder_stops_before_any_work(tmp_path: Path, shipped: Path) -> None:
    write_initiative(tmp_path / "new", "new-line", "That flood closed you for a week.")
    calls = tmp_path / "new" / "new-line" / "calls.txt"
    calls.write_text(calls.read_text().replace("verdict=explains", "verdict=explained"))
    watched = Watched()
    with pytest.raises(BadCorpus, match="verdict=explained"):
        evaluate_folder(tmp_path / "new", PriceListener(), judge, encode=encode, trained_on=shipped, progress=watched)
    assert watched.heard == []


def test_edited_calls_are_judged_where_it_is_asked_for(tmp_path: Path, shipped: Path) -> None:
    write_initiative(tmp_path / "new", "new-line", "That flood closed you for a week.")
    plain = evaluate_folder(tmp_path / "new", PriceListener(), judge, encode=encode, trained_on=shipped)
    tried = evaluate_folder(tmp_path / "new", PriceListener(), judge, encode=encode, trained_on=shipped, robustness=True)
    assert plain.robustness is None
    figures = json.loads(evaluation_json(tried))["robustness"]
    assert set(figures["flips"]) == {"wer05", "wer10", "wer20", "names", "fillers", "reorder"}
    assert figures["tried"]["fillers"] == 3
    # this judge goes by the price: a script without one, in place of the turn that named it, takes it in
    assert figures["gaming"]["script_because"] == {"tries": 2, "explains": 2, "explains_unedited": 0}
    assert figures["gaming"]["parrot"]["explains"] == 0
    assert figures["gaming_explains"] == pytest.approx(2 / 12)
    assert tried.verdict == plain.verdict
