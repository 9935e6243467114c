"""Stored calls judged anew: from what was kept of them where it holds, with the bytes of judging each from nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import msgspec
import pytest

from callcoach.app import stages
from callcoach.app.progress import Silent
from callcoach.app.stages import Stages
from callcoach.app.workspace import Workspace
from callcoach.batch import stale
from callcoach.batch.stale import Makers
from callcoach.domain.call import Call
from callcoach.domain.people import Company
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, CriterionSignals, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Criterion, GlossaryTerm, Initiative, ValueStory
from callcoach.judging import verdict_many
from callcoach.judging.features import OUTCOMES
from callcoach.settings import Settings
from callcoach.storage.judgements import Judgements, ToJudge, digest_of
from callcoach.testing import make_call

STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out go to the next shop.", hammer="We text them.", part="Your own missed calls."),
    script="Hi, we have a new service called CatchBack that texts everybody who could not reach you within ten seconds.",
    criteria=(Criterion(id="own-loss", about="part", question="Is it their own loss?", yes=("Your two brides",)),),
)
SAID = (
    "rep 0:00 Hi, what happens when everybody is busy and the phone keeps ringing in the back? "
    "/ customer 0:08 We lose them, I think we lost {n} weddings in May. Why do you ask? "
    "/ rep 0:15 We have a new service called CatchBack that texts everybody who could not reach you. It is nine dollars. "
    "/ customer 0:30 What would that do for me? / rep 0:34 Those {n} brides would have had a text before they rang the next shop."
)
N_CALLS = 4


def heard(call_id: str, initiative: Initiative, n: int) -> Signals:
    """The rep tells all three, the more the later the call."""
    turns = []
    for number in range(5):
        rep = number % 2 == 0
        strength = round((0.1 + 0.2 * n) * (0.5 + 0.1 * number), 4)
        turns.append(
            TurnSignals(
                turn=number,
                acts=dict.fromkeys(REP_ACTS if rep else CUSTOMER_ACTS, strength),
                closeness=dict.fromkeys(("wall", "hammer", "part", "script", "facts", "makes_sense"), strength),
                sentences=(SentenceSignals(begin=0, end=20, closeness={"wall": 0.3, "hammer": 0.2, "part": 0.1}),),
                explained={each.value: strength for each in Component} if rep else {},
            )
        )
    met = CriterionSignals(id="own-loss", turn=4, begin=0, end=20, closeness=0.8, lean=0.4, floor=0.5, gap=0.1)
    return Signals(
        call_id=call_id,
        initiative_id=initiative.id,
        turns=tuple(turns),
        made_by={"by": "hand"},
        criteria=(met,),
        outcomes=dict.fromkeys(OUTCOMES, 0.2),
    )


class NoModels(Workspace):
    """A workspace in which nothing may be measured."""

    @property
    def language(self) -> None:  # type: ignore[override]
        """Never asked for."""
        raise AssertionError("a language model was asked for")


class OtherRules(NoModels):
    """After somebody changed a threshold."""

    @cached_property
    def makers(self) -> Makers:
        """Another judge's name on the same models."""
        return replace(super().makers, judge="other rules")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Calls with transcripts and signals, and nothing kept to judge from, as older databases have them."""
    workspace, company = NoModels(Settings(home=tmp_path)), Company()
    attribution = workspace.attribution((STORY,), company)
    measured = []
    for n in range(N_CALLS):
        call = the_call(n)
        said = make_call(SAID.format(n=n + 2), call_id=call.call_id)
        pair = ToJudge(
            call.call_id,
            STORY.id,
            stale.transcript_key(call, attribution.key, workspace.makers),
            stale.signals_key(digest_of(said), STORY, workspace.makers),
            "",
        )
        workspace.store.add_calls([call])
        measured.append((pair, said, heard(call.call_id, STORY, n)))
    Judgements(workspace.store).keep_measured(measured, content="c")
    return tmp_path


def the_call(n: int) -> Call:
    return Call(call_id=f"call-{n}", content="c", transcript_path="x", started_at=datetime(2026, 10, 5, tzinfo=UTC))


def judge(workspace: Workspace, initiative: Initiative = STORY) -> int:
    judging = Stages(workspace, workspace.attribution((STORY,), Company()), now=datetime.now(UTC), progress=Silent())
    return judging.judge([the_call(n) for n in range(N_CALLS)], (initiative,))


def from_nothing(workspace: Workspace, initiative: Initiative) -> list[bytes]:
    """Each call by itself, from its transcript and signals."""
    return [
        written(
            workspace.judged(make_call(SAID.format(n=n + 2), call_id=f"call-{n}"), initiative, heard(f"call-{n}", initiative, n))
        )
        for n in range(N_CALLS)
    ]


def scores(workspace: Workspace) -> list[bytes]:
    return [written(score) for score in workspace.store.scores()]


def written(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def refuse(*_: object) -> None:
    raise AssertionError("this was kept and is made again")


def test_a_changed_threshold_makes_nothing_again_and_gives_the_bytes_of_judging_from_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = NoModels(Settings(home=home))
    assert judge(workspace) == N_CALLS
    assert scores(workspace) == from_nothing(workspace, STORY)
    assert judge(workspace) == 0

    monkeypatch.setattr(verdict_many, "lay", refuse)
    monkeypatch.setattr(verdict_many, "weigh", refuse)
    other = OtherRules(Settings(home=home))
    assert judge(other) == N_CALLS
    assert scores(other) == from_nothing(other, STORY)
    assert len({score.why_score for score in other.store.scores()}) > 1


@pytest.mark.slow
def test_worker_processes_that_share_the_calls_give_the_same_bytes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "CALLS_AT_ONCE", 1)  # each call is a piece of work
    monkeypatch.setattr(verdict_many, "lay", refuse)  # not in this process
    workspace = NoModels(Settings(home=home, workers=2))
    assert judge(workspace) == N_CALLS
    assert scores(workspace) == from_nothing(workspace, STORY)


def test_a_changed_weight_of_a_criterion_asks_no_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = NoModels(Settings(home=home))
    judge(workspace)
    before = {score.call_id: score.why_score for score in workspace.store.scores()}

    heavier = replace(STORY, criteria=tuple(replace(each, weight=8.0) for each in STORY.criteria))
    assert heavier.version != STORY.version
    monkeypatch.setattr(verdict_many, "lay", refuse)
    assert judge(workspace, heavier) == N_CALLS
    assert scores(workspace) == from_nothing(workspace, heavier)
    after = {score.call_id: score.why_score for score in workspace.store.scores()}
    raised = [call_id for call_id in before if before[call_id] != after[call_id]]
    assert raised and all((after[call_id] or 0.0) > (before[call_id] or 0.0) for call_id in raised)
    assert judge(workspace, heavier) == 0


def test_a_new_name_to_listen_for_is_looked_for_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = NoModels(Settings(home=home))
    judge(workspace)
    named = replace(STORY, glossary=(GlossaryTerm(term="weddings"),))
    assert named.version == STORY.version
    other = OtherRules(Settings(home=home))
    assert judge(other, named) == N_CALLS
    assert {score.names_heard for score in other.store.scores()} == {("CatchBack", "weddings")}


def test_a_call_that_fails_leaves_the_others_and_what_was_kept_alone(home: Path) -> None:
    workspace = NoModels(Settings(home=home))
    whole = heard("call-1", STORY, 1)
    cut(workspace, replace(whole, turns=whole.turns[:-1]))
    assert judge(workspace) == N_CALLS - 1
    (failure,) = workspace.store.failures()
    assert (failure.call_id, "another transcript" in failure.sentence) == ("call-1", True)
    others = [number for number in range(N_CALLS) if number != 1]
    assert [scores(workspace)[number] for number in others] == [from_nothing(workspace, STORY)[number] for number in others]


def cut(workspace: Workspace, signals: Signals) -> None:
    """Put these signals in the place of those that are kept of the call."""
    transcript = make_call(SAID.format(n=3), call_id=signals.call_id)
    key = stale.signals_key(digest_of(transcript), STORY, workspace.makers)
    placeholder = workspace.judged(transcript, STORY, heard(signals.call_id, STORY, 1))
    workspace.store.keep_judgement(signals, placeholder, signals_made_by=key, score_made_by="before")
