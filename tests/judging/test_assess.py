from dataclasses import replace
from datetime import date

import pytest

from callcoach.domain.call import RoleFinding, RoleSource, Transcript
from callcoach.domain.story import Initiative, ValueStory
from callcoach.judging.assess import not_assessed_because
from callcoach.testing import make_call

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls ring out.", hammer="A text goes out.", part="Read the count."),
)
REP = (
    "rep Hi, this is Ann at Brightline, I wanted to tell you about our new backup line that keeps your card machine working "
    "when the internet drops."
)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        # a greeting, then only the rep
        (f"customer You've reached Dale. Leave a message after the beep. / {REP}", "voicemail"),
        # the customer is somebody else
        (
            "rep Hi, is this Dale at the plumbing shop? / customer No, you've got the wrong number. / rep Sorry to bother you.",
            "wrong number",
        ),
        ("rep Hi Dale, bad time? / customer Yes. / rep Okay, I'll call back.", "Too short"),
        # a mono recording without diarization
        ("unknown Hi, this is Ann. / unknown Hello Ann, what is it about?", "not known who is the rep"),
        (REP, "Only the rep is heard"),
    ],
)
def test_calls_that_cannot_be_judged_say_why(script: str, reason: str) -> None:
    told = not_assessed_because(make_call(script), CATCHBACK)
    assert told is not None
    assert reason in told


SPANISH = (
    "rep Buenos días, le llamo para hablar de la nueva línea que tenemos para su negocio y de lo que hace por usted cuando nadie "
    "contesta al teléfono. / customer Sí, pero no sé si es lo que necesito, porque ya tengo una con otra empresa."
)


def test_a_call_in_another_language_than_the_rubric_names_both() -> None:
    told = not_assessed_because(make_call(SPANISH, language="es-MX"), CATCHBACK)
    assert told == "The call is in Spanish; the rubric of CatchBack is in English."
    told = not_assessed_because(make_call(f"{REP} / customer Huh?"), replace(CATCHBACK, language="es"))
    assert told == "The call is in English; the rubric of CatchBack is in Spanish."


def test_a_call_in_the_language_of_the_rubric_or_in_one_nobody_could_tell_is_judged() -> None:
    assert not_assessed_because(make_call(SPANISH, language="es"), replace(CATCHBACK, language="es")) is None
    assert not_assessed_because(make_call(f"{REP} / customer Huh?", language=None), CATCHBACK) is None
    assert not_assessed_because(make_call(f"{REP} / customer Huh?", language="en-US"), CATCHBACK) is None


def test_a_language_without_a_name_is_quoted_and_letters_of_chinese_count_as_words() -> None:
    told = not_assessed_because(make_call(SPANISH, language="tlh"), CATCHBACK)
    assert told == 'The call is in the language "tlh"; the rubric of CatchBack is in English.'
    chinese = "rep 您好我是雷恩菲尔德公司的安娜请问您现在方便说几句话吗我想谈谈您的电话线路 / customer 可以"
    assert not_assessed_because(make_call(chinese, language="zh"), replace(CATCHBACK, language="zh")) is None


def test_given_labels_that_the_words_contradict_are_not_judged_and_the_check_is_named() -> None:
    call = make_call(f"{REP} / customer And what does it cost me?")
    for finding in (RoleFinding(source=RoleSource.GIVEN, confidence=0.97), None):
        assert not_assessed_because(replace(call, roles=finding), CATCHBACK) is None
    swapped = RoleFinding(source=RoleSource.GIVEN, confidence=0.97, contradicted=True)
    told = not_assessed_because(replace(call, roles=swapped), CATCHBACK)
    assert told is not None and "rep_channel" in told


def test_speakers_that_could_not_be_told_apart_say_how_sure_it_was() -> None:
    call = make_call("unknown Hi, this is Ann. / unknown2 Hello Ann, what is it about?")
    told = not_assessed_because(replace(call, roles=RoleFinding(source=RoleSource.HEARD, confidence=0.714)), CATCHBACK)
    assert told is not None and told.startswith("It could not be told who is the rep from what is said (71% sure).")
    nothing = not_assessed_because(replace(call, roles=RoleFinding(source=RoleSource.HEARD, confidence=None)), CATCHBACK)
    assert nothing is not None and nothing.startswith("It is not known who is the rep")


def test_a_customer_alone_is_named() -> None:
    told = not_assessed_because(make_call("customer Hello? Hello? Is anybody there at all?"), CATCHBACK)
    assert told == "Only the customer is heard; the rep says nothing."


def test_an_ordinary_call_and_a_leader_can_be_judged() -> None:
    assert (
        not_assessed_because(make_call(f"{REP} / customer And what does it cost me? / rep Nineteen a month."), CATCHBACK) is None
    )
    assert not_assessed_because(make_call(REP.replace("rep", "leader", 1)), CATCHBACK) is None


def test_an_empty_recording_is_named() -> None:
    assert not_assessed_because(Transcript(call_id="empty", turns=()), CATCHBACK) == "Nothing was said in this recording."
