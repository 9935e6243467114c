"""The encoder with trained upper layers: the same vectors in whatever company, kept and read back, and mixed into the acts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from callcoach.domain.signals import Act
from callcoach.domain.story import Initiative, ValueStory
from callcoach.errors import WeightsAltered
from callcoach.judging.tuned_head import Tuned, TunedHead
from callcoach.judging.turn_heads import TUNED_WEIGHT
from callcoach.language import heads, tuned
from callcoach.language.measure import Measurer
from callcoach.language.tuned import Tokens, TunedEncoder, TurnText, plain_encoder, turn_texts
from callcoach.testing import make_call
from callcoach.training.heads_folder import write_heads
from callcoach.training.targets import REP_OUTPUTS
from callcoach.weights.locate import locate

WIDTH = 384
STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out go elsewhere.", hammer="We text them back.", part="Their own missed calls."),
)
CALL = make_call(
    "rep Half of your callers ring the next shop. So we text them back. / customer I lost two weddings that way. Why me? "
    "/ rep Because you are in the back when they call. / customer Right. / rep ..."
)


def head(outputs: tuple[str, ...] = REP_OUTPUTS) -> TunedHead:
    dice = np.random.default_rng(1)

    def half(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return dice.normal(scale=0.1, size=shape).astype(np.float16).astype(np.float64)

    inner = 5 * WIDTH + 3
    return TunedHead(
        outputs=outputs,
        near=half(WIDTH, WIDTH),
        near_bias=half(WIDTH),
        hidden=half(inner, 8),
        hidden_bias=half(8),
        out=half(8, len(outputs)),
        out_bias=half(len(outputs)),
    )


@pytest.fixture(scope="module")
def known() -> Tuned:
    """Layers as they came, so that nothing needs training."""
    model, _ = plain_encoder(locate("all-minilm-l6-v2"))
    layers = {name: tensor.numpy() for name, tensor in model.encoder.layer[-2:].state_dict().items()}
    return Tuned(layers=layers, head=head(), fingerprint="known")


def encoder(known: Tuned) -> TunedEncoder:
    return TunedEncoder(locate("all-minilm-l6-v2"), known, threads=1)


def measurer(folder: Path) -> Measurer:
    return Measurer(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), folder, threads=1)


def test_each_turn_of_the_rep_with_words_is_read_with_what_came_before() -> None:
    own = tuple(turn.text for turn in CALL.turns)
    texts = turn_texts(CALL, own)
    assert list(texts) == [0, 2], "a turn of dots says nothing, and customers are not asked what they tell"
    assert texts[0].before == "" and texts[2].before.startswith("rep: Half of") and "customer: I lost" in texts[2].before
    assert texts[2].key != TurnText("", texts[2].own).key


@pytest.mark.slow
def test_long_texts_are_cut_to_what_fits_the_end_of_what_came_before_the_beginning_and_end_of_the_turn(known: Tuned) -> None:
    _, tokenizer = plain_encoder(locate("all-minilm-l6-v2"))
    numbers, begin = Tokens(tokenizer).of_turn(TurnText("early " * 300 + "late", "first " + "more " * 300 + "last"))
    words = tokenizer.convert_ids_to_tokens(numbers)
    assert len(numbers) == tuned.LENGTHS[-1] and words[begin - 2] == "late" and words[begin] == "first" and words[-2] == "last"
    assert np.isfinite(encoder(known).turn_vectors([TurnText("early " * 300, "more " * 300)])).all()


@pytest.mark.slow
def test_a_turn_has_the_same_vector_in_whatever_company_and_is_read_once(known: Tuned, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [TurnText("customer: Why?", f"Because callers ring the next shop {'again ' * n}") for n in range(9)]
    alone, together = encoder(known), encoder(known)
    one_by_one = np.concatenate([alone.turn_vectors([text]) for text in texts])
    assert np.array_equal(together.turn_vectors(texts), one_by_one)
    fresh = encoder(known)
    fresh.recall({text.key: row for text, row in zip(texts, one_by_one, strict=True)})
    monkeypatch.setattr(fresh, "_vectors", lambda rows: pytest.fail(f"{len(rows)} read again"))
    assert fresh.knows(texts) and np.array_equal(fresh.turn_vectors(texts), one_by_one)


@pytest.mark.slow
def test_what_it_says_is_mixed_into_the_acts_and_nothing_is_read_twice(
    known: Tuned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_folder, folder = locate("judge"), tmp_path / "judge"
    without = heads.read_turn_heads(plain_folder)
    calls = heads.read_call_heads(plain_folder)
    write_heads(folder, replace(without, tuned=known), calls, {})
    read = heads.read_turn_heads(folder)
    assert read.tuned is not None and read.fingerprint != without.fingerprint
    first = measurer(folder)
    (mixed,), kept = first.measure_all(CALL, (STORY,))
    before = Measurer(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), tmp_path, threads=1)
    before.__dict__["_heads"] = replace(without, tuned=None)
    (plain,), _ = before.measure_all(CALL, (STORY,))
    said = encoder(read.tuned).hear(list(turn_texts(CALL, tuple(turn.text for turn in CALL.turns)).values()), STORY)
    for place, number in enumerate((0, 2)):
        for act, output in ((Act.WALL, "wall"), (Act.ANSWER, "answer")):
            expected = (1 - TUNED_WEIGHT) * plain.turns[number].acts[act] + TUNED_WEIGHT * said[place][REP_OUTPUTS.index(output)]
            assert mixed.turns[number].acts[act] == pytest.approx(expected, abs=2e-4)
    assert mixed.turns[4] == plain.turns[4], "a turn without words is as the heads have it"
    assert mixed.turns[1] == plain.turns[1], "and so is the customer's"
    again = measurer(folder)
    again.measure(make_call("rep Something else entirely."), STORY)
    assert again._tuned is not None
    monkeypatch.setattr(again._tuned, "_vectors", lambda rows: pytest.fail(f"{len(rows)} read again"))
    (once_more,), nothing_new = again.measure_all(CALL, (STORY,), kept)
    assert nothing_new is None and once_more == mixed


@pytest.mark.slow
def test_a_tuned_encoder_for_other_questions_is_refused(known: Tuned) -> None:
    other = measurer(locate("judge"))
    other.__dict__["_heads"] = replace(heads.read_turn_heads(locate("judge")), tuned=replace(known, head=head(("wall", "part"))))
    with pytest.raises(WeightsAltered, match="other questions"):
        other.measure(CALL, STORY)
