"""What was judged before stays as it was, whatever is judged since."""

from dataclasses import replace
from datetime import date

import pytest

from callcoach.domain.call import Call, Transcript, Turn
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Verdict
from callcoach.storage.history import History
from callcoach.storage.store import Store

FIRST = Initiative(
    id="backup",
    name="Backup",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="The line drops.", hammer="A second.", part="Ask when."),
)
SECOND = replace(FIRST, story=replace(FIRST.story, wall="The line drops on Saturdays."))
SAID = Transcript(call_id="c1", turns=(Turn(speaker="rep", text="When did it drop?"),), language="en")
CALL = Call(call_id="c1", content="0" * 64, transcript_path="c1.json")
LANGUAGE = "language-models"


def score(initiative: Initiative, why: str = "no opening") -> CallScore:
    return CallScore(
        call_id="c1",
        initiative_id="backup",
        verdict=Verdict.NOT_ASSESSED,
        confidence=None,
        why_score=None,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(),
        reason=why,
        versions={"rubric": f"backup {initiative.version}", "language": f"minilm {LANGUAGE}"},
    )


def measured(initiative: Initiative) -> Signals:
    return Signals(call_id="c1", initiative_id="backup", turns=(), made_by={"story": initiative.version})


@pytest.fixture
def kept(store: Store) -> Store:
    store.add_calls([CALL])
    store.keep_transcript(SAID, content=CALL.content, made_by="heard")
    for initiative in (FIRST, SECOND):
        store.keep_initiative(initiative)
    store.keep_judgement(measured(FIRST), score(FIRST), signals_made_by="s1", score_made_by="j1")
    return store


def test_another_version_is_kept_beside_the_current_score(kept: Store) -> None:
    history = History(kept)
    history.keep_beside(measured(SECOND), score(SECOND), signals_made_by="s2", score_made_by="j2")
    assert kept.scores() == (score(FIRST),)
    assert kept.scores(made_by="j2") == (score(SECOND),)
    assert kept.signals("c1", "backup", "s1") == measured(FIRST)
    assert kept.signals("c1", "backup", "s2") == measured(SECOND)
    assert history.n_scores("backup") == dict.fromkeys(sorted([FIRST.version, SECOND.version]), 1)


def test_what_is_kept_beside_takes_nothings_place(kept: Store) -> None:
    History(kept).keep_beside(measured(SECOND), score(SECOND, "another reason"), signals_made_by="s1", score_made_by="j1")
    assert kept.scores() == (score(FIRST),)
    assert kept.signals("c1", "backup", "s1") == measured(FIRST)


def test_every_version_can_be_read_again_as_it_was(kept: Store) -> None:
    kept.keep_initiative(replace(FIRST, owner="M02"))
    assert set(History(kept).versions("backup")) == {FIRST, SECOND}
    assert History(kept).versions("nothing") == ()


def test_the_words_behind_a_score_are_found_without_the_folder_they_came_from(kept: Store) -> None:
    kept.keep_transcript(replace(SAID, turns=(Turn(speaker="rep", text="Other words."),)), content=CALL.content, made_by="again")
    digests = {made_by: kept.digests({"c1": made_by})["c1"] for made_by in ("heard", "again")}
    behind = fingerprint(digests["heard"], FIRST.version, LANGUAGE)
    kept.keep_judgement(measured(FIRST), score(FIRST), signals_made_by=behind, score_made_by="j3")
    assert History(kept).current_words()["c1"].made_by == "heard"
    # and what the latest run pointed at comes first
    kept.point_at({"c1": "again"})
    assert History(kept).current_words()["c1"].digest == digests["again"]


def test_a_call_that_nothing_was_judged_from_has_no_current_words(store: Store) -> None:
    store.add_calls([CALL])
    store.keep_transcript(SAID, content=CALL.content, made_by="heard")
    assert History(store).current_words() == {}
