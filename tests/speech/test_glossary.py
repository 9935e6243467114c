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


def heard_in(script: str, terms: tuple[str, ...] = ()) -> list[str]:
    """The turns after repair."""
    return [turn.text for turn in repair(make_call(script), WRENFIELD, terms=terms).turns]


MISHEARD = [
    # nobody listed these: the sound is that of the name
    ("rep It's called catch pack, Gary.", "It's called CatchBack, Gary."),
    ("rep Tyler at Ren Field Business", "Tyler at Wrenfield Business"),
    ("rep We call it Safe Seed.", "We call it SafeSeat."),
    ("rep The Ketchback list", "The CatchBack list"),
    # a customer, and something speaks for the name: capitals, a word that names, a sentence of its own
    ("customer What is this Cash Back about?", "What is this CatchBack about?"),
    ("customer And it's called cash back?", "And it's called CatchBack?"),
    ("customer The safe seat thing, is it new?", "The SafeSeat thing, is it new?"),
    ("customer Safe seat. That's what the radio said.", "SafeSeat. That's what the radio said."),
]


@pytest.mark.parametrize(("said", "written"), MISHEARD)
def test_a_mishearing_that_nobody_listed_is_found_by_its_sound_and_in_its_context(said: str, written: str) -> None:
    assert heard_in(said) == [written]


ORDINARY = [
    # the defect this was built for: the rep names the product, the customer hears two English words and asks about those
    ("rep It's called CatchBack. / customer Cash back on what?", "Cash back on what?"),
    ("rep It's called CatchBack. / customer Cashback from who?", "Cashback from who?"),
    ("rep Who is your card with? / customer The one with cash back.", "The one with cash back."),
    ("rep What do you drive? / customer A van, with a safe seat for the baby.", "A van, with a safe seat for the baby."),
    ("rep What do you sell? / customer Safe seed for birds, mostly.", "Safe seed for birds, mostly."),
    ("rep Who is it? / customer I know most of them by name.", "I know most of them by name."),
    ("customer Hello? / rep By Friday you'd know by name who comes.", "By Friday you'd know by name who comes."),
    ("rep And then? / customer I need a roof, sheet metal.", "I need a roof, sheet metal."),
]


@pytest.mark.parametrize(("script", "last"), ORDINARY)
def test_ordinary_words_stay_where_nothing_speaks_for_the_name(script: str, last: str) -> None:
    assert heard_in(script)[-1] == last


def test_words_of_the_initiative_speak_for_the_name() -> None:
    script = "customer So with cash back I get a missed-call list?"
    assert heard_in(script) == ["So with cash back I get a missed-call list?"]
    assert heard_in(script, ("missed-call list", "cash back")) == ["So with CatchBack I get a missed-call list?"]


def test_a_recogniser_in_doubt_speaks_for_the_name() -> None:
    def word(text: str, start: float, probability: float) -> Word:
        return Word(text=text, start=start, end=start + 0.3, probability=probability)

    for probability, written in ((0.35, "with CatchBack"), (0.95, "with cash back")):
        words = (word("with", 0, 0.9), word("cash", 0.3, probability), word("back", 0.6, 0.9))
        turn = Turn(speaker="customer", text="with cash back", start=0.0, end=0.9, words=words)
        assert repair(Transcript(call_id="a", turns=(turn,), language="en"), WRENFIELD).turns[0].text == written


def test_in_another_language_than_the_dictionary_has_a_listed_form_counts_as_listed() -> None:
    heard = make_call("customer Het is cash back, toch?", language="sv")
    assert repair(heard, WRENFIELD).turns[0].text == "Het is CatchBack, toch?"


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
    once = repair(make_call("rep 0:01 our cash back and the roof sheet / customer 0:09 Is Renfield's safe seat new?"), WRENFIELD)
    assert repair(once, WRENFIELD) == once
    assert [word.heard for word in once.turns[0].words] == [None, "cash back", None, None, "roof", "sheet"]
    assert [word.heard for word in once.turns[1].words] == [None, "Renfield's", None, None, None]


def test_an_imported_turn_without_words_is_repaired_in_its_text_and_its_spacing_stays() -> None:
    heard = make_call("rep It's cash  back.\tNow Renfield:  yes.")
    assert repair(heard, WRENFIELD).turns[0].text == "It's CatchBack.\tNow Wrenfield:  yes."


def test_without_a_glossary_nothing_is_touched() -> None:
    heard = make_call("rep 0:01 cash back")
    assert repair(heard, ()) is heard
