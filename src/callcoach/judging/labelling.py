"""What a person is asked about a call, one question after the other, and what their answers make. Knows nothing of terminals.

An answer is kept as text the moment it is given, so that whoever stops loses nothing; which question comes next is told from
the answers alone. Nothing here sees a score or another person's answers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from callcoach.domain.calibration import CRITERION, Label
from callcoach.domain.call import Transcript
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Level, Verdict

VERDICT = "verdict"
ASKED = "asked_why"
ANSWER = "answer"
QUOTE = "quote"
NOTE = "note"

_VERDICT_KEYS = {"e": "explains", "p": "partial", "r": "recites", "f": "facts_only", "s": "stumbles", "n": "not_raised"}
_VERDICT_KEYS |= {"x": "not_assessed"}
_LEVELS = {"0": "0", "1": "1", "2": "2", "absent": "0", "mentioned": "1", "explained": "2"}
_YES_NO = {"y": "yes", "n": "no", "yes": "yes", "no": "no"}
_UNCLEAR = {"u": "unclear", "unclear": "unclear"}
_ANSWERS = {"f": "full", "p": "partial", "d": "deflects", "n": "none"}


class Question(NamedTuple):
    """One question: the name its answer is kept under, the words, and what may be said (typed -> kept); empty: any text."""

    name: str
    text: str
    choices: Mapping[str, str]

    def read(self, typed: str, transcript: Transcript) -> str | None:
        """The answer to keep; None where this is no answer. An optional text may be left empty; a quote must be in the words."""
        said = " ".join(typed.split())
        if self.choices:
            return self.choices.get(said.lower())
        if self.name == QUOTE and said:
            return said if find_quote(said, transcript) is not None else None
        return said


def questions(initiative: Initiative, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """All questions that the answers so far lead to, in order."""
    asked = [Question(VERDICT, "Verdict", _VERDICT_KEYS | {name: name for name in _VERDICT_KEYS.values()})]
    verdict = answers.get(VERDICT)
    if verdict not in (Verdict.NOT_RAISED.value, Verdict.NOT_ASSESSED.value):
        asked += [Question(component.value, f"Level of {component.value}", _LEVELS) for component in Component]
        asked.append(Question(ASKED, "Did the customer ask why, or what it means for them?", _YES_NO))
        if answers.get(ASKED) == "yes":
            asked.append(Question(ANSWER, "How was that answered?", _ANSWERS | {name: name for name in _ANSWERS.values()}))
        for criterion in initiative.criteria:
            asked.append(Question(CRITERION + criterion.id, criterion.question, _YES_NO | _UNCLEAR))
    asked.append(Question(QUOTE, "The words that decided it (Enter: none)", {}))
    asked.append(Question(NOTE, "Note (Enter: none)", {}))
    return tuple(asked)


def next_question(initiative: Initiative, answers: Mapping[str, str]) -> Question | None:
    """The first question without an answer; None where all are answered."""
    return next((question for question in questions(initiative, answers) if question.name not in answers), None)


def one_back(initiative: Initiative, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers without the last one given."""
    given = [question.name for question in questions(initiative, answers) if question.name in answers]
    return {name: answer for name, answer in answers.items() if name in given[:-1]}


def complete(initiative: Initiative, answers: Mapping[str, str]) -> bool:
    """Whether every question of a call is answered."""
    return next_question(initiative, answers) is None


def label_of(
    initiative: Initiative,
    answers: Mapping[str, str],
    *,
    call_id: str,
    person_id: str,
    round_id: str,
    version: str,
    at: datetime,
) -> Label:
    """The label that complete answers make. An initiative that was not raised has all three levels absent."""
    verdict = Verdict(answers[VERDICT])
    asked = answers.get(ASKED) == "yes"
    return Label(
        call_id=call_id,
        initiative_id=initiative.id,
        person_id=person_id,
        at=at,
        version=version,
        verdict=verdict,
        levels={}
        if verdict is Verdict.NOT_ASSESSED
        else {component: Level(int(answers.get(component.value, "0"))) for component in Component},
        asked_why=asked,
        answer=Answer(answers[ANSWER]) if asked else Answer.NOT_ASKED,
        criteria={
            criterion.id: {"yes": True, "no": False}.get(answers[CRITERION + criterion.id])
            for criterion in initiative.criteria
            if CRITERION + criterion.id in answers
        },
        quote=answers.get(QUOTE) or None,
        note=answers.get(NOTE) or None,
        round_id=round_id,
    )


def find_quote(quote: str, transcript: Transcript) -> int | None:
    """The number of the turn whose text holds these words, whatever the spaces; None where none does."""
    wanted = " ".join(quote.split()).strip('“”"')
    places = (number for number, turn in enumerate(transcript.turns) if wanted and wanted in " ".join(turn.text.split()))
    return next(places, None)


def pages(transcript: Transcript, turns: int | None) -> tuple[range, ...]:
    """The numbers of the turns on each page; all on one where `turns` is None."""
    n = len(transcript.turns)
    step = turns or max(1, n)
    return tuple(range(begin, min(begin + step, n)) for begin in range(0, n, step)) or (range(0),)


def unanswered(initiative: Initiative, call_ids: Sequence[str], draft: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """The calls of a round that are not complete, in order."""
    return tuple(call_id for call_id in call_ids if not complete(initiative, draft.get(call_id, {})))
