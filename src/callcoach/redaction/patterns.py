"""All that patterns find in a text: numbers, codes, addresses, names said small. Knows no list of names and no model."""

from collections.abc import Sequence

from callcoach.redaction.addresses import addresses_in
from callcoach.redaction.birthdays import birthdays_in
from callcoach.redaction.codes import spelled_in
from callcoach.redaction.emails import emails_in, webs_in
from callcoach.redaction.expiries import expiries_in
from callcoach.redaction.kinds import Entity
from callcoach.redaction.mentions import said_small_in
from callcoach.redaction.numbers import numbers_in
from callcoach.redaction.places import places_in


def found_in(text: str, before: str = "") -> Sequence[Entity]:
    """What patterns find. before: what was said right before the text, a question that this may answer."""
    found = [*emails_in(text), *webs_in(text), *addresses_in(text, before), *birthdays_in(text, before)]
    found += [*numbers_in(text, before), *expiries_in(text, before), *spelled_in(text, before), *said_small_in(text)]
    return [*found, *places_in(text, found)]
