"""Judge a few stored calls with one wording after the other, each as fast as it can be: what was made of a call is remembered.

Measures again only what a change concerns. Stores no score, and knows nothing of who watches.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from callcoach.app.pinned_calls import MOST_PINNED
from callcoach.app.stored_calls import Judged, StoredCalls, Unjudged
from callcoach.app.workspace import Workspace
from callcoach.batch.stale import score_key, signals_key
from callcoach.domain.call import Call, Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.storage.history import History
from callcoach.storage.readings import Readings

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED = 30 * MOST_PINNED


class Remembered:
    """What was made of calls, the latest: judgements, turns measured without criteria, transcripts, and which calls were read."""

    def __init__(self) -> None:
        self.judged: OrderedDict[tuple[str, str], Judged | Unjudged] = OrderedDict()
        self.turns: OrderedDict[tuple[str, str, str], Signals] = OrderedDict()
        self.transcripts: OrderedDict[tuple[str, str], Transcript] = OrderedDict()
        self.read: OrderedDict[tuple[str, str], None] = OrderedDict()


class PinnedCalls(StoredCalls):
    """A few stored calls, judged with any wording and remembered: asking for them costs the same with however many are kept."""

    def __init__(self, workspace: Workspace, call_ids: Sequence[str], remembered: Remembered) -> None:
        self._workspace, self._known = workspace, remembered
        self._words = History(workspace.store).current_words(call_ids)
        self._readings = Readings(workspace.store)
        kept = (workspace.store.call(call_id) for call_id in call_ids if call_id in self._words)
        self.calls = tuple(call for call in kept if call is not None)

    def judged(self, calls: Sequence[Call], initiative: Initiative) -> Iterator[Judged | Unjudged]:
        """Each call judged with this wording, in order."""
        makers = self._workspace.makers
        for call in calls:
            signals_made_by = signals_key(self._words[call.call_id].digest, initiative, makers)
            key = (call.call_id, score_key(signals_made_by, initiative, makers))
            if key not in self._known.judged:
                (one,) = super().judged((call,), initiative)
                _remember(self._known.judged, key, one)
                if isinstance(one, Judged):
                    _remember(self._known.turns, self._turns_of(call, initiative), replace(one.signals, criteria=()))
            self._known.judged.move_to_end(key)
            yield self._known.judged[key]

    def transcript(self, call: Call) -> Transcript:
        """What was said in one of the calls; the same object every time, so that it is read once."""
        key = (call.call_id, self._words[call.call_id].made_by)
        if key not in self._known.transcripts:
            _remember(self._known.transcripts, key, super().transcript(call))
        return self._known.transcripts[key]

    def known(self, call: Call, initiative: Initiative) -> bool:
        """Whether the call was judged with this wording before, so that asking again costs nothing."""
        signals_made_by = signals_key(self._words[call.call_id].digest, initiative, self._workspace.makers)
        return (call.call_id, score_key(signals_made_by, initiative, self._workspace.makers)) in self._known.judged

    def _measured(self, call: Call, transcript: Transcript, initiative: Initiative) -> Signals:
        """Turns are measured again where what they are held against changed; criteria are held against the call by themselves.

        What the models read of a call is in their memory once it was measured: it is not unpacked for every keystroke.
        """
        read, key = (call.call_id, self._words[call.call_id].made_by), self._turns_of(call, initiative)
        bare = replace(initiative, criteria=())
        if key in self._known.turns:
            self._known.turns.move_to_end(key)
            if initiative.criteria and read not in self._known.read:
                self.recall(call)
                _remember(self._known.read, read, None)
        elif read in self._known.read:
            _remember(self._known.turns, key, self._workspace.language.measure(transcript, bare))
        else:
            _remember(self._known.turns, key, super()._measured(call, transcript, bare))
            _remember(self._known.read, read, None)
        if not initiative.criteria:
            return self._known.turns[key]
        criteria = self._workspace.language.criteria(transcript, initiative.criteria)
        return replace(self._known.turns[key], criteria=criteria)

    def _turns_of(self, call: Call, initiative: Initiative) -> tuple[str, str, str]:
        """What the turns of a call were measured with: criteria are no part of it."""
        return (call.call_id, self._words[call.call_id].made_by, replace(initiative, criteria=()).version)


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
