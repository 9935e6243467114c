"""Customers' signals stand next to the part they belong to, and a new version to the reports it answers."""

from dataclasses import replace
from datetime import UTC, date, datetime

from coaching_calls import ASK, CATCHBACK, NEED, judged

from callcoach.coaching.customer_signals import SignalKind, customer_signals
from callcoach.coaching.field import field_standing, of_these_reps
from callcoach.coaching.heard import hear
from callcoach.domain.field_reports import FieldAnswer, FieldCase, FieldReport
from callcoach.domain.story import Component, Published
from callcoach.domain.verdict import Reaction

OLD = replace(CATCHBACK, story=replace(CATCHBACK.story, wall="Owners lose calls."))
NEW = replace(
    CATCHBACK,
    published=(
        Published(version=OLD.version, on=date(2026, 10, 1), by="ray"),
        Published(version=CATCHBACK.version, on=date(2026, 10, 20), by="ray"),
    ),
)
TEXTS = {OLD.version: OLD}


def heard(*pairs):
    return hear([call for call, _ in pairs], [score for _, score in pairs], [NEW]).of_initiative("catchback")


def case(day, component=Component.WALL, answer=None, **fields):
    report = FieldReport(
        initiative_id="catchback",
        component=component,
        by="tyler",
        at=datetime(2026, 10, day, 9, tzinfo=UTC),
        words="They say they miss no calls.",
        version=OLD.version,
        **fields,
    )
    if answer is None:
        return FieldCase(report=report)
    said = FieldAnswer(report_id=report.report_id, by="ray", at=report.at, because="The wall is told anew.", version=answer)
    return FieldCase(report=report, answer=said)


def of(component, found):
    return next(each for each in found if each.component is component)


def test_what_the_rep_built_on_and_what_was_asked_after_a_part_stand_next_to_it():
    said = f"{NEED}/ R 0:47 wall Twenty-seven rang out. / {ASK}/ R 1:06 part,answer Your own count."
    found = customer_signals(heard(judged("t1", "tyler", 5, "partial", said, answer="partial", levels=(2, 0, 1))))
    wall, part = of(Component.WALL, found), of(Component.PART, found)
    assert (wall.told, wall.needs, wall.asked) == (1, 1, 1)
    assert [(each.kind, each.quote) for each in wall.quotes] == [
        (SignalKind.ASK, "And that does what for me?"),
        (SignalKind.NEED, "I got three bays going and one kid on the counter."),
    ]
    assert wall.quotes[0].told == "Twenty-seven rang out."
    # the question came before the part was told: it is what the part answers, not what it left open
    assert (part.told, part.asked, part.needs) == (1, 0, 0)
    assert of(Component.HAMMER, found).sentence == "What we do: told in no call yet, so that no customer could answer it."


def test_a_customer_who_goes_on_with_something_else_is_a_signal_and_no_feeling_is_read_into_it():
    call, score = judged("t1", "tyler", 5, "partial", "R 0:47 part It means more calls.", levels=(0, 0, 1))
    left = Reaction(pitch_turn=0, turn=1, quote="What about the invoice?", words=4, asked=True, asked_why=False, stayed=False)
    (signal,) = of(Component.PART, customer_signals(heard((call, replace(score, reaction=left))))).quotes
    assert (signal.kind, signal.quote) == (SignalKind.MOVED_ON, "What about the invoice?")
    unknown = replace(left, stayed=None)
    assert of(Component.PART, customer_signals(heard((call, replace(score, reaction=unknown))))).moved_on == 0


def test_calls_count_once_and_only_since_the_story_changed():
    said = f"R 0:40 wall It rang out. / {ASK}/ R 1:06 wall It rang out again. / C 1:20 ask Why? "
    old, new = (
        judged("t1", "tyler", 5, "partial", said, levels=(1, 0, 0)),
        judged("t2", "tyler", 25, "partial", said, levels=(1, 0, 0)),
    )
    every = of(Component.WALL, customer_signals(heard(old, new)))
    assert (every.told, every.asked, len(every.quotes)) == (2, 2, 2)
    standing = field_standing(NEW, heard(old, new), [], TEXTS)
    assert standing.since == date(2026, 10, 20)
    assert of(Component.WALL, standing.signals).told == 1


def test_calls_in_which_it_did_not_come_up_say_nothing():
    found = customer_signals(heard(judged("t1", "tyler", 5, "not_raised"), judged("t2", "tyler", 6, "not_assessed")))
    assert [each.told for each in found] == [0, 0, 0]


def test_days_run_from_the_call_that_showed_it_to_the_first_call_that_tells_it_anew():
    calls = heard(
        judged("before", "joyce", 19, "explains"),
        judged("mentions", "joyce", 21, "partial", levels=(1, 2, 2)),
        judged("tells", "joyce", 24, "explains"),
        judged("later", "joyce", 26, "explains"),
    )
    answered = case(12, answer=CATCHBACK.version, call_id="t1", heard_on=date(2026, 10, 8))
    (version,) = field_standing(NEW, calls, [answered], TEXTS).versions
    assert (version.changed, version.reports) == ((Component.WALL,), (answered.report.report_id,))
    assert (version.first_signal, version.first_use, version.first_use_call) == (date(2026, 10, 8), date(2026, 10, 24), "tells")
    assert version.sentences[0] == "Published on Oct 20, 2026 with why it exists told anew."
    assert version.sentences[1] == (
        "12 days from the first report (Oct 8) to the changed story, 4 days more to the first call with it."
    )


def test_an_open_report_on_a_part_that_was_rewritten_waits_for_an_answer_and_one_on_another_part_does_not():
    waiting, other, later = case(10), case(11, Component.PART), case(25)
    (version,) = field_standing(NEW, heard(), [waiting, other, later], TEXTS).versions
    assert version.unanswered == (waiting.report.report_id,)
    assert version.sentences[-1] == "1 report on what was changed waits for an answer."
    assert "no call tells it so yet" in version.sentences[1]


def test_without_a_report_nothing_is_claimed_of_how_fast_the_story_changed():
    (version,) = field_standing(NEW, heard(judged("tells", "joyce", 24, "explains")), [], TEXTS).versions
    assert (version.first_signal, len(version.sentences)) == (None, 1)
    (unknown,) = field_standing(NEW, heard(), [case(10)], {}).versions
    assert (unknown.changed, unknown.first_use) == ((), None)


def test_a_story_that_was_published_once_has_no_new_version():
    once = replace(NEW, published=NEW.published[-1:])
    standing = field_standing(once, heard(), [case(10), case(12, answer="v")], TEXTS)
    assert (standing.versions, standing.since) == ((), None)
    assert [each.is_open for each in standing.cases] == [True, False]


def test_whoever_sees_some_reps_only_reads_no_report_and_no_line_of_others():
    said = f"R 0:40 wall It rang out. / {ASK}"
    calls = heard(judged("t1", "tyler", 25, "partial", said, levels=(1, 0, 0)), judged("tells", "joyce", 24, "explains"))
    whole = field_standing(NEW, calls, [case(10)], TEXTS)
    assert of(Component.WALL, whole.signals).quotes and whole.versions[0].first_use_call == "tells"
    found = of_these_reps(whole, {"joyce"})
    assert (found.cases, of(Component.WALL, found.signals).quotes, found.versions[0].first_use_call) == ((), (), None)
    assert of(Component.WALL, found.signals).sentence == of(Component.WALL, whole.signals).sentence
    assert of_these_reps(whole, {"tyler"}).cases == whole.cases
