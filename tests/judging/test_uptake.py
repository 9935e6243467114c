from judging_values import BACKUP

from callcoach.judging.uptake import Heard, best_link, shared_content, story_stems


def test_words_of_the_initiative_are_no_uptake() -> None:
    stems = story_stems(BACKUP)
    assert shared_content("We had an outage on Saturday.", "Outages happen on a Saturday.", stems) == frozenset()
    assert "casket" in shared_content("I was doing a casket spray.", "With your hands in a casket.", stems)


def test_the_line_with_the_most_in_common_is_linked() -> None:
    heard = [Heard(1, "I was doing a casket spray.", 0.1, 0.9), Heard(3, "My nephew drives the van.", 0.3, 0.2)]
    link = best_link(4, "You had your hands in a casket when it rang.", heard, frozenset())
    assert link is not None and link.turn == 1 and 0 < link.strength <= 1


def test_nothing_in_common_is_no_link() -> None:
    assert best_link(9, "Nineteen a month.", [Heard(1, "My nephew drives the van.", 0.05, 0.9)], frozenset()) is None
    assert best_link(0, "Hello.", [], frozenset()) is None
