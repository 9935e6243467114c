"""Every metric that Prometheus is told, in one table, and how each is worked out of what the program tells. Knows no address.

No label holds anything that a person chose: stages, outcomes, addresses as the program has them.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import callcoach
from callcoach import events, marks
from callcoach.app.health import Asker, standing
from callcoach.app.workspace import Workspace
from callcoach.events import Event
from callcoach.marks import Told

if TYPE_CHECKING:
    from prometheus_client import Metric

Kind = Literal["counter", "gauge", "histogram"]
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
MINUTES = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)


class Figure(NamedTuple):
    """A metric. where: who tells it, `night` (the file), `serve` (its address) or both; standing: asked for when it is told.

    begins: for each label the values that are told from the start, at 0: Prometheus sees no growth in what was not there.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    about: str
    where: tuple[str, ...] = ("night", "serve")
    buckets: tuple[float, ...] = ()
    standing: bool = False
    begins: tuple[tuple[str, ...], ...] = ()


_STAGES = tuple(stage.value for stage in (marks.Stage.HEAR, marks.Stage.MEASURE, marks.Stage.JUDGE))
_NIGHT, _SERVE = ("night",), ("serve",)
FIGURES: tuple[Figure, ...] = (
    Figure("callcoach_build_info", "gauge", ("version", "schema"), "1; what is installed.", standing=True),
    Figure(
        "callcoach_runs_total", "counter", ("outcome",), "Runs that ended, `done` or `failed`.", _NIGHT,
        begins=(("done", "failed"),),
    ),
    Figure("callcoach_run_seconds", "histogram", (), "Whole runs, from reading the folders to the brief.", _NIGHT, MINUTES),
    Figure(
        "callcoach_calls_total",
        "counter",
        ("stage", "outcome"),
        "Calls that came out of a stage `done`, `failed` or `quarantined`; in `judge`, pairs of call and initiative.",
        _NIGHT,
        begins=(_STAGES, ("done", "failed", "quarantined")),
    ),
    Figure("callcoach_call_seconds", "histogram", ("stage",), "What one call took a worker in a stage.", _NIGHT, MINUTES),
    Figure("callcoach_stage_seconds", "histogram", ("stage",), "What a stage of a run took from end to end.", _NIGHT, MINUTES),
    Figure(
        "callcoach_stale_calls", "gauge", ("stage",), "What a run found stale in a stage, less what came through.", _NIGHT
    ),
    Figure("callcoach_audio_seconds_total", "counter", (), "Sound that was put into words.", _NIGHT),
    Figure("callcoach_model_load_seconds", "histogram", ("model",), "Loading a model, in each worker.", buckets=SECONDS),
    Figure(
        "callcoach_source_failures_total", "counter", ("scheme",), "Times a bucket or SFTP drop did not answer.", _NIGHT,
        begins=(tuple(marks.Scheme),),
    ),
    Figure(
        "callcoach_deliveries_total", "counter", ("channel", "outcome"), "Briefs `sent` and `failed`.", _NIGHT,
        begins=(tuple(marks.Channel), ("sent", "failed")),
    ),
    Figure("callcoach_database_retries_total", "counter", (), "Times the database was asked again after a pause."),
    Figure(
        "callcoach_failed_calls", "gauge", ("stage",), "Calls that failed in a stage and have not come through since.",
        standing=True,
    ),
    Figure(
        "callcoach_quarantined_calls", "gauge", ("stage",), "Those of them that are left alone until somebody retries them.",
        standing=True,
    ),
    Figure("callcoach_review_queue_calls", "gauge", (), "Calls and initiatives that wait to be reviewed.", standing=True),
    Figure("callcoach_last_run_timestamp_seconds", "gauge", (), "When the latest run to come to its end did so.", standing=True),
    Figure("callcoach_database_up", "gauge", (), "Whether the database answers.", _SERVE, standing=True),
    Figure(
        "callcoach_http_request_duration_seconds",
        "histogram",
        ("method", "route", "status"),
        "Requests, by the address as the program has it.",
        _SERVE,
        SECONDS,
    ),
    Figure("callcoach_http_errors_total", "counter", ("route",), "Requests that met an error nobody foresaw.", _SERVE),
    Figure(
        "callcoach_sign_ins_total", "counter", ("outcome",), "Tries to sign in, `ok` and `refused`.", _SERVE,
        begins=(("ok", "refused"),),
    ),
)  # fmt: skip
"""The names: a unit last, `_total` for what only grows."""


class Metrics:
    """The figures of one process. Hears events; asks how things stand when it is collected."""

    def __init__(self, workspace: Workspace, *, where: Literal["night", "serve"]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry: CollectorRegistry = CollectorRegistry()
        self._of: dict[str, Any] = {}
        for figure in FIGURES:
            if where not in figure.where or figure.standing:
                continue
            told: dict[str, Any] = {"registry": self.registry}
            if figure.kind == "histogram":
                self._of[figure.name] = Histogram(figure.name, figure.about, figure.labels, buckets=figure.buckets, **told)
            else:
                made = Counter if figure.kind == "counter" else Gauge
                self._of[figure.name] = made(figure.name, figure.about, figure.labels, **told)
            for values in product(*figure.begins) if figure.begins else ():
                self._of[figure.name].labels(*map(str, values))
        self.registry.register(_Standing(workspace, where))

    def hear(self, event: Event, _: Mapping[str, Told]) -> None:
        """Count what happened."""
        for name, labels, amount in _counted(event):
            if name not in self._of:
                continue  # another kind of process tells it
            of = self._of[name].labels(*map(str, labels)) if labels else self._of[name]
            if hasattr(of, "observe"):
                of.observe(amount)
            else:
                of.inc(amount)
        if isinstance(event, events.RunStarted) and "callcoach_stale_calls" in self._of:
            self._of["callcoach_stale_calls"].clear()


class _Counted(NamedTuple):
    name: str
    labels: tuple[object, ...]
    amount: float = 1


def _counted(event: Event) -> Iterator[_Counted]:
    match event:
        case events.RunFinished():
            yield _Counted("callcoach_runs_total", ("done",))
            yield _Counted("callcoach_run_seconds", (), event.seconds)
        case events.NightFailed():
            yield _Counted("callcoach_runs_total", ("failed",))
        case events.StageStarted():
            yield _Counted("callcoach_stale_calls", (event.stage,), event.work)
        case events.StageFinished():
            yield _Counted("callcoach_stage_seconds", (event.stage,), event.seconds)
        case events.CallDone():
            yield _Counted("callcoach_calls_total", (event.stage, "done"))
            if event.stage is not marks.Stage.MEASURE:
                yield _Counted("callcoach_stale_calls", (event.stage,), -1)
            if event.seconds is not None:
                yield _Counted("callcoach_call_seconds", (event.stage,), event.seconds)
            if event.audio_seconds is not None:
                yield _Counted("callcoach_audio_seconds_total", (), event.audio_seconds)
        case events.CallFailed():
            yield _Counted("callcoach_calls_total", (event.stage, "failed"))
        case events.CallQuarantined():
            yield _Counted("callcoach_calls_total", (event.stage, "quarantined"))
        case events.SourceNotReached():
            yield _Counted("callcoach_source_failures_total", (event.scheme,))
        case events.ModelLoaded():
            yield _Counted("callcoach_model_load_seconds", (event.model,), event.seconds)
        case events.DeliverySent():
            yield _Counted("callcoach_deliveries_total", (event.channel, "sent"))
        case events.DeliveryFailed():
            yield _Counted("callcoach_deliveries_total", (event.channel, "failed"))
        case events.DatabaseRetried():
            yield _Counted("callcoach_database_retries_total", ())
        case events.SignedIn():
            yield _Counted("callcoach_sign_ins_total", ("ok",))
        case events.SignInRefused():
            yield _Counted("callcoach_sign_ins_total", ("refused",))
        case events.Requested():  # and probes, which are a kind of it
            labels = (event.method, event.route, event.status)
            yield _Counted("callcoach_http_request_duration_seconds", labels, event.seconds)
        case events.RequestFailed():
            yield _Counted("callcoach_http_errors_total", (event.route,))
        case _:
            return


class _Standing:
    """Asks the database when somebody looks. What it does not answer is left out: missing is not zero."""

    def __init__(self, workspace: Workspace, where: str) -> None:
        self._workspace, self._where, self._asker = workspace, where, Asker()

    def describe(self) -> list["Metric"]:
        """Nothing beforehand: to register this must ask no database."""
        return []

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        found = standing(self._workspace, self._asker)
        values: dict[str, dict[tuple[str, ...], float]] = {
            "callcoach_build_info": {(callcoach.__version__, found.head): 1},
            "callcoach_database_up": {(): float(found.figures is not None)},
        }
        if found.figures is not None:
            values |= {
                "callcoach_failed_calls": {(stage,): n for stage, n in found.figures.failed.items()},
                "callcoach_quarantined_calls": {(stage,): n for stage, n in found.figures.quarantined.items()},
                "callcoach_review_queue_calls": {(): found.figures.to_review},
            }
            if found.figures.last_run is not None:
                values["callcoach_last_run_timestamp_seconds"] = {(): found.figures.last_run.timestamp()}
        for figure in FIGURES:
            if figure.name in values and self._where in figure.where:
                family = GaugeMetricFamily(figure.name, figure.about, labels=figure.labels)
                for labels, value in values[figure.name].items():
                    family.add_metric(labels, value)
                yield family
