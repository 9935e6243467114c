"""Write a trained judge into a folder: a file for each part, and judge.json that pins them. Knows nothing of fitting."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcoach.domain.fingerprint import fingerprint
from callcoach.judging.heads import CallHeads
from callcoach.judging.heads_json import encode, encode_sequences
from callcoach.judging.tuned_npz import encode_tuned
from callcoach.judging.turn_heads import TurnHeads
from callcoach.training.call_table import CallTable, encode_table

FORMAT = 1
TABLE = "call_rows.npz"


def write_turn_heads(folder: Path, turn_heads: TurnHeads) -> None:
    """Write the heads for the acts alone, as part of a training that goes on; `read_turn_heads` reads them."""
    _write(folder, _of_turns(turn_heads), {}, {})


def write_heads(
    folder: Path, turn_heads: TurnHeads, call_heads: CallHeads, about: Mapping[str, Any], table: CallTable | None = None
) -> dict[str, Any]:
    """Write every head and judge.json (`about`: seeds, corpus, library versions); returns what stands in judge.json.

    `table`: what the call-level heads learnt from, so that a team's labels can be added to it.
    """
    of_turns = _of_turns(turn_heads)
    of_calls = {
        "verdict": call_heads.verdict,
        "asked_why": call_heads.asked_why,
        "answer": call_heads.answer,
        **call_heads.behaviours,
        **{f"level_{component}": head for component, head in call_heads.levels.items()},
    }
    bodies = {f"{name}.json": encode(head) for name, head in sorted(of_calls.items())}
    about = {"call_heads": fingerprint(*map(_digest, bodies.values())), **about}
    if table is not None:
        bodies[TABLE] = encode_table(table)
    return _write(folder, of_turns, bodies, about)


def _of_turns(turn_heads: TurnHeads) -> dict[str, bytes]:
    bodies = {"rep_acts.json": encode(turn_heads.rep), "customer_acts.json": encode(turn_heads.customer)}
    if turn_heads.sequences:
        bodies["sequences.json"] = encode_sequences(turn_heads.sequences)
    if turn_heads.tuned:
        bodies["tuned.npz"] = encode_tuned(turn_heads.tuned)
    return bodies


def _write(folder: Path, of_turns: Mapping[str, bytes], others: Mapping[str, bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    bodies = {**of_turns, **others}
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    index = {
        "format": FORMAT,
        "turn_heads": fingerprint(*map(_digest, of_turns.values())),
        "files": {name: _digest(body) for name, body in bodies.items()},
        **about,
    }
    (folder / "judge.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return index


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
