"""The columns of a call's rows, made for all turns at once, against what each says of a single turn, worked out by hand."""

from datetime import date

import numpy as np
import pytest

from callcoach.domain.call import Role, Sentence
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.judging.wording import content_stems
from callcoach.language.call_text import CallText, own_texts
from callcoach.language.story import Passage
from callcoach.language.story import Story as ReadStory
from callcoach.language.turns import NOT_YET, rows_of
from callcoach.testing import make_call

WIDTH = 8
SAID = """
rep 0:01 Hello, this is about the spare tank.
customer 0:05 Our boiler broke twice. It was cold.
rep 0:09 ...
rep 0:12 The spare tank means your boiler never runs dry.
customer 0:20 Never?
unknown 0:22 Hm.
customer 0:24 The boiler ran dry in March.
rep 0:30 Then in March you would have had heat.
"""
INITIATIVE = Initiative(
    id="spare-tank",
    name="Spare Tank",
    launched=date(2026, 1, 1),
    story=ValueStory(wall="Boilers run dry.", hammer="We bring a second tank.", part="You have heat in March."),
    script="The spare tank means your boiler never runs dry.",
    facts=("It costs nothing.",),
)


def unit(chance, *shape):
    vectors = chance.normal(size=(*shape, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.fixture
def chance():
    return np.random.default_rng(20261123)


@pytest.fixture
def call(chance) -> CallText:
    transcript = make_call(" / ".join(line for line in SAID.strip().splitlines()))
    n_turns = len(transcript.turns)
    lengths = [2 if ". " in turn.text else 0 if turn.text == "..." else 1 for turn in transcript.turns]
    sentences = tuple(tuple(Sentence(turn=number, begin=0, end=1, text="") for _ in range(n)) for number, n in enumerate(lengths))
    return CallText(
        transcript=transcript,
        own=own_texts(transcript),
        sentences=sentences,
        turn_vectors=unit(chance, n_turns),
        sentence_vectors=tuple(unit(chance, n) for n in lengths),
        with_one_before=unit(chance, n_turns),
        with_two_before=unit(chance, n_turns),
        anchors=unit(chance, 14),
    )


@pytest.fixture
def story(chance) -> ReadStory:
    def passage(text, n):
        return Passage(whole=unit(chance), sentences=unit(chance, n), stems=content_stems(text), figures=frozenset())

    components = {component: passage(INITIATIVE.story.of(component), 1 + place) for place, component in enumerate(Component)}
    return ReadStory(
        components=components, script=passage(INITIATIVE.script, 2), facts=passage("It costs nothing.", 1), names=("spare tank",)
    )


def closest(vectors, passage):
    return max(float(one @ each) for one in np.atleast_2d(vectors) for each in passage.sentences)


def column(matrix, name):
    return dict(zip(matrix.turns, matrix.plain[:, matrix.names.index(name)], strict=True))


def test_each_turn_is_as_close_as_its_own_vectors_are(call, story):
    rows = rows_of(call, INITIATIVE, story)
    assert rows.rep.turns == (0, 2, 3, 7) and rows.customer.turns == (1, 4, 6)
    for matrix in (rows.rep, rows.customer):
        for component in Component:
            passage = story.components[component]
            for number in matrix.turns:
                vector, sentences = call.turn_vectors[number], call.sentence_vectors[number]
                sentences = sentences if len(sentences) else vector[None]
                assert column(matrix, f"turn_{component}")[number] == pytest.approx(float(vector @ passage.whole), abs=1e-6)
                assert column(matrix, f"turn_{component}_best")[number] == pytest.approx(closest(vector, passage), abs=1e-6)
                assert column(matrix, f"sentence_{component}_best")[number] == pytest.approx(
                    closest(sentences, passage), abs=1e-6
                )
                whole = max(float(each @ passage.whole) for each in sentences)
                assert column(matrix, f"sentence_{component}")[number] == pytest.approx(whole, abs=1e-6)
    for number, value in column(rows.rep, "two_script").items():
        assert value == pytest.approx(closest(call.with_two_before[number], story.script), abs=1e-6)
    assert "one_wall" not in rows.customer.names


def test_sentences_are_told_apart_in_the_order_of_the_call(call, story):
    rows = rows_of(call, INITIATIVE, story)
    for number, sentences in enumerate(call.sentence_vectors):
        begin = call.stacked.begins[number]
        for place, vector in enumerate(sentences):
            told = rows.sentences[Component.PART][begin + place]
            assert told == pytest.approx(closest(vector, story.components[Component.PART]), abs=1e-6)


def test_what_stands_beside_a_turn_is_the_other_sides(call, story):
    rows = rows_of(call, INITIATIVE, story)
    beside = {0: None, 2: 1, 3: 1, 7: 6}
    for number, other in beside.items():
        expected = 0.0 if other is None else closest(call.turn_vectors[other], story.facts)
        assert column(rows.rep, "before_facts")[number] == pytest.approx(expected, abs=1e-6)
        assert column(rows.rep, "before_none")[number] == (other is None)
        close = 0.0 if other is None else float(call.turn_vectors[number] @ call.turn_vectors[other])
        assert column(rows.rep, "before_close")[number] == pytest.approx(close, abs=1e-6)
        block = rows.rep.blocks["before"][rows.rep.turns.index(number)]
        assert np.array_equal(block, np.zeros(WIDTH) if other is None else call.turn_vectors[other])
    # somebody unknown is nobody's customer, so that turn 4 has them before the rep
    assert column(rows.customer, "after_asks")[4] == 0.0 and column(rows.customer, "after_none")[6] == 0.0


def test_what_was_said_before_is_counted_from_the_turns_before(call, story):
    rows = rows_of(call, INITIATIVE, story)
    assert column(rows.rep, "raised_before") == {0: 0.0, 2: 1.0, 3: 1.0, 7: 1.0}
    since = column(rows.rep, "turns_since_raised")
    assert since[0] == NOT_YET and since[2] == pytest.approx(np.log1p(2)) and since[7] == pytest.approx(np.log1p(4))
    # "boiler" and "dry" are the story's; "cold" and "broke" are the customer's own, and nobody takes them up
    assert set(column(rows.rep, "uptake_ever").values()) == {0.0}
    assert column(rows.rep, "copied_words")[3] == pytest.approx(np.log1p(9)) and column(rows.rep, "copied_share")[3] == 1.0
    best = np.array(list(column(rows.rep, "sentence_wall_best").values()))
    assert list(column(rows.rep, "sentence_wall_best_prior").values()) == pytest.approx([0.0, *best[:-1]])
    assert list(column(rows.rep, "sentence_wall_best_below_top").values()) == pytest.approx(best.max() - best)


def test_a_side_that_says_nothing_has_no_rows(call, story):
    turns = tuple(turn for turn in call.transcript.turns if turn.role is Role.REP)
    one_sided = CallText(
        transcript=make_call(" / ".join(f"rep {turn.text}" for turn in turns)), own=tuple(turn.text for turn in turns),
        sentences=((),) * len(turns), turn_vectors=call.turn_vectors[: len(turns)],
        sentence_vectors=(call.turn_vectors[:0],) * len(turns), with_one_before=call.with_one_before[: len(turns)],
        with_two_before=call.with_two_before[: len(turns)], anchors=call.anchors,
    )  # fmt: skip
    rows = rows_of(one_sided, INITIATIVE, story)
    assert rows.customer.turns == () and rows.customer.names == () and rows.customer.plain.shape == (0, 0)
    assert rows.customer.blocks["before"].shape == (0, WIDTH)
    assert set(column(rows.rep, "before_none").values()) == {1.0} == set(column(rows.rep, "after_none").values())
