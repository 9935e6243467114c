from judging_values import BACKUP, judge, signals

from callcoach.domain.call import Transcript
from callcoach.judging import score
from callcoach.judging.conduct import conduct, conduct_matrix
from callcoach.testing import make_call


def test_talk_share_pace_and_questions() -> None:
    # ten words at 0.3 s each are three seconds each
    call = make_call(
        "rep 0:00 one two three four five six seven eight nine ten? / "
        "customer 0:10 one two three four five six seven eight nine ten"
    )
    measured = conduct(call, ())
    assert measured.talk_share == 0.5
    assert measured.longest_monologue_s == 3.0
    assert measured.words_per_minute == 200.0
    assert measured.questions_asked == 1


def test_nobody_spoke() -> None:
    measured = conduct(make_call("unknown hello"), ())
    assert measured.talk_share is None and measured.words_per_minute is None


def counted(call: Transcript, told: dict[int, dict[str, float]]) -> dict[str, float]:
    row = conduct_matrix(call, BACKUP, signals(call, told))
    return dict(zip(row.names, row.plain[0], strict=True))


def test_offers_in_a_row_end_where_the_rep_asks() -> None:
    offers = (
        "rep We have a bundle this month. / customer Hm. / rep Or a discount on the second line. / customer No. / "
        "rep I could waive the setup fee. / customer I don't know."
    )
    assert counted(make_call(offers), {})["offers_in_a_row"] == 3
    asked = make_call(offers.replace("Or a discount on the second line.", "What do you use it for? There's a discount."))
    assert counted(asked, {})["offers_in_a_row"] == 1


def test_a_need_counts_as_diagnosed_only_before_the_pitch() -> None:
    call = make_call("rep When did it last go down on you? / customer Saturday, two hours. / rep There is a backup line now.")
    assert counted(call, {1: {"need": 0.9}, 2: {"hammer": 0.9}})["need_after_question"] == 0.9
    # the same need, told after the pitch
    late = make_call(
        "rep There is a backup line now. / customer Okay. / rep When did it last go down on you? / customer Saturday, two hours."
    )
    assert counted(late, {0: {"hammer": 0.9}, 3: {"need": 0.9}})["need_after_question"] == 0.0


def test_facts_are_counted_where_they_are_said() -> None:
    call = make_call(
        "rep It's nineteen dollars a month and it takes over within eight seconds. / customer Okay. / "
        "rep How was your Saturday? / customer Hm."
    )
    assert counted(call, {})["fact_turns"] == 1


def test_the_grade_of_a_behaviour_is_the_heads() -> None:
    call = make_call("rep " + "It's nineteen dollars a month with no contract. " * 5 + "/ customer Okay, I see.")
    assert score(call, BACKUP, signals(call, {}), judge("facts_only", "010", feature_dump="yes")).behaviours.feature_dump
    assert not score(call, BACKUP, signals(call, {}), judge("facts_only", "010")).behaviours.feature_dump
