"""Workers share the cores, and no machine is asked for more memory than it has."""

import pytest

from callcoach import settings
from callcoach.settings import BYTES_PER_WORKER, Settings


@pytest.mark.parametrize(
    ("cores", "memory", "asked", "workers", "threads"),
    [
        (2, 24, 0, 2, 1),
        (8, 3, 0, 3, 2),  # memory for three
        (4, 0.5, 0, 1, 4),  # memory for less than one: try it with one
        (8, 24, 2, 2, 4),  # as asked
        (2, 24, 6, 6, 1),  # never less than a thread
    ],
)
def test_workers_and_threads(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: float, asked: int, workers: int, threads: int
) -> None:
    monkeypatch.setattr(settings, "_memory_bytes", lambda: int(memory * BYTES_PER_WORKER))
    monkeypatch.setattr(Settings, "cores", property(lambda _: cores))
    chosen = Settings(workers=asked)
    assert (chosen.worker_count, chosen.threads_per_worker) == (workers, threads)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCOACH_SPEECH_MODEL", "my/whisper")
    assert Settings().speech_model == "my/whisper"
