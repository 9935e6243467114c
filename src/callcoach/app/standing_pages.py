"""What the rep, team and initiative pages show, each as one value: what the latest whole run kept, and what people wrote since.

A page says nothing of a rep whom its reader may not see, and nothing of single calls that they are to label blind: both are left
out, not blacked out. Adds up no call.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from callcoach.app.blindness import to_label_blind, without_blind
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.field_reports import field_cases
from callcoach.app.kept_reports import KeptStanding, kept_standing
from callcoach.app.manager_conduct import may_see_managers
from callcoach.app.pulse import pulse_of
from callcoach.app.recordings import recording_of
from callcoach.app.standing import About
from callcoach.app.workspace import Workspace
from callcoach.coaching import readiness_line
from callcoach.coaching.goal_standing import standing as goal_standing
from callcoach.coaching.readiness_line import Event
from callcoach.coaching.standing import InitiativeStanding, RepStanding, narrow, of_several
from callcoach.domain.around import Around, DealSignal
from callcoach.domain.coaching import Estimate, Moment
from callcoach.domain.field_reports import FieldCase
from callcoach.domain.goals import GoalChange, GoalStanding, GoalState
from callcoach.domain.people import Coached, Company, Person, PersonRole, Team, Viewer, VisibleReps
from callcoach.domain.pulse import Pulse
from callcoach.domain.story import Initiative
from callcoach.storage.goals import Goals
from callcoach.storage.kept_reports import Advised, KeptReports


class Reach(NamedTuple):
    """Of the calls that a page quotes, those that its reader may open, and of these the ones whose recording is there."""

    open: frozenset[str]
    playable: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepPage:
    """A rep's page. kept and rep: None before a whole run heard a call of theirs. own: the rep looks at themselves.

    goals: as they read now, open ones first, with the figures of the run where their text is the same; history: what was done
    with them. advice: what runs recommended; coached: the people file's log.
    """

    person: Person
    team: Team | None
    own: bool
    company: Company
    initiatives: Mapping[str, Initiative]
    kept: KeptStanding | None
    rep: RepStanding | None
    goals: tuple[GoalStanding, ...]
    history: tuple[GoalChange, ...]
    advice: tuple[Advised, ...]
    coached: tuple[Coached, ...]
    reported: tuple[FieldCase, ...]
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """A team's page. kept: narrowed to the reps who may be seen; `hidden`: whether reps are left out of it.

    by_team: the team's own shares by initiative; without those from which a reader could tell a rep's whom they may not see.
    """

    team: Team
    manager: str | None
    company: Company
    kept: KeptStanding | None
    hidden: bool
    by_team: Mapping[str, Mapping[str, Estimate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativePage:
    """An initiative's page. standing: None before a whole run judged a call for it.

    events: what the field was told and given, and when; pulse: as people answered up to now; with_field: whether the reader is
    shown what comes back from the field and the card; around, deals: how leaders tell it, what competes, what was sold, of the
    whole company whoever reads.
    """

    initiative: Initiative
    owner: str | None
    company: Company
    kept: KeptStanding | None
    standing: InitiativeStanding | None
    events: tuple[Event, ...]
    pulse: Pulse | None
    with_field: bool
    with_managers: bool
    hidden: bool
    reach: Reach
    around: Around | None = None
    deals: tuple[DealSignal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeList:
    """All initiatives of the latest run, each with where it stood, and the teams that may be looked at."""

    initiatives: tuple[tuple[Initiative, InitiativeStanding | None], ...]
    teams: tuple[Team, ...]
    company: Company
    kept: KeptStanding | None


def rep_page(workspace: Workspace, visible: VisibleReps, viewer: Viewer, rep_id: str, *, today: date) -> RepPage | None:
    """The page of a rep; None where there is no such rep, or they are not the reader's to see: the two are never told apart."""
    company = current_company(workspace)
    if rep_id not in visible:
        return None
    kept = _unseen(kept_standing(workspace, About.REP, rep_id), workspace, viewer)
    known = company.person(rep_id)
    if kept is None and (known is None or known.role is not PersonRole.REP):
        return None
    rep = kept.standing.reps[0] if kept and kept.standing.reps else None
    team_id = rep.report.profile.team if rep else known.team if known else None
    person = known or Person(id=rep_id, name=rep_id, role=PersonRole.REP, team=team_id)
    histories = Goals(workspace.store).all(rep_id=rep_id)
    advice = KeptReports(workspace.store).advice(rep_id)
    return RepPage(
        person=person,
        team=company.team(team_id) or (Team(id=team_id, name=team_id) if team_id else None),
        own=viewer.person_id == rep_id,
        company=company,
        initiatives={initiative.id: initiative for initiative in current_initiatives(workspace)},
        kept=kept,
        rep=rep,
        goals=_goals_now(histories, rep, company, today),
        history=tuple(sorted((each for changes in histories for each in changes), key=lambda each: each.at, reverse=True)),
        advice=advice,
        coached=tuple(
            sorted((each for each in company.coached if each.rep_id == rep_id), key=lambda each: each.on, reverse=True)
        ),
        reported=field_cases(workspace, by=rep_id),
        reach=_reach(workspace, visible, _moments_of(kept, rep)),
    )


def team_page(workspace: Workspace, visible: VisibleReps, viewer: Viewer, team_id: str) -> TeamPage | None:
    """The page of a team; None where there is none, or it holds nobody a manager may see."""
    company = current_company(workspace)
    kept = _unseen(kept_standing(workspace, About.TEAM, team_id), workspace, viewer)
    team = company.team(team_id) or (Team(id=team_id, name=team_id) if kept else None)
    if team is None or not _may_see_team(team, visible, viewer, company):
        return None
    shown, hidden = _narrowed(kept, visible, company)
    return TeamPage(
        team=team,
        manager=company.name_of(team.manager) if team.manager else None,
        company=company,
        kept=shown,
        hidden=hidden,
        by_team=_shares_of_team(workspace, team.id, kept, shown, hidden=hidden),
    )


def initiative_page(
    workspace: Workspace, visible: VisibleReps, viewer: Viewer, initiative_id: str, *, today: date
) -> InitiativePage | None:
    """The page of an initiative; None where the latest run read none of this id."""
    initiative = next((each for each in current_initiatives(workspace) if each.id == initiative_id), None)
    if initiative is None:
        return None
    company = current_company(workspace)
    kept = _unseen(kept_standing(workspace, About.INITIATIVE, initiative_id), workspace, viewer)
    managers = kept.standing.managers if kept else ()
    whole = next(iter(kept.standing.initiatives), None) if kept else None
    shown, hidden = _narrowed(kept, visible, company)
    with_managers = may_see_managers(viewer.role)
    if shown is not None and with_managers:
        shown = replace(shown, standing=replace(shown.standing, managers=managers))
    standing = shown.standing.initiatives[0] if shown and shown.standing.initiatives else None
    with_field = viewer.role in (PersonRole.ENABLEMENT, PersonRole.ADMIN, PersonRole.EXECUTIVE)
    return InitiativePage(
        initiative=initiative,
        owner=company.name_of(initiative.owner) if initiative.owner else None,
        company=company,
        kept=shown,
        standing=standing,
        events=readiness_line.events(initiative, standing.finding.leaders if standing else (), company),
        pulse=pulse_of(workspace, initiative_id, today=today),
        with_field=with_field,
        with_managers=with_managers,
        hidden=hidden,
        reach=_reach(workspace, visible, _moments_of_initiative(shown, standing)),
        around=whole.around if whole else None,
        deals=whole.deals if whole else (),
    )


def initiative_list(workspace: Workspace, visible: VisibleReps, viewer: Viewer) -> InitiativeList:
    """Every initiative of the latest run by priority, and the teams that the reader may look at, by name."""
    company = current_company(workspace)
    kept, _ = _narrowed(kept_standing(workspace, About.COMPANY), visible, company)
    standings = {each.finding.initiative_id: each for each in kept.standing.initiatives} if kept else {}
    initiatives = sorted(current_initiatives(workspace), key=lambda each: (each.priority or 99, each.name))
    teams = [team for team in company.teams if _may_see_team(team, visible, viewer, company)]
    return InitiativeList(
        initiatives=tuple((each, standings.get(each.id)) for each in initiatives),
        teams=tuple(sorted(teams, key=lambda team: team.name)),
        company=company,
        kept=kept,
    )


def _may_see_team(team: Team, visible: VisibleReps, viewer: Viewer, company: Company) -> bool:
    """Executives see every team, without its single reps; managers those with reps of theirs."""
    if visible.everybody or viewer.role is PersonRole.EXECUTIVE:
        return True
    return (
        viewer.team == team.id
        or team.manager == viewer.person_id
        or any(person.team == team.id and person.id in visible for person in company.people if person.role is PersonRole.REP)
    )


def _unseen(kept: KeptStanding | None, workspace: Workspace, viewer: Viewer) -> KeptStanding | None:
    if kept is None:
        return None
    return replace(kept, standing=without_blind(kept.standing, to_label_blind(workspace, viewer.person_id)))


def _narrowed(kept: KeptStanding | None, visible: VisibleReps, company: Company) -> tuple[KeptStanding | None, bool]:
    """The standing of those reps alone who may be seen, and whether any are left out."""
    if kept is None or visible.everybody:
        return kept, False
    known = [each.report.profile.rep_id for each in kept.standing.reps]
    seen = {rep_id for rep_id in known if rep_id in visible}
    if len(seen) == len(known) and known:
        return kept, False
    about = {each.finding.initiative_id for each in kept.standing.initiatives}
    found = narrow(kept.standing, company, reps=seen, about=about)
    return replace(kept, standing=found), len(seen) < len(known)


def _shares_of_team(
    workspace: Workspace, team_id: str, kept: KeptStanding | None, shown: KeptStanding | None, *, hidden: bool
) -> Mapping[str, Mapping[str, Estimate]]:
    if kept is None or shown is None or (hidden and shown.standing.reps):
        return {}
    own = {each.finding.initiative_id: each.by_team for each in kept.standing.initiatives if team_id in each.by_team}
    if hidden and own:
        whole = kept_standing(workspace, About.COMPANY)
        standings = whole.standing.initiatives if whole else ()
        of_all = {each.finding.initiative_id: of_several(each, whole.standing.reps) for each in standings if whole}
        own = {initiative_id: of_all.get(initiative_id, {}) for initiative_id in own}
    return {initiative_id: by_team[team_id] for initiative_id, by_team in own.items() if team_id in by_team}


def _goals_now(
    histories: Sequence[Sequence[GoalChange]], rep: RepStanding | None, company: Company, today: date
) -> tuple[GoalStanding, ...]:
    """Each goal as it reads now; its figures are the run's, where it still reads as it did then."""
    of_run = {each.goal.goal_id: each for each in (rep.report.goals if rep else ())}
    found = []
    for changes in histories:
        now = goal_standing(changes, None, company, today=today, unsaid={})
        then = of_run.get(now.goal.goal_id)
        if then is not None and now.state is not GoalState.CLOSED and (then.goal, then.state) == (now.goal, now.state):
            now = replace(then, revision=now.revision, coached_on=now.coached_on)
        found.append(now)
    return tuple(
        sorted(found, key=lambda each: (each.state is GoalState.CLOSED, -each.goal.set_on.toordinal(), each.goal.goal_id))
    )


def _moments_of(kept: KeptStanding | None, rep: RepStanding | None) -> list[Moment]:
    if kept is None or rep is None:
        return []
    found = [
        moment for each in rep.report.recommendations for moment in (*each.moments, *((each.example,) if each.example else ()))
    ]
    found += [moment for story in kept.standing.stories for moment in story.moments]
    return found + [moment for each in rep.report.said_again for moment in each.said]


def _moments_of_initiative(kept: KeptStanding | None, standing: InitiativeStanding | None) -> list[Moment]:
    if kept is None or standing is None:
        return []
    finding = standing.finding
    found = [*finding.moments, *((finding.example,) if finding.example else ())]
    found += [moment for story in kept.standing.stories for moment in story.moments]
    found += [each.moment for each in finding.leaders if each.moment]
    if standing.around is not None and standing.around.consistency is not None:
        found += [quote for said in standing.around.consistency.leaders for quote in said.quotes]
    return found


def _reach(workspace: Workspace, visible: VisibleReps, moments: Collection[Moment]) -> Reach:
    calls = (workspace.store.call(call_id) for call_id in {moment.call_id for moment in moments})
    seen = [call for call in calls if call is not None and call.rep_id in visible]
    here = (call.call_id for call in seen if recording_of(workspace, call).here)
    return Reach(frozenset(call.call_id for call in seen), frozenset(here))
