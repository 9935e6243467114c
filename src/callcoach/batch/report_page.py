"""Write where a company, team, initiative or rep stands as one HTML file with plots. Knows how it looks, not how it was found.

Reps come by team and name; a share from too few calls is words, never a mark.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from callcoach.batch import plots
from callcoach.batch.brief import html_pages
from callcoach.coaching import diagnosis_wording, finding_wording, gate_wording, notation, vocabulary, wording
from callcoach.coaching.momentum import LEAST_CALLS, rank_allowed
from callcoach.coaching.standing import InitiativeStanding, RepStanding, Standing
from callcoach.domain.coaching import Estimate, HeardCall
from callcoach.domain.diagnosis import Diagnosis, Question, Step
from callcoach.domain.people import Company
from callcoach.domain.story import Component
from callcoach.domain.verdict import Verdict

EVERYBODY = "All reps"
TOLD_WORDS: Mapping[str, str] = {
    **{component.value: vocabulary.COMPONENT_WORDS[component].capitalize() for component in Component},
    Verdict.EXPLAINS.value: "The whole why",
}
_NO_MARK = (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)
CALLS_SHOWN = 12
"""As many calls as fit the width of a phone, one mark each."""


class Plot(NamedTuple):
    """A drawing and the same as a table: heading, rows of name, seen and likely range."""

    title: str
    svg: Markup
    table: tuple[tuple[str, str, str], ...]


class Panels(NamedTuple):
    """The small multiples of one initiative; instead: why no rep is shown in them."""

    plots: tuple[Plot, ...]
    instead: str | None


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
        panels={each.finding.initiative_id: _panels(each, found.reps) for each in found.initiatives},
        adoption={each.finding.initiative_id: _adoption(each) for each in found.initiatives},
        trend={each.finding.initiative_id: _trend(each) for each in found.initiatives},
        strips=lambda rep: _strips(rep, names),
        numbers=_numbers,
        answer=_answer,
        initiative_name=lambda initiative_id: names.get(initiative_id, initiative_id),
        name_of=company.name_of,
        words=wording,
        chain_words=diagnosis_wording,
        gate_words=gate_wording,
        vocabulary=vocabulary,
        clock=notation.clock,
        day=notation.day,
        period=notation.period,
        count=notation.count,
        least_calls=LEAST_CALLS,
        Verdict=Verdict,
    )


def _answer(diagnosis: Diagnosis, step: Step) -> str:
    """The answer to one question of the chain in a word or two: the first that breaks is where it breaks."""
    if step.sound is None:
        return "Not known."
    if step.sound:
        return "No." if step.question in (Question.SHARED, Question.REPS) else "Yes."
    first = next(each for each in diagnosis.steps if each.sound is False)
    return "Here it breaks." if step is first else "Here, too."


def _panels(standing: InitiativeStanding, reps: Sequence[RepStanding]) -> Panels:
    """One plot per component and for the whole why, the same reps in the same order in each."""
    initiative_id = standing.finding.initiative_id
    gate = standing.gate
    withheld = gate is not None and gate.withheld
    if not standing.told or all(share.n == 0 for share in standing.told.values()):
        return Panels((), None)
    found = []
    for what in standing.told:
        rows = [_row(EVERYBODY, standing.told[what], "diamond")]
        rows += [_row(rep.name, rep.told[initiative_id][what]) for rep in reps if initiative_id in rep.told]
        words = TOLD_WORDS[what]
        svg = plots.intervals(rows, title=f"{standing.name}: {words}", key=f"p-{initiative_id}-{what}")
        found.append(Plot(words, svg, tuple(_table_row(row) for row in rows)))
    instead = gate_wording.withheld(gate) if gate is not None and withheld else None
    if instead is None and standing.finding.for_leaders:
        instead = finding_wording.WITH_THE_LEADERS
    return Panels(tuple(found), instead)


def _row(name: str, share: Estimate, shape: str = "dot") -> plots.Row:
    return plots.Row(name=name, estimate=share, instead=_too_few(share), shape=shape)


def _too_few(share: Estimate) -> str | None:
    too_few = rank_allowed(share.n)
    return too_few.rstrip(".") if too_few else None


def _table_row(row: plots.Row | plots.Point, name: str | None = None) -> tuple[str, str, str]:
    share = row.estimate
    seen = f"{share.count} of {share.n}" if share.n else "n/a"
    likely = row.instead or wording.short_range(share)
    return (name or (row.name if isinstance(row, plots.Row) else ""), seen, likely)


def _adoption(standing: InitiativeStanding) -> Plot | None:
    """How far it is told beside how often it is mentioned."""
    adoption = standing.finding.adoption
    if adoption is None or adoption.mentioned.n == 0:
        return None
    rows = (_row("Mentioned", adoption.mentioned, "square"), _row("Explained", adoption.explained, "diamond"))
    svg = plots.intervals(rows, title=f"{standing.name}: mentioned and explained", key=f"a-{standing.finding.initiative_id}")
    return Plot("Mentioned and explained", svg, tuple(_table_row(row) for row in rows))


def _trend(standing: InitiativeStanding) -> Plot | None:
    """The share explained in stretches of equal length; one stretch is no trend."""
    points = [
        plots.Point(first=stretch.first, last=stretch.last, estimate=stretch.explained, instead=_too_few(stretch.explained))
        for stretch in standing.stretches
    ]
    if len(points) < 2:
        return None
    event = (standing.launched, "launch") if standing.launched else None
    svg = plots.over_time(
        points, title=f"{standing.name}: share explained over time", key=f"t-{standing.finding.initiative_id}", event=event
    )
    table = tuple(_table_row(point, f"{notation.day(point.first)} to {notation.day(point.last)}") for point in points)
    return Plot("Explained, in the time up to each day", svg, table)


def _strips(rep: RepStanding, names: Mapping[str, str]) -> list[tuple[str, tuple[HeardCall, ...], int]]:
    """Each initiative that came up with its latest calls, the oldest first, and how many came before them."""
    found = []
    for initiative_id in rep.report.profile.verdicts:
        if initiative_id not in names:
            continue
        own = [
            call for call in rep.report.profile.history if call.initiative_id == initiative_id and call.verdict not in _NO_MARK
        ]
        if own:
            found.append((names[initiative_id], tuple(own[-CALLS_SHOWN:]), max(0, len(own) - CALLS_SHOWN)))
    return found


def _numbers(rep: RepStanding) -> list[tuple[str, str, str]]:
    """Behaviours with an opportunity: what, of how many calls, and the likely range or why there is none."""
    return [
        (vocabulary.BEHAVIOUR_DONE[behaviour], f"{share.count} of {share.n}", _too_few(share) or wording.short_range(share))
        for behaviour, share in rep.report.profile.shares.items()
        if share.n
    ]


def _teams(reps: Sequence[RepStanding], company: Company) -> list[tuple[str, list[RepStanding]]]:
    found: dict[str, list[RepStanding]] = {}
    for rep in reps:
        team_id = rep.report.profile.team
        team = company.team(team_id)
        found.setdefault(team.name if team else team_id or "No team", []).append(rep)
    return list(found.items())
