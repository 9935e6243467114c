"""Leaders are heard on the same story, by a rule that can be read, and never on what no customer was there for."""

from datetime import date

from callcoach.domain.signals import Act, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.judging.leaders import is_leaders_talk, score_leader
from callcoach.testing import make_call

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls ring out.", hammer="A text goes out.", part="Read them their own count."),
    terms=("missed-call text",),
)
KICKOFF = make_call(
    """leader 0:00 Twenty-seven calls in a hundred, in the middle of the day, and nobody there.
    leader 0:12 Now a text goes out in ten seconds from their own number.
    leader 0:20 The parking lot closes at six."""
)


def measured(*turns: dict[str, float]) -> Signals:
    """Signals of KICKOFF with these act probabilities; `explained` for the explained wall."""
    made = []
    for number, acts in enumerate(turns):
        text = KICKOFF.turns[number].text
        explained = {"wall": acts.get("explained", 0.0)}
        whole = SentenceSignals(begin=0, end=len(text), closeness={"wall": 0.4, "hammer": 0.4})
        spoken = {act: acts.get(act.value, 0.0) for act in (Act.WALL, Act.HAMMER, Act.PART)}
        made.append(TurnSignals(turn=number, acts=spoken, closeness={}, explained=explained, sentences=(whole,)))
    return Signals(call_id="call", initiative_id="catchback", turns=tuple(made), made_by={})


def test_a_leader_who_gives_the_reason_and_the_offer():
    score = score_leader(KICKOFF, CATCHBACK, measured({"wall": 0.8, "explained": 0.6}, {"hammer": 0.7}, {}), {})
    assert score.levels == {Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.MENTIONED}
    assert score.verdict is Verdict.PARTIAL
    assert [(quote.act, quote.quote) for quote in score.evidence] == [
        ("wall", "Twenty-seven calls in a hundred, in the middle of the day, and nobody there."),
        ("hammer", "Now a text goes out in ten seconds from their own number."),
    ]
    assert (score.confidence, score.why_score, score.answer) == (None, None, Answer.NOT_ASKED)


def test_what_the_part_means_to_a_leader_is_not_claimed():
    score = score_leader(KICKOFF, CATCHBACK, measured({"wall": 0.8, "part": 0.9}, {}, {}), {})
    assert Component.PART not in score.levels


def test_a_name_without_a_reason_is_facts_and_silence_is_not_raised():
    silent = measured({}, {}, {})
    assert score_leader(KICKOFF, CATCHBACK, silent, {}).verdict is Verdict.NOT_RAISED
    named = make_call("leader 0:00 And CatchBack, you have all had the training. / leader 0:05 Fine. / leader 0:09 Go.")
    assert score_leader(named, CATCHBACK, silent, {}).verdict is Verdict.FACTS_ONLY


def test_a_call_with_a_customer_is_no_leaders_talk():
    assert is_leaders_talk(KICKOFF)
    assert not is_leaders_talk(make_call("leader 0:00 Hello. / customer 0:02 Hi."))
    assert not is_leaders_talk(make_call("rep 0:00 Hello."))
