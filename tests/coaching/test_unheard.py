"""A name nobody is heard to say: a question for a listener, not a finding about reps."""

from dataclasses import replace

from coaching_calls import CATCHBACK, judged, report

from callcoach.coaching.unheard import FEWEST_CALLS
from callcoach.domain.call import Call, CallKind
from callcoach.domain.story import GlossaryTerm
from callcoach.domain.verdict import CallScore

NAMED = replace(CATCHBACK, glossary=(GlossaryTerm(term="CatchBack"), GlossaryTerm(term="Wrenfield")))


def call(
    number: int, *names: str, verdict: str = "not_raised", kind: CallKind = CallKind.CUSTOMER_CALL
) -> tuple[Call, CallScore]:
    heard, score = judged(f"c{number:02}", "tyler", number, verdict, kind=kind)
    return heard, replace(score, names_heard=names)


def test_a_name_in_none_of_many_calls_is_asked_about_with_a_call_to_listen_to() -> None:
    calls = [call(number, "Wrenfield", verdict="partial" if number == 4 else "not_raised") for number in range(1, 13)]
    (unheard,) = report(*calls, initiatives=(NAMED,)).unheard
    assert unheard.sentence == (
        "CatchBack was heard in 0 of 12 calls, though the subject came up in 1: not said, or not recognised? Listen to one: c04."
    )
    assert (unheard.initiative_id, unheard.name, unheard.n_calls, unheard.n_raised) == ("catchback", "CatchBack", 12, 1)


def test_where_the_subject_never_came_up_the_latest_call_is_named() -> None:
    unheard = report(*(call(number, "Wrenfield") for number in range(1, 11)), initiatives=(NAMED,)).unheard
    assert [each.sentence for each in unheard] == [
        "CatchBack was heard in 0 of 10 calls: not said, or not recognised? Listen to one: c10."
    ]


def test_a_name_heard_once_is_not_asked_about() -> None:
    calls = [call(number, "Wrenfield", *(["CatchBack"] if number == 7 else [])) for number in range(1, 15)]
    assert report(*calls, initiatives=(NAMED,)).unheard == ()


def test_few_calls_leaders_and_calls_nobody_looked_at_ask_nothing() -> None:
    few = [call(number, "Wrenfield") for number in range(1, FEWEST_CALLS)]
    leaders = [call(number, kind=CallKind.LEADER_RECORDING) for number in range(20, 31)]
    unread = [judged(f"u{number}", "tyler", number, "not_raised") for number in range(1, 20)]
    assert report(*few, *leaders, *unread, initiatives=(NAMED,)).unheard == ()


def test_a_story_in_two_languages_is_one_initiative_in_the_report_with_the_scores_of_both() -> None:
    spanish = replace(NAMED, language="es", name="CatchBack (es)")
    made = report(*(call(number, "Wrenfield", "CatchBack") for number in range(1, 4)), initiatives=(NAMED, spanish))
    assert [(finding.initiative_id, finding.n_calls) for finding in made.initiatives] == [("catchback", 3)]
    assert made.initiatives[0].headline.startswith("CatchBack ") or "CatchBack:" in made.initiatives[0].headline
    assert "(es)" not in made.initiatives[0].headline
