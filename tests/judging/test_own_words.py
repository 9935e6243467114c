from callcoach.judging.own_words import own_words

CUSTOMER = "We lost the whole of Saturday when the line went down, nobody could pay."


def test_a_customers_line_said_back_is_not_the_reps_telling() -> None:
    said = f"So you're saying {CUSTOMER} It is thirty dollars."
    assert " ".join(own_words(said, [CUSTOMER]).split()) == "So you're saying . It is thirty dollars."


def test_an_echo_is_found_though_a_word_of_it_was_misheard() -> None:
    said = "So we lost the hole of Saturday when the line went down and it is thirty dollars."
    assert " ".join(own_words(said, [CUSTOMER]).split()) == "So and it is thirty dollars."


def test_taking_up_a_customers_words_is_no_echo() -> None:
    said = "A Saturday like that, when nobody could pay, is what this is for."
    assert own_words(said, [CUSTOMER]) == said


def test_what_the_customer_says_later_is_none_of_the_reps_words() -> None:
    said = f"So you're saying {CUSTOMER}"
    assert own_words(said, ["Hello."]) == said


def test_words_in_a_row_that_make_no_sentence_are_blanked() -> None:
    words = (
        "outage tickets owners price dollars speed crews trucks afternoon bookings orders phones cards contractors promise shop"
    )
    assert " ".join(own_words(f"It is thirty. {words}. Okay?", []).split()) == "It is thirty. . Okay?"


def test_a_list_of_features_is_still_said() -> None:
    said = "So the unit, triple pane, two low-emissivity coatings, argon fill, warm-edge spacer, U-factor point one seven."
    assert own_words(said, []) == said


def test_places_in_the_text_stay_as_they_are() -> None:
    said = f"Right. {CUSTOMER} Then this is for you."
    own = own_words(said, [CUSTOMER])
    assert len(own) == len(said)
    assert own.index("Then this") == said.index("Then this")
