from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcoach.domain.call import Call, CallKind, Transcript, Turn, Word
from callcoach.domain.coaching import CallProblem
from callcoach.domain.signals import Act, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, GlossaryTerm, Initiative, PreviousStory, Readiness, Training, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Conduct, CopiedRun, Evidence, Level, Verdict
from callcoach.errors import StorageError
from callcoach.storage.runs import Run, Runs
from callcoach.storage.store import Store

NIGHT = datetime(2026, 11, 16, 2, 30, tzinfo=timezone(timedelta(hours=-5)))

CALL = Call(
    call_id="wren-01",
    content="ab" * 32,
    audio_path="audio/wren-01.ogg",
    kind=CallKind.CUSTOMER_CALL,
    started_at=datetime(2026, 10, 5, 23, 40, tzinfo=timezone(timedelta(hours=-5))),
    rep_id="R01",
    rep_channel=0,
    amount=870.0,
    extra={"stage": "prospecting"},
)
WORD = Word(text="Müller's", start=0.1, end=0.30000000000000004, probability=0.5)
TRANSCRIPT = Transcript(
    call_id="wren-01",
    turns=(
        Turn(speaker="rep", text="Müller's \x00 \u2028 \U0001f600", start=0.1, end=1.0, words=(WORD,)),
        Turn(speaker="customer2", text=""),
    ),
    language="en",
    duration=9.25,
)
SIGNALS = Signals(
    call_id="wren-01",
    initiative_id="catchback",
    turns=(
        TurnSignals(
            turn=0,
            acts={Act.WALL: 0.25, Act.RECITE: 1e-17},
            closeness={"wall": -0.1},
            sentences=(SentenceSignals(begin=0, end=8, closeness={"part": 1.0}),),
            link=3,
            link_strength=0.75,
        ),
        TurnSignals(turn=1, acts={}, closeness={}),
    ),
    made_by={"encoder": "all-minilm-l6-v2"},
)
SCORE = CallScore(
    call_id="wren-01",
    initiative_id="catchback",
    verdict=Verdict.RECITES,
    confidence=0.5,
    why_score=None,
    levels={Component.WALL: Level.MENTIONED, Component.HAMMER: Level.ABSENT, Component.PART: Level.ABSENT},
    asked_why=True,
    answer=Answer.DEFLECTS,
    behaviours=Behaviours(offer_hunting=False, feature_dump=True, diagnosed_first=False),
    evidence=(Evidence(act="wall", turn=0, quote="Müller's", start=0.1, end=0.3, strength=0.9, reply_to=1),),
    probabilities={Verdict.RECITES: 0.75, Verdict.PARTIAL: 0.25},
    copied=CopiedRun(turn=0, said="a b", script="a b", words=2, share_of_turn=0.5),
    conduct=Conduct(talk_share=0.5, longest_monologue_s=None, questions_asked=2, words_per_minute=150.0),
    statements=("reads the track",),
    versions={"rubric": "abc"},
)
UNASSESSED = replace(
    SCORE, initiative_id="safeseat", verdict=Verdict.NOT_ASSESSED, confidence=None, levels={}, evidence=(), reason="voicemail"
)
INITIATIVE = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="w", hammer="h", part="p"),
    terms=("catch back",),
    glossary=(GlossaryTerm(term="CatchBack", heard_as=("cash back",)),),
    readiness=Readiness(announced=date(2026, 9, 8), training=(Training(date=date(2026, 9, 15), format="workshop", minutes=90),)),
    previous_story=PreviousStory(until=None, wall="w", hammer="h", why_changed="c"),
)


def other(call_id: str, day: int = 6, rep_id: str = "R02") -> Call:
    return Call(
        call_id=call_id, content="cd" * 32, audio_path="a.ogg", started_at=datetime(2026, 10, day, tzinfo=UTC), rep_id=rep_id
    )


def judged(store: Store, score: CallScore = SCORE, made_by: str = "judge-1") -> None:
    signals = replace(SIGNALS, call_id=score.call_id, initiative_id=score.initiative_id)
    store.keep_judgement(signals, score, signals_made_by="models-1", score_made_by=made_by)


def test_every_kind_of_value_is_read_back_equal_by_another_program(store: Store, reopened: Callable[[], Store]) -> None:
    store.add_calls([CALL])
    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1")
    judged(store)
    judged(store, UNASSESSED)
    store.keep_initiative(INITIATIVE)

    there = reopened()

    assert there.call("wren-01") == CALL
    assert there.transcript("wren-01", "whisper-1") == TRANSCRIPT
    assert there.signals("wren-01", "catchback", "models-1") == SIGNALS
    assert there.scores() == (SCORE, UNASSESSED)
    assert there.initiative("catchback", INITIATIVE.version) == INITIATIVE


PEAKS = bytes(range(256))


def test_peaks_are_kept_with_the_transcript_and_found_by_the_recording(store: Store, reopened: Callable[[], Store]) -> None:
    store.add_calls([CALL, replace(CALL, call_id="wren-01-copy")])
    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1", peaks=PEAKS)
    store.keep_transcript(replace(TRANSCRIPT, call_id="wren-01-copy"), CALL.content, "whisper-1", peaks=PEAKS)

    assert reopened().peaks(CALL.content) == PEAKS
    assert store.peaks("cd" * 32) is None


def test_a_transcript_that_was_not_made_from_sound_leaves_peaks_alone(store: Store) -> None:
    store.add_calls([CALL])
    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1", peaks=PEAKS)
    store.keep_transcript(TRANSCRIPT, CALL.content, "glossary-2")
    assert store.peaks(CALL.content) == PEAKS

    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-2", peaks=PEAKS[::-1])
    assert store.peaks(CALL.content) == PEAKS[::-1], "the newest decoder's"


def test_without_its_transcript_no_peaks_are_kept(store: Store) -> None:
    with pytest.raises(StorageError, match="Keep the call before what is made of it"):
        store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1", peaks=PEAKS)

    assert store.peaks(CALL.content) is None


def test_the_offset_of_a_call_is_kept_with_its_day(store: Store) -> None:
    store.add_calls([CALL])
    kept = store.call("wren-01")

    assert kept is not None
    assert kept.started_at is not None
    assert kept.started_at.isoformat() == "2026-10-05T23:40:00-05:00"
    assert kept.day == date(2026, 10, 5)


def test_what_was_never_kept_is_none_or_empty(store: Store) -> None:
    assert store.call("x") is None
    assert store.transcript("x", "y") is None
    assert store.signals("x", "y", "z") is None
    assert store.initiative("x", "y") is None
    assert (store.calls(), store.scores(), store.failures(), Runs(store).all()) == ((), (), (), ())


def test_adding_calls_again_does_nothing_and_says_so(store: Store) -> None:
    assert store.add_calls([CALL, other("wren-02")]) == 2
    assert store.add_calls([CALL, other("wren-02")]) == 0
    assert store.add_calls([replace(CALL, outcome="won"), other("wren-02")]) == 1
    assert store.call("wren-01") == replace(CALL, outcome="won")


def test_a_call_known_differently_keeps_what_was_made_of_it(store: Store) -> None:
    store.add_calls([CALL])
    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1")

    store.add_calls([replace(CALL, content="ef" * 32)])

    assert store.transcript("wren-01", "whisper-1") == TRANSCRIPT


def test_calls_come_by_day_and_can_be_narrowed(store: Store) -> None:
    undated = Call(call_id="zz", content="0" * 64, audio_path="z.ogg")
    store.add_calls([other("b", 7), other("a", 7), CALL, undated])

    assert [call.call_id for call in store.calls()] == ["zz", "wren-01", "a", "b"]
    assert [call.call_id for call in store.calls(since=date(2026, 10, 7))] == ["zz", "a", "b"], "unknown is not too old"
    assert [call.call_id for call in store.calls(rep_id="R01")] == ["wren-01"]


def test_keeping_twice_keeps_one(store: Store) -> None:
    store.add_calls([CALL])
    for _ in range(2):
        store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1")
        judged(store)
        store.keep_initiative(INITIATIVE)

    assert store.scores() == (SCORE,)
    assert store.missing_transcripts({"wren-01": "whisper-1"}) == set()


def test_missing_is_what_was_made_by_something_else(store: Store) -> None:
    store.add_calls([CALL, other("wren-02")])
    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1")
    judged(store)
    pair, never = ("wren-01", "catchback"), ("wren-02", "catchback")

    assert store.missing_transcripts({"wren-01": "whisper-1", "wren-02": "whisper-1"}) == {"wren-02"}
    assert store.missing_transcripts({"wren-01": "whisper-2"}) == {"wren-01"}
    assert store.missing_signals({pair: "models-1", never: "models-1"}) == {never}
    assert store.missing_scores({pair: "judge-1", never: "judge-1"}) == {never}
    assert store.missing_scores({pair: "judge-2"}) == {pair}


def test_a_new_score_is_the_current_one_and_the_old_one_stays(store: Store) -> None:
    store.add_calls([CALL])
    judged(store, made_by="judge-1")
    stricter = replace(SCORE, verdict=Verdict.FACTS_ONLY)

    store.keep_judgement(None, stricter, signals_made_by="models-1", score_made_by="judge-2")

    assert store.scores() == (stricter,)
    assert store.scores(made_by="judge-1") == (SCORE,)
    assert store.missing_scores({("wren-01", "catchback"): "judge-1"}) == {("wren-01", "catchback")}
    judged(store, made_by="judge-1")  # back to the earlier judge
    assert store.scores() == (SCORE,)
    assert store.missing_scores({("wren-01", "catchback"): "judge-1"}) == set()


def test_scores_can_be_narrowed(store: Store) -> None:
    store.add_calls([CALL, other("wren-02", 7)])
    later = replace(SCORE, call_id="wren-02")
    for score in (later, UNASSESSED, SCORE):
        judged(store, score)

    assert store.scores() == (SCORE, UNASSESSED, later)
    assert store.scores(rep_id="R02") == (later,)
    assert store.scores(since=date(2026, 10, 6)) == (later,)
    assert store.scores(initiative_id="safeseat") == (UNASSESSED,)
    assert store.scores(initiative_id="catchback", rep_id="R01") == (SCORE,)


def test_a_judgement_is_kept_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(StorageError, match="Keep the call before what is made of it"):
        judged(store)

    assert store.signals("wren-01", "catchback", "models-1") is None
    assert store.scores() == ()


def test_failures_are_counted_per_work_and_end_in_quarantine(store: Store) -> None:
    for attempt in (1, 2):
        assert store.keep_failure("wren-01", "transcribe", f"try {attempt}", NIGHT, "key-1") == attempt
    store.keep_failure("wren-01", "judge", "no luck", NIGHT, "key-9")

    assert store.failures() == (
        CallProblem(call_id="wren-01", sentence="no luck", attempts=1),
        CallProblem(call_id="wren-01", sentence="try 2", attempts=2),
    )
    assert store.quarantined("transcribe") == frozenset()

    store.keep_failure("wren-01", "transcribe", "try 3", NIGHT, "key-1")

    assert store.failures()[1] == CallProblem(call_id="wren-01", sentence="try 3", attempts=3, quarantined=True)
    assert store.quarantined("transcribe") == {("wren-01", "key-1")}
    assert store.keep_failure("wren-01", "transcribe", "new recording", NIGHT, "key-2") == 1, "another key starts anew"


def test_success_clears_the_failures_of_its_stage(store: Store) -> None:
    store.add_calls([CALL])
    for stage in ("transcribe", "judge", "other"):
        store.keep_failure("wren-01", stage, stage, NIGHT, "key")
    store.keep_failure("wren-02", "judge", "another call", NIGHT, "key")

    store.keep_transcript(TRANSCRIPT, CALL.content, "whisper-1", stage="transcribe")
    store.keep_judgement(SIGNALS, SCORE, signals_made_by="m", score_made_by="j", stage="judge")

    assert [problem.sentence for problem in store.failures()] == ["other", "another call"]
    store.clear_failures("wren-01", "other")
    assert [problem.call_id for problem in store.failures()] == ["wren-02"]


def test_a_version_of_an_initiative_never_changes(store: Store) -> None:
    moved = replace(INITIATIVE, owner="M02")  # the owner is no part of the version
    store.keep_initiative(INITIATIVE)
    store.keep_initiative(moved)
    retold = replace(INITIATIVE, story=ValueStory(wall="another", hammer="h", part="p"))
    store.keep_initiative(retold)

    assert moved.version == INITIATIVE.version != retold.version
    assert store.initiative("catchback", INITIATIVE.version) == INITIATIVE
    assert store.initiative("catchback", retold.version) == retold


def test_runs_are_noted_with_their_times_in_utc(store: Store) -> None:
    first = Runs(store).begin(NIGHT, versions={"judge": "1"})
    second = Runs(store).begin(NIGHT, versions={})
    Runs(store).end(first, NIGHT + timedelta(minutes=5), counts={"calls": 24})

    begun = datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
    assert Runs(store).all() == (
        Run(run_id=first, begun_at=begun, ended_at=begun + timedelta(minutes=5), versions={"judge": "1"}, counts={"calls": 24}),
        Run(run_id=second, begun_at=begun, ended_at=None, versions={}, counts={}),
    )


words = st.text(max_size=15)
shares = st.floats(0, 1)
moments = st.datetimes(timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))))
calls = st.builds(
    Call,
    call_id=st.just("wren-01"),
    content=st.just("0" * 64),
    audio_path=words,
    kind=st.sampled_from(CallKind),
    started_at=st.none() | moments,
    rep_id=st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=9),
    amount=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    extra=st.dictionaries(words, words, max_size=3),
)
words_heard = st.builds(Word, text=words, start=shares, end=shares, probability=st.none() | shares)
transcripts = st.builds(
    Transcript,
    call_id=st.just("wren-01"),
    turns=st.lists(
        st.builds(
            Turn,
            speaker=words,
            text=words,
            start=st.none() | shares,
            end=st.none() | shares,
            words=st.lists(words_heard, max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    language=st.none() | words,
    duration=st.none() | shares,
)


@given(call=calls, transcript=transcripts)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_value_is_read_back_equal(store: Store, call: Call, transcript: Transcript) -> None:
    store.add_calls([call])
    store.keep_transcript(transcript, call.content, "key")

    kept = store.call("wren-01")
    assert kept == call
    assert kept is not None
    assert msgspec.json.encode(kept.started_at) == msgspec.json.encode(call.started_at), "the offset is kept too"
    assert store.transcript("wren-01", "key") == transcript


def test_the_language_of_a_transcript_is_told_without_reading_it(store: Store) -> None:
    store.add_calls([CALL])
    store.keep_transcript(TRANSCRIPT, content="c", made_by="old")
    store.keep_transcript(replace(TRANSCRIPT, language="es"), content="c", made_by="new")
    store.keep_transcript(replace(TRANSCRIPT, language=None), content="c", made_by="unknown")
    assert store.languages({"wren-01": "old"}) == {"wren-01": "en"}
    assert store.languages({"wren-01": "new", "wren-02": "new"}) == {"wren-01": "es"}
    assert store.languages({"wren-01": "unknown"}) == {}


def test_the_words_of_many_calls_are_read_without_their_times(store: Store) -> None:
    store.add_calls([CALL, replace(CALL, call_id="wren-02")])
    store.keep_transcript(TRANSCRIPT, content="a", made_by="m1")
    store.keep_transcript(replace(TRANSCRIPT, call_id="wren-02"), content="b", made_by="old")
    found = store.texts({"wren-01": "m1", "wren-02": "new", "wren-03": "m1"})
    assert list(found) == ["wren-01"]
    assert found["wren-01"].turns == tuple(replace(turn, words=()) for turn in TRANSCRIPT.turns)
    assert found["wren-01"].language == "en"
