"""Draw a standing's shares: small multiples of reps and components, adoption, trends; each drawing with the same as a table.

Reps come in the order given, never by a figure; a share from too few calls is words, never a mark. Knows no page.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from callcoach.batch import plots
from callcoach.coaching import finding_wording, gate_wording, notation, vocabulary, wording
from callcoach.coaching.momentum import rank_allowed
from callcoach.coaching.standing import TOLD, InitiativeStanding, RepStanding
from callcoach.domain.coaching import Behaviour, Estimate, HeardCall
from callcoach.domain.diagnosis import Diagnosis, Question, Step, Stretch
from callcoach.domain.story import Component
from callcoach.domain.verdict import Verdict

EVERYBODY = "All reps"
TOLD_WORDS: Mapping[str, str] = {
    **{component.value: vocabulary.COMPONENT_WORDS[component].capitalize() for component in Component},
    Verdict.EXPLAINS.value: "The whole why",
}
SHORT_WORDS: Mapping[str, str] = {
    Component.WALL.value: "Why it exists",
    Component.HAMMER.value: "What we do",
    Component.PART.value: "For them",
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


class TeamShares(NamedTuple):
    """A team by name, and its shares per component and for the whole why."""

    name: str
    told: Mapping[str, Estimate]


class Panels(NamedTuple):
    """The small multiples of one initiative; instead: why no rep is shown in them."""

    plots: tuple[Plot, ...]
    instead: str | None


def answer(diagnosis: Diagnosis, step: Step) -> str:
    """The answer to one question of the chain in a word or two: the first that breaks is where it breaks."""
    if step.sound is None:
        return "Not known."
    if step.sound:
        return "No." if step.question in (Question.SHARED, Question.REPS) else "Yes."
    first = next(each for each in diagnosis.steps if each.sound is False)
    return "Here it breaks." if step is first else "Here, too."


def panels(standing: InitiativeStanding, reps: Sequence[RepStanding], team: TeamShares | None = None) -> Panels:
    """One plot per component and for the whole why, the same reps in the same order in each. team: between all and reps."""
    initiative_id = standing.finding.initiative_id
    gate = standing.gate
    withheld = gate is not None and gate.withheld
    if not standing.told or all(share.n == 0 for share in standing.told.values()):
        return Panels((), None)
    found = []
    for what in _in_order(standing.told):
        rows = [_row(EVERYBODY, standing.told[what], "diamond")]
        if team is not None and what in team.told:
            rows.append(_row(team.name, team.told[what], "diamond"))
        rows += [_row(rep.name, rep.told[initiative_id][what]) for rep in reps if initiative_id in rep.told]
        words = TOLD_WORDS[what]
        svg = plots.intervals(rows, title=f"{standing.name}: {words}", key=f"p-{initiative_id}-{what}")
        found.append(Plot(words, svg, tuple(_table_row(row) for row in rows)))
    instead = gate_wording.withheld(gate) if gate is not None and withheld else None
    if instead is None and standing.finding.for_leaders:
        instead = finding_wording.WITH_THE_LEADERS
    return Panels(tuple(found), instead)


def _in_order(told: Mapping[str, Estimate]) -> list[str]:
    """The parts as the story goes, whatever order they were kept in."""
    return [what.value for what in TOLD if what.value in told]


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


def adoption(standing: InitiativeStanding) -> Plot | None:
    """How far it is told beside how often it is mentioned."""
    adoption = standing.finding.adoption
    if adoption is None or adoption.mentioned.n == 0:
        return None
    rows = (_row("Mentioned", adoption.mentioned, "square"), _row("Explained", adoption.explained, "diamond"))
    svg = plots.intervals(rows, title=f"{standing.name}: mentioned and explained", key=f"a-{standing.finding.initiative_id}")
    return Plot("Mentioned and explained", svg, tuple(_table_row(row) for row in rows))


def trend(standing: InitiativeStanding) -> Plot | None:
    """The share explained in stretches of equal length; one stretch is no trend."""
    return _over_time(standing, standing.stretches, f"t-{standing.finding.initiative_id}")


def _over_time(standing: InitiativeStanding, stretches: Sequence[Stretch], key: str) -> Plot | None:
    points = [
        plots.Point(first=stretch.first, last=stretch.last, estimate=stretch.explained, instead=_too_few(stretch.explained))
        for stretch in stretches
    ]
    if len(points) < 2:
        return None
    event = (standing.launched, "launch") if standing.launched else None
    svg = plots.over_time(points, title=f"{standing.name}: share explained over time", key=key, event=event)
    table = tuple(_table_row(point, f"{notation.day(point.first)} to {notation.day(point.last)}") for point in points)
    return Plot("Explained, in the time up to each day", svg, table)


def strips(rep: RepStanding, names: Mapping[str, str]) -> list[tuple[str, tuple[HeardCall, ...], int]]:
    """Each initiative that came up with its latest calls, the oldest first, and how many came before them."""
    found = []
    for initiative_id in names:
        if initiative_id not in rep.report.profile.verdicts:
            continue
        own = [
            call for call in rep.report.profile.history if call.initiative_id == initiative_id and call.verdict not in _NO_MARK
        ]
        if own:
            found.append((names[initiative_id], tuple(own[-CALLS_SHOWN:]), max(0, len(own) - CALLS_SHOWN)))
    return found


def numbers(rep: RepStanding) -> list[tuple[str, str, str]]:
    """Behaviours with an opportunity: what, of how many calls, and the likely range or why there is none."""
    return [
        (vocabulary.BEHAVIOUR_DONE[behaviour], f"{share.count} of {share.n}", _too_few(share) or wording.short_range(share))
        for behaviour in Behaviour
        if (share := rep.report.profile.shares.get(behaviour)) is not None and share.n
    ]


def of_one(standing: InitiativeStanding, rep: RepStanding) -> Plot | None:
    """One rep's parts of the why on an initiative, in one drawing; None where none may be shown."""
    told = rep.told.get(standing.finding.initiative_id)
    if not told or all(share.n == 0 for share in told.values()):
        return None
    order = _in_order(told)
    rows = [_row(SHORT_WORDS[what], told[what], "diamond" if what == Verdict.EXPLAINS.value else "dot") for what in order]
    svg = plots.intervals(rows, title=f"{standing.name}: part by part", key=f"r-{standing.finding.initiative_id}")
    return Plot("Part by part", svg, tuple(_table_row(row, TOLD_WORDS[what]) for row, what in zip(rows, order, strict=True)))


def of_one_over_time(standing: InitiativeStanding, rep: RepStanding) -> Plot | None:
    """One rep's share explained over time; one stretch is no trend."""
    return _over_time(standing, rep.stretches.get(standing.finding.initiative_id, ()), f"o-{standing.finding.initiative_id}")
