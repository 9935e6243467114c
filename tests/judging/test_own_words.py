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


STORY = (
    "tickets outage because owners price the dollars speed crews trucks and afternoon bookings orders phones your cards "
    "contractors promise shops outages lose customers drops internet saturday mobile network voltage breaker"
)


def test_function_words_strewn_among_them_make_no_sentence_of_it() -> None:
    left = own_words(f"It is thirty. {STORY}.", [])
    assert "crews" not in left and "mobile" not in left
    assert left.startswith("It is thirty.")


def test_neither_full_stops_nor_commas_make_sentences_of_it() -> None:
    words = [word for word in STORY.split() if word not in ("because", "the", "and", "your")]
    stops = ". ".join(" ".join(words[place : place + 6]) for place in range(0, len(words), 6))
    for said in (stops, ", ".join(words)):
        assert own_words(said, []).strip(" .,") == ""


def test_figures_read_out_are_said() -> None:
    said = "So your account is four four one nine eight two seven three one one zero five six two eight nine two four, correct?"
    assert own_words(said, []) == said


def test_a_list_of_services_in_plain_speech_is_said() -> None:
    said = (
        "Ha, and you love that truck. Listen. New thing, prepaid maintenance, Steady Miles. Three years, oil changes, rotations, "
        "your filters, brake fluid, coolant, tranny fluid, all of it. Thirty-one a month."
    )
    assert own_words(said, []) == said
