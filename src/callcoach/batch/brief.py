"""Write the morning brief as one HTML file and as Markdown. Knows how a report looks, nothing of how it was made.

Text from calls is hostile: HTML is escaped by Jinja, Markdown by `escape_markdown`, both for every value and by default.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from callcoach.coaching import finding_wording, gate_wording, goal_wording, notation, one_call, vocabulary, wording
from callcoach.coaching.report import actions, standing_lines
from callcoach.domain.coaching import Behaviour, HeardCall, MorningReport, RepProfile, RepReport
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative, default_rubrics
from callcoach.domain.verdict import Verdict

STRIP_CALLS = 16
"""As many marks as fit a phone's width; older calls are in the counts."""

_NO_MARK = (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)
_MARKDOWN = re.compile(r"([\\`*_\[\]|~#$^])")
_LINE_START = re.compile(r"^(\d*)([.)+=-])(?=\s|[-=]|$)")
_AUTOLINK = re.compile(r"(?<=[A-Za-z])(:)(?=//)|(?<=\bwww)(\.)|(?<=\S)(@)(?=\S)", re.IGNORECASE)


class Strip(NamedTuple):
    """One initiative in a rep's card: the latest calls in which it came up, how many more there are, and all counts in words."""

    name: str
    with_leaders: bool
    calls: tuple[HeardCall, ...]
    earlier: int
    counts: str
    aside: str = ""


def render_html(report: MorningReport, *, initiatives: Sequence[Initiative], company: Company) -> str:
    """The brief as one self-contained page: no script, nothing fetched, fit for a phone, a screen and A4."""
    page = html_pages()
    style = Markup(page.get_template("brief.css").render())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return page.get_template("brief.html.j2").render(style=style, style_digest=digest, **_context(report, initiatives, company))


def render_markdown(report: MorningReport, *, initiatives: Sequence[Initiative], company: Company) -> str:
    """The brief as Markdown with the same content in the same order."""
    text = _markdown().get_template("brief.md.j2").render(**_context(report, initiatives, company))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escape_markdown(value: object) -> str:
    """A value as one line that no Markdown renderer reads as markup, HTML or a link."""
    if value is None:
        return "n/a"
    text = notation.plain(str(value))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKDOWN.sub(r"\\\1", text)
    text = _AUTOLINK.sub(lambda match: "\\" + match.group(), text)
    return _LINE_START.sub(lambda match: f"{match[1]}\\{match[2]}", text)


def _html_value(value: object) -> object:
    """Before escaping: no value is blank where it is missing, and no control character reaches the page."""
    if value is None:
        return "n/a"
    return notation.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _context(report: MorningReport, initiatives: Sequence[Initiative], company: Company) -> dict[str, object]:
    names = {initiative.id: initiative.name for initiative in default_rubrics(initiatives)}
    return {
        "report": report,
        "company": company,
        "actions": actions(report, company, names),
        "gates": [(gate, names.get(gate.initiative_id, gate.initiative_id)) for gate in report.gates],
        "gate_words": gate_wording,
        "gate_aside": _gate_asides(report, company),
        "correction": lambda one: gate_wording.corrected(
            one,
            names.get(one.initiative_id, one.initiative_id),
            company.name_of(one.by),
            [f"{company.name_of(who)} {vocabulary.VERDICT_WORDS[verdict]}" for who, verdict in one.others.items()],
        ),
        "leaders_move": [finding for finding in report.initiatives if finding.for_leaders],
        "coaching_move": [finding for finding in report.initiatives if not finding.for_leaders],
        "standing_lines": lambda finding: standing_lines(finding, report, company),
        "name_of": company.name_of,
        "teams": _teams(report, company),
        "anchor": {rep.profile.rep_id: f"rep-{place}" for place, rep in enumerate(report.reps, 1)},
        "initiative_name": lambda initiative_id: names.get(initiative_id, initiative_id),
        "left_out": lambda profile: notation.listed([names.get(each, each) for each in profile.left_to_leaders]),
        "strips": lambda profile: _strips(profile, names, _gate_asides(report, company)),
        "numbers": _numbers,
        "words": wording,
        "finding_words": finding_wording,
        "goal_words": goal_wording,
        "one_call": one_call,
        "vocabulary": vocabulary,
        "clock": notation.clock,
        "day": notation.day,
        "period": notation.period,
        "count": notation.count,
        "percent": notation.percent,
        "Verdict": Verdict,
        "Component": Component,
    }


def _teams(report: MorningReport, company: Company) -> list[tuple[str, list[RepReport]]]:
    """The reps under the names of their teams, in the report's order."""
    found: dict[str, list[RepReport]] = {}
    for rep in report.reps:
        team = company.team(rep.profile.team)
        found.setdefault(team.name if team else rep.profile.team or "No team", []).append(rep)
    return list(found.items())


def _gate_asides(report: MorningReport, company: Company) -> dict[str, str]:
    """What stands beside an initiative's name wherever its gate changes what is shown, an override with who gave it."""
    asides = {
        gate.initiative_id: gate_wording.aside(gate, company.name_of(gate.override.by) if gate.override else None)
        for gate in report.gates
    }
    return {initiative_id: aside for initiative_id, aside in asides.items() if aside}


def _strips(profile: RepProfile, names: dict[str, str], asides: Mapping[str, str]) -> tuple[Strip, ...]:
    """The initiatives that came up, each with its calls; those that never came up have counts only."""
    found = []
    for initiative_id, counts in profile.verdicts.items():
        marked = tuple(call for call in profile.history if call.initiative_id == initiative_id and call.verdict not in _NO_MARK)
        found.append(
            Strip(
                name=names.get(initiative_id, initiative_id),
                with_leaders=initiative_id in profile.left_to_leaders,
                calls=marked[-STRIP_CALLS:],
                earlier=max(0, len(marked) - STRIP_CALLS),
                aside=asides.get(initiative_id, ""),
                counts=", ".join(f"{vocabulary.VERDICT_WORDS[verdict]} {n}" for verdict, n in counts.items()),
            )
        )
    return tuple(found)


def _numbers(profile: RepProfile) -> list[tuple[str, str, str]]:
    """Behaviours with at least one opportunity: what, of how many calls, and the likely range."""
    return [
        (vocabulary.BEHAVIOUR_DONE[behaviour], f"{share.count} of {share.n}", wording.short_range(share))
        for behaviour, share in profile.shares.items()
        if share.n and behaviour is not Behaviour.RAISE_IT
    ]


@cache
def html_pages() -> Environment:
    """The templates of pages: every value escaped, none silently blank."""
    return Environment(
        loader=PackageLoader("callcoach.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_html_value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _markdown() -> Environment:
    return Environment(
        loader=PackageLoader("callcoach.batch", "templates"),
        autoescape=False,
        undefined=StrictUndefined,
        finalize=escape_markdown,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
