"""Write trained heads into a folder: a numpy archive each, and judge.json that names and pins them. Knows nothing of fitting.

The archives hold arrays only (no pickle), with fixed time stamps: the same heads give the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from callcoach.domain.fingerprint import fingerprint
from callcoach.judging.heads import CallHeads, Head, TurnHeads, to_arrays

FORMAT = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_heads(folder: Path, turn_heads: TurnHeads, call_heads: CallHeads, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write every head and judge.json (`about`: seeds, corpus, library versions); returns what stands in judge.json."""
    folder.mkdir(parents=True, exist_ok=True)
    of_turns = {"rep_acts": turn_heads.rep, "customer_acts": turn_heads.customer}
    of_calls = {
        "verdict": call_heads.verdict,
        "asked_why": call_heads.asked_why,
        "answer": call_heads.answer,
        **call_heads.behaviours,
        **{f"level_{component}": head for component, head in call_heads.levels.items()},
    }
    bodies = {f"{name}.npz": _archive(head) for name, head in {**of_turns, **of_calls}.items()}
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()}
    index = {
        "format": FORMAT,
        "turn_heads": fingerprint(*(digests[f"{name}.npz"] for name in of_turns)),
        "call_heads": fingerprint(*(digests[f"{name}.npz"] for name in sorted(of_calls))),
        "files": digests,
        **about,
    }
    (folder / "judge.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return index


def _archive(head: Head) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in sorted(to_arrays(head).items()):
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            body = io.BytesIO()
            np.lib.format.write_array(body, np.asarray(array), allow_pickle=False)
            archive.writestr(entry, body.getvalue())
    return buffer.getvalue()
