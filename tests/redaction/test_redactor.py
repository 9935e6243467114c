"""What is taken out of a call before anything leaves, and how quotes are found again in the original."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callcoach.domain.call import Transcript, Word
from callcoach.redaction.redactor import redact, redact_call, redacted_transcript, unredacted
from callcoach.testing import make_call


def redacted(text: str, *names: str, keep: Sequence[str] = ()) -> str:
    return redact(make_call(f"rep {text}"), names=names, keep=keep)[0].text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # a phone number as recognisers write it
        ("Call me at 555-012-7781.", "Call me at [PHONE 1]."),
        ("It's (555) 012 7781, okay?", "It's [PHONE 1], okay?"),
        ("It's +44 20 7946 0958.", "It's [PHONE 1]."),
        # spoken, digit by digit, with oh and double
        ("Five five five, oh one double two, seven seven.", "[NUMBER 1]."),
        ("My PIN is four nine two one.", "My PIN is [ACCOUNT 1]."),
        # a card and an account number
        ("The card is 4111 1111 1111 1111.", "The card is [CARD 1]."),
        ("Account WX-20931-77 it says.", "Account [ACCOUNT 1] it says."),
        # e-mail, written and spoken
        ("Write to ann.lee@shop.example, please.", "Write to [EMAIL 1], please."),
        ("It's ann dot lee at shop dot com.", "It's [EMAIL 1]."),
        # an address
        ("We are at 48 Old Mill Road, suite 3.", "We are at [ADDRESS 1]."),
        ("Forty eight Mill Street, come by.", "[ADDRESS 1], come by."),
        # money, years and small numbers stay: the judge needs them
        (
            "It's $1,250,000 over 3 years, 27 of 100 callers, since 2019.",
            "It's $1,250,000 over 3 years, 27 of 100 callers, since 2019.",
        ),
        ("We lost 12,500 dollars in two weeks.", "We lost 12,500 dollars in two weeks."),
        ("We call them all. Two eighty. Three hundred a month.", "We call them all. Two eighty. Three hundred a month."),
        # a name nobody listed, in an introduction, and by its capital within a sentence
        ("Hi, this is Priya Raman from the shop.", "Hi, this is [PERSON 1] from the shop."),
        ("It went quiet since Trish left, Pam says.", "It went quiet since [PERSON 1] left, [PERSON 2] says."),
        # not a name
        ("I'm Sorry about that. This is Monday.", "I'm Sorry about that. This is Monday."),
    ],
)
def test_what_is_taken_out(said: str, left: str) -> None:
    assert redacted(said) == left


def test_known_names_go_whole_or_in_parts_and_the_product_stays() -> None:
    said = "Dana, tell Mr. Whitlock that Mark likes CatchBack. dana whitlock said so. He marks it."
    assert redacted(said, "Dana Whitlock", "Mark Catch", keep=["CatchBack", "catch back"]) == (
        "[PERSON 1], tell [PERSON 1] that [PERSON 2] likes CatchBack. [PERSON 1] said so. He marks it."
    )


def test_a_name_from_one_turn_is_known_in_all() -> None:
    turns = redact(make_call("customer My name is Oksana. / rep Thanks, Oksana. Is Oksana with an s?"), names=())
    assert [turn.text for turn in turns] == ["My name is [PERSON 1].", "Thanks, [PERSON 1]. Is [PERSON 1] with an s?"]
    assert [turn.who for turn in turns] == ["customer", "rep"]


class Finder:
    """Takes one word for a place or a person wherever it stands."""

    fingerprint = "by hand"

    def __init__(self, word: str = "Springfield", kind: str = "PLACE", *, names_are_guesses: bool = True) -> None:
        self.word, self.kind, self.names_are_guesses = word, kind, names_are_guesses

    def entities(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        places = [text.find(self.word) for text in texts]
        return [[(place, place + len(self.word), self.kind)] if place >= 0 else [] for place in places]


def test_small_letters_are_no_name_to_a_finder_that_guesses_and_one_to_a_finder_that_reads() -> None:
    call = make_call("customer talk to oksana about it")
    (turn,) = redact(call, names=(), finders=[Finder("oksana", "PERSON")])
    assert turn.text == "talk to oksana about it"
    (turn,) = redact(call, names=(), finders=[Finder("oksana", "PERSON", names_are_guesses=False)])
    assert turn.text == "talk to [PERSON 1] about it"
    (turn,) = redact(call, names=(), keep=["Oksana Plan"], finders=[Finder("oksana", "PERSON", names_are_guesses=False)])
    assert turn.text == "talk to oksana about it"


def test_a_finder_adds_what_no_list_names() -> None:
    (turn,) = redact(make_call("rep They moved to Springfield."), names=(), finders=[Finder()])
    assert turn.text == "They moved to [PLACE 1]."
    (turn,) = redact(make_call("rep They moved to Springfield."), names=(), keep=["Springfield Plan"], finders=[Finder()])
    assert turn.text == "They moved to Springfield."


def test_a_quote_with_a_placeholder_is_the_original_words() -> None:
    (turn,) = redact(make_call("rep Well, Marlene, half of your callers ring 555-012-7781 instead."), names=["Marlene"])
    begin = turn.text.index("[PERSON 1], half")
    end = turn.text.index(" instead")
    span = turn.original_span(begin, end)
    assert span is not None and turn.original[slice(*span)] == "Marlene, half of your callers ring 555-012-7781"
    assert turn.original_span(begin + 1, end) is None


@given(
    st.lists(
        st.sampled_from(
            [
                "Marlene",
                "called",
                "555-012-7781",
                "two",
                "five",
                "nine",
                "eight",
                "at",
                "48 Mill Road",
                "a@b.co",
                "é’s",
                "$5,000",
                "double",
                "forty",
            ]
        ),
        min_size=1,
        max_size=12,
    )
)
@example(["555-012-7781", *["forty"] * 6])
def test_whatever_is_left_stands_in_the_original_where_it_says(words: list[str]) -> None:
    (turn,) = redact(make_call(f"rep {' '.join(words)}"), names=["Marlene"])
    assert "Marlene" not in turn.text and "555" not in turn.text
    assert turn.original_span(0, len(turn.text)) == (0, len(turn.original))
    for piece in turn.pieces:
        if not piece.is_placeholder:
            assert turn.text[piece.begin : piece.end] == turn.original[piece.original_begin : piece.original_end]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # a full name, its parts, any writing of a name that is no word, and what belongs to somebody
        (
            "Dana Whitlock called. dana's line rang out, Whitlock said.",
            "[PERSON 1] called. [PERSON 1]'s line rang out, [PERSON 1] said.",
        ),
        # a name that is a word is one with a capital, unless a sentence begins with it as a verb
        ("Mark my words, Mark will mark it.", "Mark my words, [PERSON 1] will mark it."),
        # a customer's name goes whole; its words of business stay
        ("Kimball Tire and Alignment, so Kimball, how many tires?", "[PERSON 1], so [PERSON 1], how many tires?"),
        # spelled out
        ("Whitlock, W-H-I-T-L-O-C-K, with a W.", "[PERSON 1], [PERSON 1], with a W."),
        # a short title goes with its name and makes nobody else of them, one that is a word is left
        ("Is Mrs. Feldman in? Doctor Abara asked. Feldman!", "Is [PERSON 1] in? Doctor [PERSON 2] asked. [PERSON 1]!"),
    ],
)
def test_names_in_every_writing(said: str, left: str) -> None:
    assert redacted(said, "Dana Whitlock", "Mark Osei", "Kimball Tire and Alignment") == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # phones in hundreds and in pairs
        ("Ring eight seven seven, five five five, oh one hundred.", "Ring [PHONE 1]."),
        ("it's six fifty five oh five twenty two eighteen ninety", "it's six fifty five oh five twenty two eighteen ninety"),
        ("yeah four seventeen five fifty five oh one eighty two", "yeah [PHONE 1]"),
        ("Press three oh six.", "Press [PHONE 1]."),
        # until when a card is valid, and its code, however said
        ("Visa 4111 1111 1111 1111, exp 03/29, CVV 552.", "Visa [CARD 1], exp [CARD 2], CVV [CARD 3]."),
        ("The card's good through May 2028.", "The card's good through [CARD 1]."),
        ("The security code is nine hundred.", "The security code is [CARD 1]."),
        ("The card ends in 2000.", "The card ends in [CARD 1]."),
        ("My contract expires 03/29.", "My contract expires 03/29."),
        # numbers of the tax office and of social security
        ("The tax ID is 81-4409923.", "The tax ID is [SSN 1]."),
        ("National Insurance is A B, ten, twenty, thirty, D.", "National Insurance is [SSN 1]."),
        ("The last four, that's 1984, of my social.", "The last four, that's [SSN 1], of my social."),
        # e-mail in several words, with commas, spelled, of any ending
        ("Email's the yellow bakery at yellow dough dot com.", "Email's [EMAIL 1]."),
        ("Info, at, pine and oak, dot, net.", "[EMAIL 1]."),
        ("That's a n n a at mail box dot c o m.", "That's [EMAIL 1]."),
        ("Use ann.lee@lee.dental or leedental.clinic.", "Use [EMAIL 1] or [WEB 1]."),
        ("Look at ours, dot com is fine. Amazon dot com, too.", "Look at ours, dot com is fine. Amazon dot com, too."),
        # streets
        ("We're in Suite 12B.", "We're in [ADDRESS 1]."),
        ("Mail goes to P O box twelve forty.", "Mail goes to [ADDRESS 1]."),
        ("it's six eleven west laurel", "it's [ADDRESS 1]"),
        ("Bring it to 9 N. Osprey Ct., Unit 4.", "Bring it to [ADDRESS 1]."),
        ("The depot is 14 rue des Lilas.", "The depot is [ADDRESS 1]."),
        ("It's 77 Birch, is that street or avenue?", "It's [ADDRESS 1], is that street or avenue?"),
        ("2210 County Road 9, at the corner of Elm and 5th", "[ADDRESS 1], at [ADDRESS 2]"),
        ("We're at 90 Mbps.", "We're at 90 Mbps."),
        # towns behind an address, before a postcode, small
        ("48 Old Mill Road in harlow, TX 75001", "[ADDRESS 1] in [PLACE 1], [PLACE 2] [POSTCODE 1]"),
        ("nobody in chattanooga does that", "nobody in [PLACE 1] does that"),
        # codes and what only looks like one
        ("The door code is star nine nine oh two.", "The door code is [ACCOUNT 1]."),
        ("My PIN is forty two eighteen.", "My PIN is [ACCOUNT 1]."),
        ("Plate's CD34 EFG.", "Plate's [ACCOUNT 1]."),
        ("Order number is Q R dash four four one.", "Order number is [ACCOUNT 1]."),
        ("The wifi password is Tulip!77.", "The wifi password is [ACCOUNT 1]."),
        ("Error 80041 on the Netgear R6400, then 0x80041.", "Error 80041 on the Netgear R6400, then 0x80041."),
        ("Call 911 or four one one.", "Call 911 or four one one."),
        # names signed, with initials, small
        ("All good. Kind regards, Lena R. Ostrow", "All good. Kind regards, [PERSON 1]"),
        ("my partner joana does the books", "my partner [PERSON 1] does the books"),
        ("We tried QuickBooks, Outlook and the Select plan.", "We tried QuickBooks, Outlook and the Select plan."),
        ("It was May 4th, which is my birthday.", "It was [BIRTHDAY 1], which is my birthday."),
    ],
)
def test_what_people_say_in_other_ways(said: str, left: str) -> None:
    assert redacted(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # a card in pieces, each of them read back
        (
            "customer It's 4111 1111 / rep 4111 1111 / customer and then 1111 1111",
            ["It's [CARD 1]", "[CARD 1]", "and then [CARD 2]"],
        ),
        (
            "rep Expiry? / customer Oh nine. / customer Thirty. / rep Year? / customer Twenty nine.",
            ["Expiry?", "[CARD 1].", "[CARD 2].", "Year?", "[CARD 3]."],
        ),
        ("customer orders at / rep uh huh / customer red kite dot com", ["[EMAIL 1]", "uh huh", "[EMAIL 2]"]),
        ("customer number's two twelve / rep okay / customer larch terrace", ["number's [ADDRESS 1]", "okay", "[ADDRESS 2]"]),
        ("rep So 415 555 0177? / customer No, double eight.", ["So [PHONE 1]?", "No, [NUMBER 1]."]),
        ("rep What's the address? / customer Nineteen Birch.", ["What's the address?", "[ADDRESS 1]."]),
        # two numbers that are no part of each other
        ("customer We lost nine. / rep Okay. / customer Two came back.", ["We lost nine.", "Okay.", "Two came back."]),
    ],
)
def test_what_is_said_over_several_turns(said: str, left: list[str]) -> None:
    assert [turn.text for turn in redact(make_call(said), names=())] == left


def test_a_question_says_what_the_number_in_the_answer_is() -> None:
    turns = redact(
        make_call(
            "rep And the zip? / customer Nine seven two oh five. "
            "/ rep And your date of birth? / customer Six, eleven, seventy nine."
        ),
        names=(),
    )
    assert [turn.text for turn in turns] == ["And the zip?", "[POSTCODE 1].", "And your date of birth?", "[BIRTHDAY 1]."]
    turns = redact(make_call("rep Who am I speaking with? / customer Yes, it's Hank. / rep Hank, great."), names=())
    assert [turn.text for turn in turns][1:] == ["Yes, it's [PERSON 1].", "[PERSON 1], great."]


def test_words_under_a_placeholder_become_one_with_their_time() -> None:
    call = make_call("rep 0:04 Well, Dana Whitlock, ring 415 five five five, oh one nine nine, please.")
    heard = call.turns[0].words[0]
    call = replace(call, turns=(replace(call.turns[0], words=(replace(heard, heard="Dell"), *call.turns[0].words[1:])),))
    done = redacted_transcript(call, redact(call, names=["Dana Whitlock"]), call_id="call-x")
    (turn,) = done.turns
    assert done.call_id == "call-x" and turn.text == "Well, [PERSON 1], ring [PHONE 1], please."
    assert [word.text for word in turn.words] == ["Well,", "[PERSON 1],", "ring", "[PHONE 1],", "please."]
    assert turn.words[0].heard is None, "what a repaired word was heard as may be a name"
    named, before = turn.words[1], call.turns[0].words
    assert (named.start, named.end) == (before[1].start, before[2].end)
    assert (turn.words[3].start, turn.words[3].end) == (before[4].start, before[11].end)


def test_a_call_whose_words_and_text_differ_loses_its_words() -> None:
    call = make_call("rep 0:04 Dana said so.")
    call = replace(call, turns=(replace(call.turns[0], words=(Word(text="Denner", start=4.0, end=5.0),)),))
    (turn,) = redacted_transcript(call, redact(call, names=["Dana Whitlock"]), call_id="x").turns
    assert turn.text == "[PERSON 1] said so." and turn.words == () and turn.start == 4.0


def test_a_quote_reads_as_its_turn_does() -> None:
    call = redact_call(
        make_call("rep Hi Otto, this is Dana. / customer Otto here. We miss calls, Dana."), names=["Dana Whitlock", "Otto Brandt"]
    )
    assert call.turns[1].text == "[PERSON 1] here. We miss calls, [PERSON 2]."
    assert call.quote("We miss calls, Dana.", 1) == "We miss calls, [PERSON 2]."
    assert call.quote("Otto here") == "[PERSON 1] here"
    assert call.quote("calls, Da", 1) == "calls, [PERSON 2]", "a placeholder that is cut is taken whole"
    assert call.quote("Dana was not quoted.") == "[PERSON 2] was not quoted."
    assert call.text("Dana let Otto down, call 415-555-0199") == "[PERSON 2] let [PERSON 1] down, call [PHONE 1]"


def test_a_call_without_turns_redacts_what_is_written_about_it() -> None:
    assert redact_call(Transcript(call_id="x", turns=()), names=["Dana Whitlock"]).text("Dana did.") == "[PERSON 1] did."


def test_what_belongs_to_no_call_counts_anew() -> None:
    nowhere = redact_call(Transcript(call_id="", turns=()), names=["Dana Whitlock"])
    assert nowhere.alone("He asked Pam, not Dana.") == "He asked [PERSON 1], not [PERSON 2]."
    assert nowhere.alone("It was Dana Whitlock, Dana!") == "It was [PERSON 1], [PERSON 1]!"


def test_unredacted_turns_lead_back_too() -> None:
    (turn,) = unredacted(make_call("rep Hi Dana, 415-555-0199."))
    assert turn.text == "Hi Dana, 415-555-0199." and turn.original_span(3, 7) == (3, 7)


@pytest.mark.parametrize(
    "text",
    [
        "one " * 1500,
        "5 oak " * 1500,
        "1" * 20_000,
        "a." * 8000,
        "w x 1 " * 1000,
        "at a " * 1500,
        "A1-" * 3000,
        "1" * 200_000,
        "at " * 66_000,
        " " * 200_000,
    ],
)
def test_nothing_takes_for_ever(text: str) -> None:
    begun = time.process_time()
    redact(make_call(f"rep {text}"), names=["Dana Whitlock"])
    assert time.process_time() - begun < 5
