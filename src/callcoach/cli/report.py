"""`callcoach report`: where a company, team, initiative or rep stands, in the terminal, as JSON or as one page. Thin."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from callcoach.cli import around_tables, two_way_tables
from callcoach.coaching.notation import clock, count, day, period, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from callcoach.coaching.standing import InitiativeStanding, RepStanding, Standing
    from callcoach.coaching.stories import Story
    from callcoach.domain.coaching import InitiativeFinding
    from callcoach.domain.diagnosis import Diagnosis
    from callcoach.domain.people import Company

report = typer.Typer(help="Where a company, team, initiative or rep stands, with intervals.", no_args_is_help=True)

out = Console()

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database. Default: callcoach-data.")]
RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
PeopleOption = Annotated[
    Path | None, typer.Option(help="The people file (people.yaml). Default: the one that the latest run read.")
]
TodayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to ask for. Default: today.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write one self-contained page, plots included, to this file.")]
RUBRICS = Path("rubrics")


@report.command()
def rep(
    rep: Annotated[str, typer.Argument(help="Id of the rep.")],
    rubrics: RubricsOption = RUBRICS,
    people: PeopleOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
    html: HtmlOption = None,
) -> None:
    """One rep: what is strong, what to coach next, where it is going."""
    _report("rep", rep, rubrics, people, home, today, as_json=as_json, html=html)


@report.command()
def team(
    team: Annotated[str, typer.Argument(help="Id of the team.")],
    rubrics: RubricsOption = RUBRICS,
    people: PeopleOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
    html: HtmlOption = None,
) -> None:
    """One team: its reps by name, never by a figure."""
    _report("team", team, rubrics, people, home, today, as_json=as_json, html=html)


@report.command()
def initiative(
    initiative: Annotated[str, typer.Argument(help="Id of the initiative.")],
    rubrics: RubricsOption = RUBRICS,
    people: PeopleOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
    html: HtmlOption = None,
) -> None:
    """One initiative: adoption, momentum, and step by step what holds it back."""
    _report("initiative", initiative, rubrics, people, home, today, as_json=as_json, html=html)


@report.command()
def company(
    rubrics: RubricsOption = RUBRICS,
    people: PeopleOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
    html: HtmlOption = None,
) -> None:
    """Every initiative and every rep."""
    _report("company", None, rubrics, people, home, today, as_json=as_json, html=html)


def _report(
    about: str,
    wanted: str | None,
    rubrics: Path,
    people: Path | None,
    home: Path | None,
    today: datetime | None,
    *,
    as_json: bool,
    html: Path | None,
) -> None:
    from callcoach.app.standing import About, standing_of, write_page
    from callcoach.cli.workspace import print_json, workspace

    on = today.date() if today else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is
    found, known = standing_of(workspace(home), About(about), wanted, rubrics=rubrics, people=people, today=on)
    if html is not None:
        write_page(found, known, About(about), wanted, html)
    if as_json:
        print_json(found)
    elif html is not None:
        out.print(f"Report: {html}", markup=False, highlight=False, soft_wrap=True)
    else:
        print_standing(out, found, known, of_one_rep=about == "rep")


def print_standing(console: Console, found: "Standing", company: "Company", *, of_one_rep: bool = False) -> None:
    """Initiatives first, each with its chain; then reps by name; then what the figures ask.

    of_one_rep: the rep comes first, and the chain of an initiative, which is not the rep's, is left to its own report.
    """
    from callcoach.coaching import worked_wording

    days = period(found.first_day, found.last_day)
    _say(
        console,
        f"{day(found.today, weekday=True, year=True)}. {count(found.n_calls, 'call')} judged{f', {days}' if days else ''}.",
    )
    for story in found.stories:
        _story(console, story, company)
    if of_one_rep:
        _reps(console, found)
    for initiative in found.initiatives:
        _initiative(console, initiative, company, of_one_rep=of_one_rep)
    if not of_one_rep:
        _reps(console, found)
    if found.worked is not None and found.worked.held:
        _head(console, worked_wording.TITLE)
        for sentence in worked_wording.all_of(found.worked, company.name_of):
            _say(console, sentence)
    if found.managers:
        _head(console, "How managers coach")
        _lines(console, two_way_tables.manager_lines(found))
    if found.answered:
        _head(console, "Answers to your reports")
        for case in found.answered:
            _lines(console, two_way_tables.case_lines(case, company))
    for alarm in found.alarms:
        _head(console, f"A question ({alarm.kind.value})")
        _say(console, f"{company.name_of(alarm.about)}: {alarm.sentence}")


def _story(console: Console, story: "Story", company: "Company") -> None:
    _head(console, story.title)
    for sentence in story.sentences:
        _say(console, sentence)
    for moment in story.moments:
        where = f"{moment.call_id}, {day(moment.started_at)}{f' at {clock(moment.start)}' if clock(moment.start) else ''}"
        if moment.customer_quote:
            _say(console, f"    Customer: “{moment.customer_quote}”")
        _say(console, f"    {company.name_of(moment.rep_id)}: “{moment.quote}” ({where})")


def _reps(console: Console, found: "Standing") -> None:
    for rep in found.reps:
        _rep(console, rep, {each.finding.initiative_id: each.name for each in found.initiatives})


def _initiative(console: Console, standing: "InitiativeStanding", company: "Company", *, of_one_rep: bool) -> None:
    from callcoach.coaching import gate_wording

    finding = standing.finding
    _head(console, standing.name)
    if not of_one_rep:
        _lines(console, _told_and_moving(finding))
    gate = standing.gate
    if gate is not None and gate.override is not None:
        _say(console, gate_wording.overridden(gate.override, company.name_of(gate.override.by), gate.state))
    elif gate is not None and gate.withheld:
        _say(console, gate_wording.withheld(gate))
    if finding.diagnosis is not None:
        if not of_one_rep:
            _chain(console, finding.diagnosis)
        _next(console, finding.diagnosis, company)
    _lines(console, around_tables.around_lines(standing, company))
    _lines(console, two_way_tables.initiative_lines(standing, company))


def _told_and_moving(finding: "InitiativeFinding") -> "Iterable[str]":
    from callcoach.coaching import diagnosis_wording as words

    if finding.adoption is not None:
        yield words.adoption(finding.adoption)
    if finding.momentum is not None:
        yield words.momentum(finding.momentum)
    if finding.after_kick_off is not None and (said := words.after_kick_off(finding.after_kick_off)):
        yield said


def _chain(console: Console, diagnosis: "Diagnosis") -> None:
    marks = {True: "ok", False: "!!", None: "?"}
    for step in diagnosis.steps:
        _say(console, f"{marks[step.sound]:>4}  {step.question.value}: {step.sentence}")
        for evidence in step.evidence:
            _say(console, f"      - {evidence}")


def _next(console: Console, diagnosis: "Diagnosis", company: "Company") -> None:
    from callcoach.coaching import diagnosis_wording as words

    owner = company.name_of(diagnosis.owner) if diagnosis.owner else "nobody is named as its owner"
    _say(console, f"What holds it back: {words.CAUSE_WORDS[diagnosis.cause]}.")
    _say(console, f"Next ({owner}): {diagnosis.next_action}")


def _rep(console: Console, rep: "RepStanding", names: "Mapping[str, str]") -> None:
    from callcoach.coaching import diagnosis_wording, goal_wording, wording
    from callcoach.coaching.vocabulary import BEHAVIOUR_DONE

    profile = rep.report.profile
    _head(console, rep.name)
    _say(console, wording.explained_share(profile.explained))
    if rep.too_few:
        _say(console, rep.too_few)
    for strength in profile.strengths:
        _say(console, f"  + {strength}")
    for standing in rep.report.goals:
        _say(console, f"  * {goal_wording.title(standing)} {goal_wording.stands(standing)}")
    for behaviour, share in profile.shares.items():
        if share.n:
            _say(console, f"    {BEHAVIOUR_DONE[behaviour]}: {share.count} of {share.n}, {wording.likely_range(share)}")
    for initiative_id, found in rep.momentum.items():
        _say(console, f"    {names.get(initiative_id, initiative_id)}: {diagnosis_wording.momentum(found)}")
    for recommendation in rep.report.recommendations:
        _say(console, f"  > {recommendation.headline}. {recommendation.because}")
    if rep.report.no_recommendation_because:
        _say(console, f"  {rep.report.no_recommendation_because}")


def _lines(console: Console, lines: "Iterable[str]") -> None:
    for line in lines:
        _say(console, line)


def _head(console: Console, title: str) -> None:
    console.print()
    console.print(Text(plain(title), style="bold"))


def _say(console: Console, sentence: str) -> None:
    indent = len(sentence) - len(sentence.lstrip())
    console.print(" " * indent + plain(sentence), markup=False, highlight=False, soft_wrap=True)
