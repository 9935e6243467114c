import pytest

from callcoach.domain.call import Transcript
from callcoach.judging.assess import not_assessed_because
from callcoach.testing import make_call

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
    told = not_assessed_because(make_call(script))
    assert told is not None
    assert reason in told


def test_a_call_in_spanish_is_named_whether_or_not_its_language_is_known() -> None:
    script = (
        "rep Buenos días, le llamo para hablar de la nueva línea que tenemos para su negocio y de lo que hace por usted. / "
        "customer Sí, pero no sé si es lo que necesito, porque ya tengo una con otra empresa."
    )
    for language in ("es", None):
        told = not_assessed_because(make_call(script, language=language))
        assert told is not None and "Spanish" in told


def test_an_ordinary_call_and_a_leader_can_be_judged() -> None:
    assert not_assessed_because(make_call(f"{REP} / customer And what does it cost me? / rep Nineteen a month.")) is None
    assert not_assessed_because(make_call(REP.replace("rep", "leader", 1))) is None


def test_an_empty_recording_is_named() -> None:
    assert not_assessed_because(Transcript(call_id="empty", turns=())) == "Nothing was said in this recording."
