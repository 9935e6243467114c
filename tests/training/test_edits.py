import random
from collections import Counter
from datetime import date

import pytest

from callcoach.domain.call import Role
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.judging.wording import words_of
from callcoach.testing import make_call
from callcoach.training.corpus import CallLabels, Corpus, LabelledCall, LabelledInitiative
from callcoach.training.disguises import disguised_calls
from callcoach.training.edits import (
    TRICKS,
    filled,
    misheard,
    renamed,
    reordered,
    tricked,
    vocabulary,
    without,
)
from callcoach.training.robustness import WORD_ERRORS

INITIATIVE = Initiative(
    id="spare-line",
    name="Spare Line",
    company="Testing Telecom",
    launched=date(2026, 10, 5),
    terms=("spare line", "second line"),
    story=ValueStory(
        wall="Shops leave us in the week after an outage, whatever the price was.",
        hammer="The Spare Line takes over on the mobile network within twenty seconds.",
        part="Ask what the last outage cost this customer and put that number beside the price.",
    ),
    script="Hi, this is Testing Telecom. Nobody likes an outage, so we built Spare Line for you.",
    facts=("thirty dollars a month",),
)
WORDS = " ".join(f"We counted the boxes in the back room again on morning {number}." for number in range(40))
SAID = f"""\
rep Hi Marta, this is Dennis with Testing Telecom.
customer Hello.
rep How is the weather over there in Tulsa?
customer It has been raining since Monday.
rep And the delivery came through?
customer It did, two boxes were open.
rep We have the Spare Line now, thirty dollars. {WORDS}
customer And what is that to me?
rep It is automatic, like I said, nothing to press at all.
customer Right.
rep Did the new sign go up?
customer Not yet, the sign man is in Reno.
rep Okay, thank you Marta.
customer Bye."""
TAGS = {6: {Act.HAMMER}, 7: {Act.ASK}, 8: {Act.STUMBLE}}


def labelled(
    said: str = SAID, verdict: Verdict = Verdict.FACTS_ONLY, call_id: str = "a", base_id: str | None = None
) -> LabelledCall:
    transcript = make_call(said, call_id=call_id)
    return LabelledCall(
        call_id=call_id,
        base_id=base_id,
        initiative_id="spare-line",
        writer="w1",
        rep="R01",
        transcript=transcript,
        labels=CallLabels(
            verdict=verdict,
            levels=dict.fromkeys(Component, Level.ABSENT),
            asked_why=True,
            answer=Answer.NONE,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        ),
        tags=tuple(frozenset(TAGS.get(place, ())) for place in range(len(transcript.turns))),
    )


CALL = labelled()
HEARD = vocabulary([CALL])


def said(call: LabelledCall) -> list[str]:
    return [turn.text for turn in call.transcript.turns]


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_about_as_many_words_are_misheard_as_asked_for_and_labels_stay(rate: float) -> None:
    edited = misheard(CALL, rate, HEARD)
    before, after = words_of(" ".join(said(CALL))), words_of(" ".join(said(edited)))
    changed = sum(ours != theirs for ours, theirs in zip(said(CALL), said(edited), strict=True))
    assert changed
    # lost words outnumber doubled ones a little
    assert abs(len(after) - len(before)) <= rate * len(before)
    wrong = len(before) - sum(min(before.count(word), after.count(word)) for word in set(before))
    assert 0.3 * rate * len(before) < wrong < 1.3 * rate * len(before)
    assert edited.labels == CALL.labels
    assert edited.tags == CALL.tags
    assert edited.call_id == edited.transcript.call_id == f"a~wer{round(100 * rate):02}"


def test_an_edit_is_the_same_each_time_and_another_for_another_seed() -> None:
    assert misheard(CALL, 0.2, HEARD) == misheard(CALL, 0.2, HEARD)
    assert misheard(CALL, 0.2, HEARD) != misheard(CALL, 0.2, HEARD, seed=1)
    for name in TRICKS:
        assert tricked(CALL, INITIATIVE, name) == tricked(CALL, INITIATIVE, name)


def test_a_word_is_misheard_as_one_that_looks_like_it_or_as_any() -> None:
    words = vocabulary([labelled("rep counter counted count mountain / customer zebra zebra")])
    heard = {words.misheard("counted", random.Random(seed)) for seed in range(60)}
    assert {"counter", "count", "zebra"} <= heard


def test_names_change_in_the_call_and_in_the_story_alike() -> None:
    edited = renamed(CALL, INITIATIVE, HEARD)
    texts = " ".join([*said(edited.call), edited.initiative.story.text, edited.initiative.script, *edited.initiative.terms])
    assert "Spare Line" not in texts
    assert "Testing" not in texts
    assert "Marta" not in texts
    assert edited.initiative.name in said(edited.call)[6]
    assert edited.initiative.name in edited.initiative.script
    assert "Monday" in said(edited.call)[3]
    assert edited.initiative.facts == INITIATIVE.facts


def test_fillers_are_added_and_nothing_is_lost() -> None:
    edited = said(filled(CALL))
    assert len(" ".join(edited).split()) > len(" ".join(said(CALL)).split())
    for before, after in zip(said(CALL), edited, strict=True):
        rest = iter(after.split())
        assert all(word in rest for word in before.split())


def test_only_exchanges_that_bear_on_nothing_change_places() -> None:
    edited = reordered(CALL, INITIATIVE)
    assert edited is not None
    assert said(edited) != said(CALL)
    assert sorted(said(edited)) == sorted(said(CALL))
    for place in (0, 1, 6, 7, 8, 9, 12, 13):
        assert said(edited)[place] == said(CALL)[place]
    # an answer stays behind its question
    weather = said(edited).index("How is the weather over there in Tulsa?")
    assert said(edited)[weather + 1] == "It has been raining since Monday."
    assert reordered(labelled("rep Hi. / customer Hello."), INITIATIVE) is None


def test_turns_leave_with_their_tags() -> None:
    left = without(CALL, [6, 8], "without_quoted")
    assert left is not None
    assert len(left.transcript.turns) == 12
    assert [place for place, acts in enumerate(left.tags) if acts] == [6]
    assert without(labelled("rep Hi."), [0], "without_quoted") is None


def test_tricks_say_what_they_are_named_for_and_leave_the_labels() -> None:
    edited = {name: tricked(CALL, INITIATIVE, name) for name in TRICKS}
    assert sum("because" in text for text in said(edited["because"])) == 4  # the rep turns of eight words or more
    assert "outage" in said(edited["story_words"])[6]
    assert said(edited["parrot"])[8].startswith("So you're saying And what is that to me? It is automatic")
    assert all(turn.text.endswith("?") for _, turn in edited["fake_questions"].transcript.turns_of(Role.REP))
    assert said(edited["script_because"])[6] == f"Because of that. {INITIATIVE.script}"
    assert said(edited["story_aloud"])[6].endswith(INITIATIVE.story.text)
    for call in edited.values():
        assert call.labels == CALL.labels
        assert call.tags == CALL.tags
        assert [turn.text for _, turn in call.transcript.turns_of(Role.CUSTOMER)] == [
            turn.text for _, turn in CALL.transcript.turns_of(Role.CUSTOMER)
        ]


def test_copies_to_learn_from_keep_their_labels_but_where_something_is_read_out() -> None:
    calls = tuple(labelled(call_id=f"c{number}") for number in range(60))
    corpus = Corpus(initiatives=(LabelledInitiative(initiative=INITIATIVE, writer="w1", calls=calls),))
    copies = disguised_calls(corpus)
    assert copies == disguised_calls(corpus)
    edits = Counter(copy.call_id.partition("~")[2] for copy in copies)
    assert sum(edits[name] for name in ("wer06", "wer12", "wer18")) == edits["reorder"] == len(calls)
    assert edits.keys().isdisjoint(WORD_ERRORS), "as many wrong words as robustness is measured with are not learnt from"
    assert len(calls) / 4 < len(copies) - 2 * len(calls) < len(calls)
    read = [copy for copy in copies if copy.call_id.endswith("~read")]
    assert read
    for copy in copies:
        assert len(copy.tags) == len(copy.transcript.turns)
        reciting = [place for place, acts in enumerate(copy.tags) if Act.RECITE in acts]
        assert len(reciting) == (copy in read)
        assert copy.labels.verdict is (Verdict.RECITES if copy in read else Verdict.FACTS_ONLY)


def test_copies_to_learn_from_do_not_use_the_phrases_that_robustness_is_measured_with() -> None:
    calls = tuple(labelled(call_id=f"c{number}") for number in range(60))
    corpus = Corpus(initiatives=(LabelledInitiative(initiative=INITIATIVE, writer="w1", calls=calls),))
    learnt = " ".join(text for copy in disguised_calls(corpus) for text in said(copy))
    for phrase in ("So you're saying", "Because of that.", "that's what it means for you", "make sense for your business"):
        assert phrase not in learnt
