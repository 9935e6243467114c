"""Write where a company, team, initiative or rep stands as one HTML file with plots. Knows how it looks, not how it was found.

Reps come by team and name; a share from too few calls is words, never a mark.
"""

import base64
import hashlib
from collections.abc import Sequence

from markupsafe import Markup

from callcoach.batch import standing_plots
from callcoach.batch.brief import html_pages
from callcoach.coaching import (
    around_wording,
    diagnosis_wording,
    gate_wording,
    goal_wording,
    manager_wording,
    notation,
    pulse_wording,
    vocabulary,
    wording,
    worked_wording,
)
from callcoach.coaching.momentum import LEAST_CALLS
from callcoach.coaching.standing import RepStanding, Standing
from callcoach.domain.people import Company
from callcoach.domain.verdict import Verdict


def render(found: Standing, *, title: str, company: Company, of_one_rep: bool = False) -> str:
    """One self-contained page: no script, nothing fetched, fit for a phone, a screen, the dark and A4.

    of_one_rep: the rep comes first, and the chain of an initiative, which is not the rep's, is left to its own report.
    """
    page = html_pages()
    style = Markup(page.get_template("brief.css").render() + page.get_template("report.css").render())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    names = {each.finding.initiative_id: each.name for each in found.initiatives}
    return page.get_template("report.html.j2").render(
        style=style,
        style_digest=digest,
        title=title,
        found=found,
        alone=of_one_rep,
        company=company,
        teams=_teams(found.reps, company),
        panels={each.finding.initiative_id: standing_plots.panels(each, found.reps) for each in found.initiatives},
        adoption={each.finding.initiative_id: standing_plots.adoption(each) for each in found.initiatives},
        trend={each.finding.initiative_id: standing_plots.trend(each) for each in found.initiatives},
        strips=lambda rep: standing_plots.strips(rep, names),
        numbers=standing_plots.numbers,
        answer=standing_plots.answer,
        initiative_name=lambda initiative_id: names.get(initiative_id, initiative_id),
        name_of=company.name_of,
        words=wording,
        chain_words=diagnosis_wording,
        gate_words=gate_wording,
        around_words=around_wording,
        goal_words=goal_wording,
        worked_words=worked_wording,
        pulse_words=pulse_wording,
        manager_words=manager_wording,
        vocabulary=vocabulary,
        clock=notation.clock,
        day=notation.day,
        period=notation.period,
        count=notation.count,
        least_calls=LEAST_CALLS,
        Verdict=Verdict,
    )


def _teams(reps: Sequence[RepStanding], company: Company) -> list[tuple[str, list[RepStanding]]]:
    found: dict[str, list[RepStanding]] = {}
    for rep in reps:
        team_id = rep.report.profile.team
        team = company.team(team_id)
        found.setdefault(team.name if team else team_id or "No team", []).append(rep)
    return list(found.items())
