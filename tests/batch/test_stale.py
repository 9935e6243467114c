"""Which rubric a call is judged by: what is live that day, in the language of the call."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from callcoach.batch.stale import Makers, initiatives_for, recognition_key, stale_judgements, transcript_key
from callcoach.domain.call import Call
from callcoach.domain.story import Initiative, ValueStory, default_rubrics
from callcoach.storage.store import Store
from callcoach.testing import make_call

ENGLISH = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls ring out.", hammer="A text goes out.", part="Read the count."),
)
SPANISH = replace(ENGLISH, language="es", launched=date(2026, 11, 1))
OTHER = replace(ENGLISH, id="safeseat", name="SafeSeat")
MAKERS = Makers(speech="s", language="l", judge="j")


def told(_: Call) -> str:
    return "told"


def told_again(_: Call) -> str:
    return "told with another glossary"


def call(day: str = "2026-11-16", call_id: str = "a") -> Call:
    return Call(
        call_id=call_id, content="c", transcript_path=f"{call_id}.txt", started_at=datetime.fromisoformat(day).replace(tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("language", "chosen"),
    [
        ("es", ["es", "en"]),
        ("es-MX", ["es", "en"]),  # a country changes nothing
        ("en", ["en", "en"]),
        ("fr", ["en", "en"]),  # no rubric in French: the default one, which says why it is not assessed
        (None, ["en", "en"]),
    ],
)
def test_of_each_story_the_rubric_in_the_language_of_the_call_is_taken(language: str | None, chosen: list[str]) -> None:
    found = initiatives_for(call(), (ENGLISH, SPANISH, OTHER), language)
    assert [each.id for each in found] == ["catchback", "safeseat"]
    assert [each.language for each in found] == chosen


def test_a_rubric_that_was_not_live_that_day_is_not_taken_for_its_language() -> None:
    assert [each.language for each in initiatives_for(call("2026-10-20"), (ENGLISH, SPANISH), "es")] == ["en"]


def test_reports_speak_of_the_first_rubric_of_each_story() -> None:
    assert default_rubrics((ENGLISH, SPANISH, OTHER)) == (ENGLISH, OTHER)


def test_the_language_a_transcript_was_found_to_be_in_decides_and_another_rubric_makes_the_score_stale(tmp_path: Path) -> None:
    spoken = {"a": "es", "b": "en", "c": None}
    calls = [call(call_id=call_id) for call_id in spoken]
    with Store(tmp_path / "calls.db") as store:
        store.add_calls(calls)
        for each in calls:
            heard = make_call("rep Hola. / customer Sí.", call_id=each.call_id, language="xx")
            store.keep_transcript(heard, content="c", made_by=recognition_key(each, MAKERS))
            store.keep_transcript(
                replace(heard, language=spoken[each.call_id]), content="c", made_by=transcript_key(each, told, MAKERS)
            )
        keys = {each.call_id: transcript_key(each, told, MAKERS) for each in calls}
        assert store.languages(keys) == {"a": "es", "b": "en"}

        before = {work.call.call_id: work for work in stale_judgements(store, calls, (ENGLISH,), told, MAKERS)}
        after = {work.call.call_id: work for work in stale_judgements(store, calls, (ENGLISH, SPANISH), told, MAKERS)}

    assert {call_id: work.initiative.language for call_id, work in after.items()} == {"a": "es", "b": "en", "c": "en"}
    assert before["a"].signals_made_by != after["a"].signals_made_by
    assert before["b"].score_made_by == after["b"].score_made_by


def test_attributing_anew_without_changing_a_word_or_a_role_makes_nothing_stale(tmp_path: Path) -> None:
    calls = [call(call_id=call_id) for call_id in ("same", "changed")]
    with Store(tmp_path / "calls.db") as store:
        store.add_calls(calls)
        for each in calls:
            heard = make_call("rep We have catch back. / customer What's that?", call_id=each.call_id)
            written = make_call("rep We have CatchBack. / customer What's that?", call_id=each.call_id)
            store.keep_transcript(heard, content="c", made_by=transcript_key(each, told, MAKERS))
            anew = heard if each.call_id == "same" else written
            store.keep_transcript(anew, content="c", made_by=transcript_key(each, told_again, MAKERS))
        before, after = (
            {work.call.call_id: work for work in stale_judgements(store, calls, (ENGLISH,), by, MAKERS)}
            for by in (told, told_again)
        )
    assert before["same"].transcript_made_by != after["same"].transcript_made_by
    assert before["same"].score_made_by == after["same"].score_made_by
    assert before["changed"].signals_made_by != after["changed"].signals_made_by
