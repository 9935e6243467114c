"""Print reports, scores and weights to a terminal, or as plain lines into a pipe. Knows nothing of how they came about.

Text from calls goes through `plain` and into rich as Text, never as markup: a quote cannot colour, move or clear a terminal.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.text import Text

from callcoach.coaching import gate_wording, goal_wording, notation, one_call, vocabulary, wording
from callcoach.coaching.notation import count, day, plain
from callcoach.coaching.report import actions, standing_lines
from callcoach.domain.calibration import Gate
from callcoach.domain.coaching import (
    FlaggedCall,
    InitiativeFinding,
    Moment,
    MorningReport,
    Recommendation,
    RepReport,
    SaidAgain,
)
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative, default_rubrics
from callcoach.domain.verdict import CallScore, Verdict

if TYPE_CHECKING:
    from callcoach.weights.verify import FileCheck

WIDTH = 80
LEAST_TEXT = 20

_STYLES = {
    Verdict.EXPLAINS: "green",
    Verdict.PARTIAL: "green",
    Verdict.RECITES: "yellow",
    Verdict.FACTS_ONLY: "yellow",
    Verdict.STUMBLES: "red",
}


class Line(NamedTuple):
    """A paragraph with an optional mark before it; its further lines stay to the right of the mark."""

    text: Text
    mark: str = ""
    indent: int = 0


def clock(seconds: float | None) -> str:
    """Seconds as m:ss for a column of times; a dash where the time is not known."""
    return notation.clock(seconds) or "-"


def print_report(console: Console, report: MorningReport, company: Company, initiatives: Sequence[Initiative]) -> None:
    """The morning report: what to do, then each rep with what to coach, then initiatives, calls to hear and problems."""
    names = {initiative.id: initiative.name for initiative in default_rubrics(initiatives)}
    _print(console, *_head(report, company))
    _section(console, "What to do today", _today(report, company, names))
    if report.gates:
        lines = [line for gate in report.gates for line in _gate(gate, company, names)]
        _section(console, "Defined, calibrated, then coach", lines)
    for finding in report.initiatives:
        if finding.for_leaders:
            name = names.get(finding.initiative_id, finding.initiative_id)
            _section(console, f"{name}: for the leaders", _leaders(finding, report, company))
    for rep in report.reps:
        team = company.team(rep.profile.team)
        title = company.name_of(rep.profile.rep_id) + (f" ({team.name})" if team else "")
        _section(console, title, _rep(rep, company, names, _asides(report, company)))
    if report.initiatives:
        _section(
            console,
            "Initiatives",
            [line for finding in report.initiatives for line in _initiative(finding, names, report, company)],
        )
    if report.unheard:
        _section(console, "Recognition or adoption?", [_line(unheard.sentence, "- ") for unheard in report.unheard])
    if report.flagged:
        _section(console, "Calls to hear", [_flagged(flagged, company) for flagged in report.flagged])
    if report.corrections:
        _section(console, "Corrected by people", _corrections(report, company, names))
    if report.problems or report.not_assessed:
        _section(console, "What could not be used", _problems(report))


def print_score(console: Console, score: CallScore) -> None:
    """One call judged for one initiative: verdict, levels and the quotes they rest on."""
    sure = f"  {notation.percent(score.confidence)} sure" if score.confidence is not None else ""
    verdict = (vocabulary.VERDICT_WORDS[score.verdict], _STYLES.get(score.verdict, ""))
    _print(console, Line(Text.assemble(verdict, f"  {plain(score.initiative_id)}{sure}")))
    if score.reason:
        _print(console, _line(score.reason))
        return
    if score.needs_person:
        _print(console, Line(Text.assemble(("Needs a person: ", "bold"), plain(score.needs_person))))
    levels = [f"{component.value} {_level(score, component)}" for component in Component]
    asked = f"asked why: answer {score.answer.value}" if score.asked_why else "nobody asked why"
    _print(console, _line(", ".join([*levels, asked])), *(_line(statement, "- ") for statement in score.statements))
    _print(console, *(_line(f"“{plain(quote.quote)}”", f"{clock(quote.start):>6} {quote.act:<8} ") for quote in score.evidence))
    if score.reaction:
        _print(console, _line(one_call.reaction(score.reaction)))


def _level(score: CallScore, component: Component) -> str:
    level = score.levels.get(component)
    return "not judged" if level is None else vocabulary.LEVEL_WORDS[level]


def print_weights(console: Console, checks: Sequence["FileCheck"]) -> None:
    """One line per weight file, with the command that repairs it where it is not as pinned."""
    for check in checks:
        _print(console, _line(f"{check.model}: {check.path}", f"{check.status.value:<8} "))
        if check.repair:
            _print(console, _line(f"Repair: {check.repair}", indent=9))


def _head(report: MorningReport, company: Company) -> list[Line]:
    period = notation.period(report.first_day, report.last_day)
    facts = [f"{count(report.n_calls, 'call')} judged{f', {period}' if period else ''}.", f"{report.n_new_calls} new today."]
    if report.not_assessed:
        facts.append(wording.unjudged(len(report.not_assessed)))
    if report.n_without_rep:
        facts.append(wording.without_rep(report.n_without_rep))
    title = f"Morning brief, {day(report.today, weekday=True, year=True)}"
    return [_line(f"{title}: {company.name}" if company.name else title, style="bold"), _line(" ".join(facts))]


def _gate(gate: Gate, company: Company, names: dict[str, str]) -> list[Line]:
    name = plain(names.get(gate.initiative_id, gate.initiative_id))
    by = company.name_of(gate.override.by) if gate.override else None
    said = gate_wording.state(gate, by)
    owner = f" {plain(company.name_of(gate.owner))} owns it." if gate.problems and gate.owner else ""
    return [
        Line(Text.assemble((f"{name}: ", "bold"), f"{gate.state}.{owner}")),
        *(_line(sentence, indent=2) for sentence in said),
    ]


def _corrections(report: MorningReport, company: Company, names: dict[str, str]) -> list[Line]:
    return [
        _line(
            gate_wording.corrected(
                one,
                names.get(one.initiative_id, one.initiative_id),
                company.name_of(one.by),
                [f"{company.name_of(who)} {vocabulary.VERDICT_WORDS[verdict]}" for who, verdict in one.others.items()],
            ),
            f"- {plain(one.call_id)}, ",
        )
        for one in report.corrections
    ]


def _today(report: MorningReport, company: Company, names: dict[str, str]) -> list[Line]:
    lines = []
    for place, action in enumerate(actions(report, company, names), 1):
        owner = company.name_of(action.owner) if action.owner else None
        who = plain(" with ".join(each for each in (owner, action.subject) if each))
        due = f" By {day(action.due, weekday=True)}." if action.due else ""
        text = Text.assemble((f"{who}: " if who else "", "bold"), plain(action.sentence) + due)
        lines.append(Line(text, f"{place:>2}. "))
    return lines or [_line("Nothing." if report.n_calls else "Nothing: no call could be judged yet.")]


def _leaders(finding: InitiativeFinding, report: MorningReport, company: Company) -> list[Line]:
    said = (finding.leaders_say, *finding.reasons)
    return [
        _line(finding.headline),
        *(_line(sentence) for sentence in standing_lines(finding, report, company)),
        *(line for moment in finding.moments for line in _quotes(moment, company)),
        *(_line(sentence, "- ") for sentence in said if sentence),
        _labelled("Next step", finding.next_step),
    ]


def _asides(report: MorningReport, company: Company) -> dict[str, str]:
    """What stands beside an initiative's name wherever its gate changes what is shown."""
    return {
        gate.initiative_id: gate_wording.aside(gate, company.name_of(gate.override.by) if gate.override else None)
        for gate in report.gates
    }


def _rep(rep: RepReport, company: Company, names: dict[str, str], asides: dict[str, str]) -> list[Line]:
    profile = rep.profile
    lines = []
    for initiative_id, counts in profile.verdicts.items():
        parts = [(f"{vocabulary.VERDICT_WORDS[verdict]} {n}", _STYLES.get(verdict, "")) for verdict, n in counts.items()]
        text = Text(", ").join(Text(words, style) for words, style in parts)
        text.append("  (with the leaders)" if initiative_id in profile.left_to_leaders else "")
        text.append(f"  ({plain(asides[initiative_id])})" if asides.get(initiative_id) else "")
        lines.append(Line(text, f"{plain(names.get(initiative_id, initiative_id))}: "))
    lines.append(_line(wording.explained_share(profile.explained)))
    if profile.n_not_assessed:
        lines.append(_line(wording.unjudged(profile.n_not_assessed)))
    lines += [_line(strength, "+ ") for strength in profile.strengths]
    lines += [_line(f"{goal_wording.title(each)} {goal_wording.stands(each)}", "* ") for each in rep.goals]
    for place, recommendation in enumerate(rep.recommendations, 1):
        lines += [_line(""), *_recommendation(place, recommendation, company, asides)]
    if rep.no_recommendation_because:
        lines.append(_line(rep.no_recommendation_because))
    for again in rep.said_again:
        lines += [_line(""), *_said_again(again, names.get(again.initiative_id, again.initiative_id))]
    return lines


def _said_again(again: SaidAgain, name: str) -> list[Line]:
    places = [
        f"{moment.call_id}{f' {clock(moment.start)}' if moment.start is not None else ''}"
        for moment in again.said[-one_call.MOMENTS_SHOWN :]
    ]
    where = f"({', '.join(places)}{one_call.and_earlier(again)})"
    return [_line(one_call.said_again(again, name)), _line(f"“{one_call.passage(again)}”"), _line(where, style="dim")]


def _recommendation(place: int, recommendation: Recommendation, company: Company, asides: dict[str, str]) -> list[Line]:
    owner = company.name_of(recommendation.owner) if recommendation.owner else "No manager in the people file"
    lines = [_line(recommendation.because), _labelled("Why it matters", recommendation.intent)]
    lines += [line for moment in recommendation.moments for line in _quotes(moment, company)]
    if recommendation.example:
        name = company.name_of(recommendation.example_rep_id)
        note = wording.example_from(name, own=recommendation.example_rep_id == recommendation.rep_id)
        lines += [_labelled("How it can sound", note), *_quotes(recommendation.example, company)]
    lines += [_labelled("To practise", recommendation.practice), _line(f"{owner}, by {day(recommendation.due, weekday=True)}.")]
    return [
        _line(recommendation.headline, f"{place}. ", style="bold"),
        *([_line(f"({aside})", indent=3)] if (aside := asides.get(recommendation.initiative_id)) else []),
        *(line._replace(indent=line.indent + 3) for line in lines),
    ]


def _initiative(finding: InitiativeFinding, names: dict[str, str], report: MorningReport, company: Company) -> list[Line]:
    explained = f"{finding.reps_explaining} of {count(finding.reps, 'rep')} explained it" if finding.reps else "explained n/a"
    raised = f"came up in {finding.n_raised} of {count(finding.n_calls, 'call')}" if finding.n_calls else "no call yet"
    name = plain(names.get(finding.initiative_id, finding.initiative_id))
    lines = [Line(Text.assemble((f"{name}: ", "bold"), f"{explained}, {raised}."))]
    if not finding.for_leaders:
        said = (" ".join((finding.headline, *standing_lines(finding, report, company))), finding.leaders_say)
        lines += [_line(sentence, indent=2) for sentence in said if sentence]
    return lines


def _flagged(flagged: FlaggedCall, company: Company) -> Line:
    where = [flagged.call_id, *([company.name_of(flagged.rep_id)] if flagged.rep_id else [])]
    moment = flagged.moment
    if moment and moment.start is not None:
        where.append(f"from {clock(moment.start if moment.customer_start is None else moment.customer_start)}")
    return _line(f"{', '.join(where)}: {flagged.reason}", "- ")


def _problems(report: MorningReport) -> list[Line]:
    return [
        *(_line(f"{problem.call_id}: {problem.sentence}", "- ") for problem in report.problems),
        *(_line(f"{each.call_id}, not assessed: {each.sentence}", "- ") for each in report.not_assessed),
    ]


def _quotes(moment: Moment, company: Company) -> list[Line]:
    """The customer's line, the rep's line, and where they stand."""
    lines = []
    if moment.customer_quote:
        lines.append(_line(f"Customer: “{plain(moment.customer_quote)}”", f"{clock(moment.customer_start):>6}  "))
    lines.append(_line(f"{company.name_of(moment.rep_id)}: “{plain(moment.quote)}”", f"{clock(moment.start):>6}  "))
    where = [moment.call_id, day(moment.started_at), *([moment.customer_name] if moment.customer_name else [])]
    return [*lines, _line(f"({', '.join(where)})", " " * 8, style="dim")]


def _labelled(label: str, sentence: str) -> Line:
    return Line(Text.assemble((f"{label}: ", "italic"), plain(sentence)))


def _line(sentence: str, mark: str = "", *, indent: int = 0, style: str = "") -> Line:
    return Line(Text(plain(sentence), style=style), mark, indent)


def _section(console: Console, title: str, lines: Sequence[Line]) -> None:
    name = plain(title)
    rule = "-" * max(0, _width(console) - len(name) - 1)
    _print(console, Line(Text()), Line(Text.assemble((name, "bold"), f" {rule}")), *lines)


def _print(console: Console, *lines: Line) -> None:
    """Wrapped here and not by a table, so that a pipe gets no padding and a terminal no frames."""
    for line in lines:
        first = " " * line.indent + line.mark
        wrapped = list(line.text.wrap(console, max(LEAST_TEXT, _width(console) - len(first))))
        for place, part in enumerate(wrapped or [Text()]):
            part.rstrip()
            start = first if place == 0 else " " * len(first)
            console.print(Text.assemble(start, part) if part else Text(first.rstrip()), soft_wrap=True, highlight=False)


def _width(console: Console) -> int:
    return min(console.width, WIDTH)
