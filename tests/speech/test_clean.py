import numpy as np
import pytest

from callcoach.domain.call import Word
from callcoach.speech.clean import clean, without_loops
from callcoach.speech.recognise import Phrase


def phrase(text: str, *, no_speech: float = 0.05, log_probability: float = -0.2) -> Phrase:
    return Phrase(channel=0, words=said(text), no_speech=no_speech, log_probability=log_probability)


def said(text: str) -> tuple[Word, ...]:
    return tuple(Word(text=word, start=0.3 * place, end=0.3 * place + 0.3) for place, word in enumerate(text.split()))


def texts(phrases: tuple[Phrase, ...]) -> list[str]:
    return [" ".join(word.text for word in kept.words) for kept in phrases]


def test_doubtful_text_where_it_sounds_like_silence_was_never_said() -> None:
    noise = phrase("Bye bye.", no_speech=0.8, log_probability=-1.6)
    soft = phrase("Yes, please.", no_speech=0.8, log_probability=-0.3)  # quiet, but clearly heard
    mumbled = phrase("And the wife.", no_speech=0.1, log_probability=-1.6)  # doubtful, but certainly speech
    ringing = phrase("1.5%", no_speech=0.1, log_probability=-2.6)  # beside real speech, and hardly more than a guess
    assert texts(clean([noise, soft, mumbled, ringing])) == ["Yes, please.", "And the wife."]


def test_lines_learnt_from_subtitles_are_dropped_and_thanks_are_kept() -> None:
    assert texts(clean([phrase("Thanks for watching!"), phrase("Thank you."), phrase("...")])) == ["Thank you."]


def test_a_line_in_a_loop_stands_once() -> None:
    looped = said("Okay. " + "I'm going to go ahead. " * 8 + "Bye.")
    assert [word.text for word in without_loops(looped)] == ["Okay.", "I'm", "going", "to", "go", "ahead.", "Bye."]


def test_a_word_in_a_loop_stands_once() -> None:
    assert len(without_loops(said("the " * 40))) == 1


def test_people_may_say_a_thing_twice_or_no_five_times() -> None:
    for text in ("No, no, no, no, no. Stop.", "Both months, all three. Both months, all three.", "Yeah. Yeah, yeah."):
        assert len(without_loops(said(text))) == len(text.split())


def test_figures_written_where_it_sounds_like_silence_were_never_said() -> None:
    looped = phrase(".0.0.0.0.0 -2.5-2.5", no_speech=0.66, log_probability=-0.07)
    price = phrase("29.", no_speech=0.1)
    assert texts(clean([looped, price])) == ["29."]


def test_what_is_in_doubt_stays_only_where_a_voice_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []

    def silent(sound: np.ndarray, start: float, end: float) -> bool:
        asked.append((start, end))
        return False

    monkeypatch.setattr("callcoach.speech.clean.somebody_speaks", silent)
    sure = phrase("I can read you the count of last month.")
    beep = phrase("Beep. " * 12, log_probability=-0.04)  # sure of itself, and in a loop
    short = phrase("Sure.", log_probability=-0.07)
    doubtful = phrase("Can see it on the right side.", log_probability=-1.2)
    music = phrase("I love you and I always will.", no_speech=0.5)
    samples = np.zeros((1, 16_000), np.float32)
    assert clean([sure, beep, short, doubtful, music], samples) == (sure,)
    assert len(asked) == 4
    assert len(clean([sure, beep, short, doubtful, music])) == 5  # without the sound there is nobody to ask


def test_the_detector_asked_is_that_of_the_phrases_channel() -> None:
    loud = np.stack([np.zeros(32_000, np.float32), np.ones(32_000, np.float32)])
    assert clean([phrase("Sure.")], loud) == ()
