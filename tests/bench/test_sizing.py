"""How many workers a night needs follows from the bench by plain arithmetic, and the page says what the bench said."""

from pathlib import Path

import msgspec
import pytest

from callcoach.bench.night import NightlyBench
from callcoach.bench.page import filled
from callcoach.bench.sizing import read_night, sizes, sizing_table, sizing_words
from callcoach.errors import BadInput

ROOT = Path(__file__).parents[2]


def bench(*, load: float = 0.1, report: float = 10_000.0) -> NightlyBench:
    """Two workers hear 120 calls of five minutes an hour, and judge 1,200."""
    return NightlyBench(
        calls=6, audio_minutes=30.0, initiatives=3, workers=2, night_per_hour=0.0, plain_per_hour=0.0, speedup_2_workers=1.9,
        ratio_to_plain_loop=0.0, peak_mb=0.0, load=load, calls_per_hour={"transcribe": 120.0, "judge": 1200.0, "report": report},
    )  # fmt: skip


def test_workers_are_the_hours_of_one_divided_by_what_the_night_leaves_after_the_driver() -> None:
    (size,) = sizes(bench(), calls=[1_000], minutes=10.0, window=6.0)
    # one worker hears 60 five-minute calls an hour, 30 of ten minutes
    assert (size.sound, size.recognition, size.judging) == pytest.approx((1_000 / 6, 1_000 / 30, 1_000 / 300))
    assert size.driver == pytest.approx(0.1)
    assert size.workers == 7  # 36.7 hours in 5.9


def test_a_night_that_the_driver_alone_does_not_get_through_names_no_number_of_workers() -> None:
    (size,) = sizes(bench(report=100.0), calls=[1_000], window=6.0)
    assert size.workers is None
    assert "more than one driver does" in sizing_table(bench(report=100.0))


def test_a_busy_machine_is_named() -> None:
    assert "busy" not in sizing_words(bench())
    assert "load 3.0 a core: measure again" in sizing_words(bench(load=3.0))


def test_the_page_on_operations_is_made_of_the_bench(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert filled(page, ROOT / "docs") == page, "run `callcoach bench page docs/operations.md`"
    assert sizing_table(read_night(ROOT / "models" / "night_bench.json")) in page
    (tmp_path / "night.json").write_text("{}")
    with pytest.raises(BadInput, match=r"night\.json: is no result of callcoach bench nightly"):
        read_night(tmp_path / "night.json")


def test_a_bench_without_one_of_the_stages_is_no_base_for_sizes(tmp_path: Path) -> None:
    (tmp_path / "night.json").write_bytes(msgspec.json.encode(bench(report=0.0)))
    with pytest.raises(BadInput, match="it measured no report"):
        read_night(tmp_path / "night.json")
