"""Train the tagger of words that redaction uses, from marked turns and from calls in which nobody marked anything."""

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.errors import BadCorpus
from callcoach.language.tuned import plain_encoder
from callcoach.language.word_tagger import Pieces
from callcoach.redaction.marked import MarkedTurns, read_marked
from callcoach.redaction.redactor import redact
from callcoach.redaction.tagger import TAGGED_OVER, TAGGER, encode_tagger
from callcoach.training.corpus import LabelledCall, read_corpus
from callcoach.training.fit_tagger import Lessons, Stretch, TaggerRecipe, fit_tagger, stretches
from callcoach.weights import locate

SEED = 20261123
N_CALLS = 300
"""Of the labelled calls: enough that no turn of theirs is seen twice."""
LIMITS = (
    "It learnt from invented turns, written by nine hands in American, British and other English, and from invented calls."
    " Nothing of it was said on a phone."
)


def learn_redaction(
    items_folder: Path, corpus: Path, out: Path, *, recipe: TaggerRecipe | None = None, command: str, say: Callable[[str], None]
) -> Mapping[str, Any]:
    """Train on all items of a folder, write the tagger and tagger.json that pins it to `out`; returns what stands in tagger.json.

    corpus: labelled calls, for what is harmless. Raises BadCorpus with file, line and what to write where an item is none.
    """
    recipe = recipe or TaggerRecipe()
    items = _items(items_folder)
    calls = read_corpus(corpus).calls
    some = random.Random(SEED).sample(calls, min(N_CALLS, len(calls)))
    lessons = Lessons(
        items=[stretches(item) for each in items.values() for item in each], calls=[_harmless(call.transcript) for call in some]
    )
    say(f"Learning from {len(lessons.items)} items and {len(lessons.calls)} calls")
    encoder, tokenizer = plain_encoder(locate.locate(TAGGED_OVER))
    body = encode_tagger(fit_tagger(lessons, encoder, Pieces(tokenizer), recipe, seed=SEED, say=say))
    about = {
        "command": command,
        "seed": SEED,
        "recipe": asdict(recipe),
        "encoder": f"{TAGGED_OVER} {locate.fingerprint(TAGGED_OVER)}",
        "items": {name: len(each) for name, each in items.items()},
        "learnt_from": _named(items, some),
        "libraries": {name: version(name) for name in ("torch", "transformers", "numpy")},
        "limits": LIMITS,
    }
    listed = {"files": {TAGGER: hashlib.sha256(body).hexdigest()}, "about": about}
    out.mkdir(parents=True, exist_ok=True)
    (out / TAGGER).write_bytes(body)
    (out / "tagger.json").write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
    return listed


def _items(folder: Path) -> dict[str, list[MarkedTurns]]:
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise BadCorpus(f"{folder}: there is no .txt file with marked turns. Name a folder such as models/redaction/items.")
    try:
        return {file.stem: read_marked(file.read_text(encoding="utf-8"), str(file)) for file in files}
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{folder}: a file there is not UTF-8 ({error}). Save it as UTF-8.") from error
    except ValueError as error:
        raise BadCorpus(str(error)) from error


def _harmless(transcript: Transcript) -> list[list[Stretch]]:
    """The turns of a call; what the rules would take out is not asked for."""
    return [
        [
            Stretch(turn.original[piece.original_begin : piece.original_end], None, asked=not piece.is_placeholder)
            for piece in turn.pieces
        ]
        for turn in redact(transcript, names=())
        if turn.pieces
    ]


def _named(items: Mapping[str, list[MarkedTurns]], calls: list[LabelledCall]) -> str:
    """Changes with everything that is learnt from."""
    said = [
        [[turn.text for turn in item.transcript.turns], [list(mark) for mark in item.marks]]
        for each in items.values()
        for item in each
    ]
    return fingerprint(said, [[turn.text for turn in call.transcript.turns] for call in calls])
