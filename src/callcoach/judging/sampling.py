"""Choose calls for people to label: of every kind, some the judge is unsure of, some at random. Knows nothing of what was said.

Only worst calls, or only clear ones, would make agreement look worse or better than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from callcoach.domain.calibration import Pick
from callcoach.domain.verdict import Verdict

RANDOM_SHARE = 0.25
UNSURE_SHARE = 0.25
LENGTHS = ("short", "middling", "long")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A call that can be labelled. verdict and confidence: the judge's, None where it has not judged the call for the initiative.

    named: whether the initiative's name or terms are in the words. words: how many there are.
    """

    call_id: str
    rep_id: str | None
    verdict: Verdict | None
    confidence: float | None
    named: bool
    words: int

    @property
    def kind(self) -> str:
        """The verdict, or what stands in for one that is not there."""
        if self.verdict is not None:
            return self.verdict.value
        return "not judged, named" if self.named else "not judged, not named"


def sample(candidates: Sequence[Candidate], n: int, *, seed: int) -> tuple[Pick, ...]:
    """At most `n` calls in an order that tells nothing, each with why it was picked; the same seed gives the same picks.

    A quarter are those the judge is least sure of, a quarter are drawn at random, the rest go round the verdicts (or, where
    there are none, whether the initiative is named), within one round reps and lengths that are not there yet. Calls that
    could not be assessed are left out: whether a voicemail is one says nothing of the story.
    """
    random = Random(seed)
    usable = sorted(
        (each for each in candidates if each.verdict is not Verdict.NOT_ASSESSED), key=lambda candidate: candidate.call_id
    )
    random.shuffle(usable)
    length = _lengths(usable)
    picked: dict[str, Pick] = {}
    n = min(n, len(usable))

    unsure = sorted((each for each in usable if each.confidence is not None), key=lambda each: each.confidence or 0.0)
    for candidate in unsure[: int(n * UNSURE_SHARE)]:
        why = f"the judge is unsure: {candidate.kind}, {round(100 * (candidate.confidence or 0.0))}% sure"
        picked[candidate.call_id] = Pick(call_id=candidate.call_id, why=why)
    for candidate in [each for each in usable if each.call_id not in picked][: int(n * RANDOM_SHARE)]:
        picked[candidate.call_id] = Pick(call_id=candidate.call_id, why="at random")

    strata: dict[str, list[Candidate]] = {}
    for candidate in usable:
        strata.setdefault(candidate.kind, []).append(candidate)
    seen = [(each.rep_id, length[each.call_id]) for each in usable if each.call_id in picked]
    while len(picked) < n:
        for kind in sorted(strata):
            left = [each for each in strata[kind] if each.call_id not in picked]
            if left and len(picked) < n:
                # the rep and the length that were picked least so far; of equals the first of the shuffled
                best = min(left, key=lambda each: _crowding(each.rep_id, length[each.call_id], seen))
                seen.append((best.rep_id, length[best.call_id]))
                why = f"of its kind: {kind}, {best.rep_id or 'no rep'}, {length[best.call_id]}"
                picked[best.call_id] = Pick(call_id=best.call_id, why=why)
    order = list(picked.values())
    random.shuffle(order)
    return tuple(order)


def _lengths(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Each call's third, by words."""
    ordered = sorted(candidates, key=lambda each: (each.words, each.call_id))
    return {each.call_id: LENGTHS[place * len(LENGTHS) // len(ordered)] for place, each in enumerate(ordered)}


def _crowding(rep_id: str | None, length: str, seen: Sequence[tuple[str | None, str]]) -> tuple[int, int]:
    return sum(rep == rep_id for rep, _ in seen), sum(each == length for _, each in seen)
