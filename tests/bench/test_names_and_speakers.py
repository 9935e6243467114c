import pytest

from callcoach.bench.names import NameRecall, recall, recalled
from callcoach.bench.speakers import (
    DiarizationError,
    RoleTimes,
    Span,
    diarization_error,
    error_rate,
    heard_spans,
    reference_spans,
    role_times,
    share_right,
)
from callcoach.domain.call import Transcript, Turn, Word
from callcoach.domain.story import GlossaryTerm

GLOSSARY = (GlossaryTerm(term="CatchBack"), GlossaryTerm(term="Proof Sheet"), GlossaryTerm(term="two-step login"))


def turn(speaker: str, start: float, end: float, text: str = "words") -> Turn:
    """Words spread evenly over the turn."""
    texts = text.split()
    step = (end - start) / len(texts)
    words = tuple(
        Word(text=word, start=round(start + step * place, 3), end=round(start + step * (place + 1), 3))
        for place, word in enumerate(texts)
    )
    return Turn(speaker=speaker, text=text, start=start, end=end, words=words)


def call(*turns: Turn) -> Transcript:
    return Transcript(call_id="call", turns=turns, duration=60)


def names_found(said: str, heard: str, at: float = 10.0) -> tuple[int, int]:
    reference = call(turn("rep", 10, 14, said))
    found = recalled(reference, (turn("rep", at, at + 4, heard).words,), GLOSSARY)
    return found.found, found.said


@pytest.mark.parametrize(
    ("said", "heard", "found"),
    [
        ("get CatchBack today", "get CatchBack today", (1, 1)),
        ("get CatchBack today", "get catchback, today", (1, 1)),
        # how it was heard is not how it is written
        ("get CatchBack today", "get catch back today", (0, 1)),
        ("CatchBack's price", "the price of CatchBack", (1, 1)),
        ("two Proof Sheets", "two Proof Sheets", (1, 1)),
        ("the Proof Sheet", "the proof. The sheet", (0, 1)),
        ("a two-step login", "a two-step login", (1, 1)),
        # said twice, heard once
        ("CatchBack is CatchBack", "CatchBack is", (1, 2)),
        # heard more often than said
        ("CatchBack it is", "CatchBack CatchBack", (1, 1)),
        ("no name at all", "CatchBack", (0, 0)),
    ],
)
def test_a_name_is_found_as_it_is_written(said: str, heard: str, found: tuple[int, int]) -> None:
    assert names_found(said, heard) == found


def test_a_name_counts_only_where_it_was_said() -> None:
    assert names_found("CatchBack", "CatchBack", at=14.5) == (1, 1)
    assert names_found("CatchBack", "CatchBack", at=30) == (0, 1)


def test_turns_without_times_are_not_searched_and_no_name_is_no_recall() -> None:
    untimed = Transcript(call_id="call", turns=(Turn(speaker="rep", text="CatchBack"),))
    assert recalled(untimed, (), GLOSSARY) == NameRecall(said=0, found=0)
    assert recall([NameRecall(said=0, found=0)]) is None
    assert recall([NameRecall(said=3, found=3), NameRecall(said=1, found=0)]) == 0.75


def spans(*rows: tuple[str, float, float]) -> list[Span]:
    return [Span(speaker=speaker, start=start, end=end) for speaker, start, end in rows]


TRUE = spans(("rep", 0, 10), ("customer", 10, 20))


@pytest.mark.parametrize(
    ("heard", "error"),
    [
        # names do not matter; 0.25 s are left out at 0, twice at 10, and at 20
        (spans(("b", 0, 10), ("a", 10, 20)), DiarizationError(speech=19, missed=0, false_alarm=0, confused=0)),
        # a border within the collar is right
        (spans(("a", 0.2, 10.2), ("b", 10.2, 19.8)), DiarizationError(speech=19, missed=0, false_alarm=0, confused=0)),
        # one voice for all: half of it is somebody else's
        (spans(("a", 0, 20)), DiarizationError(speech=19, missed=0, false_alarm=0, confused=9.5)),
        (spans(("a", 0, 10), ("b", 10, 15)), DiarizationError(speech=19, missed=4.75, false_alarm=0, confused=0)),
        (spans(("a", 0, 10), ("b", 10, 25)), DiarizationError(speech=19, missed=0, false_alarm=4.75, confused=0)),
        # a third voice that is none
        (spans(("a", 0, 10), ("b", 10, 15), ("c", 15, 20)), DiarizationError(speech=19, missed=0, false_alarm=0, confused=4.75)),
        (spans(), DiarizationError(speech=19, missed=19, false_alarm=0, confused=0)),
    ],
)
def test_diarization_errors_by_kind(heard: list[Span], error: DiarizationError) -> None:
    found = diarization_error(TRUE, heard)
    for kind in ("speech", "missed", "false_alarm", "confused"):
        assert getattr(found, kind) == pytest.approx(getattr(error, kind), abs=0.011), kind


def test_of_two_who_speak_at_once_the_one_not_heard_is_missed() -> None:
    found = diarization_error(spans(("rep", 0, 10), ("customer", 4, 8)), spans(("a", 0, 10)))
    assert (found.speech, found.missed) == (pytest.approx(12, abs=0.02), pytest.approx(3.5, abs=0.02))


def test_the_error_rate_is_over_all_recordings_and_none_without_speech() -> None:
    one = DiarizationError(speech=10, missed=1, false_alarm=1, confused=1)
    assert error_rate([one, DiarizationError(speech=20, missed=0, false_alarm=0, confused=0)]) == pytest.approx(0.1)
    assert error_rate([]) is None


def test_spans_of_a_transcript_end_where_nobody_says_a_word_for_more_than_a_second() -> None:
    words = tuple(Word(text="word", start=start, end=start + 0.5) for start in (1.0, 2.0, 4.0))
    heard = call(Turn(speaker="rep", text="word word word", start=1, end=4.5, words=words))
    assert heard_spans(heard) == (Span(speaker="rep", start=1, end=2.5), Span(speaker="rep", start=4, end=4.5))
    assert reference_spans(heard) == (Span(speaker="rep", start=1, end=4.5),)
    assert reference_spans(call(Turn(speaker="rep", text="no times"))) == ()


REFERENCE = call(turn("rep", 0, 10), turn("customer", 10, 20))


@pytest.mark.parametrize(
    ("heard", "times"),
    [
        (call(turn("rep", 0, 10, "a b c d e"), turn("customer", 10, 20, "f g h i")), (19, 0, 0, 0)),
        # swapped
        (call(turn("customer", 0, 10), turn("rep", 10, 20)), (0, 19, 0, 0)),
        # not known who is who
        (call(turn("unknown", 0, 10), turn("unknown2", 10, 20)), (0, 0, 19, 0)),
        # nothing heard of the customer but for two seconds after the rep's last word
        (call(turn("rep", 0, 10)), (9.5, 1.75, 0, 7.75)),
        (call(), (0, 0, 0, 19)),
        # a second customer is a customer
        (call(turn("rep", 0, 10), turn("customer2", 10, 20)), (19, 0, 0, 0)),
    ],
)
def test_time_with_the_right_role(heard: Transcript, times: tuple[float, float, float, float]) -> None:
    found = role_times(REFERENCE, heard)
    assert (found.right, found.wrong, found.unknown, found.unheard) == pytest.approx(times, abs=0.03)
    assert found.speech == pytest.approx(19, abs=0.03)


def test_where_both_speak_either_role_is_right() -> None:
    reference = call(turn("rep", 0, 10), turn("customer", 0, 10))
    assert role_times(reference, call(turn("customer", 0, 10))).right == pytest.approx(9.5, abs=0.03)


def test_unknown_and_unheard_time_is_not_right_time() -> None:
    assert share_right([RoleTimes(right=6, wrong=1, unknown=2, unheard=1)]) == 0.6
    assert share_right([]) is None
