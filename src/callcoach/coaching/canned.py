"""Put beside each rep what several customers heard in the same words: context, no figure. Knows nothing of how it was found."""

from collections.abc import Sequence
from dataclasses import replace

from callcoach.coaching import one_call
from callcoach.domain.coaching import Behaviour, MorningReport, Recommendation, RepReport, SaidAgain


def with_said_again(report: MorningReport, found: Sequence[SaidAgain]) -> MorningReport:
    """The report with each rep's passages, and with the strongest one in the reasons of a recommendation to leave the script.

    A passage makes no recommendation by itself: good words said twice are no fault.
    """
    if not found:
        return report
    return replace(report, reps=tuple(_beside(rep, found) for rep in report.reps))


def _beside(rep: RepReport, found: Sequence[SaidAgain]) -> RepReport:
    own = tuple(again for again in found if again.rep_id == rep.profile.rep_id)
    if not own:
        return rep
    recommendations = tuple(_with_reason(recommendation, own) for recommendation in rep.recommendations)
    return replace(rep, said_again=own, recommendations=recommendations)


def _with_reason(recommendation: Recommendation, own: Sequence[SaidAgain]) -> Recommendation:
    about = [again for again in own if again.initiative_id == recommendation.initiative_id]
    if recommendation.behaviour is not Behaviour.LEAVE_THE_SCRIPT or not about:
        return recommendation
    strongest = max(about, key=lambda again: again.words * again.customers)
    return replace(recommendation, because=f"{recommendation.because} {one_call.why_it_is_canned(strongest)}")
