"""What finders found in calls, kept so that redaction reads no call twice while its words and the finders stay the same.

Rules and names are applied anew each time: they cost little, and change with the company and its initiatives.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.errors import StorageError
from callcoach.redaction.kinds import EntityFinder
from callcoach.redaction.redactor import REDACTION
from callcoach.storage.readings import Entities

Found = Sequence[Sequence[tuple[int, int, str]]]
"""For each text what it names: begin, end, and the name of a Kind."""

_KEPT: Final = msgspec.json.Decoder(list[list[list[tuple[int, int, str]]]])


class HasRead:
    """A finder that has read a call: of its turns it says again what it found, anything else it reads."""

    def __init__(self, finder: EntityFinder, texts: Sequence[str], found: Found) -> None:
        self._finder, self._texts, self._found = finder, texts, found

    @property
    def fingerprint(self) -> str:
        """That of the finder."""
        return self._finder.fingerprint

    @property
    def names_are_guesses(self) -> bool:
        """As the finder has it."""
        return self._finder.names_are_guesses

    def entities(self, texts: Sequence[str]) -> Found:
        """For each text what it names."""
        return self._found if texts == self._texts else self._finder.entities(texts)


class FoundEntities:
    """The finders of a workspace and what they found in each call. Raises WeightsMissing, WeightsAltered, StorageError."""

    def __init__(self, workspace: Workspace) -> None:
        self._finders = workspace.finders
        self._kept = Entities(workspace.store)
        self._found_by = [REDACTION, *(finder.fingerprint for finder in self._finders)]

    def finders(self, transcript: Transcript) -> tuple[EntityFinder, ...]:
        """The finders, having read the transcript, which is read now if it was not before.

        What cannot be kept, as while somebody else writes, is read again the next time.
        """
        texts = [turn.text for turn in transcript.turns]
        if not texts:
            return self._finders
        made_by = fingerprint(self._found_by, texts)
        body = self._kept.of(transcript.call_id, made_by)
        found: Sequence[Found] = _KEPT.decode(body) if body else [finder.entities(texts) for finder in self._finders]
        if body is None:
            with suppress(StorageError):
                self._kept.keep(transcript.call_id, made_by, msgspec.json.encode(found))
        return tuple(HasRead(finder, texts, each) for finder, each in zip(self._finders, found, strict=True))
