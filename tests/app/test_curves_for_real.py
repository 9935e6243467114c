"""The curves on a small cut of the shipped corpus: who learns from whom, not how well, and so with vectors of words."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from word_vectors import word_vectors

from callcoach.app.curves import Wanted, curves_of, read_sizes, refuse_few_writers
from callcoach.app.learn import Learning
from callcoach.cli.evaluate import print_curves
from callcoach.errors import UsageError
from callcoach.language.measure import Reader
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.curves import Curves
from callcoach.training.fit_heads import Recipes
from callcoach.weights.locate import locate, models_folder

INITIATIVES = ("open-block", "guardrail-checking", "known-hand-rush")  # by three writers
CALLS_EACH = 8


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(
        initiatives=tuple(
            replace(labelled, calls=labelled.calls[:CALLS_EACH])
            for labelled in read_corpus(models_folder() / "corpus").initiatives
            if labelled.initiative.id in INITIATIVES
        )
    )


@pytest.fixture(scope="module")
def curves(corpus: Corpus, small_recipes: Recipes) -> Curves:
    with word_vectors():
        reader = Reader(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), threads=1)
    learning = Learning(corpus, reader, recipes=small_recipes)
    return curves_of(learning, Wanted(learning=True, sizes=(0, 2, 30), initiatives=2), lambda _: None)


@pytest.mark.slow
def test_the_learning_curve_judges_the_same_held_out_writers_at_every_point(corpus: Corpus, curves: Curves) -> None:
    assert curves.learning is not None
    assert len(curves.learning.held_out) == 1
    points = [(point.writers, point.share, point.judged) for point in curves.learning.points]
    assert points == [(2, 0.25, CALLS_EACH), (2, 0.5, CALLS_EACH), (2, 1.0, CALLS_EACH)]
    calls = [point.calls for point in curves.learning.points]
    assert calls == sorted(calls) and calls[-1] == 2 * CALLS_EACH and calls[0] < calls[1] < calls[2]


@pytest.mark.slow
def test_few_shot_names_what_it_cannot_measure_and_compares_on_the_same_calls(curves: Curves) -> None:
    shot = curves.few_shot
    assert shot is not None and len(shot.initiatives) == 2
    assert [(point.calls, point.with_turns) for point in shot.points] == [(0, False), (2, False), (2, True)]
    assert {point.judged for point in shot.points} == {2 * (CALLS_EACH - 2)}
    assert all(point.gain is not None and abs(point.gain) <= 1 for point in shot.points)
    assert list(shot.not_measurable) == ["30"]
    assert f"{CALLS_EACH} calls at most" in shot.not_measurable["30"]


@pytest.mark.slow
def test_the_tables_show_every_point_and_the_json_comes_back(curves: Curves) -> None:
    console = Console(record=True, width=80)
    print_curves(console, curves)
    text = console.export_text()
    assert "…" not in text
    assert "2, turns" in text and "30 labelled calls cannot be measured here" in text
    assert msgspec.json.decode(msgspec.json.encode(curves), type=Curves) == curves


def test_sizes_are_numbers_with_commas_between() -> None:
    assert read_sizes("30,0, 10,10") == (0, 10, 30)
    for text in ("ten", "1,,2", "-1", ""):
        with pytest.raises(UsageError, match="like 0,10,30"):
            read_sizes(text)


def test_two_writers_are_too_few_for_a_curve(corpus: Corpus) -> None:
    two = Corpus(initiatives=corpus.initiatives[:2])
    with pytest.raises(UsageError, match="three writers or more"):
        refuse_few_writers(Path("calls"), two)
