"""Measure a night by stage on sample calls, with one worker and with all, beside a plain loop. Changes nothing that is kept."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import msgspec

from callcoach.app.bench import sample_folder
from callcoach.app.morning import the_report
from callcoach.app.progress import Progress
from callcoach.app.workspace import Listening, Measuring, Workspace
from callcoach.batch import brief, stale
from callcoach.batch.executors import Outcome, WorkerProcesses
from callcoach.bench.judge_speed import varied
from callcoach.bench.night import NightlyBench, clock, load_per_core, peak_of_family, rate, seconds_per_call
from callcoach.bench.systems import FasterWhisper, Hearing
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.story import Initiative
from callcoach.errors import SomethingMissing
from callcoach.intake.calls import CallFolder, read_call_folder
from callcoach.intake.rubrics import read_rubrics
from callcoach.settings import Settings
from callcoach.speech.transcriber import Listened
from callcoach.storage.judgements import digest_of
from callcoach.weights import locate

JUDGED = 40
"""Calls that are judged: the same few again and again, each time with words of its own."""
REPORTED = 3
TWO = 2

Item = TypeVar("Item")
Value = TypeVar("Value")


def bench_nightly(settings: Settings, *, calls: int, progress: Progress) -> NightlyBench:
    """The figures on the first `calls` sample calls. Raises SomethingMissing where there are no sample calls."""
    load = load_per_core()
    progress.stage("Measuring", 6)
    found = read_call_folder(sample_folder())
    stories = read_rubrics(sample_folder().parent / "rubrics").initiatives
    chosen = [call for call in found.calls if call.audio_path and call.kind is CallKind.CUSTOMER_CALL][:calls]
    if len(chosen) < calls:
        raise SomethingMissing(f"There are {len(chosen)} sample calls with a recording. Ask for no more.")
    with TemporaryDirectory(prefix="callcoach-bench-") as home, peak_of_family() as peak:
        night = _Night(settings.model_copy(update={"home": Path(home), "database_url": None}), found, chosen, stories)
        alone, heard = night.listen(1)
        progress.advance(1, "one worker has transcribed")
        together, _ = night.listen(TWO)
        progress.advance(1, "two workers have transcribed")
        transcripts = night.attributed(heard)
        judged_alone = night.judge(transcripts, 1)
        progress.advance(1, "one worker has judged")
        judged_together = night.judge(transcripts, TWO)
        progress.advance(1, "two workers have judged")
        reported = night.report(transcripts)
        progress.advance(1, "the report is written")
    plain = _plain_loop(settings, found, chosen)
    progress.advance(1, "the plain loop has ended")
    rates = {"transcribe": together, "judge": judged_together, "report": reported}
    one_worker = seconds_per_call({"transcribe": alone, "judge": judged_alone})
    two_workers = seconds_per_call({"transcribe": together, "judge": judged_together})
    whole = 3600 / seconds_per_call(rates)
    return NightlyBench(
        calls=len(chosen),
        audio_minutes=round(sum(listened.transcript.duration or 0.0 for listened in heard) / 60, 1),
        initiatives=len(stories),
        workers=TWO,
        calls_per_hour={name: round(figure, 1) for name, figure in rates.items()},
        night_per_hour=round(whole, 1),
        plain_per_hour=round(plain, 1),
        speedup_2_workers=round(one_worker / two_workers, 3),
        ratio_to_plain_loop=round(whole / plain, 3),
        peak_mb=peak.megabytes,
        load=load,
    )


def bench_json(bench: NightlyBench) -> bytes:
    """Every figure."""
    return msgspec.json.format(msgspec.json.encode(bench, order="deterministic"))


class _Night:
    """The stages of a night, each as a run does it, with the clock on."""

    def __init__(self, settings: Settings, found: CallFolder, calls: Sequence[Call], stories: Sequence[Initiative]) -> None:
        # a worker alone gets no more threads than one of two, so that workers are compared and not threads
        self._workspace = Workspace(settings.model_copy(update={"workers": TWO, "executor": "local"}))
        self._found, self._calls, self._stories = found, calls, tuple(stories)

    def listen(self, workers: int) -> tuple[float, list[Listened]]:
        """Calls per hour, and what was heard, in the order of the calls."""
        items = [Listening(call, self._found.root / str(call.audio_path)) for call in self._calls]
        warm = min(items, key=lambda item: item.audio.stat().st_size)
        moments, outcomes = _done(workers, [warm] * workers + items, self._workspace.listener(TWO))
        heard = {outcome.item.call.call_id: outcome.value for outcome in outcomes if outcome.value is not None}
        return rate(moments, workers), [heard[call.call_id] for call in self._calls]

    def attributed(self, heard: Sequence[Listened]) -> list[Transcript]:
        """As they are judged; a night does this in passing."""
        attribution = self._workspace.attribution(self._stories, self._found.company)
        return [attribution.of(listened.transcript, call) for listened, call in zip(heard, self._calls, strict=True)]

    def judge(self, transcripts: Sequence[Transcript], workers: int) -> float:
        """Calls per hour, each measured and judged for every story."""
        items = [
            Measuring(varied(transcript, number), self._stories)
            for number, transcript in enumerate(islice(cycle(transcripts), workers + JUDGED))
        ]
        moments = []
        for _, outcome in _timed(workers, items, self._workspace.measurer(TWO)):
            assert outcome.value is not None, "_timed raises where a call fails"
            for story, signals in zip(self._stories, outcome.value.signals, strict=True):
                self._workspace.judged(outcome.item.transcript, story, signals)
            moments.append(clock())
        return rate(moments, workers)

    def report(self, transcripts: Sequence[Transcript]) -> float:
        """Calls per hour of rolling up, the report and both briefs, everything read from a database."""
        workspace = self._workspace
        workspace.store.add_calls(self._calls)
        for call, transcript in zip(self._calls, transcripts, strict=True):
            workspace.store.keep_transcript(transcript, content=call.content, made_by="bench")
            for story in stale.initiatives_for(call, self._stories):
                signals = workspace.language.measure(transcript, story)
                score = workspace.judged(transcript, story, signals)
                made_by = digest_of(transcript)
                workspace.store.keep_judgement(signals, score, signals_made_by=made_by, score_made_by=made_by)
        today = max(call.day for call in self._calls if call.day) + timedelta(days=1)
        company = self._found.company
        begun = clock()
        for _ in range(REPORTED):
            made = the_report(workspace, self._stories, company, today=today)
            brief.render_html(made.report, initiatives=self._stories, company=company)
            brief.render_markdown(made.report, initiatives=self._stories, company=company)
        return 3600 * REPORTED * len(self._calls) / (clock() - begun)


def _done(
    workers: int, items: Sequence[Item], make_worker: Callable[[], Callable[[Item], Value]]
) -> tuple[list[float], list[Outcome[Item, Value]]]:
    """When each was done, and what came of it."""
    timed = list(_timed(workers, items, make_worker))
    return [moment for moment, _ in timed], [outcome for _, outcome in timed]


def _timed(
    workers: int, items: Sequence[Item], make_worker: Callable[[], Callable[[Item], Value]]
) -> Iterator[tuple[float, Outcome[Item, Value]]]:
    for outcome in WorkerProcesses(workers, time_limit=3600).outcomes(make_worker, items):
        if outcome.value is None:
            raise SomethingMissing(f"A sample call could not be used: {outcome.failure}")
        yield clock(), outcome


def _plain_loop(settings: Settings, found: CallFolder, calls: Sequence[Call]) -> float:
    """Calls per hour of what people write first: faster-whisper call by call with all cores, vectors of what it hears."""
    from sentence_transformers import SentenceTransformer

    hearer = FasterWhisper(locate.locate(settings.speech_model), threads=settings.cores, device=settings.device, batched=False)
    encoder = SentenceTransformer(str(locate.locate(settings.encoder)), device="cpu", local_files_only=True)
    hearings = [
        Hearing(name=call.call_id, audio=found.root / str(call.audio_path), two_party=False, language=call.language or "en")
        for call in calls
    ]

    def one(hearing: Hearing) -> None:
        for words in hearer.hear(hearing):
            text = " ".join(word.text for word in words)
            encoder.encode([f"{sentence}." for sentence in text.split(". ") if sentence], show_progress_bar=False)

    one(min(hearings, key=lambda hearing: hearing.audio.stat().st_size))
    begun = clock()
    for hearing in hearings:
        one(hearing)
    return 3600 * len(hearings) / (clock() - begun)
