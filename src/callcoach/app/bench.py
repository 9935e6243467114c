"""Measure the speech side of this workspace beside faster-whisper, on the sample calls or a person's own. Prints nothing."""

import multiprocessing
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BrokenBarrierError
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

import callcoach
from callcoach.app.attribution import Attribution
from callcoach.app.progress import Progress, Silent
from callcoach.app.workspace import Listening, Workspace, transcriber
from callcoach.batch.executors import failure_sentence
from callcoach.bench import run
from callcoach.bench.figures import SpeechBench
from callcoach.bench.material import Material, gather
from callcoach.bench.run import Doors, Plan
from callcoach.bench.systems import FasterWhisper, Hearing, System
from callcoach.domain.call import Call, Transcript
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.errors import SomethingMissing
from callcoach.intake.call_files import AUDIO_ENDINGS
from callcoach.intake.calls import MANIFEST, read_call_folder
from callcoach.intake.rubrics import read_rubrics
from callcoach.intake.transcripts import read_transcript
from callcoach.speech.audio import decode
from callcoach.speech.transcriber import Listened
from callcoach.weights import locate

LOADING_SECONDS = 600.0
CLOCK = "decoding a file and recognising it, with word times and roles; models are loaded and warm before"


def bench_speech(
    workspace: Workspace,
    *,
    audio: Path | None = None,
    rubrics: Path | None = None,
    plan: Plan = run.WHOLE,
    progress: Progress | None = None,
) -> SpeechBench:
    """Every figure on the recordings in `audio`, or on the sample calls where it is None.

    rubrics: folder of the initiatives whose product names are looked for; the sample company's where it is None. plan:
    how much is heard; `run.QUICK` takes a little of everything, to see that it works.

    Raises BadInput where `audio` holds no recording that can be decoded, SomethingMissing where there are no sample calls.
    """
    watch = progress or Silent()
    watch.stage("Measuring", run.STEPS)
    material = _sample_calls() if audio is None else gather(audio, read_transcript, endings=AUDIO_ENDINGS)
    initiatives = _initiatives(rubrics or _checkout() / "rubrics")
    glossary = tuple(term for initiative in initiatives for term in initiative.glossary)
    calls, company = _known(sample_folder() if audio is None else audio)
    attribution = workspace.attribution(initiatives, company)
    threads, device = workspace.settings.cores, workspace.settings.device
    model = locate.locate(workspace.settings.speech_model)
    others = {System.BATCHED: True, System.SEQUENTIAL: False}
    fresh: dict[System, Callable[[], Callable[[Hearing], object]]] = {
        System.OURS: partial(_hearer, workspace.listener(1)),
        **{system: partial(_other, model, threads, device, batched) for system, batched in others.items()},
    }
    with TemporaryDirectory(prefix="callcoach-bench-") as scratch, _Workers(workspace, attribution, calls) as ours:
        return run.measure(
            material,
            Doors(
                ours=ours,
                others={
                    system: FasterWhisper(model, threads=threads, device=device, batched=batched)
                    for system, batched in others.items()
                },
                load=partial(_samples, workspace),
                fresh=fresh,
            ),
            glossary,
            of="the sample calls" if audio is None else audio.name,
            plan=plan,
            made_with=_made_with(workspace),
            scratch=Path(scratch),
            step=lambda sentence: watch.advance(1, sentence),
        )


def bench_json(bench: SpeechBench) -> bytes:
    """The contract JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(bench), indent=2) + b"\n"


class _Workers:
    """The worker processes of a run with many calls, kept and loaded, so that the clock sees no start."""

    def __init__(self, workspace: Workspace, attribution: Attribution, calls: Mapping[str, Call]) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._count = workspace.settings.worker_count
        self._attribution, self._calls = attribution, calls
        self._pool = ProcessPoolExecutor(
            self._count,
            mp_context=spawning,
            initializer=_prepare,
            # as for many calls, however few there are: a thread per worker, a worker per core
            initargs=(partial(_hearer, workspace.listener(max(2, self._count))), spawning.Barrier(self._count)),
        )

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def ready(self, hearings: Sequence[Hearing]) -> None:
        """Each worker hears all of these."""
        for loading in [self._pool.submit(_load, tuple(hearings)) for _ in range(self._count)]:
            loading.result()

    def hear(self, hearings: Sequence[Hearing]) -> Sequence[Transcript | str]:
        """Transcripts as they are judged: names repaired, roles told. A failure is a sentence."""
        waiting = [(hearing, self._pool.submit(_hear, hearing)) for hearing in hearings]
        heard: list[Transcript | str] = []
        for hearing, future in waiting:
            error = future.exception()
            heard.append(failure_sentence(error) if error else self._as_judged(hearing, future.result()))
        return heard

    def _as_judged(self, hearing: Hearing, recognised: Transcript) -> Transcript:
        return self._attribution.of(recognised, self._calls.get(hearing.name, _call(hearing)))


_worker: Callable[[Hearing], Transcript] | None = None
_all_here: Any = None


def _prepare(make_worker: Callable[[], Callable[[Hearing], Transcript]], all_here: Any) -> None:
    global _worker, _all_here
    _worker, _all_here = make_worker(), all_here


def _load(hearings: Sequence[Hearing]) -> None:
    for hearing in hearings:
        _hear(hearing)
    try:
        # nobody takes a second turn before everybody had one
        _all_here.wait(LOADING_SECONDS)
    except BrokenBarrierError:
        return


def _hear(hearing: Hearing) -> Transcript:
    assert _worker is not None, "the pool calls _prepare before any work"
    return _worker(hearing)


def _hearer(make_listener: Callable[[], Callable[[Listening], Listened]]) -> Callable[[Hearing], Transcript]:
    listen = make_listener()

    def hear(hearing: Hearing) -> Transcript:
        return listen(Listening(_call(hearing), hearing.audio)).transcript

    return hear


def _call(hearing: Hearing) -> Call:
    return Call(
        call_id=hearing.name,
        content="",
        # which of the two channels it is does not matter: word errors are counted for both assignments
        rep_channel=0 if hearing.two_party else None,
        language=hearing.language,
    )


def _other(folder: Path, threads: int, device: str, batched: bool) -> Callable[[Hearing], object]:
    return FasterWhisper(folder, threads=threads, device=device, batched=batched).hear


def _samples(workspace: Workspace, audio: Path) -> NDArray[np.float32]:
    settings = workspace.settings
    return decode(audio, max_seconds=settings.max_recording_seconds, max_bytes=settings.max_recording_bytes).samples


def _checkout() -> Path:
    return locate.models_folder().parent


def sample_folder() -> Path:
    """The sample company's calls. Raises SomethingMissing where there is no checkout."""
    folder = _checkout() / "sample_calls"
    if not folder.is_dir():
        raise SomethingMissing("The sample calls are not installed, they come with a checkout. Give your own with --audio DIR.")
    return folder


def _sample_calls() -> Material:
    folder = sample_folder()
    return gather(
        folder / "audio",
        read_transcript,
        endings=AUDIO_ENDINGS,
        references=folder / "reference",
        reference_ending=".transcript.json",
    )


def _known(folder: Path) -> tuple[Mapping[str, Call], Company]:
    """What a manifest in the folder says of its calls and people, as it would be known to a run; nothing where there is none."""
    if not (folder / MANIFEST).is_file():
        return {}, Company()
    found = read_call_folder(folder)
    return {call.call_id: call for call in found.calls}, found.company


def _initiatives(rubrics: Path) -> tuple[Initiative, ...]:
    if not rubrics.is_dir():
        return ()
    return read_rubrics(rubrics).initiatives


def _made_with(workspace: Workspace) -> dict[str, str]:
    libraries = ("faster-whisper", "ctranslate2", "av")
    return {
        "callcoach": callcoach.__version__,
        "speech": f"{workspace.settings.speech_model} {transcriber(workspace.settings).fingerprint}",
        **{name: version(name) for name in libraries},
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": str(workspace.settings.cores),
        "workers": str(workspace.settings.worker_count),
        "load_before": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown",
        "clock": CLOCK,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
