"""What was read of a call, kept as bytes: the same signals with and without it, and nothing encoded twice."""

from datetime import date

import msgspec
import numpy as np
import pytest

from callcoach.domain.story import Initiative, ValueStory
from callcoach.language.encoder import DECIMALS
from callcoach.language.measure import Measurer
from callcoach.language.reading import _packed, _unpacked
from callcoach.testing import make_call
from callcoach.weights.locate import locate

STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out go elsewhere.", hammer="We text them back.", part="Their own missed calls."),
)
CALL = make_call(
    "rep Half of your callers ring the next shop. So we text them back. / customer I lost two weddings that way. Why me? "
    "/ rep Because you are in the back when they call."
)


def measurer() -> Measurer:
    return Measurer(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), locate("judge"))


def test_vectors_come_back_to_the_last_bit() -> None:
    dice = np.random.default_rng(3)
    rounded = np.round(dice.uniform(-1, 1, size=(2000, 384)).astype(np.float32), DECIMALS).astype(np.float32)
    rounded[0, :3] = (0.0, 1.0, -1.0)
    assert np.array_equal(_unpacked(_packed(rounded)), rounded)


@pytest.mark.slow
def test_signals_are_the_same_bytes_with_and_without_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = measurer(), measurer()
    signals, kept = first.measure_all(CALL, (STORY,))
    assert kept is not None
    second.measure(make_call("rep Something else entirely."), STORY)

    def never(*_: object) -> None:
        raise AssertionError("nothing of this call is left to encode or to split")

    monkeypatch.setattr(second.reader.encoder, "_encode_new", never)
    monkeypatch.setattr(second.reader.splitter, "_bounds", never)
    again, nothing_new = second.measure_all(CALL, (STORY,), kept)
    assert nothing_new is None
    assert msgspec.json.encode(again, order="deterministic") == msgspec.json.encode(signals, order="deterministic")


@pytest.mark.slow
def test_what_is_kept_of_other_words_or_damaged_is_no_harm() -> None:
    one = measurer()
    signals, kept = one.measure_all(CALL, (STORY,))
    assert kept is not None
    for spoiled in (b"", b"\x93", kept[:-7]):
        assert measurer_of(spoiled) == signals
    repaired = make_call("rep Half of your callers ring the next shop. / customer Why?")
    _, fresh = one.measure_all(repaired, (STORY,), kept)
    # everything of the first turn but its text is another call's: it is read, and kept anew
    assert fresh is None or len(fresh) > 0


def measurer_of(kept: bytes) -> object:
    return measurer().measure_all(CALL, (STORY,), kept)[0]
