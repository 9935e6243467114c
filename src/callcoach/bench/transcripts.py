"""The figures of a night over many transcripts: time, memory as it goes on, what bad calls cost the others. Measures nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from callcoach.bench.crash import CrashBench
from callcoach.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held in memory when `share` of the judging is done, in MB of 10^6 bytes; all: with every worker process.

    Pages that workers share are counted in each.
    """

    share: float
    own_mb: float
    all_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NightTook:
    """One night: seconds on the clock and of processor time with all worker processes, and on the clock by stage."""

    seconds: float
    cpu_seconds: float
    by_stage: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poisoned:
    """A night in which some calls cannot be judged, beside the same night without them.

    calls: by what they do; done: others that were judged; left: others that were not; quarantined: calls that are left alone
    after three nights, by the beginning of the reason. ratio, cpu_ratio: of the night's time to the other's.
    """

    share: float
    calls: Mapping[str, int]
    done: int
    left: int
    took: NightTook
    ratio: float
    cpu_ratio: float
    quarantined: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptBench:
    """texts: how many of the calls differ in more than a word; new_words: the share of turns with a word that no other call has.

    judged: pairs of call and initiative. load: how many programs wanted a core when it began, per core.
    """

    calls: int
    texts: int
    new_words: float
    initiatives: int
    judged: int
    database: str
    workers: int
    cores: int
    load: float
    took: NightTook
    calls_per_hour: float
    memory: tuple[Held, ...]
    peak_mb: float
    poisoned: Poisoned | None = None


def transcript_lines(bench: TranscriptBench) -> list[str]:
    """The figures as sentences."""
    took = bench.took
    stages = ", ".join(f"{name} {seconds:,.0f} s" for name, seconds in took.by_stage.items())
    lines = [
        f"{bench.calls:,} transcripts for {bench.initiatives} initiatives on {bench.database}, {bench.workers} workers, "
        f"{bench.cores} cores, load {bench.load:.1f} a core before: {took.seconds / 60:.1f} min, "
        f"{took.cpu_seconds / 60:.1f} min of processor time ({stages}).",
        f"{bench.calls_per_hour:,.0f} calls per hour. {bench.texts:,} different texts; a word that no other call has in "
        f"{bench.new_words:.0%} of the turns, the rest is encoded once.",
        "Memory, this process / all, MB: "
        + ", ".join(f"{each.share:.0%}: {each.own_mb:,.0f} / {each.all_mb:,.0f}" for each in bench.memory)
        + f"; peak {bench.peak_mb:,.0f}.",
    ]
    if bench.poisoned is not None:
        found = bench.poisoned
        calls = ", ".join(f"{n} {kind}" for kind, n in found.calls.items())
        quarantined = "; ".join(f"{n} × {reason}" for reason, n in found.quarantined.items())
        lines += [
            f"With {sum(found.calls.values())} calls that cannot be judged ({calls}): {found.done:,} others judged, "
            f"{found.left} not, {found.ratio:.2f} times the time, {found.cpu_ratio:.2f} times the processor time.",
            f"Left alone after three nights: {quarantined or 'none'}.",
        ]
    return lines


def transcript_table(path: Path) -> str:
    """As Markdown, from the file that `callcoach bench transcripts --json` wrote. Raises BadInput for any other file."""
    try:
        bench = msgspec.json.decode(path.read_bytes(), type=TranscriptBench)
    except (OSError, msgspec.DecodeError) as trouble:
        raise _no_result(path, "transcripts", trouble) from None
    return _bullets(transcript_lines(bench))


def crash_table(path: Path) -> str:
    """As Markdown, from the file that `callcoach bench crash --json` wrote. Raises BadInput for any other file."""
    try:
        bench = msgspec.json.decode(path.read_bytes(), type=CrashBench)
    except (OSError, msgspec.DecodeError) as trouble:
        raise _no_result(path, "crash", trouble) from None
    same = "the same bytes in all tables and both briefs" if bench.identical_end_state else ", ".join(bench.differing)
    happened = (
        f"{bench.kills} kills" if not bench.stops else f"the server stopped {bench.stops} times for {bench.stop_seconds:.0f} s"
    )
    phases = ", ".join(f"{n} while {phase}" for phase, n in bench.kills_by_phase.items() if n)
    told = f" ({phases}; {bench.kills_in_commit} inside a commit)" if bench.kills else ""
    rows = [
        ("calls, rows", f"{bench.calls:,}, {bench.rows:,}"),
        ("what happened", f"{happened}{told}"),
        ("runs", f"{bench.lives}"),
        ("rows lost, rows too many", f"{bench.lost}, {bench.duplicated}"),
        ("end state", same),
        (
            "on the clock, processor time",
            f"{bench.seconds:,.0f} s, {bench.cpu_seconds:,.0f} s; load {bench.load:.1f} a core before",
        ),
    ]
    return "".join([f"| {bench.database} | |\n|---|---|\n", *(f"| {name} | {value} |\n" for name, value in rows)])


def _bullets(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _no_result(path: Path, bench: str, trouble: Exception) -> BadInput:
    return BadInput(f"{path}: is no result of callcoach bench {bench} ({trouble}). Write it anew with --json {path}.")
