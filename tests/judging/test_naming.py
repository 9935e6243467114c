from dataclasses import replace
from datetime import date

from callcoach.domain.story import GlossaryTerm, Initiative, ValueStory
from callcoach.judging.naming import names_heard
from callcoach.testing import make_call

INITIATIVE = Initiative(
    id="safeseat",
    name="SafeSeat",
    launched=date(2026, 10, 19),
    story=ValueStory(wall="a", hammer="b", part="c"),
    glossary=(GlossaryTerm(term="SafeSeat"), GlossaryTerm(term="Proof Sheet"), GlossaryTerm(term="two-step login")),
)


def test_names_are_found_whoever_says_them_with_endings_and_hyphens() -> None:
    call = make_call("rep The SafeSeat's here. / customer And the Proof Sheets? Two step login, too?")
    assert names_heard(call, INITIATIVE) == ("SafeSeat", "Proof Sheet", "two-step login")


def test_parts_of_names_and_other_words_are_no_names() -> None:
    call = make_call("rep Unsafeseat. Waterproof sheet. Proof. / customer Sheet, step login.")
    assert names_heard(call, INITIATIVE) == ()


def test_a_name_written_in_another_script_is_found() -> None:
    named = replace(INITIATIVE, name="Сейфсит", glossary=())
    assert names_heard(make_call("rep Это Сейфсит, новый.", language="ru"), named) == ("Сейфсит",)
