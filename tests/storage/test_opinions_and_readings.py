"""Second opinions, readings and judgements in bulk, in both kinds of database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callcoach.domain.call import Call
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.storage.bodies import body_of
from callcoach.storage.judgements import Judgements, Kept, ToJudge, Written, digest_of
from callcoach.storage.opinions import Opinions
from callcoach.storage.readings import Readings
from callcoach.storage.store import Store
from callcoach.testing import make_call

AT = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
OPINION = SecondOpinion(
    call_id="a",
    initiative_id="catchback",
    verdict=Verdict.EXPLAINS,
    levels={Component.WALL: Level.EXPLAINED},
    quotes=(Evidence(act="wall", turn=0, quote="Half of “them” ring out.", start=1.5),),
    model="other-1",
    host="models.example.com",
    asked_at=AT,
    prompt_version="p1",
    agreed=False,
)


def score_of(call_id: str, verdict: Verdict = Verdict.RECITES) -> CallScore:
    return CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=verdict,
        confidence=0.5,
        why_score=20.0,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(),
    )


@pytest.fixture
def calls(store: Store) -> tuple[str, ...]:
    store.add_calls([Call(call_id=call_id, content="0" * 64, audio_path="x.wav") for call_id in "abc"])
    return ("a", "b", "c")


def test_an_opinion_is_kept_as_it_is_and_the_first_stays(
    store: Store, calls: tuple[str, ...], reopened: Callable[[], Store]
) -> None:
    Opinions(store).keep(OPINION, "key-1")
    Opinions(store).keep(replace(OPINION, verdict=Verdict.PARTIAL), "key-1")
    Opinions(store).keep(replace(OPINION, model="other-2"), "key-2")
    kept = Opinions(reopened())
    assert kept.asked("a", "catchback", "key-1") == OPINION
    assert kept.asked("a", "catchback", "key-3") is None and kept.asked("b", "catchback", "key-1") is None
    assert [opinion.model for opinion in kept.of_call("a")] == ["other-1", "other-2"]


def test_a_reading_gives_way_to_that_of_another_encoder(store: Store, calls: tuple[str, ...]) -> None:
    readings = Readings(store)
    readings.keep("minilm", {"a": b"\x00one", "b": b"two"})
    assert readings.of("a", "minilm") == b"\x00one" and readings.of("c", "minilm") is None
    readings.keep("other", {"a": b"three"})
    assert readings.of("a", "minilm") is None and readings.of("a", "other") == b"three"


def test_judgements_in_bulk_are_those_kept_one_by_one(store: Store, calls: tuple[str, ...]) -> None:
    said = {call_id: make_call("rep 0:01 Half of them ring out.", call_id=call_id) for call_id in calls}
    heard = {call_id: Signals(call_id=call_id, initiative_id="catchback", turns=(), made_by={"m": "1"}) for call_id in calls}
    pairs = [ToJudge(call_id, "catchback", "said", f"heard {call_id}", f"judged {call_id}") for call_id in calls]
    judgements = Judgements(store)
    judgements.keep_measured([(pair, said[pair.call_id], heard[pair.call_id]) for pair in pairs], content="0" * 64)
    assert store.digests(dict.fromkeys(calls, "said")) == {call_id: digest_of(said[call_id]) for call_id in calls}
    backwards = pairs[::-1]
    assert judgements.measured(backwards) == [(said[pair.call_id], heard[pair.call_id]) for pair in backwards]
    with pytest.raises(KeyError):
        judgements.measured([pairs[0]._replace(signals_made_by="another")])

    store.keep_judgement(None, score_of("a", Verdict.PARTIAL), signals_made_by="heard a", score_made_by="before")
    store.keep_failure("b", "judge", "Trouble.", at=AT, key="k")
    store.keep_failure("b", "measure", "Other trouble.", at=AT, key="k")
    judgements.keep([(pair, score_of(pair.call_id)) for pair in pairs], stage="judge")
    assert [(score.call_id, score.verdict) for score in store.scores()] == [(call_id, Verdict.RECITES) for call_id in calls]
    assert [score.verdict for score in store.scores(made_by="before")] == [Verdict.PARTIAL], "the older one stays"
    assert [problem.sentence for problem in store.failures()] == ["Other trouble."]
    assert store.missing_scores({(pair.call_id, "catchback"): pair.score_made_by for pair in pairs}) == set()
    judgements.keep([], stage="judge")


def test_what_calls_are_judged_from_gives_way_to_what_is_made_of_other_things(store: Store, calls: tuple[str, ...]) -> None:
    pairs = [ToJudge(call_id, "catchback", "said", f"heard {call_id}", f"judged {call_id}") for call_id in calls]
    judgements = Judgements(store)
    for pair in pairs:
        kept = Kept(f"of {pair.call_id}", b"\x00" + pair.call_id.encode())
        heard, judged = pair.signals_made_by, pair.score_made_by
        store.keep_judgement(None, score_of(pair.call_id), signals_made_by=heard, score_made_by=judged, groundwork=kept)
    made_by = {pair: f"of {pair.call_id}" for pair in pairs}
    assert judgements.groundworks(made_by) == {pair: b"\x00" + pair.call_id.encode() for pair in pairs}
    assert judgements.groundworks({pairs[0]: "of other words", pairs[1]: made_by[pairs[1]]}).keys() == {pairs[1]}

    body = body_of(score_of(pairs[0].call_id))
    written = [Written(pairs[0], "recites", body, Kept("of other words", b"new")), Written(pairs[1], "recites", body)]
    judgements.keep_written(written[:1], stage="judge")
    assert judgements.groundworks({pairs[0]: "of other words"}) == {pairs[0]: b"new"}
    assert judgements.groundworks(made_by).keys() == set(pairs[1:])
    assert judgements.groundworks({}) == {}
