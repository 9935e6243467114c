"""What became of a database whose runs were killed, beside one that was left in peace. Runs nothing and kills nothing."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Rows = Mapping[tuple[object, ...], tuple[object, ...]]
Contents = Mapping[str, Rows]
"""By table, the rest of each row by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashBench:
    """kills: runs that were ended by force; lost, duplicated: rows missing or too many at the end, in all tables.

    identical_end_state: whether every table and the brief hold the same bytes. lives: how many runs there were, the last of which
    ended by itself; kills_in_work: kills of runs that had stored a row or more; differing: tables that are not the same.
    """

    calls: int
    database: str
    kills: int
    lives: int
    kills_in_work: int
    rows: int
    lost: int
    duplicated: int
    identical_end_state: bool
    differing: tuple[str, ...]
    seed: int
    seconds: float
    commit_boundaries: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one database lacks or has too much of, in rows, and the tables in which anything differs."""

    rows: int
    lost: int
    duplicated: int
    differing: tuple[str, ...]


def difference(undisturbed: Contents, killed: Contents) -> Difference:
    """Compare them row by row, byte by byte."""
    tables = sorted(undisturbed.keys() | killed.keys())
    return Difference(
        rows=sum(len(rows) for rows in undisturbed.values()),
        lost=sum(len(undisturbed.get(name, {}).keys() - killed.get(name, {}).keys()) for name in tables),
        duplicated=sum(len(killed.get(name, {}).keys() - undisturbed.get(name, {}).keys()) for name in tables),
        differing=tuple(name for name in tables if undisturbed.get(name, {}) != killed.get(name, {})),
    )


def moments(kills: int, seed: int) -> Iterator[tuple[float, float]]:
    """For each kill in turn: which share of the work left is done before it, and how far into the next bit it comes, 0 to 1.

    On the average the kills are spread evenly over the work, however long a run takes.
    """
    drawn = random.Random(seed)
    for number in range(kills):
        yield drawn.uniform(0, 1.8) / (kills - number + 1), drawn.random()
