import jiwer
import pytest

from callcoach.bench.word_errors import (
    WordErrors,
    as_first_heard,
    errors_by_party,
    errors_in_time_order,
    normalised,
    rate,
    streams_of,
)
from callcoach.domain.call import Transcript, Turn, Word
from callcoach.testing import make_call


def stream(text: str, start: float = 0.0) -> tuple[Word, ...]:
    return tuple(Word(text=word, start=start + number, end=start + number + 0.9) for number, word in enumerate(text.split()))


REFERENCE = make_call("""
rep 0:01 Good morning, this is Tyler.
customer 0:05 Twenty-seven calls, you said?
rep 0:09 Yes. Nobody answered them.
""")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("twenty-nine dollars a month", "$29 a month"),
        ("four-four-one-seven", "4417"),
        ("Uh, you'll see: it won't ring.", "you will see it will not ring"),
        ("", "..."),
    ],
)
def test_what_is_written_in_two_ways_is_no_error(said: str, heard: str) -> None:
    assert normalised(said) == normalised(heard)


def test_another_language_keeps_its_words() -> None:
    assert normalised("Ja, zwei Anrufe!", "de") == ["ja", "zwei", "anrufe"]


def test_nothing_is_wrong_whichever_channel_is_the_reps() -> None:
    rep, customer = stream("good morning this is tyler yes nobody answered them"), stream("27 calls you said")
    assert errors_by_party(REFERENCE, (rep, customer)) == WordErrors(words=13, errors=0)
    assert errors_by_party(REFERENCE, (customer, rep)) == WordErrors(words=13, errors=0)


def test_wrong_missing_and_added_words_are_errors_and_a_party_that_was_not_heard_is_all_errors() -> None:
    rep = stream("good evening this is tyler yes nobody answered them all")
    assert errors_by_party(REFERENCE, (rep, stream("27 calls said"))).errors == 3
    assert errors_by_party(REFERENCE, (rep,)).errors == 2 + 4
    assert errors_by_party(REFERENCE, ()) == WordErrors(words=13, errors=13)


def test_words_on_the_wrong_channel_are_wrong_twice() -> None:
    rep, customer = stream("good morning this is tyler nobody answered them"), stream("27 calls you said yes")
    assert errors_by_party(REFERENCE, (rep, customer)).errors == 2


def test_in_one_channel_words_count_in_the_order_of_their_times() -> None:
    rep = stream("good morning this is tyler", 1) + stream("yes nobody answered them", 20)
    assert errors_in_time_order(REFERENCE, (stream("27 calls you said", 10), rep)).errors == 0
    assert errors_in_time_order(REFERENCE, (stream("27 calls you said", 30), rep)).errors > 0


def test_a_second_customer_counts_with_the_first() -> None:
    call = make_call("rep 0:01 Who is there?\ncustomer 0:03 Me.\ncustomer2 0:05 And me.")
    assert errors_by_party(call, (stream("who is there"), stream("me and me"))).errors == 0


def test_the_counts_are_those_of_a_kept_library() -> None:
    said, heard = "we lost two hundred calls in may and nobody noticed", "we lost hundred call in may and then nobody noticed"
    call = make_call(f"rep 0:01 {said}\ncustomer 0:09 yes")
    found = errors_by_party(call, (stream(heard), stream("yes")))
    words = jiwer.process_words(" ".join(normalised(said)), " ".join(normalised(heard)))
    assert found.errors == words.substitutions + words.deletions + words.insertions


def test_the_rate_is_over_all_calls_together_and_none_without_words() -> None:
    assert rate([WordErrors(words=90, errors=9), WordErrors(words=10, errors=6)]) == 0.15
    assert rate([WordErrors(words=0, errors=0)]) is None
    assert rate([]) is None


def test_our_turns_become_a_stream_for_each_party() -> None:
    def turn(speaker: str, text: str) -> Turn:
        return Turn(speaker=speaker, text=text, words=stream(text))

    def texts(*turns: Turn, two_party: bool = True) -> list[list[str]]:
        transcript = Transcript(call_id="x", turns=turns)
        return [[word.text for word in words] for words in streams_of(transcript, two_party=two_party)]

    assert texts(turn("customer", "a"), turn("rep", "b"), turn("customer2", "c")) == [["b"], ["a", "c"]]
    assert texts(turn("unknown2", "a"), turn("unknown", "b")) == [["b"], ["a"]]
    assert texts(turn("unknown2", "a"), turn("unknown", "b"), two_party=False) == [["a", "b"]]
    assert texts() == [[], []]


def test_repaired_names_can_be_read_as_they_were_heard() -> None:
    repaired = (
        Word(text="get", start=0, end=1),
        # two words became one
        Word(text="CatchBack", start=1, end=2, heard="cash back"),
        # one became two
        Word(text="Proof", start=2, end=3, heard="proofsheet"),
        Word(text="Sheet", start=3, end=4, heard="proofsheet"),
    )
    (heard,) = as_first_heard((repaired,))
    assert [word.text for word in heard] == ["get", "cash back", "proofsheet"]
