"""Say which judgements a person has to make, and why. Knows nothing of who the person is or of what is done with the call."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from callcoach.domain.call import Role, RoleSource, Transcript, Turn
from callcoach.domain.verdict import Answer, Verdict
from callcoach.judging.wording import words_of

# Out of fold, over the labelled calls and twins (models/evaluation.json), 91% of the 78% of the calls at or above it are right,
# and 53% of those below. `smallest_threshold` finds 90% at 0.644, for 81% of the calls; real calls are harder, hence higher.
NEEDS_PERSON_BELOW = 0.67
# Half of the words or more from unknown speakers is not judged at all.
MOST_UNKNOWN = 0.2
# Given labels that fit what is said no better than this are not believed on their word; far below it the call is not judged.
# Labels that were told from the words need at least 0.95 to be given at all (models/roles.json), so they need no rule here.
LABELS_DOUBTED_BELOW = 0.05

_VERDICTS = {
    Verdict.EXPLAINS: "explains",
    Verdict.PARTIAL: "explains in part",
    Verdict.RECITES: "recites",
    Verdict.FACTS_ONLY: "gives facts only",
    Verdict.STUMBLES: "stumbles",
    Verdict.NOT_RAISED: "does not raise it",
}


class Threshold(NamedTuple):
    """From which confidence on verdicts may stand: the share (0..1) of the calls that is, and how many of those are right."""

    confidence: float
    kept: float
    accuracy: float


def needs_person(
    transcript: Transcript, verdict: Verdict, probabilities: Mapping[Verdict, float], asked_why: bool, answer: Answer
) -> str | None:
    """The sentence why a person has to judge this call; None where the judgement may stand."""
    confidence = probabilities[verdict]
    if confidence < NEEDS_PERSON_BELOW:
        return _unsure(verdict, probabilities)
    return _contradiction(verdict, asked_why, answer) or _speakers(transcript)


def smallest_threshold(confidences: Sequence[float], right: Sequence[bool], *, wanted: float) -> Threshold | None:
    """The smallest confidence such that of the calls at or above it at least `wanted` (0..1) are right; None where none is.

    confidences in 0..1 and right go together call by call. Calls of the same confidence stay together. Best asked of judgements
    of calls that the judge has not learnt from.
    """
    if len(confidences) != len(right):
        raise ValueError(f"{len(confidences)} confidences and {len(right)} outcomes do not go together.")
    ordered = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    found, n_right = None, 0
    for n, (confidence, is_right) in enumerate(ordered, 1):
        n_right += is_right
        together = n < len(ordered) and ordered[n][0] == confidence
        if not together and n_right >= wanted * n:
            found = Threshold(confidence, n / len(ordered), n_right / n)
    return found


def _unsure(verdict: Verdict, probabilities: Mapping[Verdict, float]) -> str:
    others = [other for other in probabilities if other is not verdict]
    sure = f"The judge is only {_percent(probabilities[verdict])} sure that the rep {_VERDICTS[verdict]}"
    if not others:
        return f"{sure}."
    second = max(others, key=lambda other: probabilities[other])
    return f"{sure}; next comes that the rep {_VERDICTS[second]} ({_percent(probabilities[second])})."


def _contradiction(verdict: Verdict, asked_why: bool, answer: Answer) -> str | None:
    """Parts of a judgement that do not go together; out of fold none of the six such verdicts was right."""
    if verdict is Verdict.NOT_RAISED and asked_why:
        return "The customer asks why, yet the initiative seems not to come up: one of the two is wrong."
    if verdict is Verdict.EXPLAINS and answer in (Answer.DEFLECTS, Answer.NONE):
        return "The rep seems to explain it, yet the customer's why seems to get no answer: one of the two is wrong."
    return None


def _speakers(transcript: Transcript) -> str | None:
    unknown = _words(turn for turn in transcript.turns if turn.role is Role.UNKNOWN)
    everything = _words(transcript.turns) if unknown else 0
    if unknown > MOST_UNKNOWN * everything:
        return f"It is not known who says {_percent(unknown / everything)} of the words."
    roles = transcript.roles
    if roles is None or roles.source is not RoleSource.GIVEN or roles.confidence is None:
        return None
    if roles.confidence >= LABELS_DOUBTED_BELOW:
        return None
    return "What is said fits better if the labels of rep and customer are swapped; they may be."


def _words(turns: Iterable[Turn]) -> int:
    return sum(len(words_of(turn.text)) for turn in turns)


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"
