import pytest

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.domain.story import GlossaryTerm
from callcoach.speech.glossary import repair
from callcoach.testing import make_call

WRENFIELD = (
    GlossaryTerm(term="CatchBack", heard_as=("catch back", "cash back", "cashback", "catch bag")),
    GlossaryTerm(term="SafeSeat", heard_as=("safe seat", "save seat")),
    GlossaryTerm(term="Proof Sheet", heard_as=("roof sheet", "proofs heat")),
    GlossaryTerm(term="Wrenfield", heard_as=("renfield", "wren field")),
    GlossaryTerm(term="two-step login", heard_as=("two stop login",)),
    GlossaryTerm(term="Known by Name", heard_as=("no by name",)),
)


def repaired(text: str, glossary: tuple[GlossaryTerm, ...] = WRENFIELD) -> str:
    turn = repair(make_call(f"rep 0:01 {text}"), glossary).turns[0]
    assert turn.text == " ".join(word.text for word in turn.words)
    return turn.text


CASES = [
    ("It's called catch back, Gary.", "It's called CatchBack, Gary."),  # listed, two words to one
    ("So that's why we built Cash Back.", "So that's why we built CatchBack."),  # whatever the letter case
    ("Cashback's list, the cashbacks.", "CatchBack's list, the CatchBacks."),  # possessive and plural endings stay
    ("Do you have “catch bag”?", "Do you have “CatchBack”?"),  # marks around it stay
    ("The safe-seat offer", "The SafeSeat offer"),  # a hyphen sounds like nothing
    ("a quarterly proof sheet.", "a quarterly Proof Sheet."),  # the name itself in other letters
    ("a signed proofs heat", "a signed Proof Sheet"),  # two words to two
    ("Tyler at Renfield Business", "Tyler at Wrenfield Business"),
    ("Tyler at Wrenfeld Business", "Tyler at Wrenfield Business"),  # not listed, one letter off a long name
    ("two step log in on every seat", "two-step login on every seat"),  # four words, hyphen or not
    ("Known by name starts Monday", "Known by Name starts Monday"),
]


@pytest.mark.parametrize(("heard", "written"), CASES)
def test_a_name_is_written_as_the_glossary_writes_it(heard: str, written: str) -> None:
    assert repaired(heard) == written


UNTOUCHED = [
    "Take it back to the shop.",
    "Catch. Back to you.",  # a sentence ends between the words
    "I want my cash, back home.",  # a comma stands between them
    "A seat that is safe.",
    "Do you know him by name?",
    "The catch is the batch.",  # near, but another word
    "The safest seat in the house",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_words_stay(text: str) -> None:
    assert repaired(text) == text


def test_cash_back_stays_cash_back_where_the_glossary_does_not_list_it() -> None:
    unlisted = (GlossaryTerm(term="CatchBack", heard_as=("catch back",)),)
    assert repaired("You get five percent cash back.", unlisted) == "You get five percent cash back."


def test_words_that_become_one_keep_their_whole_time_and_the_word_heard() -> None:
    words = (
        Word(text="called", start=1.0, end=1.4, probability=0.9),
        Word(text="catch", start=1.4, end=1.7, probability=0.5),
        Word(text="back.", start=1.7, end=2.0, probability=0.8),
    )
    heard = Transcript(call_id="a", turns=(Turn(speaker="rep", text="called catch back.", start=1.0, end=2.0, words=words),))
    turn = repair(heard, WRENFIELD).turns[0]
    assert turn.text == "called CatchBack."
    assert turn.words[0].heard is None
    assert turn.words[1] == Word(text="CatchBack.", start=1.4, end=2.0, probability=0.5, heard="catch back.")


def test_one_word_that_becomes_two_shares_its_time_by_letters() -> None:
    turn = repair(make_call("rep 0:01 proofsheet"), WRENFIELD).turns[0]
    assert [word.text for word in turn.words] == ["Proof", "Sheet"]
    assert turn.words[0].end == turn.words[1].start and turn.words[1].end == pytest.approx(1.3)


def test_repairing_twice_changes_nothing_more() -> None:
    once = repair(make_call("rep 0:01 our cash back and the roof sheet / customer 0:09 Cashback?"), WRENFIELD)
    assert repair(once, WRENFIELD) == once
    assert [word.heard for word in once.turns[1].words] == ["Cashback?"]


def test_an_imported_turn_without_words_is_repaired_in_its_text_and_its_spacing_stays() -> None:
    heard = make_call("rep It's cash  back.\tNow Renfield:  yes.")
    assert repair(heard, WRENFIELD).turns[0].text == "It's CatchBack.\tNow Wrenfield:  yes."


def test_without_a_glossary_nothing_is_touched() -> None:
    heard = make_call("rep 0:01 cash back")
    assert repair(heard, ()) is heard
