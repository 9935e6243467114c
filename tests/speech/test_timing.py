import numpy as np
import pytest

from callcoach.domain.call import Word
from callcoach.speech.timing import longest, settled


def sound(*bursts: tuple[float, float], seconds: float = 10.0) -> np.ndarray:
    samples = np.random.default_rng(1).normal(0, 0.001, int(seconds * 16_000)).astype(np.float32)
    for start, end in bursts:
        samples[int(start * 16_000) : int(end * 16_000)] += 0.3 * np.sin(np.arange(int(end * 16_000) - int(start * 16_000)) / 5)
    return samples


def test_a_word_stretched_over_a_pause_before_it_is_cut_to_its_sound() -> None:
    (word,) = settled([Word(text="well", start=1.0, end=4.0)], sound((3.6, 3.95)))
    assert word.start == pytest.approx(3.6, abs=0.03) and word.end == pytest.approx(3.96, abs=0.03)


def test_a_word_stretched_over_a_pause_after_it_is_cut_too() -> None:
    (word,) = settled([Word(text="it's", start=1.0, end=4.0)], sound((1.0, 1.3)))
    assert word.start == 1.0 and word.end == pytest.approx(1.3, abs=0.03)


def test_a_word_never_lasts_longer_than_it_can_be_said() -> None:
    (word,) = settled([Word(text="so", start=1.0, end=6.0)], sound((0.0, 10.0)))
    assert word.end - word.start <= longest("so") + 0.01


def test_a_first_word_laid_into_the_pause_before_it_is_moved_to_its_sound() -> None:
    words = [
        Word(text="Busy,", start=4.0, end=4.5),
        Word(text="first", start=6.8, end=7.0),
        Word(text="frost.", start=7.0, end=7.4),
    ]
    busy, first, frost = settled(words, sound((6.3, 6.7), (6.8, 7.4)))
    assert busy.start == pytest.approx(6.3, abs=0.03) and busy.end <= first.start
    assert (first, frost) == (words[1], words[2])


def test_a_first_word_squeezed_onto_the_end_of_the_talk_before_is_moved_too() -> None:
    words = [
        Word(text="you?", start=1.0, end=1.5),
        Word(text="Of", start=1.5, end=1.54),
        Word(text="course", start=5.2, end=5.6),
    ]
    assert settled(words, sound((1.0, 1.6), (5.0, 5.6)))[1].start == pytest.approx(5.0, abs=0.03)


def test_a_squeezed_word_that_shares_the_sound_of_the_next_one_stands_right_before_it() -> None:
    words = [Word(text="Of", start=1.5, end=1.54), Word(text="course", start=5.0, end=5.6)]
    of, course = settled(words, sound((1.4, 1.55), (5.0, 5.6)))
    assert of.end == course.start == 5.0 and of.start == pytest.approx(4.92)


def test_a_word_of_ordinary_length_is_left_alone() -> None:
    word = Word(text="unfortunately", start=1.0, end=1.9)
    assert settled([word], sound((1.5, 1.6))) == (word,)
