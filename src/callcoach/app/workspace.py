"""Put the house together from the settings: the only place that names concrete models, executors and databases."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import callcoach
from callcoach.app.attribution import Attribution
from callcoach.app.judging_anew import Scores, judge_anew
from callcoach.batch.executors import Executor, InProcess, WorkerProcesses
from callcoach.batch.ray_cluster import Cluster, Needs
from callcoach.batch.ray_executor import RayWorkers
from callcoach.batch.stale import Judgement, Makers
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.people import Company
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.errors import SomethingMissing
from callcoach.judging.heads import CallHeads
from callcoach.judging.roles import decode_role_head
from callcoach.judging.verdict import RULES, score
from callcoach.language.encoder import Encoder, Vectors
from callcoach.language.entities import Entities
from callcoach.language.heads import read_call_heads
from callcoach.language.measure import Measurer
from callcoach.language.story_check import StoryReader
from callcoach.language.word_tagger import WordTagger
from callcoach.redaction.kinds import EntityFinder
from callcoach.redaction.tagger import TAGGED_OVER, TAGGER, decode_tagger
from callcoach.settings import BYTES_PER_WORKER, Settings
from callcoach.speech.diarize import Diarizer
from callcoach.speech.transcriber import Listened, Transcriber
from callcoach.storage.store import Store
from callcoach.weights import locate
from callcoach.weights.manifest import REDACTION

PRELOAD = ("torch", "sentence_transformers", "spacy")
"""What is imported before models are loaded, which takes five of six seconds. None of them starts a thread by that."""
VOICES = "voices"
"""The networks that tell voices apart, as models/manifest.toml names them."""
TRAVEL = ("speech_model", "encoder", "sentence_model", "device", "max_recording_bytes", "max_recording_seconds", "ray_cpus")
"""The settings that workers on other machines are told; no address, password or key is among them."""


class Listening(NamedTuple):
    """A recording to put into words."""

    call: Call
    audio: Path


class Measuring(NamedTuple):
    """A transcript to measure against several stories at once, so that it is encoded once.

    reading: what the language models read of it before, where that is kept.
    """

    transcript: Transcript
    initiatives: tuple[Initiative, ...]
    reading: bytes | None = None


class MeasuredCall(NamedTuple):
    """Signals for each story; and what was read of the call, to keep, None where that is kept already."""

    signals: tuple[Signals, ...]
    reading: bytes | None


class Workspace:
    """Settings turned into adapters, each made when first asked for."""

    def __init__(self, settings: Settings, *, unattended: bool = False) -> None:
        """unattended: nobody watches, so that even a single call is worked on where it can take nothing else along."""
        self.settings = settings
        self._unattended = unattended

    @cached_property
    def store(self) -> Store:
        """The database, created and migrated on first use."""
        if self.settings.database_url is None:
            self.settings.home.mkdir(parents=True, exist_ok=True)
        return Store(self.settings.database)

    @cached_property
    def judge(self) -> CallHeads:
        """The call-level heads: small, no language model behind them."""
        return read_call_heads(judge_folder(self.settings))

    @cached_property
    def makers(self) -> Makers:
        """Fingerprints of every model in use, without loading one."""
        return Makers(
            speech=transcriber(self.settings).fingerprint,
            language=language_measurer(self.settings).fingerprint,
            judge=fingerprint(self.judge.fingerprint, RULES),
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """What a report or score was made with, for the reader."""
        return {
            "callcoach": callcoach.__version__,
            "speech": f"{self.settings.speech_model} {self.makers.speech}",
            "language": f"{self.settings.encoder} {self.makers.language}",
            "judge": self.makers.judge,
        }

    def judged(self, transcript: Transcript, initiative: Initiative, signals: Signals) -> CallScore:
        """The judgement of one call for one initiative, naming everything it was made with."""
        call_score = score(transcript, initiative, signals, self.judge)
        return replace(call_score, versions={**self.versions, "rubric": f"{initiative.id} {initiative.version}"})

    @cached_property
    def language(self) -> Measurer:
        """The language side in this process, with the whole machine for itself."""
        return language_measurer(self._whole_machine)

    @cached_property
    def stories(self) -> StoryReader:
        """What reads definitions; its models are those that read calls."""
        return StoryReader(self.language.reader.encoder, self.language.reader.splitter)

    @property
    def encoder_folder(self) -> Path:
        """The sentence encoder in use, verified."""
        return locate.locate(self.settings.encoder)

    @property
    def sentence_model(self) -> str:
        """The spaCy pipeline in use, verified."""
        return str(locate.locate(self.settings.sentence_model))

    @cached_property
    def entities(self) -> Entities:
        """What finds people, places and written numbers in texts, loaded on first use."""
        return Entities(self.sentence_model)

    @cached_property
    def finders(self) -> tuple[EntityFinder, ...]:
        """All that finds what tells somebody besides rules and names. Raises WeightsMissing, WeightsAltered."""
        tagger = decode_tagger((locate.locate(REDACTION) / TAGGER).read_bytes())
        return self.entities, WordTagger(locate.locate(TAGGED_OVER), tagger, threads=self._whole_machine.threads_per_worker)

    @property
    def labelled_calls(self) -> Path:
        """The calls that the judge that ships has learnt from."""
        return locate.models_folder() / "corpus"

    @property
    def memory(self) -> Path:
        """Where sentence vectors of labelled calls are kept between trainings and evaluations."""
        return locate.cache_folder()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Sentence vectors of the texts, shape (n, width), kept for the next evaluation."""
        vectors = self._encoder.encode(texts)
        self._encoder.remember()
        return vectors

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.encoder_folder, threads=self.settings.cores, memory=self.memory)

    def attribution(self, initiatives: Sequence[Initiative], company: Company) -> Attribution:
        """What tells language, names and roles in this company's calls."""
        return Attribution(initiatives, company, decode_role_head(locate.locate("roles").read_bytes()))

    def executor(self, n_items: int, *, preload: Sequence[str] = ()) -> Executor:
        """Worker processes, which survive a crash; this process itself where a single item would only wait for one to start.

        preload: modules that the workers need.
        """
        if n_items <= 1 and not self._unattended:
            return InProcess()
        return WorkerProcesses(
            min(self.settings.worker_count, n_items),
            time_limit=self.settings.call_time_limit,
            memory_limit=self.settings.call_memory_limit,
            preload=preload,
        )

    def listening_executor(self, n_items: int) -> Executor:
        """What recordings are put into words on: on a cluster, workers that may have a GPU."""
        return self._on_cluster(self.settings.ray_gpus) or self.executor(n_items, preload=PRELOAD)

    def measuring_executor(self, n_items: int) -> Executor:
        """What transcripts are measured on: on a cluster, workers of their own without a GPU."""
        return self._on_cluster(0.0) or self.executor(n_items, preload=PRELOAD)

    def _on_cluster(self, gpus: float) -> Executor | None:
        if self.cluster is None:
            return None
        own = self.settings.ray_address is None
        return RayWorkers(
            self.cluster,
            # how many a machine of our own has memory for is counted already
            Needs(cpus=self.settings.ray_cpus, gpus=gpus, memory=0 if own else BYTES_PER_WORKER),
            most=self.settings.worker_count if own else self.settings.workers,
            time_limit=self.settings.call_time_limit,
            memory_limit=self.settings.call_memory_limit,
        )

    @cached_property
    def cluster(self) -> Cluster | None:
        """The Ray cluster to work on, not reached yet; None where all is done here. Raises SomethingMissing without Ray."""
        if self.settings.executor == "local":
            return None
        return Cluster(self.settings.ray_address, cores=self.settings.cores, wait=self.settings.ray_wait)

    def refuse_missing_executor(self) -> None:
        """Raises SomethingMissing where a cluster is asked for and Ray is not installed, UsageError where it has no address."""
        _ = self.cluster

    def listener(self, n_items: int) -> Callable[[], Callable[[Listening], Listened]]:
        """Makes, in whichever process calls it, the function that recognises one recording."""
        if self.cluster is not None:
            return partial(_listener_elsewhere, self._abroad(self.settings.ray_gpus), self.makers.speech, Path.cwd())
        return partial(_listener, self.settings if n_items > 1 else self._whole_machine)

    def measurer(self, n_items: int) -> Callable[[], Callable[[Measuring], MeasuredCall]]:
        """Makes, in whichever process calls it, the function that measures one transcript."""
        if self.cluster is not None:
            return partial(_measurer_elsewhere, self._abroad(0.0), self.makers.language)
        return partial(_measurer, self.settings if n_items > 1 else self._whole_machine)

    def judge_anew(self) -> Callable[[], Callable[[Sequence[Judgement]], Scores]]:
        """Makes, in whichever process calls it, the function that judges kept signals anew; no language model is loaded."""
        return partial(_judge_anew, self.settings, self.versions)

    @property
    def _whole_machine(self) -> Settings:
        return self.settings.model_copy(update={"workers": 1})

    def _abroad(self, gpus: float) -> Settings:
        """What a worker on another machine is told; a GPU that the cluster did not give it is left alone."""
        told = {name: getattr(self.settings, name) for name in TRAVEL}
        if not gpus and self.settings.device == "auto":
            told["device"] = "cpu"
        judge = self.settings.judge
        return Settings.model_construct(**told, judge=judge.resolve() if judge else None)


def judge_folder(settings: Settings) -> Path:
    """The folder of the trained heads in use."""
    return settings.judge or locate.locate("judge")


def transcriber(settings: Settings) -> Transcriber:
    """The speech side as the settings want it; the model is loaded on first use."""
    diarizer = Diarizer(
        locate.locate(VOICES),
        model_fingerprint=locate.fingerprint(VOICES),
        threads=settings.threads_per_worker,
        device=settings.device,
    )
    return Transcriber(
        locate.locate(settings.speech_model),
        diarizer,
        model_fingerprint=locate.fingerprint(settings.speech_model),
        threads=settings.threads_per_worker,
        device=settings.device,
        max_bytes=settings.max_recording_bytes,
        max_seconds=settings.max_recording_seconds,
    )


def language_measurer(settings: Settings) -> Measurer:
    """The language side as the settings want it; models are loaded on first use."""
    return Measurer(
        locate.locate(settings.encoder),
        str(locate.locate(settings.sentence_model)),
        judge_folder(settings),
        threads=settings.threads_per_worker,
    )


def _listener(settings: Settings) -> Callable[[Listening], Listened]:
    speech = transcriber(settings)

    def listen(item: Listening) -> Listened:
        return speech.transcribe(
            item.audio,
            call_id=item.call.call_id,
            rep_channel=item.call.rep_channel,
            leader=item.call.kind is CallKind.LEADER_RECORDING,
            language=item.call.language,
        )

    return listen


def _listener_elsewhere(settings: Settings, made_by: str, here: Path) -> Callable[[Listening], Listened]:
    """here: the folder that paths of the one who asks start from."""
    settings = _on_this_machine(settings)
    _refuse_other_models(transcriber(settings).fingerprint, made_by)
    listen = _listener(settings)

    def listen_elsewhere(item: Listening) -> Listened:
        audio = here / item.audio
        if not audio.is_file():
            raise SomethingMissing(
                f"{audio}: this recording is not on {platform.node()}. Workers of a cluster read recordings themselves: keep "
                "them in a shared folder that every machine has under the same path, then callcoach runs retry --all."
            )
        return listen(item._replace(audio=audio))

    return listen_elsewhere


def _measurer_elsewhere(settings: Settings, made_by: str) -> Callable[[Measuring], MeasuredCall]:
    settings = _on_this_machine(settings)
    _refuse_other_models(language_measurer(settings).fingerprint, made_by)
    return _measurer(settings)


def _on_this_machine(settings: Settings) -> Settings:
    """As many threads for this worker as the cluster gave it CPUs."""
    return settings.model_copy(update={"workers": max(1, int(settings.cores // settings.ray_cpus))})


def _refuse_other_models(there: str, here: str) -> None:
    """Results are kept under the name of what made them, so it must be the same everywhere."""
    if there != here:
        raise SomethingMissing(
            f"Its models or packages are others than on the machine that asks ({there}, not {here}). Install the same "
            "requirements.lock and the same models on both."
        )


def _judge_anew(settings: Settings, versions: Mapping[str, str]) -> Callable[[Sequence[Judgement]], Scores]:
    workspace = Workspace(settings)
    return judge_anew(workspace.store, workspace.judge, versions)


def _measurer(settings: Settings) -> Callable[[Measuring], MeasuredCall]:
    return _MeasureCalls(language_measurer(settings))


class _MeasureCalls:
    """Measures one transcript after the other; several that it is told of before are encoded together."""

    def __init__(self, measurer: Measurer) -> None:
        self._measurer = measurer

    def __call__(self, item: Measuring) -> MeasuredCall:
        return MeasuredCall(*self._measurer.measure_all(item.transcript, item.initiatives, item.reading))

    def foresee(self, items: Sequence[Measuring]) -> None:
        """What was read of a call before is not read again."""
        self._measurer.foresee([item.transcript for item in items if item.reading is None])
