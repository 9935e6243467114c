"""Every sentence about what customers and reps say of a story's parts. Knows only which words to choose."""

from collections.abc import Sequence
from datetime import date

from callcoach.coaching.notation import count, day, listed
from callcoach.coaching.vocabulary import COMPONENT_WORDS
from callcoach.domain.story import Component


def signals(component: Component, told: int, needs: int, asked: int, moved_on: int) -> str:
    """What customers did round one part, of the calls in which it was told."""
    name = COMPONENT_WORDS[component].capitalize()
    if told == 0:
        return f"{name}: told in no call yet, so that no customer could answer it."
    calls = count(told, "call")
    did = []
    if needs:
        did.append(f"in {needs} it was tied to what the customer had said")
    if asked:
        did.append(f"in {asked} the customer then asked why or what it means")
    if moved_on:
        did.append(f"in {moved_on} the customer then turned to something else")
    return f"{name}: told in {calls}. " + (f"{'; '.join(did).capitalize()}." if did else "No customer took it up or asked.")


def published(on: date, changed: Sequence[Component]) -> str:
    """A new version and what is new in it."""
    if not changed:
        return f"Published on {day(on, year=True)}; wall, hammer and part read as before."
    return f"Published on {day(on, year=True)} with {listed([COMPONENT_WORDS[one] for one in changed])} told anew."


def agility(first_signal: date, changed_on: date, first_use: date | None) -> str:
    """From the first report to the changed story to its first use."""
    to_change = count((changed_on - first_signal).days, "day")
    if first_use is None:
        return f"{to_change} from the first report ({day(first_signal)}) to the changed story; no call tells it so yet."
    to_use = count((first_use - changed_on).days, "day")
    return (
        f"{to_change} from the first report ({day(first_signal)}) to the changed story, {to_use} more to the first call with it."
    )


def open_reports(n: int) -> str:
    """Reports that a version may have settled and nobody has answered."""
    return f"{count(n, 'report')} on what was changed {'waits' if n == 1 else 'wait'} for an answer."
