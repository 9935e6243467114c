"""The bench with the real models on one short call."""

import json
import shutil
from pathlib import Path

import pytest

from callcoach.app.bench import bench_json, bench_speech
from callcoach.app.workspace import Workspace
from callcoach.bench.page import read_bench, tables
from callcoach.bench.run import Plan
from callcoach.settings import Settings

SAMPLES = Path(__file__).parents[2] / "sample_calls"
SHORT = Plan(all_s=60.0, part_s=60.0, repeats=1, noise_s=28.0)

pytestmark = pytest.mark.slow


def test_one_short_call_in_a_folder_with_a_broken_file(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    folder.mkdir()
    shutil.copy(SAMPLES / "audio" / "wren-21.ogg", folder)
    shutil.copy(SAMPLES / "reference" / "wren-21.transcript.json", folder / "wren-21.json")
    (folder / "broken.wav").write_bytes(b"RIFF....WAVE")
    bench = bench_speech(Workspace(Settings(home=tmp_path / "home")), audio=folder, plan=SHORT)
    told = json.loads(bench_json(bench))
    assert set(told["speed"]) >= {"ours_s", "batched_s", "sequential_s", "ratio_to_batched", "rtf"}
    assert told["speed"]["ratio_to_batched"] == pytest.approx(told["speed"]["batched_s"] / told["speed"]["ours_s"], rel=0.01)
    assert told["speed"]["rtf"] == pytest.approx(told["speed"]["ours_s"] / told["material"]["seconds"], rel=0.05)
    assert set(told["wer"]) >= {"ours", "batched"}
    conditions = {"clean", "telephone", "noisy", "cross_talk", "mono"}
    assert set(told["wer"]["ours"]) == set(told["wer"]["batched"]) == conditions
    for system in ("ours", "batched"):
        assert 0 < told["wer"][system]["clean"] < 0.3
    assert told["product_name_recall"] == 1.0
    assert 0 <= told["role_accuracy_mono"] <= 1
    assert 0 <= told["diarization_error"] < 1
    assert told["invented_words"] == 0
    # the weights alone are 75 MB as int8
    assert 150 < told["peak_mb"] < 4_000
    assert "broken.wav" in told["material"]["problems"][0]
    (tmp_path / "bench.json").write_bytes(bench_json(bench))
    assert read_bench(tmp_path / "bench.json") == bench
    assert "| seconds |" in tables(bench)
