"""Where each goal stands today: what it lacks, who has to agree, what the calls since say. Knows nothing of how they are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from callcoach.coaching import goal_wording as words
from callcoach.coaching import goals
from callcoach.coaching.gate import withheld_behaviours
from callcoach.coaching.initiatives import not_for_the_reps
from callcoach.coaching.shares import Shares, only
from callcoach.domain.behaviour import GAPS, Behaviour, Estimate
from callcoach.domain.calibration import Gate
from callcoach.domain.coaching import InitiativeFinding
from callcoach.domain.goals import Goal, GoalAct, GoalChange, GoalProgress, GoalStanding, GoalState
from callcoach.domain.people import Company

Unsaid = Mapping[tuple[str, Behaviour | None], str]
"""Why no figure is said, by initiative and behaviour; None: of the whole initiative."""

LATELY_DAYS = 14
"""As long as a recommendation is held a closed goal is told, so that nobody misses it who reads once a week."""


def standing(
    history: Sequence[GoalChange],
    shares: Shares | None,
    company: Company,
    *,
    today: date,
    unsaid: Unsaid,
) -> GoalStanding:
    """Where one goal stands. history: its changes, the first first. shares: None where no call is kept.

    unsaid: as `unsaid` finds it. A goal that was closed keeps what was said then.
    """
    latest = history[-1]
    goal = latest.goal
    state = state_of(goal)
    silent = unsaid.get((goal.initiative_id, None)) or unsaid.get((goal.initiative_id, goal.behaviour))
    speaks = shares is not None and silent is None and state is not GoalState.CLOSED
    now = _now(goal, shares) if shares is not None and speaks else None
    lacking = goals.missing(goal, now, today) if state in (GoalState.DRAFT, GoalState.WAITING) else ()
    progress = goals.progress(goal, shares, today=today) if shares is not None and speaks and state is GoalState.RUNNING else None
    waiting = _waiting(goal) if state is GoalState.WAITING else ()
    if state is GoalState.CLOSED:
        progress = next((each.progress for each in reversed(history) if each.act is GoalAct.CLOSED), None)
    return GoalStanding(
        goal=goal,
        revision=latest.revision,
        state=state,
        sentence=_sentence(state, lacking, waiting, progress, silent, company),
        missing=lacking,
        waiting_for=waiting,
        now=now,
        progress=progress,
        coached_on=tuple(dict.fromkeys(each.at.date() for each in history if each.act is GoalAct.COACHED)),
    )


def standings(
    histories: Sequence[Sequence[GoalChange]], shares: Shares, company: Company, *, today: date, unsaid: Unsaid
) -> dict[str, tuple[GoalStanding, ...]]:
    """By rep, the goals that a report tells, in the order in which they were set."""
    found: dict[str, tuple[GoalStanding, ...]] = {}
    for history in histories:
        goal = history[-1].goal
        if told(goal, today):
            found[goal.rep_id] = (
                *found.get(goal.rep_id, ()),
                standing(history, shares, company, today=today, unsaid=unsaid),
            )
    return found


def unsaid(gates: Mapping[str, Gate], findings: Collection[InitiativeFinding]) -> Unsaid:
    """Where no figure of a rep is said: the gate is closed, people do not agree on the behaviour, it is the leaders' move, or
    what is measured cannot be relied on.
    """
    found: dict[tuple[str, Behaviour | None], str] = {
        (each.initiative_id, None): words.WITH_THE_LEADERS if each.for_leaders else words.NOT_MEASURED
        for each in findings
        if not_for_the_reps(each)
    }
    for initiative_id, behaviours in withheld_behaviours(gates).items():
        found |= {(initiative_id, behaviour): words.NOT_COACHED_YET for behaviour in behaviours}
    return found | {(each, None): words.NOT_COACHED_YET for each, gate in gates.items() if gate.withheld}


def state_of(goal: Goal) -> GoalState:
    """How far a goal is, whatever the calls say; what both agreed to runs."""
    if goal.closed_on is not None:
        return GoalState.CLOSED
    if goal.agreed:
        return GoalState.RUNNING
    return GoalState.DRAFT if goals.missing(goal) else GoalState.WAITING


def told(goal: Goal, today: date) -> bool:
    """Whether a report tells it: until it is closed, and for two weeks after."""
    return goal.closed_on is None or timedelta(0) <= today - goal.closed_on <= timedelta(days=LATELY_DAYS)


def running(standings: Collection[GoalStanding], today: date) -> tuple[GoalStanding, ...]:
    """Those that take the place of a recommendation: agreed, and not past their day."""
    return tuple(each for each in standings if each.state is GoalState.RUNNING and not past_due(each.goal, today))


def past_due(goal: Goal, today: date) -> bool:
    """Whether its day has passed; calls of the day itself still count."""
    return goal.due is not None and goal.due < today


def to_close(standings: Collection[GoalStanding], today: date) -> tuple[GoalStanding, ...]:
    """What a run closes: agreed, past its day, and on an initiative of which figures may be said."""
    return tuple(
        each for each in standings if each.state is GoalState.RUNNING and each.progress is not None and past_due(each.goal, today)
    )


def _now(goal: Goal, shares: Shares) -> Estimate | None:
    if goal.behaviour is None or goal.behaviour not in GAPS:
        return None
    return shares.of_rep(goal.rep_id, goal.behaviour, only([goal.initiative_id]))


def _waiting(goal: Goal) -> tuple[str, ...]:
    return tuple(each for each in (goal.rep_id, goal.manager_id) if each is not None and each not in goal.agreed_by)


def _sentence(
    state: GoalState,
    lacking: Sequence[str],
    waiting: Sequence[str],
    progress: GoalProgress | None,
    silent: str | None,
    company: Company,
) -> str:
    match state:
        case GoalState.DRAFT:
            return words.draft(lacking)
        case GoalState.WAITING:
            said = words.waiting_for([company.name_of(each) for each in waiting])
            return f"{said}; {' '.join(lacking)}" if lacking else said
        case GoalState.CLOSED:
            return progress.sentence if progress else words.withdrawn()
        case GoalState.RUNNING:
            return silent or (progress.sentence if progress else words.RUNNING)
