"""The bench with systems made by hand: what is counted, left out and left open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from callcoach.bench.conditions import Condition
from callcoach.bench.figures import SpeechBench
from callcoach.bench.material import Material, Recording
from callcoach.bench.run import STEPS, WHOLE, Doors, Plan, measure
from callcoach.bench.systems import Hearing, System
from callcoach.bench.word_errors import Streams
from callcoach.domain.call import Transcript, Turn, Word
from callcoach.domain.story import GlossaryTerm
from callcoach.errors import BadAudio, BadInput

SHORT = Plan(all_s=100.0, part_s=100.0, repeats=2, noise_s=5.6)
GLOSSARY = (GlossaryTerm(term="CatchBack", heard_as=("catch back",)),)


def turn(speaker: str, start: float, text: str) -> Turn:
    words = tuple(
        Word(text=word, start=start + place * 0.2, end=start + place * 0.2 + 0.2) for place, word in enumerate(text.split())
    )
    return Turn(speaker=speaker, text=text, start=start, end=words[-1].end, words=words)


SAID = Transcript(
    call_id="call",
    turns=(turn("rep", 0.0, "we call it CatchBack and it rings"), turn("customer", 2.0, "does it ring at night as well")),
    language="en",
)


@dataclass
class ByHand:
    """Ours: hears every call perfectly, refuses files called bad, and remembers what it was asked."""

    asked: list[Hearing] = field(default_factory=list)
    warm: int = 0

    def ready(self, hearings: Sequence[Hearing]) -> None:
        self.warm += len(hearings)

    def hear(self, hearings: Sequence[Hearing]) -> Sequence[Transcript | str]:
        self.asked += hearings
        return [self._one(hearing.audio.stem) for hearing in hearings]

    def _one(self, name: str) -> Transcript | str:
        if name.startswith("noise"):
            return Transcript(call_id=name, turns=())
        return f"{name}: no." if name == "bad" else SAID


@dataclass(frozen=True)
class Peer:
    """Hears "catch back", and nothing on the other channel; breaks on files called odd."""

    def hear(self, hearing: Hearing) -> Streams:
        if hearing.audio.stem == "odd":
            raise ValueError("odd file")
        if hearing.audio.stem.startswith("noise"):
            return (turn("x", 0, "thank you").words,)
        rep = turn("x", 0, "we call it catch back and it rings").words
        return (rep, ()) if hearing.two_party else (rep,)


def load(path: Path) -> np.ndarray:
    if path.stem == "broken":
        raise BadAudio(f"{path}: is damaged.")
    random = np.random.default_rng(0).normal(0, 0.1, (1 if "mono" in path.stem else 2, 16_000 * 4))
    return random.astype(np.float32)


def nothing() -> Callable[[Hearing], object]:
    return len


def bench(folder: Path, *recordings: Recording, ours: ByHand | None = None, plan: Plan = SHORT) -> SpeechBench:
    for recording in recordings:
        recording.audio.write_bytes(bytes(100))
    return measure(
        Material(recordings=recordings),
        Doors(ours=ours or ByHand(), others={System.BATCHED: Peer(), System.SEQUENTIAL: Peer()}, load=load, fresh={}),
        GLOSSARY,
        of="test",
        plan=plan,
        made_with={},
        scratch=folder,
        step=lambda sentence: None,
    )


def recording(folder: Path, name: str, reference: Transcript | None = SAID) -> Recording:
    return Recording(name=name, audio=folder / f"{name}.wav", reference=reference)


def test_each_system_is_counted_in_each_condition(tmp_path: Path) -> None:
    found = bench(tmp_path, recording(tmp_path, "call"))
    assert found.wer[System.OURS] == dict.fromkeys(Condition, 0.0)
    # catchback is two words, and the customer's seven are missing
    assert found.wer[System.BATCHED][Condition.CLEAN] == pytest.approx(9 / 14, abs=1e-4)
    assert found.wer[System.SEQUENTIAL][Condition.TELEPHONE] == pytest.approx(9 / 14, abs=1e-4)
    assert found.wer[System.SEQUENTIAL][Condition.CLEAN] is None
    assert found.product_name_recall == 1.0
    assert found.names.recall[Condition.CLEAN][System.BATCHED] == 0.0
    assert found.role_accuracy_mono == 1.0
    assert found.diarization_error == 0.0
    assert found.invented_words == 0
    assert found.invented is not None and sum(found.invented.batched.values()) == 2 * len(found.invented.batched)


def test_the_clock_runs_over_telephone_files_and_mono_recordings_that_were_warmed_up(tmp_path: Path) -> None:
    ours = ByHand()
    found = bench(tmp_path, recording(tmp_path, "call"), recording(tmp_path, "mono", None), ours=ours)
    assert found.speed.recordings == 2 and found.speed.audio_s == 8.0
    assert [len(found.speed.runs[system]) for system in System] == [2, 2, 1]
    assert found.speed.ours_s is not None and found.speed.batched_s is not None
    assert ours.warm == 2
    assert [(hearing.audio.parent.name, hearing.two_party) for hearing in ours.asked[:2]] == [
        ("telephone", True),
        (tmp_path.name, False),
    ]


def test_what_one_system_could_not_hear_counts_for_none_and_is_named(tmp_path: Path) -> None:
    names = ("call", "bad", "odd", "broken")
    found = bench(tmp_path, *(recording(tmp_path, name) for name in names))
    assert {row.recording for row in found.calls if row.condition is Condition.CLEAN} == {"call"}
    assert found.material.recordings == 3
    for name in ("bad: no", "odd.wav", "broken.wav"):
        assert sum(name in problem for problem in found.material.problems) >= 1
    # seconds over different recordings compare nothing
    assert found.speed.ours_s is None and found.speed.ratio_to_batched is None and found.speed.rtf is None


def test_without_references_nothing_is_zero(tmp_path: Path) -> None:
    found = bench(tmp_path, recording(tmp_path, "call", None))
    assert found.speed.ours_s is not None
    assert set(found.wer[System.OURS].values()) == {None}
    assert found.product_name_recall is None
    assert found.role_accuracy_mono is None
    assert found.diarization_error is None
    assert found.peak_mb is None


def test_mono_recordings_alone_have_words_names_and_roles(tmp_path: Path) -> None:
    found = bench(tmp_path, recording(tmp_path, "mono"))
    assert found.wer[System.OURS][Condition.MONO] == 0.0
    assert found.wer[System.OURS][Condition.CLEAN] is None
    assert found.product_name_recall == 1.0
    assert found.role_accuracy_mono == 1.0


def test_a_recording_of_hours_is_heard_as_it_is_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcoach.bench.run.LONGEST_SPOILT_SECONDS", 3.0)
    ours = ByHand()
    found = bench(tmp_path, recording(tmp_path, "call"), ours=ours)
    assert {row.condition for row in found.calls} == {Condition.CLEAN}
    assert found.speed.recordings == 1
    assert {hearing.audio.name for hearing in ours.asked if not hearing.audio.name.startswith("noise")} == {"call.wav"}


def test_nothing_to_measure_with_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"broken\.wav: is damaged"):
        bench(tmp_path, recording(tmp_path, "broken"))


def test_only_the_whole_plan_is_no_quick_run(tmp_path: Path) -> None:
    assert bench(tmp_path, recording(tmp_path, "call")).quick
    assert WHOLE.noise_s == 600 and WHOLE.repeats == 2
    assert STEPS == 7
