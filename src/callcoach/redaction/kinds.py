"""What can be taken out of a text, and who may find it. Knows no pattern and no model."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """What stands in a text, as its placeholder names it."""

    PERSON = "PERSON"
    PHONE = "PHONE"
    CARD = "CARD"
    SSN = "SSN"
    ACCOUNT = "ACCOUNT"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    BIRTHDAY = "BIRTHDAY"
    PLACE = "PLACE"
    WEB = "WEB"
    NUMBER = "NUMBER"


class Entity(NamedTuple):
    """Characters `begin`..`end` of a text name a `kind`."""

    begin: int
    end: int
    kind: Kind


class EntityFinder(Protocol):
    """Finds what no list names and no pattern here knows."""

    @property
    def fingerprint(self) -> str:
        """Names what finds them."""
        ...

    @property
    def names_are_guesses(self) -> bool:
        """Whether the people and places it names have to pass the rules for names."""
        ...

    def entities(self, texts: Sequence[str]) -> Sequence[Sequence[tuple[int, int, str]]]:
        """For each text what it names: begin, end, and the name of a Kind. The texts are a call's turns in their order."""
        ...
