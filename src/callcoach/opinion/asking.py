"""Ask for second opinions within a run's limits: redacted question out, verified opinion in. Stores nothing, decides nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.errors import NoOpinion
from callcoach.opinion.answer import believe
from callcoach.opinion.question import LONGEST_QUESTION, PROMPT_VERSION, SCHEMA, question
from callcoach.redaction.kinds import EntityFinder
from callcoach.redaction.redactor import REDACTION, redact, unredacted

FAILURES_IN_A_ROW = 3
"""After so many, nothing more is asked in this run."""


class Adviser(Protocol):
    """Who is asked."""

    host: str
    model: str

    def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any]) -> str:
        """The text of the answer. Raises NoOpinion."""
        ...


class SecondOpinions:
    """One run's opinions: at most `most` questions, and none after several failures in a row."""

    def __init__(self, adviser: Adviser, *, most: int, finders: Sequence[EntityFinder] = (), as_it_is: bool = False) -> None:
        """as_it_is: calls are sent with all names and numbers in them."""
        self._adviser, self._finders, self._as_it_is = adviser, finders, as_it_is
        self._left, self._failures = most, 0

    @property
    def asked_with(self) -> str:
        """Names who is asked and what: with the words and the story, the key under which an opinion is kept."""
        return fingerprint(self._adviser.host, self._adviser.model, self._prompt_version)

    @property
    def _prompt_version(self) -> str:
        if self._as_it_is:
            return fingerprint(PROMPT_VERSION, "as it is")
        return fingerprint(PROMPT_VERSION, REDACTION, *(finder.fingerprint for finder in self._finders))

    @property
    def exhausted(self) -> str | None:
        """Why nothing more is asked in this run, in a sentence; None where it goes on."""
        if self._failures >= FAILURES_IN_A_ROW:
            return f"{self._adviser.host} failed {self._failures} times in a row, so nobody is asked any more in this run."
        if self._left <= 0:
            return "As many second opinions were asked for as CALLCOACH_OPINION_MOST allows in a run."
        return None

    def ask(
        self, transcript: Transcript, initiative: Initiative, score: CallScore, *, names: Iterable[str], at: datetime
    ) -> SecondOpinion:
        """The opinion on a judged call. names: people who may be spoken of; they are taken out. Raises NoOpinion."""
        if self.exhausted:
            raise NoOpinion(self.exhausted)
        keep = (initiative.name, initiative.company or "", *initiative.terms, *initiative.names)
        turns = unredacted(transcript) if self._as_it_is else redact(transcript, names=names, keep=keep, finders=self._finders)
        messages = question(initiative, turns)
        if sum(len(message["content"]) for message in messages) > LONGEST_QUESTION:
            raise NoOpinion(f"{score.call_id} is too long to be asked about. The judgement stands as it is.")
        self._left -= 1
        try:
            believed = believe(self._adviser.ask(messages, SCHEMA), transcript, turns)
        except NoOpinion:
            self._failures += 1
            raise
        self._failures = 0
        return SecondOpinion(
            call_id=score.call_id,
            initiative_id=score.initiative_id,
            verdict=believed.verdict,
            levels=believed.levels,
            quotes=believed.quotes,
            model=self._adviser.model,
            host=self._adviser.host,
            asked_at=at,
            prompt_version=self._prompt_version,
            agreed=believed.verdict is score.verdict,
        )
