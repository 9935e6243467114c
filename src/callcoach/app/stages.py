"""The stages of a run: do what is stale, store each result as soon as it is there, keep each failure. Decides nothing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from callcoach.app.attribution import Attribution
from callcoach.app.judging_anew import judge_fresh
from callcoach.app.progress import Progress
from callcoach.app.sheaves import measured
from callcoach.app.workspace import Listening, Measuring, Workspace
from callcoach.batch import stale
from callcoach.batch.executors import failure_sentence
from callcoach.batch.stale import Judgement
from callcoach.batch.timed import timed, told
from callcoach.domain.call import Call
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.errors import CallcoachError
from callcoach.events import CallDone, CallFailed, CallQuarantined, StageStarted, say
from callcoach.intake.calls import CallFolder
from callcoach.intake.transcripts import read_transcript
from callcoach.marks import CallMark, ErrorName, Stage
from callcoach.storage.judgements import Judgements
from callcoach.storage.readings import Readings
from callcoach.storage.store import MOST_ATTEMPTS

# as the store names what a call failed in
HEAR = "hear"
MEASURE = "measure"
JUDGE = "judge"

CALLS_AT_ONCE = 250
"""Calls and stories judged anew in one piece of work: their signals take some 10 MB."""


class Stages:
    """One run's stages over one workspace."""

    def __init__(self, workspace: Workspace, attribution: Attribution, *, now: datetime, progress: Progress) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._makers = workspace.makers
        self._attribution = attribution
        self._now = now
        self._progress = progress

    def recognise(self, found: CallFolder, calls: Sequence[Call]) -> int:
        """Put into words what has none yet. Returns how many calls were."""
        left_alone = self._store.quarantined(HEAR)
        work = {
            item.call.call_id: item
            for item in stale.stale_recognitions(self._store, calls, self._makers)
            if (item.call.call_id, item.made_by) not in left_alone
        }
        say(StageStarted(stage=Stage.HEAR, work=len(work)))
        done = sum(self._import(found, item) for item in work.values() if not item.call.audio_path)
        listening = [Listening(item.call, found.root / item.call.audio_path) for item in work.values() if item.call.audio_path]
        if listening:
            self._progress.stage("Listening", sum(item.audio.stat().st_size for item in listening))
        executor = self._workspace.listening_executor(len(listening))
        for outcome in told(executor.outcomes(timed(self._workspace.listener(len(listening))), listening)):
            call = outcome.item.call
            made_by = work[call.call_id].made_by
            if outcome.value is None:
                self._fail(call, HEAR, outcome.failure, made_by, outcome.error)
            else:
                heard = outcome.value
                self._store.keep_transcript(
                    heard.transcript, content=call.content, made_by=made_by, stage=HEAR, peaks=heard.peaks
                )
                _came_through(call, Stage.HEAR, outcome.seconds, heard.transcript.duration)
                done += 1
            self._progress.advance(outcome.item.audio.stat().st_size, call.call_id)
        return done

    def attribute(self, calls: Sequence[Call]) -> None:
        """Say in which language the words are, write names as they are written, tell who is the rep."""
        keys = {call.call_id: stale.transcript_key(call, self._attribution.key, self._makers) for call in calls}
        missing = self._store.missing_transcripts(keys)
        for call in calls:
            if call.call_id not in missing:
                continue
            heard = self._store.transcript(call.call_id, stale.recognition_key(call, self._makers))
            if heard is not None:
                attributed = self._attribution.of(heard, call)
                self._store.keep_transcript(attributed, content=call.content, made_by=keys[call.call_id])
        self._store.point_at(keys)

    def judge(self, calls: Sequence[Call], initiatives: Sequence[Initiative]) -> int:
        """Score what has no score from the current transcript, story and judge. Returns how many pairs."""
        left_alone = self._store.quarantined(MEASURE) | self._store.quarantined(JUDGE)
        work = [
            item
            for item in stale.stale_judgements(self._store, calls, initiatives, self._attribution.key, self._makers)
            if (item.call.call_id, item.signals_made_by) not in left_alone
            and (item.call.call_id, item.score_made_by) not in left_alone
        ]
        say(StageStarted(stage=Stage.JUDGE, work=len(work)))
        if not work:
            return 0
        self._progress.stage("Judging", len(work))
        return self._judge_anew([item for item in work if not item.measure]) + sum(
            self._score(item, signals) for item, signals in self._measure([item for item in work if item.measure])
        )

    def _import(self, found: CallFolder, item: stale.Recognition) -> bool:
        colleagues = [person.name for person in found.company.people]
        try:
            transcript = read_transcript(
                found.root / (item.call.transcript_path or ""), call_id=item.call.call_id, rep_names=colleagues
            )
        except CallcoachError as error:
            self._fail(item.call, HEAR, str(error), item.made_by, ErrorName.of(error))
            return False
        self._store.keep_transcript(transcript, content=item.call.content, made_by=item.made_by, stage=HEAR)
        _came_through(item.call, Stage.HEAR)
        return True

    def _measure(self, work: Iterable[Judgement]) -> Iterator[tuple[Judgement, Signals | None]]:
        """Each call is measured against all its stories at once; a call that cannot be measured fails for each of them."""
        by_call = {call_id: list(items) for call_id, items in groupby(work, key=lambda item: item.call.call_id)}
        if not by_call:
            return
        readings, read_by = Readings(self._store), self._workspace.language.reading_made_by
        # read as they are worked on: a year of transcripts takes gigabytes, and a run that is stopped has not read them in vain
        measuring = (
            Measuring(transcript, tuple(item.initiative for item in items), readings.of(call_id, read_by))
            for call_id, items in by_call.items()
            if (transcript := self._store.transcript(call_id, items[0].transcript_made_by)) is not None
        )
        n, workspace = len(by_call), self._workspace
        room = workspace.settings.home / "cache" / "at"
        for outcome in measured(workspace.measuring_executor(n), workspace.measurer(n), measuring, n, room=room):
            items = by_call[outcome.item.transcript.call_id]
            if outcome.value is None:
                attempts = [
                    self._store.keep_failure(
                        item.call.call_id, MEASURE, outcome.failure or "", at=self._now, key=item.signals_made_by
                    )
                    for item in items
                ]
                _failed(items[0].call, MEASURE, outcome.error, max(attempts))
                self._progress.warn(f"{items[0].call.call_id}: {outcome.failure}")
                self._progress.advance(len(items), items[0].call.call_id)
                continue
            if outcome.value.reading is not None:
                readings.keep(read_by, {items[0].call.call_id: outcome.value.reading}, stage=MEASURE)
            else:
                self._store.clear_failures(items[0].call.call_id, MEASURE)
            _came_through(items[0].call, Stage.MEASURE, outcome.seconds)
            yield from zip(items, outcome.value.signals, strict=True)

    def _judge_anew(self, work: Sequence[Judgement]) -> int:
        """Judge from kept signals, many at once; what fails is tried once more by itself, for the sentence that says why."""
        chunks = [tuple(work[first : first + CALLS_AT_ONCE]) for first in range(0, len(work), CALLS_AT_ONCE)]
        judgements, done = Judgements(self._store), 0
        executor = self._workspace.executor(len(chunks))
        for outcome in executor.outcomes(self._workspace.judge_anew(), chunks):
            scores = outcome.value or (None,) * len(outcome.item)
            judged = [score for score in scores if score is not None]
            judgements.keep_written(judged, stage=JUDGE)
            for item, score in zip(outcome.item, scores, strict=True):
                if score is not None:
                    _came_through(item.call, Stage.JUDGE)
            self._progress.advance(len(judged), outcome.item[-1].call.call_id)
            done += len(judged)
            for item, score in zip(outcome.item, scores, strict=True):
                if score is None:
                    signals = self._store.signals(item.call.call_id, item.initiative.id, item.signals_made_by)
                    done += self._score(item, signals)
        return done

    def _score(self, item: Judgement, signals: Signals | None) -> bool:
        transcript = self._store.transcript(item.call.call_id, item.transcript_made_by)
        assert transcript is not None and signals is not None, "stale_judgements asks only for what is stored"
        try:
            score, groundwork = judge_fresh(item, transcript, signals, self._workspace.judge, self._workspace.versions)
        except Exception as error:  # one call that cannot be judged must not end the run
            self._fail(item.call, JUDGE, failure_sentence(error), item.score_made_by, ErrorName.of(error))
            return False
        self._store.keep_judgement(
            signals if item.measure else None,
            score,
            signals_made_by=item.signals_made_by,
            score_made_by=item.score_made_by,
            stage=JUDGE,
            groundwork=groundwork,
        )
        _came_through(item.call, Stage.JUDGE)
        self._progress.advance(1, f"{item.call.call_id} {item.initiative.id}: {score.verdict}")
        return True

    def _fail(self, call: Call, stage: str, sentence: str | None, made_by: str, error: ErrorName | None) -> None:
        """Keep the failure as a fact of its own, so that the report names it and the next run tries again."""
        _failed(call, stage, error, self._store.keep_failure(call.call_id, stage, sentence or "", at=self._now, key=made_by))
        self._progress.warn(f"{call.call_id}: {sentence}")


def _came_through(call: Call, stage: Stage, seconds: float | None = None, audio_seconds: float | None = None) -> None:
    say(CallDone(call=CallMark.of(call.content), stage=stage, seconds=seconds, audio_seconds=audio_seconds))


def _failed(call: Call, stage: str, error: ErrorName | None, attempts: int) -> None:
    happened = CallQuarantined if attempts >= MOST_ATTEMPTS else CallFailed
    say(happened(call=CallMark.of(call.content), stage=Stage(stage), error=error, attempts=attempts))
