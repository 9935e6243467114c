"""Judge how a leader tells a story to the field. Knows nothing of customers: nobody asks, nobody answers.

The call-level heads learnt from talks of two, so they have no say here; the levels follow from the turns' acts by a rule that
can be read. `part` is left out: to a leader it means showing reps how to position the story, which no labelled call holds.
"""

from collections.abc import Mapping

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import Act, Signals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Level, Verdict
from callcoach.judging.evidence import choose_evidence
from callcoach.judging.statements import component_statement
from callcoach.judging.wording import words_of

TOLD = 0.5
_JUDGED = (Component.WALL, Component.HAMMER)


def is_leaders_talk(transcript: Transcript) -> bool:
    """Whether a leader speaks and no customer does."""
    roles = {turn.role for turn in transcript.turns}
    return Role.LEADER in roles and Role.CUSTOMER not in roles


def score_leader(transcript: Transcript, initiative: Initiative, signals: Signals, versions: Mapping[str, str]) -> CallScore:
    """Wall and hammer at 2 where a turn explains it, at 1 where a turn carries it; `partial`, `facts_only` or `not_raised`."""
    levels = {component: _level(component, signals) for component in _JUDGED}
    named = _is_named(transcript, initiative)
    if levels[Component.WALL] is not Level.ABSENT:
        verdict = Verdict.PARTIAL
    elif named or levels[Component.HAMMER] is not Level.ABSENT:
        verdict = Verdict.FACTS_ONLY
    else:
        verdict = Verdict.NOT_RAISED
    evidence = choose_evidence(transcript, initiative, signals, levels, (), None, ())
    said = [component_statement(initiative, component, level, signals, evidence) for component, level in levels.items()]
    return CallScore(
        call_id=transcript.call_id,
        initiative_id=initiative.id,
        verdict=verdict,
        confidence=None,
        why_score=None,
        levels=levels,
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=evidence,
        statements=(*said, f"{initiative.name} is {'named' if named else 'not named'} by the leader."),
        versions=dict(versions),
    )


def _level(component: Component, signals: Signals) -> Level:
    if max((turn.explained.get(component.value, 0.0) for turn in signals.turns), default=0.0) >= TOLD:
        return Level.EXPLAINED
    told = max((turn.acts.get(Act(component.value), 0.0) for turn in signals.turns), default=0.0)
    return Level.MENTIONED if told >= TOLD else Level.ABSENT


def _is_named(transcript: Transcript, initiative: Initiative) -> bool:
    said = f" {' '.join(words_of(' '.join(turn.text for turn in transcript.turns)))} "
    return any(f" {' '.join(words_of(name))} " in said for name in (initiative.name, *initiative.terms))
