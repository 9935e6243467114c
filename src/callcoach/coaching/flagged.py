"""Choose the calls somebody should listen to, each with its reason and the moment to start from. Knows nothing of coaching.

Reasons take turns, so that no single one fills the list: a manager who hears only the worst calls learns to distrust the list.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from callcoach.coaching import moments, wording
from callcoach.coaching.heard import Heard, Hearings
from callcoach.domain.coaching import Behaviour, FlaggedCall, Moment
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Answer, Verdict

MAX_FLAGGED = 8
ENOUGH = 8 * MAX_FLAGGED


def flag(hearings: Hearings, initiatives: Sequence[Initiative]) -> tuple[FlaggedCall, ...]:
    """At most eight calls, one flag each; within a reason the latest first."""
    assessed = [heard for heard in hearings.calls if heard.assessed]
    early, *reasons = _reasons(hearings, assessed, initiatives, latest=ENOUGH)
    in_turn = (early, _needing_a_person(assessed), *reasons)
    chosen: dict[str, FlaggedCall] = {}
    for round_of_reasons in zip_longest(*(list(reversed(found)) for found in in_turn)):
        for flagged in round_of_reasons:
            if flagged is not None and len(chosen) < MAX_FLAGGED:
                chosen.setdefault(flagged.call_id, flagged)
    return tuple(chosen.values())


def every_flag(hearings: Hearings, initiatives: Sequence[Initiative]) -> tuple[FlaggedCall, ...]:
    """Every call with a reason to listen, once for each reason; those that need a person to judge them are `needing_a_person`."""
    assessed = [heard for heard in hearings.calls if heard.assessed]
    return tuple(flagged for found in _reasons(hearings, assessed, initiatives, latest=None) for flagged in found)


def needing_a_person(hearings: Hearings) -> tuple[FlaggedCall, ...]:
    """Every call that the judge hands over, the most certain first."""
    return tuple(_needing_a_person([heard for heard in hearings.calls if heard.assessed]))


def _reasons(
    hearings: Hearings, assessed: Sequence[Heard], initiatives: Sequence[Initiative], *, latest: int | None
) -> tuple[list[FlaggedCall], ...]:
    """The flags of each reason, the latest last. latest: of the calls that slipped, so many (None: all)."""
    known = {initiative.id: initiative for initiative in initiatives}
    return (
        _before_launch(hearings.early, known),
        _slipped(assessed, known, latest),
        _got_better(assessed, known),
        _deflected(assessed, known),
        _stumbled(assessed, known),
    )


def _needing_a_person(assessed: Sequence[Heard]) -> list[FlaggedCall]:
    """Those the judge hands over, the least certain first in the list."""
    found = sorted((heard for heard in assessed if not heard.certain), key=lambda heard: -(heard.score.confidence or 0.0))
    return [_flagged(heard, wording.needs_a_person(heard.score.needs_person or ""), _any(heard)) for heard in found]


def _deflected(assessed: Sequence[Heard], known: Mapping[str, Initiative]) -> list[FlaggedCall]:
    return [
        _flagged(heard, wording.asked_and_deflected(known[heard.score.initiative_id].name), _first_why(heard))
        for heard in assessed
        if heard.score.asked_why
        and heard.score.answer in (Answer.DEFLECTS, Answer.NONE)
        and heard.score.verdict is not Verdict.STUMBLES
    ]


def _stumbled(assessed: Sequence[Heard], known: Mapping[str, Initiative]) -> list[FlaggedCall]:
    return [
        _flagged(heard, wording.stumbled(known[heard.score.initiative_id].name), _first_why(heard))
        for heard in assessed
        if heard.score.verdict is Verdict.STUMBLES and heard.score.asked_why
    ]


def _got_better(assessed: Sequence[Heard], known: Mapping[str, Initiative]) -> list[FlaggedCall]:
    """The first call of a rep that explains an initiative after others that did not."""
    return [
        _flagged(heard, wording.got_better(known[heard.score.initiative_id].name, last), _best(heard))
        for heard, last, explained in _with_earlier(assessed)
        if last is not None and heard.score.verdict is Verdict.EXPLAINS and not explained
    ]


def _slipped(assessed: Sequence[Heard], known: Mapping[str, Initiative], latest: int | None) -> list[FlaggedCall]:
    """A call right after one that explained the initiative, and does not."""
    found = [
        heard
        for heard, last, _ in _with_earlier(assessed)
        if last is Verdict.EXPLAINS and heard.score.verdict is not Verdict.EXPLAINS
    ]
    return [
        _flagged(heard, wording.slipped(known[heard.score.initiative_id].name, heard.score.verdict), _any(heard))
        # of thousands, only the latest can make a list of eight
        for heard in (found if latest is None else found[-latest:])
    ]


def _before_launch(early: Sequence[Heard], known: Mapping[str, Initiative]) -> list[FlaggedCall]:
    found = []
    for heard in early:
        initiative = known[heard.score.initiative_id]
        if heard.raised and heard.call.day is not None:
            days = (initiative.launched - heard.call.day).days
            found.append(_flagged(heard, wording.before_launch(initiative.name, days, initiative.launched), _any(heard)))
    return found


def _with_earlier(assessed: Sequence[Heard]) -> Iterator[tuple[Heard, Verdict | None, bool]]:
    """Each raised call of a known rep with what came before it, of the same rep and initiative: the last verdict (None for the
    first call), and whether any explained.
    """
    earlier: dict[tuple[str, str], tuple[Verdict, bool]] = {}
    for heard in assessed:
        if heard.raised and heard.call.rep_id:
            whose = heard.call.rep_id, heard.score.initiative_id
            last, explained = earlier.get(whose, (None, False))
            yield heard, last, explained
            earlier[whose] = heard.score.verdict, explained or heard.score.verdict is Verdict.EXPLAINS


def _flagged(heard: Heard, reason: str, moment: Moment | None) -> FlaggedCall:
    return FlaggedCall(
        call_id=heard.call.call_id,
        initiative_id=heard.score.initiative_id,
        rep_id=heard.call.rep_id,
        reason=reason,
        moment=moment,
    )


def _first_why(heard: Heard) -> Moment | None:
    return next(iter(moments.missing(Behaviour.ANSWER_THE_WHY, heard)), None) or _any(heard)


def _best(heard: Heard) -> Moment | None:
    return next(iter(moments.done(Behaviour.LINK_TO_CUSTOMER, heard)), None) or _any(heard)


def _any(heard: Heard) -> Moment | None:
    return next(iter(moments.missing(Behaviour.RAISE_IT, heard)), None)
