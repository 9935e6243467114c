"""Judge one call for one initiative from its signals: verdict, levels, answer, evidence, and the sentences that lead there.

The call-level heads weigh the signals; the rules here keep the parts of a judgement consistent with each other and say in words
what it rests on. Knows nothing of who the rep is, of outcomes, files or language models.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Act, Signals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import JUDGED_VERDICTS, Answer, Behaviours, CallScore, CopiedRun, Level, Verdict
from callcoach.judging.abstention import needs_person
from callcoach.judging.conduct import with_pauses
from callcoach.judging.criteria import by_criteria
from callcoach.judging.evidence import choose_evidence
from callcoach.judging.groundwork import Groundwork, lay
from callcoach.judging.heads import CallHeads
from callcoach.judging.leaders import score_leader
from callcoach.judging.questions import WhyQuestion, why_questions
from callcoach.judging.statements import statements
from callcoach.judging.weighing import Weighed, weigh

# What each verdict is worth when the why score averages over their probabilities: the share of the why that arrives.
WORTH = {
    Verdict.EXPLAINS: 100.0,
    Verdict.PARTIAL: 55.0,
    Verdict.RECITES: 25.0,
    Verdict.STUMBLES: 15.0,
    Verdict.FACTS_ONLY: 10.0,
    Verdict.NOT_RAISED: 0.0,
}
# raise this when a rule here changes a score
RULES = 6
_SHOWN = 0.5
_BESIDE_STRONGEST = 0.75
"""A why-question beside the surest one of a call: at least so large a part of that one's probability."""

_COPY_WORTH_SHOWING = 6


class _Asked(NamedTuple):
    """The why-questions (none where nobody asked) and how they were answered."""

    questions: tuple[WhyQuestion, ...]
    answer: Answer


def score(transcript: Transcript, initiative: Initiative, signals: Signals, judge: CallHeads) -> CallScore:
    """The judgement; `not_assessed` with the reason where there is nothing to judge. Same input, same bytes.

    Raises ValueError where the signals were measured on another transcript.
    """
    laid = lay(transcript, initiative, signals)
    weighed = weigh(judge, laid.rows) if laid.rows else None
    return decide(transcript, initiative, signals, laid.groundwork, weighed, judged_by=judge.fingerprint)


def decide(
    transcript: Transcript,
    initiative: Initiative,
    signals: Signals,
    groundwork: Groundwork,
    weighed: Weighed | None,
    *,
    judged_by: str,
) -> CallScore:
    """The judgement that the rules make of a groundwork of the same call and what the heads said of it (None: not asked)."""
    versions = {"initiative": initiative.version, "judge": judged_by, "rules": str(RULES), **signals.made_by}
    if groundwork.reason is not None:
        return _not_assessed(transcript, initiative, groundwork.reason, versions)
    if groundwork.by_leader:
        return score_leader(transcript, initiative, signals, versions)
    assert weighed is not None, "the heads are asked about every call that can be judged"
    probabilities = {Verdict(name): p for name, p in weighed.verdict.items()}
    verdict = max(JUDGED_VERDICTS, key=lambda candidate: probabilities[candidate])
    levels = consistent_levels(verdict, {component: weighed.levels[component.value] for component in Component})
    questions, answer = _asked_why(transcript, signals, weighed)
    copied = groundwork.copied
    shown = [act for act in (Act.RECITE, Act.STUMBLE) if _is_shown(act, verdict, signals, copied)]
    evidence = choose_evidence(transcript, initiative, signals, levels, questions, copied, shown)
    judged = CallScore(
        call_id=transcript.call_id,
        initiative_id=initiative.id,
        verdict=verdict,
        confidence=round(probabilities[verdict], 4),
        why_score=round(sum(WORTH[name] * p for name, p in probabilities.items()), 1),
        levels=levels,
        asked_why=bool(questions),
        answer=answer,
        behaviours=Behaviours(**{name: shares["yes"] >= _SHOWN for name, shares in weighed.behaviours.items()}),
        evidence=evidence,
        probabilities={name: round(p, 4) for name, p in probabilities.items()},
        copied=copied,
        conduct=groundwork.conduct and with_pauses(groundwork.conduct, questions),
        statements=statements(initiative, verdict, levels, signals, evidence, questions, answer, copied),
        versions=versions,
        names_heard=groundwork.names_heard,
        reaction=None if verdict is Verdict.NOT_RAISED else groundwork.reaction,
        needs_person=needs_person(transcript, verdict, probabilities, bool(questions), answer),
    )
    return by_criteria(judged, transcript, initiative, signals)


def consistent_levels(verdict: Verdict, grades: Mapping[Component, Mapping[str, float]]) -> dict[Component, Level]:
    """The likeliest level of each component that the verdict allows.

    Nothing is told of an initiative that is not raised; explaining means `part` at 2 and a wall; bare facts give no why; who
    recites or stumbles explains nothing, and a talk track names offer and benefit; what is raised has a level.
    """
    if verdict is Verdict.NOT_RAISED:
        return dict.fromkeys(Component, Level.ABSENT)
    allowed = dict.fromkeys(Component, tuple(Level))
    if verdict is Verdict.EXPLAINS:
        allowed[Component.PART] = (Level.EXPLAINED,)
        allowed[Component.WALL] = (Level.MENTIONED, Level.EXPLAINED)
    if verdict is Verdict.FACTS_ONLY:
        allowed[Component.WALL] = allowed[Component.PART] = (Level.ABSENT,)
    if verdict in (Verdict.RECITES, Verdict.STUMBLES):
        allowed = dict.fromkeys(Component, (Level.ABSENT, Level.MENTIONED))
    if verdict is Verdict.RECITES:
        allowed[Component.HAMMER] = allowed[Component.PART] = (Level.MENTIONED,)
    levels = {component: _likeliest(allowed[component], grades[component]) for component in Component}
    if not any(levels.values()):
        levels[Component.HAMMER] = Level.MENTIONED
    return levels


def _likeliest(allowed: Sequence[Level], grade: Mapping[str, float]) -> Level:
    return max(allowed, key=lambda level: grade[str(int(level))])


def _asked_why(transcript: Transcript, signals: Signals, weighed: Weighed) -> _Asked:
    strongest = max((turn.acts.get(Act.ASK, 0.0) for turn in signals.turns), default=0.0)
    if strongest <= 0 or weighed.asked_why["yes"] < _SHOWN:
        return _Asked((), Answer.NOT_ASKED)
    answer = Answer(max(weighed.answer, key=lambda name: weighed.answer[name]))
    at_least = min(max(_SHOWN, _BESIDE_STRONGEST * strongest), strongest)
    return _Asked(why_questions(transcript, signals, at_least=at_least), answer)


def _is_shown(act: Act, verdict: Verdict, signals: Signals, copied: CopiedRun | None) -> bool:
    if act is Act.RECITE and verdict is Verdict.RECITES:
        return True
    if act is Act.STUMBLE and verdict is Verdict.STUMBLES:
        return True
    if act is Act.RECITE and (copied is None or copied.words < _COPY_WORTH_SHOWING):
        return False
    return max((turn.acts.get(act, 0.0) for turn in signals.turns), default=0.0) >= _SHOWN


def _not_assessed(transcript: Transcript, initiative: Initiative, reason: str, versions: Mapping[str, str]) -> CallScore:
    return CallScore(
        call_id=transcript.call_id,
        initiative_id=initiative.id,
        verdict=Verdict.NOT_ASSESSED,
        confidence=None,
        why_score=None,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(),
        statements=(reason,),
        reason=reason,
        versions=dict(versions),
    )
