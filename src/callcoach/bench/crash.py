"""What became of a database whose runs were killed, beside one that was left in peace, and when to kill. Kills nothing itself."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Contents = Mapping[str, Mapping[tuple[object, ...], object]]
"""By table, something that is the same for the same row, by the row's key."""

EDGES = 0.1
"""The share of all kills that comes while a run takes calls in, and again while it rolls up: moments with few rows to write."""
MEAN_SHARES = 1.8


class Phase(StrEnum):
    """What a run is doing."""

    TAKING_IN = "taking in"
    READING = "reading words"
    JUDGING = "judging"
    ROLLING_UP = "rolling up"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashBench:
    """kills: runs that were ended by force; lost, duplicated: rows missing or too many at the end, in all tables.

    identical_end_state: whether every table and the brief hold the same bytes. lives: how many runs there were, the last of which
    ended by itself; kills_in_work: kills of runs that had stored a row or more; kills_by_phase: by what the run was doing;
    kills_in_commit: of runs that had asked for a commit and had no answer; differing: tables that are not the same.
    texts: how many of the calls differ in their words. stops: how often the database's server was stopped, for stop_seconds each.
    cpu_seconds: of all runs, without a database server's and without loading the models, which happens once. load: how many
    programs wanted a core when it began, per core.
    """

    calls: int
    texts: int
    database: str
    kills: int
    lives: int
    kills_in_work: int
    kills_by_phase: Mapping[str, int]
    kills_in_commit: int
    rows: int
    lost: int
    duplicated: int
    identical_end_state: bool
    differing: tuple[str, ...]
    seed: int
    seconds: float
    cpu_seconds: float
    cores: int
    load: float
    commit_boundaries: int | None = None
    stops: int = 0
    stop_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one database lacks or has too much of, in rows, and the tables in which anything differs."""

    rows: int
    lost: int
    duplicated: int
    differing: tuple[str, ...]


class Moment(NamedTuple):
    """When to kill a run: when it has done `share` of what is left to write, `further` (0 to 1) into its next bit of work.

    Where it is while taking in or rolling up: after `further` of the seconds that takes. in_commit: meant to hit a commit.
    """

    phase: Phase
    share: float
    further: float
    in_commit: bool


def difference(undisturbed: Contents, killed: Contents) -> Difference:
    """Compare them row by row."""
    tables = sorted(undisturbed.keys() | killed.keys())
    return Difference(
        rows=sum(len(rows) for rows in undisturbed.values()),
        lost=sum(len(undisturbed.get(name, {}).keys() - killed.get(name, {}).keys()) for name in tables),
        duplicated=sum(len(killed.get(name, {}).keys() - undisturbed.get(name, {}).keys()) for name in tables),
        differing=tuple(name for name in tables if undisturbed.get(name, {}) != killed.get(name, {})),
    )


def moments(kills: int, seed: int) -> Iterator[Moment]:
    """For each kill in turn, when it comes: the first while calls are taken in, the last while everything is rolled up.

    Those between are on the average spread evenly over the work, however long a run takes; every second one aims at a commit.
    """
    drawn = random.Random(seed)
    edge = round(EDGES * kills)
    between = kills - 2 * edge
    for _ in range(edge):
        yield Moment(Phase.TAKING_IN, 0.0, drawn.random(), in_commit=False)
    for number in range(between):
        share = drawn.uniform(0, MEAN_SHARES) / (between - number + 1)
        yield Moment(Phase.JUDGING, share, drawn.random(), in_commit=number % 2 == 1)
    for _ in range(edge):
        yield Moment(Phase.ROLLING_UP, 1.0, drawn.random(), in_commit=False)
