"""Write what a night counted into a file that node_exporter reads, whole or not at all. Decides on no figure.

A night is a process of its own, and counters that began at 0 each night would hide a night that did as much as the one before:
so they go on from what the file says. A file that is gone is a reset, which Prometheus knows how to read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from callcoach.app.progress import Progress
from callcoach.app.workspace import Workspace
from callcoach.batch.whole_file import write_whole
from callcoach.errors import StorageError, UsageError
from callcoach.events import Event, NightFailed, RunStarted, StageFinished, listen
from callcoach.marks import Told

if TYPE_CHECKING:
    from prometheus_client import Metric

    from callcoach.app.metrics import Metrics

GROWING = ("counter", "histogram")
Sample = tuple[str, tuple[tuple[str, str], ...]]
"""A sample's name and its labels."""


@contextmanager
def figures_kept(workspace: Workspace, progress: Progress) -> Iterator[None]:
    """The block is a night; its figures are in the file after each stage and at its end, however it ends.

    A file that cannot be written is warned of, and the night goes on. Raises UsageError where it would not be read.
    """
    if workspace.settings.metrics_file is None:
        yield
        return
    path = file_of(workspace.settings.metrics_file)
    from callcoach.app.metrics import Metrics

    metrics, before = Metrics(workspace, where="night"), read_samples(path)

    def write() -> None:
        try:
            write_whole(path, text_of(metrics, before))
        except StorageError as trouble:
            progress.warn(str(trouble))

    def hear(event: Event, told: Mapping[str, Told]) -> None:
        metrics.hear(event, told)
        if isinstance(event, RunStarted | StageFinished):
            write()

    stop = listen(hear)
    try:
        yield
    except BaseException as error:
        metrics.hear(NightFailed.by(error, 0.0), {})
        raise
    finally:
        stop()
        write()


def file_of(setting: Path) -> Path:
    """The file, where it is one that node_exporter reads. Raises UsageError."""
    if setting.suffix != ".prom":
        raise UsageError(
            f"CALLCOACH_METRICS_FILE ({setting}): node_exporter reads only files whose name ends in .prom. Rename it."
        )
    return setting


def text_of(metrics: "Metrics", before: Mapping[Sample, float]) -> str:
    """The figures in Prometheus' text format, what only grows on top of what it was before."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    families = [_on_top(family, before) for family in metrics.registry.collect()]

    class Found(Collector):
        def collect(self) -> Iterator["Metric"]:
            yield from families

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Found())
    return generate_latest(registry).decode()


def read_samples(path: Path) -> dict[Sample, float]:
    """What a file says only grows; nothing where it is not there, or is no such file."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {
        _key(sample.name, sample.labels): sample.value for each in families if each.type in GROWING for sample in each.samples
    }


def _on_top(family: "Metric", before: Mapping[Sample, float]) -> "Metric":
    """The family with what was before; of what did not happen this time, what was before."""
    from prometheus_client.core import Metric

    if family.type not in GROWING:
        return family
    whole = Metric(family.name, family.documentation, family.type)
    now = {_key(each.name, each.labels): each.value for each in family.samples if not each.name.endswith("_created")}
    names = {f"{family.name}{ending}" for ending in ("_total", "_bucket", "_count", "_sum")}
    for key in [*now, *(key for key in before if key not in now and key[0] in names)]:
        whole.add_sample(key[0], dict(key[1]), now.get(key, 0.0) + before.get(key, 0.0))
    return whole


def _key(name: str, labels: Mapping[str, str]) -> Sample:
    return name, tuple(sorted(labels.items()))
