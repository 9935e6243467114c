"""One recording by hand, whatever way the two parties were recorded."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from callcoach.app.one_call import read_call, score_file
from callcoach.app.workspace import Workspace
from callcoach.domain.call import RoleSource, Transcript
from callcoach.domain.verdict import Verdict
from callcoach.intake.rubrics import read_rubrics
from callcoach.settings import Settings
from callcoach.speech.audio import decode

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "sample_calls" / "audio" / "wren-14.ogg"
REFERENCE = json.loads((ROOT / "sample_calls" / "reference" / "wren-14.transcript.json").read_text())

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Settings(home=tmp_path_factory.mktemp("home")))


def as_recorded(folder: Path, how: str) -> Path:
    left, right = np.array(decode(RECORDING, max_seconds=600, max_bytes=10**8).samples)
    ways = {
        "one microphone": [left + right],
        "one microphone on both channels": [left + right, left + right],
        "the customer first": [right, left],
        "a conference with a silent channel": [np.zeros_like(left), right, left],
    }
    path = folder / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((len(ways[how]), 2, 16_000, 0, "NONE", ""))
        file.writeframes((np.stack(ways[how]).T.clip(-1, 1) * 32_767).astype("<i2").tobytes())
    return path


def share_of_words_by(role: str, transcript: Transcript) -> float:
    """How much of what the reference gives to a role is said by that role."""
    meant = [word for turn in REFERENCE["turns"] if turn["speaker"].rstrip("0123456789") == role for word in words(turn["text"])]
    said = {word for turn in transcript.turns if turn.role.value == role for word in words(turn.text)}
    return sum(word in said for word in meant) / len(meant)


def words(text: str) -> list[str]:
    return "".join(letter if letter.isalpha() else " " for letter in text.lower()).split()


@pytest.mark.parametrize(
    "how",
    [
        "one microphone",
        "one microphone on both channels",
        "the customer first",
        "a conference with a silent channel",
    ],
)
def test_the_rep_is_told_from_the_words_however_the_call_was_recorded(how: str, workspace: Workspace, tmp_path: Path) -> None:
    transcript = read_call(as_recorded(tmp_path, how), workspace, initiatives=read_rubrics(ROOT / "rubrics").initiatives)
    assert transcript.roles is not None and transcript.roles.source is RoleSource.HEARD
    assert (transcript.roles.confidence or 0) >= 0.95
    assert share_of_words_by("rep", transcript) > 0.9 and share_of_words_by("customer", transcript) > 0.85


def test_a_manifest_that_has_the_channels_the_wrong_way_round_leads_to_no_verdict(workspace: Workspace) -> None:
    score = score_file(RECORDING, ROOT / "rubrics" / "catchback.yaml", workspace, rep_channel=1)
    assert score.verdict is Verdict.NOT_ASSESSED
    assert "fits them swapped" in (score.reason or "") and "rep_channel" in (score.reason or "")
