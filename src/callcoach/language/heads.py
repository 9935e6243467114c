"""Read the trained heads from a folder that judge.json describes, and refuse what is missing or altered. Judges nothing.

The files are JSON and, for the layers of the tuned encoder, arrays in a zip without pickles: loading one can run no code.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from callcoach.domain.story import Component
from callcoach.errors import WeightsAltered, WeightsMissing
from callcoach.judging.heads import CallHeads, Head
from callcoach.judging.heads_json import decode, decode_sequences
from callcoach.judging.tuned_npz import decode_tuned
from callcoach.judging.turn_heads import TurnHeads

Model = TypeVar("Model")

INDEX = "judge.json"
TUNED = "tuned.npz"
FORMAT = 1
BEHAVIOURS = ("offer_hunting", "feature_dump", "diagnosed_first")
_REPAIR = (
    "Restore the folder from the package (`pip install --force-reinstall callcoach`), or train again with `callcoach train`."
)


def read_turn_heads(folder: Path) -> TurnHeads:
    """The heads for the acts. Raises WeightsMissing and WeightsAltered."""
    index = read_index(folder)
    return TurnHeads(
        rep=_head(folder, index, "rep_acts"),
        customer=_head(folder, index, "customer_acts"),
        sequences=read_part(folder, index, "sequences.json", decode_sequences) if "sequences.json" in index["files"] else (),
        tuned=read_part(folder, index, TUNED, decode_tuned) if TUNED in index["files"] else None,
        fingerprint=str(index["turn_heads"]),
    )


def read_call_heads(folder: Path) -> CallHeads:
    """The heads for the verdict, levels, asked_why and answer. Raises WeightsMissing and WeightsAltered."""
    index = read_index(folder)
    return CallHeads(
        verdict=_head(folder, index, "verdict"),
        levels={component.value: _head(folder, index, f"level_{component.value}") for component in Component},
        asked_why=_head(folder, index, "asked_why"),
        answer=_head(folder, index, "answer"),
        behaviours={name: _head(folder, index, name) for name in BEHAVIOURS},
        fingerprint=str(index["call_heads"]),
    )


def read_index(folder: Path) -> dict[str, Any]:
    """judge.json: the files with their sha256, the fingerprints, seeds, corpus and library versions."""
    path = folder / INDEX
    if not path.is_file():
        raise WeightsMissing(f"{path}: the trained judge is not here. {_REPAIR}")
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WeightsAltered(f"{path}: not valid JSON. {_REPAIR}") from error
    if not isinstance(index, dict) or index.get("format") != FORMAT or not isinstance(index.get("files"), dict):
        raise WeightsAltered(f"{path}: not the index of a trained judge of format {FORMAT}. {_REPAIR}")
    return index


def read_part(folder: Path, index: dict[str, Any], name: str, decoded: Callable[[bytes], Model]) -> Model:
    """One of the files that judge.json lists, decoded. Raises WeightsMissing and WeightsAltered."""
    path = folder / name
    if not path.is_file():
        raise WeightsMissing(f"{path}: this part of the trained judge is missing. {_REPAIR}")
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != index["files"].get(path.name):
        raise WeightsAltered(f"{path}: its sha256 is not the one in {INDEX}. {_REPAIR}")
    try:
        return decoded(body)
    except (KeyError, ValueError) as error:
        raise WeightsAltered(f"{path}: cannot be read as a trained model. {_REPAIR}") from error


def _head(folder: Path, index: dict[str, Any], name: str) -> Head:
    return read_part(folder, index, f"{name}.json", decode)
