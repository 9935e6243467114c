"""Sentences about what happened in a single call or word for word in several. Knows nothing of verdicts or of what to coach."""

from callcoach.coaching.notation import clock, count, excerpt, listed, plain
from callcoach.domain.coaching import SaidAgain
from callcoach.domain.verdict import Reaction

REACTION_CHARACTERS = 160
PASSAGE_CHARACTERS = 240
MOMENTS_SHOWN = 4
"""Of a passage, the latest calls in which it was said."""


def reaction(what: Reaction) -> str:
    """What the customer did right after the pitch; nothing about what they felt."""
    when = f" at {clock(what.start)}" if what.start is not None else ""
    done = ["asked why or what it means for them" if what.asked_why else "asked a question" if what.asked else "asked nothing"]
    if what.stayed is not None:
        done.append("stayed with the subject" if what.stayed else "went on to something else")
    if what.took_up:
        done.append(f"took up the rep’s words {listed([f'“{plain(word)}”' for word in what.took_up[:4]])}")
    said = plain(excerpt(what.quote, REACTION_CHARACTERS))
    return f"Right after the pitch the customer said {count(what.words, 'word')}{when}, {listed(done)}: “{said}”"


def said_again(again: SaidAgain, name: str) -> str:
    """A passage that several customers heard in the same words."""
    where = "it stands in the script" if again.in_script else "it does not stand in the script"
    return f"Says the same {again.words} words about {name} to {count(again.customers, 'customer')}; {where}."


def passage(again: SaidAgain) -> str:
    """The passage itself, as it was said the last time."""
    return plain(excerpt(again.said[-1].quote, PASSAGE_CHARACTERS))


def and_earlier(again: SaidAgain) -> str:
    """What follows the calls that are named: how many more there are."""
    more = len(again.said) - MOMENTS_SHOWN
    return f" and {count(more, 'call')} before" if more > 0 else ""


def why_it_is_canned(again: SaidAgain) -> str:
    """Context of a recommendation to leave the script."""
    where = "" if again.in_script else ", which are not in the script"
    return f"{count(again.customers, 'customer')} heard the same {again.words} words{where}: “{passage(again)}”"
