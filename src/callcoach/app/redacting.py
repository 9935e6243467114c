"""Rows and transcripts without whom they speak of: stand-ins where ids and names were, placeholders in texts.

A quote reads as its turn does in the redacted transcript of its call. Nobody is anonymous for it: times, amounts and what
happened stay, and a text keeps whatever no rule and no model took for a name or a number.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from callcoach.app.current import current_company, current_initiatives
from callcoach.app.export_rows import Row
from callcoach.app.found_entities import FoundEntities
from callcoach.app.pseudonyms import Named, Pseudonyms
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Transcript
from callcoach.redaction.redactor import RedactedCall, redact_call, redacted_transcript

IDS: Mapping[str, Named] = {
    "call_id": Named.CALL,
    "rep_id": Named.PERSON,
    "team": Named.TEAM,
    "customer_name": Named.CUSTOMER,
}
"""Columns that hold an id or a name, each by itself."""
NAMES = frozenset({"rep_name", "owner", "corrected_by", "dismissed_by"})
"""Columns that name people of the company: they are filled with stand-ins from the start, by `person`."""
TEXTS = frozenset({"direction", "language", "outcome", "reason", "needs_person", "headline", "intent", "practice", "reasons"})
"""Columns that hold sentences, or whatever somebody's table says."""
WRITTEN = frozenset({"because"})
"""Columns in which people write about a call."""
QUOTES = frozenset({"quote"})
"""Columns that hold words of a call."""
_OTHERS = """
initiative_id initiative verdict verdict_by machine_verdict kind answer act said_by state whys behaviour rubric_version
judge_version language_version speech_version software_version
"""
AS_THEY_ARE = frozenset(_OTHERS.split())
"""Columns of words that tell nobody."""


class Redacting:
    """Redacts what is exported, one call after the other."""

    def __init__(self, workspace: Workspace) -> None:
        """Loads the models, so that nothing is missing once a file has begun. Raises WeightsMissing, StorageError."""
        self._workspace = workspace
        self._pseudonyms = Pseudonyms(workspace.settings)
        self._names = tuple(person.name for person in current_company(workspace).people)
        self._keep = tuple(
            word
            for initiative in current_initiatives(workspace)
            for word in (initiative.name, initiative.company or "", *initiative.terms, *initiative.names)
        )
        self._found = FoundEntities(workspace)
        self._last: tuple[str, RedactedCall] | None = None
        self._texts: dict[str, str] = {}
        nothing_said = Transcript(call_id="", turns=())
        self._nowhere = redact_call(nothing_said, names=self._names, keep=self._keep, finders=workspace.finders)
        for finder in workspace.finders:
            finder.entities(["The models are here."])

    def person(self, person_id: str) -> str:
        """The stand-in for somebody of the company."""
        return self._pseudonyms.of(Named.PERSON, person_id)

    def row(self, row: Row) -> Row:
        """The row with stand-ins and placeholders."""
        changed: dict[str, Any] = {}
        for each in fields(row):
            value = getattr(row, each.name)
            if not isinstance(value, str):
                continue
            if each.name in IDS:
                changed[each.name] = self._pseudonyms.of(IDS[each.name], value)
            elif each.name == "content":
                changed[each.name] = self._pseudonyms.content(value)
            elif each.name in TEXTS:
                changed[each.name] = self._text(value)
            elif each.name in WRITTEN:
                changed[each.name] = self._call(row.call_id).text(value)
            elif each.name in QUOTES:
                changed[each.name] = self._call(row.call_id).quote(value, getattr(row, "turn", None))
        return replace(row, **changed)

    def transcript(self, transcript: Transcript) -> Transcript:
        """The transcript with placeholders in texts and words, under a stand-in for its id."""
        turns = self._redacted(transcript).turns
        return redacted_transcript(transcript, turns, call_id=self._pseudonyms.of(Named.CALL, transcript.call_id))

    def _text(self, text: str) -> str:
        if text not in self._texts:
            self._texts[text] = self._nowhere.alone(text)
        return self._texts[text]

    def _call(self, call_id: str) -> RedactedCall:
        if self._last is None or self._last[0] != call_id:
            transcript = self._workspace.store.current_transcript(call_id) or Transcript(call_id=call_id, turns=())
            self._last = call_id, self._redacted(transcript)
        return self._last[1]

    def _redacted(self, transcript: Transcript) -> RedactedCall:
        call = self._workspace.store.call(transcript.call_id)
        customers = [call.customer_name] if call is not None and call.customer_name else []
        finders = self._found.finders(transcript)
        return redact_call(transcript, names=(*self._names, *customers), keep=self._keep, finders=finders)
