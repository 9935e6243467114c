"""Measure what the roll-up finds in invented companies, and how long a hundred thousand stored scores take. Prints nothing."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from callcoach.app.judge_error import EVALUATION, compared_calls, read_judge_error
from callcoach.app.progress import Progress, Silent
from callcoach.app.workspace import Workspace
from callcoach.bench.company.calls import Size
from callcoach.bench.company.judge import Hearing
from callcoach.bench.company.measure import NAMED, Findings, Tally, measure
from callcoach.bench.company.stored import stored
from callcoach.bench.company.surroundings import Plant
from callcoach.bench.company.world import invent
from callcoach.coaching.judge_error import JudgeError
from callcoach.coaching.report import morning_report
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.errors import SomethingMissing
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.store import Store
from callcoach.weights import locate

COMPANIES = 231
SEED = 20261122
LARGE = Size(teams=(25, 25), reps=(12, 12), calls=(223, 223))
"""Three hundred reps with 334 scores each: a hundred thousand and two hundred."""

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingBench:
    """The figures; the first seven are the contract, the rest says what they are made of.

    coverage90: true shares inside the 90% interval, in companies whose measurement is not called unsound; coverage_unsound: in
    the others. weakest_two_named: recommendations that are truly one of the rep's two weakest behaviours, with 15 calls, in
    companies whose reps differ; `..._strict_all` also counts companies in which everybody but one is good at everything,
    `..._or_level` those whose true share is within two points of the second weakest.
    cause_named: companies whose planted cause is the one named. reps_blamed_for_leaders: of companies with the leaders as cause.
    false_alarms_null: of companies with nothing wrong. rollup_100k_s: seconds from opening the store to the morning report,
    on the clock; rollup_cpu_s: of a processor, which other programs do not stretch.
    """

    companies: int
    coverage90: float | None
    weakest_two_named: float | None
    cause_named: float | None
    reps_blamed_for_leaders: float | None
    false_alarms_null: float | None
    rollup_100k_s: float | None
    rollup_scores: int
    rollup_read_s: float | None
    rollup_cpu_s: float | None
    calls: int
    seed: int
    coverage_by_measure: Mapping[str, float | None]
    coverage_by_plant: Mapping[str, float | None]
    weakest_two_strict_all: float | None
    weakest_two_or_level: float | None
    recommendations: Mapping[str, int]
    causes: Mapping[str, Mapping[str, int]]
    failing_rep_named_alone: float | None
    gaming_found: float | None
    gaming_false_per_rep: float | None
    scattered_found: float | None
    scattered_false: float | None
    coverage_unsound: float | None


def bench_coaching(
    workspace: Workspace,
    *,
    companies: int = COMPANIES,
    seed: int = SEED,
    large: Size | None = LARGE,
    progress: Progress | None = None,
) -> CoachingBench:
    """Every figure from `companies` invented companies; `large` is the one whose scores are stored and rolled up (None: none).

    The judge errs as the shipped one did on labelled calls it had not seen. Raises SomethingMissing where its evaluation is not
    installed.
    """
    evaluation = needed_evaluation(workspace)
    compared, asks_first = compared_calls(evaluation)
    if asks_first is None:
        raise SomethingMissing(f"{evaluation}: it does not say how well diagnosed_first is told. Run callcoach evaluate again.")
    hearing, judge = Hearing(compared, asks_first), read_judge_error(evaluation)
    watch = progress or Silent()
    watch.stage("companies", companies)
    found = measure(hearing, judge, companies=companies, seed=seed, step=lambda sentence: watch.advance(1, sentence))
    timed = _timed(hearing, judge, seed, large) if large is not None else _Timed(None, None, None, 0)
    return _figures(found, companies, seed, timed)


def bench_json(bench: CoachingBench) -> bytes:
    """The contract JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(bench), indent=2) + b"\n"


@dataclass(frozen=True, slots=True)
class _Timed:
    seconds: float | None
    reading: float | None
    processor: float | None
    scores: int


def _timed(hearing: Hearing, judge: JudgeError, seed: int, large: Size) -> _Timed:
    seen, _ = invent(Plant.REPS_DIFFER, hearing, np.random.default_rng(seed), large)
    people = Company(
        teams=tuple(Team(id=team, name=team, manager="manager") for team in seen.columns.teams),
        people=tuple(
            Person(id=rep_id, name=rep_id, role=PersonRole.REP, team=seen.columns.teams[seen.columns.team_of_rep[number]])
            for number, rep_id in enumerate(seen.columns.reps)
        ),
    )
    with TemporaryDirectory(prefix="callcoach-bench-") as scratch:
        place = Path(scratch) / "scores.db"
        pairs = list(stored(seen))
        with Store(place) as store:
            store.add_calls(call for call, _ in pairs)
            judgements = Judgements(store)
            for first in range(0, len(pairs), _AT_ONCE):
                some = pairs[first : first + _AT_ONCE]
                keys = [ToJudge(call.call_id, score.initiative_id, "heard", "measured", "judged") for call, score in some]
                judgements.keep(list(zip(keys, (score for _, score in some), strict=True)), stage="judge")
        count = len(pairs)
        del pairs
        started, worked = time.perf_counter(), time.process_time()
        with Store(place) as store:
            calls, scores = store.calls(), store.scores()
        read = time.perf_counter()
        report = morning_report(
            today=seen.today,
            calls=calls,
            scores=scores,
            initiatives=seen.initiatives,
            company=people,
            problems=(),
            new_calls=0,
            versions={},
            judge=judge,
        )
        done, processor = time.perf_counter(), time.process_time() - worked
    assert len(report.reps) == len(seen.columns.reps), "every rep is in the report"
    return _Timed(round(done - started, 2), round(read - started, 2), round(processor, 2), count)


def needed_evaluation(workspace: Workspace) -> Path:
    """Where the judge's evaluation lies. Raises SomethingMissing."""
    folder = workspace.settings.judge.parent if workspace.settings.judge else locate.models_folder()
    path = folder / EVALUATION
    if not path.is_file():
        raise SomethingMissing(
            f"{path} is not there. Make it with callcoach evaluate models/corpus --cross-validate --json {path}."
        )
    return path


def _figures(found: Findings, companies: int, seed: int, timed: _Timed) -> CoachingBench:
    named = {plant.value: cause.value for plant, cause in NAMED.items()}
    asked = {plant: causes for plant, causes in found.causes.items() if plant in named}
    right = sum(causes.get(named[plant], 0) for plant, causes in asked.items())
    leaders, null = (asked.get(plant.value, {}) for plant in (Plant.LEADERS, Plant.NOTHING))
    return CoachingBench(
        companies=companies,
        coverage90=_all(found.coverage.values()),
        weakest_two_named=found.weakest.get(Plant.REPS_DIFFER.value, Tally()).share,
        cause_named=_share(right, sum(sum(causes.values()) for causes in asked.values())),
        reps_blamed_for_leaders=_share(leaders.get("reps", 0), sum(leaders.values())),
        false_alarms_null=_share(sum(null.values()) - null.get("nothing", 0), sum(null.values())),
        rollup_100k_s=timed.seconds,
        rollup_scores=timed.scores,
        rollup_read_s=timed.reading,
        rollup_cpu_s=timed.processor,
        calls=found.calls,
        seed=seed,
        coverage_by_measure={name: tally.share for name, tally in found.coverage.items()},
        coverage_by_plant={name: tally.share for name, tally in found.coverage_by_plant.items()},
        weakest_two_strict_all=_all(found.weakest.values()),
        weakest_two_or_level=found.weakest_or_level.share,
        recommendations={name: tally.of for name, tally in found.weakest.items()},
        causes=found.causes,
        failing_rep_named_alone=found.planted_rep.share,
        gaming_found=found.alarms_raised.share,
        gaming_false_per_rep=found.alarms_false.share,
        scattered_found=found.scattered_raised.share,
        scattered_false=found.scattered_false.share,
        coverage_unsound=found.coverage_unsound.share,
    )


def _all(tallies: Iterable[Tally]) -> float | None:
    counted = list(tallies)
    return _share(sum(tally.right for tally in counted), sum(tally.of for tally in counted))


def _share(right: int, of: int) -> float | None:
    return round(right / of, 4) if of else None
