from callcoach.domain.call import Word
from callcoach.speech.packing import SAMPLE_RATE, Piece
from callcoach.speech.recognise import Phrase, hardly_heard


def piece(seconds: float) -> Piece:
    return Piece(channel=0, start=0, end=int(seconds * SAMPLE_RATE))


def phrase(words: int) -> Phrase:
    spoken = tuple(Word(text="word", start=float(place), end=place + 0.5) for place in range(words))
    return Phrase(channel=0, words=spoken, no_speech=0.1, log_probability=-0.2)


def test_talk_that_got_no_words_or_far_too_few_is_heard_again() -> None:
    assert hardly_heard(piece(5.2), None)
    assert hardly_heard(piece(5.2), phrase(1))  # the window ended after its first word


def test_slow_talk_and_a_short_sound_are_not_heard_twice() -> None:
    assert not hardly_heard(piece(3.1), phrase(2))
    assert not hardly_heard(piece(0.9), None)
