"""How many workers a night of so many calls needs, worked out from what a bench of a night measured. Measures nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from callcoach.bench.judge_speed import BUSY
from callcoach.bench.night import NightlyBench
from callcoach.errors import BadInput

CALLS = (100, 1_000, 5_000, 20_000)
STAGES = ("transcribe", "judge", "report")
MINUTES = 10.0
WINDOW = 6.0
"""Hours that a night may take."""
HEADINGS = ("calls a night", "hours of sound", "worker-hours, recognition", "worker-hours, judging", "driver, hours", "workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a night of `calls` takes. recognition and judging: hours of one worker; driver: hours that nobody shares.

    workers: how many end it in time, None where the driver alone takes longer.
    """

    calls: int
    sound: float
    recognition: float
    judging: float
    driver: float
    workers: int | None


def sizes(
    bench: NightlyBench, *, calls: Sequence[int] = CALLS, minutes: float = MINUTES, window: float = WINDOW
) -> tuple[Size, ...]:
    """One per number of calls, each `minutes` long, for nights of `window` hours.

    Workers on many machines are taken to work as fast as those of the bench, which shared one; recognition and judging to take as
    much longer as calls are longer.
    """
    longer = minutes / (bench.audio_minutes / bench.calls)
    recognition, judging = (bench.workers / bench.calls_per_hour[stage] * longer for stage in ("transcribe", "judge"))
    found = []
    for number in calls:
        driver = number / bench.calls_per_hour["report"]
        left = window - driver
        found.append(
            Size(
                calls=number,
                sound=number * minutes / 60,
                recognition=number * recognition,
                judging=number * judging,
                driver=driver,
                workers=math.ceil(number * (recognition + judging) / left) if left > 0 else None,
            )
        )
    return tuple(found)


def sizing_rows(bench: NightlyBench) -> list[list[str]]:
    """The table under its headings, as words."""
    return [
        [
            f"{size.calls:,}",
            f"{size.sound:,.0f}",
            f"{size.recognition:,.1f}",
            f"{size.judging:,.1f}",
            f"{size.driver:,.1f}",
            "more than one driver does" if size.workers is None else f"{size.workers:,}",
        ]
        for size in sizes(bench)
    ]


def sizing_words(bench: NightlyBench) -> str:
    """What the table assumes, and what it was measured on."""
    busy = f" The machine was busy with something else, load {bench.load:.1f} a core: measure again." if bench.load > BUSY else ""
    return (
        f"For calls of {MINUTES:.0f} minutes and nights of {WINDOW:.0f} hours, one worker being one core and 2 GB; worked out "
        f"from {bench.calls} calls of {bench.audio_minutes:.1f} minutes in all and {bench.initiatives} initiatives.{busy}"
    )


def sizing_table(bench: NightlyBench) -> str:
    """The same as Markdown."""
    rows = [f"| {' | '.join(row)} |" for row in sizing_rows(bench)]
    return "\n".join([sizing_words(bench), "", f"| {' | '.join(HEADINGS)} |", "|" + "---:|" * len(HEADINGS), *rows, ""])


def read_night(path: Path) -> NightlyBench:
    """What `callcoach bench nightly --json` wrote. Raises BadInput for any other file."""
    try:
        bench = msgspec.json.decode(path.read_bytes(), type=NightlyBench)
        missing = [stage for stage in STAGES if not bench.calls_per_hour.get(stage, 0.0) > 0]
        if missing or bench.calls < 1 or not bench.audio_minutes > 0:
            raise msgspec.ValidationError(f"it measured no {', '.join(missing) or 'calls'}")
        return bench
    except (OSError, msgspec.DecodeError) as trouble:
        raise BadInput(
            f"{path}: is no result of callcoach bench nightly ({trouble}). Write it anew with --json {path}."
        ) from None
