"""The tagger that ships, over its real encoder: what it takes out does not hang on where a stretch ends."""

from pathlib import Path

import pytest

from callcoach.app.workspace import Workspace
from callcoach.redaction.kinds import EntityFinder
from callcoach.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> EntityFinder:
    *_, last = Workspace(Settings(home=tmp_path_factory.mktemp("home"))).finders
    return last


def said(tagger: EntityFinder, texts: list[str]) -> list[list[tuple[str, str]]]:
    return [
        [(text[begin:end], str(kind)) for begin, end, kind in some]
        for text, some in zip(texts, tagger.entities(texts), strict=True)
    ]


def test_it_takes_what_tells_somebody_and_leaves_prices(tagger: EntityFinder) -> None:
    asked, answered, price = said(
        tagger,
        [
            "and whats a good callback number for you",
            "sure its four one five uh five five five oh one nine two ask for marisol",
            "okay so thats forty nine a month for the first twelve months and then sixty five",
        ],
    )
    assert asked == [] and price == []
    assert answered == [("four one five uh five five five oh one nine two", "PHONE"), ("marisol", "PERSON")]


def test_the_same_call_gives_the_same_answer_alone_and_after_others(tagger: EntityFinder) -> None:
    texts = ["My email is jo dot park at brightside dental dot com.", "Thank you."]
    first = tagger.entities(texts)
    tagger.entities(["Something else, at length. " * 40])
    assert tagger.entities(texts) == first
    assert tagger.entities([]) == [] and tagger.entities(["", "..."]) == [[], []]


def test_a_number_far_into_a_long_call_is_found_wherever_a_stretch_ends(tagger: EntityFinder) -> None:
    filler = "We looked at the dashboard and the weekly numbers were fine."
    for n_before in range(10, 40):
        texts = [
            *[filler] * n_before,
            "What's the number on the card?",
            "It's four one one one, one one one one, two two two two.",
        ]
        *others, answered = said(tagger, texts)
        assert [words for words, _ in answered] == ["four one one one, one one one one, two two two two"], n_before
        assert not any(others), n_before


def test_what_a_fingerprint_names_is_in_the_file(tagger: EntityFinder) -> None:
    assert tagger.fingerprint.startswith("tagger ") and not tagger.names_are_guesses
    assert Path("models/redaction/tagger.npz").is_file()
