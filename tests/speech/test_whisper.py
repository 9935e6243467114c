"""The model itself: its weights read, its encoder in bfloat16, its decoding twice where text is doubtful."""

import struct
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from callcoach.bench.word_errors import normalised
from callcoach.speech import whisper
from callcoach.speech.acoustic import Bfloat16Encoder
from callcoach.speech.audio import decode
from callcoach.speech.ctranslate2_weights import UnknownLayout, read_tensors
from callcoach.speech.whisper import SAMPLE_RATE, Whisper
from callcoach.weights.locate import locate

SAMPLE = Path(__file__).parents[2] / "sample_calls" / "audio" / "wren-21.ogg"
slow = pytest.mark.slow


def text(value: str) -> bytes:
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def tensor(name: str, values: np.ndarray, kind: int) -> bytes:
    shape = struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
    return text(name) + shape + struct.pack("<BI", kind, values.nbytes) + values.tobytes()


def model_file(folder: Path, *tensors: bytes, version: int = 6) -> Path:
    head = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<II", 3, len(tensors))
    path = folder / "model.bin"
    path.write_bytes(head + b"".join(tensors))
    return path


HALVES = tensor("encoder/a", np.array([[1, 2], [3, 4]], dtype=np.float16), 4)
WHOLE = tensor("decoder/b", np.arange(3, dtype=np.float32), 0)


def test_tensors_are_read_by_name_in_their_own_type_and_the_rest_is_passed_over(tmp_path: Path) -> None:
    path = model_file(tmp_path, WHOLE, HALVES)
    found = read_tensors(path, wanted=lambda name: name.startswith("encoder/"))
    assert list(found) == ["encoder/a"] and found["encoder/a"].dtype == np.float16
    assert found["encoder/a"].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda body: struct.pack("<I", 7) + body[4:], "not of version 6"),
        (lambda body: body[:-3], "ends inside a tensor"),
        (lambda body: body.replace(struct.pack("<BI", 4, 8), struct.pack("<BI", 5, 8)), "is of type 5"),
    ],
)
def test_a_file_of_another_layout_is_not_guessed_at(tmp_path: Path, spoil: Any, complaint: str) -> None:
    path = model_file(tmp_path, HALVES)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UnknownLayout, match=complaint):
        read_tensors(path, wanted=lambda _: True)


def test_weights_in_int8_stay_with_ctranslate2(tmp_path: Path) -> None:
    small = tensor("encoder/conv1/weight", np.zeros((2, 2), dtype=np.int8), 1)
    scale = tensor("encoder/conv1/weight_scale", np.ones(2, dtype=np.float32), 0)
    model_file(tmp_path, small, scale)
    with pytest.raises(UnknownLayout, match="no float weights"):
        Bfloat16Encoder(tmp_path)


@cache
def sound() -> np.ndarray:
    samples = decode(SAMPLE, max_seconds=600, max_bytes=10**8).samples
    return np.asarray(samples[0, : 20 * SAMPLE_RATE])


@cache
def reference_model() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(locate("whisper-base")), device="cpu", compute_type="float32")


@slow
def test_the_encoder_in_bfloat16_is_nearer_to_full_precision_than_int8_is() -> None:
    from faster_whisper import WhisperModel
    from faster_whisper.audio import pad_or_trim

    features = pad_or_trim(reference_model().feature_extractor(sound())[..., :-1])[None].astype(np.float32)
    exact = np.array(reference_model().encode(features))
    small = np.array(WhisperModel(str(locate("whisper-base")), device="cpu", compute_type="int8").encode(features))
    ours = Bfloat16Encoder(locate("whisper-base")).encode(features)
    assert ours.shape == exact.shape
    off, small_off = (float(np.linalg.norm(found - exact) / np.linalg.norm(exact)) for found in (ours, small))
    assert off < 0.03 and off < small_off


@slow
def test_the_same_is_heard_by_either_encoder_alone_and_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Whisper(locate("whisper-base"))
    with model.one_core_each():
        pair = model.decode(model.encode([sound(), sound()[: 10 * SAMPLE_RATE]]), [20.0, 10.0], language="en")
        alone = model.decode(model.encode([sound()]), [20.0], language="en")
    assert [word.text for word in pair[0].words] == [word.text for word in alone[0].words]
    assert [word.start for word in pair[0].words] == [word.start for word in alone[0].words]
    monkeypatch.setattr(whisper, "bfloat16_is_fast", lambda: False)
    plain = Whisper(locate("whisper-base"))
    said = plain.decode(plain.encode([sound()]), [20.0], language="en")[0]
    # where it hears a comma, a "catch back" or a "catchback" differs by processor, what was said does not
    ours, theirs = ("".join(normalised("".join(word.text for word in heard.words))) for heard in (alone[0], said))
    assert len(theirs) > 100 and Levenshtein.distance(ours, theirs) < 0.1 * len(theirs)


@slow
def test_doubtful_text_is_decoded_again_with_a_beam_and_the_likelier_of_both_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Whisper(locate("whisper-base"))
    noise = np.random.default_rng(0).normal(0, 0.1, 20 * SAMPLE_RATE).astype(np.float32)
    beams: list[tuple[int, int]] = []
    once = model._generated

    def watched(tokenizer: Any, stored: Any, windows: int, *, beam: int) -> list[Any]:
        beams.append((beam, windows))
        return once(tokenizer, stored, windows, beam=beam)

    monkeypatch.setattr(model, "_generated", watched)
    with model.one_core_each():
        clear = model.decode(model.encode([sound()]), [20.0], language="en")
        assert beams == [(1, 1)] and clear[0].words
        monkeypatch.setattr(whisper, "_is_doubtful", lambda tokenizer, result: result.no_speech_prob > 0.3)
        model.decode(model.encode([sound(), noise]), [20.0, 20.0], language="en")
    assert beams[1:] == [(1, 2), (whisper.BEAM, 1)]


def test_a_looping_text_and_an_unsure_one_are_doubtful_and_ordinary_ones_are_not() -> None:
    tokenizer = SimpleNamespace(eot=1000, decode=lambda tokens: " ".join(said[token] for token in tokens))
    said = ["and", "we", "found", "that", "most", "of", "your", "calls", "ring", "out", "before", "noon"]

    def doubtful(tokens: list[int], score: float) -> bool:
        return whisper._is_doubtful(tokenizer, SimpleNamespace(sequences_ids=[[*tokens, 1000]], scores=[score]))

    assert not doubtful(list(range(12)), -0.3)
    assert doubtful(list(range(12)), -1.2)
    assert doubtful([0, 1, 2] * 30, -0.1)
    assert not doubtful([], -0.2)
