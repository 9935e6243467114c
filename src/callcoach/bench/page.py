"""Write the figures of a bench as Markdown, and put them into a page between their marks. Measures nothing."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from callcoach.bench.conditions import Condition
from callcoach.bench.figures import SpeechBench
from callcoach.bench.sizing import read_night, sizing_table
from callcoach.bench.systems import System
from callcoach.bench.transcripts import crash_table, transcript_table
from callcoach.errors import BadInput

CONDITION_NAMES: Mapping[Condition, str] = {
    Condition.CLEAN: "as they are",
    Condition.TELEPHONE: "telephone",
    Condition.NOISY: "noisy, 10 dB",
    Condition.CROSS_TALK: "cross-talk",
    Condition.MONO: "mono",
}
SYSTEM_NAMES: Mapping[System, str] = {
    System.OURS: "callcoach",
    System.BATCHED: "faster-whisper, batched",
    System.SEQUENTIAL: "faster-whisper, sequential",
}
NOT_MEASURED = "-"

_TABLES: Mapping[str, Callable[[Path], str]] = {
    "night": lambda path: sizing_table(read_night(path)),
    "crash": crash_table,
    "transcript": transcript_table,
}
"""By how a file of figures begins; others are of speech."""
_EMPTY = "<!-- figures of FILE --> and, in a line below, <!-- end of figures -->"
_BLOCK = re.compile(r"<!-- figures of (?P<file>\S+) -->\n.*?<!-- end of figures -->", re.DOTALL)


def read_bench(path: Path) -> SpeechBench:
    """The bench that `callcoach bench speech --json` wrote. Raises BadInput for any other file."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SpeechBench)
    except (OSError, msgspec.DecodeError) as trouble:
        raise BadInput(f"{path}: is no result of callcoach bench speech ({trouble}). Write it anew with --json {path}.") from None


def write_figures(page: Path) -> None:
    """Make each block `<!-- figures of FILE --> ... <!-- end of figures -->` of `page` anew. Raises BadInput without one."""
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as trouble:
        raise BadInput(f"{page}: cannot be read ({trouble.strerror}). Give a page that holds {_EMPTY}.") from None
    if not _BLOCK.search(text):
        raise BadInput(f"{page}: has no place for figures. Write {_EMPTY} where they are to stand.")
    page.write_text(filled(text, page.parent), encoding="utf-8")


def filled(page: str, folder: Path) -> str:
    """`page` with the tables of each block made of its FILE, a path from `folder`, by its name."""

    def block(found: re.Match[str]) -> str:
        path = folder / found["file"]
        made = next((write(path) for begin, write in _TABLES.items() if path.name.startswith(begin)), None)
        made = made or tables(read_bench(path))
        return f"<!-- figures of {found['file']} -->\n{made}<!-- end of figures -->"

    return _BLOCK.sub(block, page)


def tables(bench: SpeechBench) -> str:
    """The systems side by side, then what only ours does, with what it was measured on."""
    return "\n".join([*_about(bench), "", *_side_by_side(bench), "", *_ours_alone(bench), ""])


def _about(bench: SpeechBench) -> list[str]:
    made, material, speed = bench.made_with, bench.material, bench.speed
    little = " A quick run: a little of everything, no measure." if bench.quick else ""
    return [
        f"Measured on {material.of} ({_recordings(material.recordings)}, {material.seconds / 60:.0f} minutes) with"
        f" {made['cores']} cores of {made['processor']}, callcoach {made['callcoach']}, {made['speech'].split()[0]},"
        f" faster-whisper {made['faster-whisper']}.{little}",
        "",
        f"The clock ran over {_recordings(speed.recordings)}, {speed.audio_s / 60:.1f} minutes.",
    ]


def _side_by_side(bench: SpeechBench) -> list[str]:
    speed, memory, names = bench.speed, bench.memory, bench.names
    seconds = {System.OURS: speed.ours_s, System.BATCHED: speed.batched_s, System.SEQUENTIAL: speed.sequential_s}
    rows: list[tuple[str, Mapping[System, str]]] = [
        ("seconds", {system: _number(time, 1) for system, time in seconds.items()}),
        (
            "real-time factor",
            {
                system: _number(time / speed.audio_s if time is not None and speed.audio_s else None, 3)
                for system, time in seconds.items()
            },
        ),
    ]
    for condition, figures in bench.conditions.items():
        if figures.recordings:
            label = f"word error rate, {CONDITION_NAMES[condition]} ({_recordings(figures.recordings)})"
            rows.append((label, {system: _percent(bench.wer[system][condition]) for system in System}))
    for condition in (Condition.CLEAN, Condition.MONO):
        if names.said[condition]:
            label = f"product names found, {CONDITION_NAMES[condition]}"
            rows.append((label, {system: _percent(names.recall[condition][system]) for system in System}))
    if memory:
        rows.append(("peak memory, MB", {system: _number(mb, 0) for system, mb in memory.mb.items()}))
    lines = [f"| | {' | '.join(SYSTEM_NAMES.values())} |", f"|---|{'---:|' * len(SYSTEM_NAMES)}"]
    return lines + [f"| {label} | {' | '.join(told.get(system, NOT_MEASURED) for system in System)} |" for label, told in rows]


def _ours_alone(bench: SpeechBench) -> list[str]:
    roles, diarization, invented = bench.roles, bench.diarization, bench.invented
    rows = [
        ("times as fast as batched", _number(bench.speed.ratio_to_batched, 2)),
        (f"mono: role right, share of {roles.seconds / 60:.1f} minutes of speech", _percent(bench.role_accuracy_mono)),
        ("mono: role wrong / left unknown", f"{_percent(roles.wrong)} / {_percent(roles.unknown)}"),
        (f"mono: diarization error ({_recordings(diarization.recordings)})", _percent(bench.diarization_error)),
        (
            f"words invented in {invented.seconds / 60:.0f} minutes without one" if invented else "words invented",
            _number(bench.invented_words, 0),
        ),
    ]
    return ["| callcoach | |", "|---|---:|", *(f"| {label} | {told} |" for label, told in rows)]


def _recordings(number: int) -> str:
    return "1 recording" if number == 1 else f"{number} recordings"


def _number(value: float | None, digits: int) -> str:
    return NOT_MEASURED if value is None else f"{value:.{digits}f}"


def _percent(share: float | None) -> str:
    return NOT_MEASURED if share is None else f"{share:.1%}"
