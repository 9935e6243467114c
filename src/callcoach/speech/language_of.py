"""Tell in which language a transcript is, from its words, where its source did not say. Knows no audio and no rubric.

A recogniser names the language it heard; transcripts from elsewhere often name none. A telling needs a few sentences: an "Okay"
belongs to every language, and a spelt surname passes for Polish.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from callcoach.domain.call import Transcript
from callcoach.domain.languages import language_code

# part of what names a transcript: raise it when the rules below change
LANGUAGE_VERSION = "1"
# about twelve words: of 7,423 such stretches of the English calls of models/corpus none was taken for another language, and 39 of
# 39 sentences of phone calls in 14 languages were told; of English stretches of eight words 3 in 9,024 were not
FEWEST_BYTES = 60
# languages that companies sell in; with all 142 of the model, short English passes for Nigerian Pidgin and Tagalog
_LANGUAGES = (
    "ar bg ca cs da de el en es et eu fa fi fr gl he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sq sr sv sw th tl tr "
    "uk ur vi zh"
)


def with_language(transcript: Transcript, *, given: str | None = None) -> Transcript:
    """`transcript` with its language: its own where it has one, else `given` (the manifest's), else told from the words.

    In a call that mixes languages it is the one most of the text is in. None stays where too little is said to tell.
    """
    if transcript.language:
        return transcript
    language = given or language_of(transcript)
    return replace(transcript, language=language) if language else transcript


def language_of(transcript: Transcript) -> str | None:
    """ISO 639-1 code of the language that most of what is said is in; None for less than a sentence or two."""
    weight: defaultdict[str, float] = defaultdict(float)
    for stretch in _stretches(transcript):
        language, probability = _model().classify(stretch)
        weight[language] += probability * len(stretch)
    return language_code(max(sorted(weight), key=weight.__getitem__)) if weight else None


def _stretches(transcript: Transcript) -> Iterator[str]:
    """Following turns joined until there is enough to tell from; a short rest is left out."""
    said = ""
    for turn in transcript.turns:
        said = f"{said} {turn.text}".strip()
        # bytes, not words: Chinese and Japanese write no spaces
        if len(said.encode()) >= FEWEST_BYTES:
            yield said
            said = ""


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(_LANGUAGES.split())
    return model
