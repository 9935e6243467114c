"""The calls in the database, judged with any wording of an initiative: what is measured already is read, the rest is measured.

Opens the language models only where a wording has not been measured yet. Leaves the current scores alone; whoever asks writes.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.batch.executors import failure_sentence
from callcoach.batch.stale import initiatives_for, score_key, signals_key
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.errors import SomethingMissing, StorageError
from callcoach.storage.history import History
from callcoach.storage.readings import Readings


class Unjudged(NamedTuple):
    """One call that could not be judged with one wording, and the sentence that says why; the others go on."""

    call: Call
    sentence: str
    score_made_by: str


class Judged(NamedTuple):
    """One call judged with one wording; `measured` says whether the signals are new, the keys name what made both."""

    call: Call
    transcript: Transcript
    signals: Signals
    score: CallScore
    signals_made_by: str
    score_made_by: str
    measured: bool


class StoredCalls:
    """All calls of a workspace that have words, or those from a day on."""

    def __init__(self, workspace: Workspace, *, since: date | None = None) -> None:
        """Raises SomethingMissing where no call is kept yet."""
        self._workspace = workspace
        self._words = History(workspace.store).current_words()
        self._readings = Readings(workspace.store)
        self.calls = tuple(call for call in workspace.store.calls(since=since) if call.call_id in self._words)
        if not self.calls:
            raise SomethingMissing(
                f"{workspace.settings.home}: no call is kept there. Run `callcoach run FOLDER` first, with the same --home."
            )

    def of(self, initiative: Initiative, beside: Sequence[Initiative] = ()) -> tuple[Call, ...]:
        """The calls that are judged for an initiative by its dates, and by their language where `beside` holds it in several."""
        rubrics = [each for each in beside if each.id == initiative.id] or [initiative]
        if len(rubrics) == 1:
            return tuple(call for call in self.calls if initiatives_for(call, (initiative,)))
        languages = self._workspace.store.languages({call_id: words.made_by for call_id, words in self._words.items()})
        return tuple(call for call in self.calls if initiative in initiatives_for(call, rubrics, languages.get(call.call_id)))

    def with_customers(self) -> tuple[Call, ...]:
        """All calls but leaders' recordings, whatever was live that day."""
        return tuple(call for call in self.calls if call.kind is CallKind.CUSTOMER_CALL)

    def judged(self, calls: Sequence[Call], initiative: Initiative) -> Iterator[Judged | Unjudged]:
        """Each call judged with this wording, in order. Raises StorageError and SomethingMissing, which every call would."""
        makers = self._workspace.makers
        for call in calls:
            signals_made_by = signals_key(self._words[call.call_id].digest, initiative, makers)
            score_made_by = score_key(signals_made_by, initiative, makers)
            kept = self._workspace.store.signals(call.call_id, initiative.id, signals_made_by)
            try:
                transcript = self.transcript(call)
                signals = kept or self._measured(call, transcript, initiative)
                score = self._workspace.judged(transcript, initiative, signals)
            except (StorageError, SomethingMissing):
                raise
            except Exception as error:
                yield Unjudged(call, failure_sentence(error), score_made_by)
            else:
                yield Judged(call, transcript, signals, score, signals_made_by, score_made_by, kept is None)

    def transcript(self, call: Call) -> Transcript:
        """What was said in one of the calls."""
        transcript = self._workspace.store.transcript(call.call_id, self._words[call.call_id].made_by)
        assert transcript is not None, "current_words names only transcripts that are kept"
        return transcript

    def recall(self, call: Call) -> None:
        """Hand the models what they read of the call before, so that only new texts are encoded."""
        kept = self._readings.of(call.call_id, self._workspace.language.reading_made_by)
        if kept is not None:
            self._workspace.language.reader.recall(self.transcript(call), kept)

    def _measured(self, call: Call, transcript: Transcript, initiative: Initiative) -> Signals:
        language = self._workspace.language
        kept = self._readings.of(call.call_id, language.reading_made_by)
        (signals,), fresh = language.measure_all(transcript, (initiative,), kept)
        if fresh is not None:
            self._readings.keep(language.reading_made_by, {call.call_id: fresh})
        return signals
