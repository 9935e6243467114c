import pytest

from callcoach.testing import make_call


def test_turns_get_speakers_times_and_evenly_spaced_words() -> None:
    call = make_call("rep 0:04 Hello there. / customer2 1:07 Hi. / rep Anything else?", call_id="c1")
    assert [turn.speaker for turn in call.turns] == ["rep", "customer2", "rep"]
    assert [(word.text, word.start, word.end) for word in call.turns[0].words] == [("Hello", 4.0, 4.3), ("there.", 4.3, 4.6)]
    assert (call.turns[1].start, call.turns[2].start, call.turns[2].words) == (67.0, None, ())
    assert (call.call_id, call.duration) == ("c1", 67.3)


def test_fast_talk_is_squeezed_before_the_next_turn() -> None:
    call = make_call("rep 0:00 one two three four five / customer 0:01 yes")
    assert call.turns[0].end == 1.0


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="Cannot read the turn"):
        make_call("Rep: hello")
