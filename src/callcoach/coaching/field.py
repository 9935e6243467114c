"""What comes back from the field on one initiative: reports and answers, customers' signals, and what new versions made of them.

A report and a version belong together because an owner said so, or because the version rewrote the very part while the report
was open; nothing else is taken for an effect. Knows nothing of where any of it is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from callcoach.coaching import signal_wording as words
from callcoach.coaching.customer_signals import ComponentSignals, customer_signals
from callcoach.coaching.heard import Heard
from callcoach.domain.field_reports import FieldCase
from callcoach.domain.story import Component, Initiative, Published
from callcoach.domain.verdict import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version that followed another: the parts that read anew, the reports it answers, and those it may settle.

    reports: answered with this version. unanswered: open reports on a part that it rewrote. first_signal: the day of the
    earliest of both, by the call where one is named; first_use: the first call since in which a rewritten part was explained.
    """

    version: str
    on: date
    changed: tuple[Component, ...]
    reports: tuple[str, ...]
    unanswered: tuple[str, ...]
    first_signal: date | None
    first_use: date | None
    first_use_call: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStanding:
    """All of it for one initiative. since: the day from which customers' signals are collected, None for all calls."""

    cases: tuple[FieldCase, ...]
    signals: tuple[ComponentSignals, ...]
    versions: tuple[NewVersion, ...]
    since: date | None


def field_standing(
    initiative: Initiative, hearings: Sequence[Heard], cases: Sequence[FieldCase], versions: Mapping[str, Initiative]
) -> FieldStanding:
    """hearings: the initiative's customer calls; versions: its published texts, by version."""
    since = initiative.published[-1].on if len(initiative.published) > 1 else None
    return FieldStanding(
        cases=in_order(cases),
        signals=customer_signals(hearings, since=since),
        versions=_new_versions(initiative, hearings, cases, {**versions, initiative.version: initiative}),
        since=since,
    )


def of_these_reps(found: FieldStanding, reps: Collection[str]) -> FieldStanding:
    """Without what others reported, and without quotes: customers' lines stand next to a rep's. Counts and versions stay."""
    return replace(
        found,
        cases=tuple(case for case in found.cases if case.report.by in reps),
        signals=tuple(replace(signals, quotes=()) for signals in found.signals),
        versions=tuple(replace(version, first_use_call=None) for version in found.versions),
    )


def in_order(cases: Sequence[FieldCase]) -> tuple[FieldCase, ...]:
    """Open ones first, the latest first."""
    latest = sorted(cases, key=lambda case: (case.report.at, case.report.report_id), reverse=True)
    return tuple(sorted(latest, key=lambda case: not case.is_open))


def _new_versions(
    initiative: Initiative, hearings: Sequence[Heard], cases: Sequence[FieldCase], texts: Mapping[str, Initiative]
) -> tuple[NewVersion, ...]:
    published = initiative.published
    found = []
    for place in range(1, len(published)):
        now, before = published[place], published[place - 1]
        following = published[place + 1] if place + 1 < len(published) else None
        changed = _changed(texts.get(before.version), texts.get(now.version))
        answered = [case for case in cases if case.answer and case.answer.version == now.version]
        waiting = [
            case
            for case in cases
            if case.is_open and case.report.component in changed and before.on <= case.report.at.date() <= now.on
        ]
        signals = [case.report.heard_on or case.report.at.date() for case in (*answered, *waiting)]
        first_signal = min(signals, default=None)
        if first_signal is not None and first_signal > now.on:
            first_signal = None
        use = _first_use(hearings, changed, now, following, earlier={each.version for each in published[:place]})
        sentences = [words.published(now.on, changed)]
        if first_signal is not None and changed:
            sentences.append(words.agility(first_signal, now.on, use.call.day if use else None))
        if waiting:
            sentences.append(words.open_reports(len(waiting)))
        found.append(
            NewVersion(
                version=now.version,
                on=now.on,
                changed=changed,
                reports=tuple(case.report.report_id for case in answered),
                unanswered=tuple(case.report.report_id for case in waiting),
                first_signal=first_signal,
                first_use=use.call.day if use else None,
                first_use_call=use.call.call_id if use else None,
                sentences=tuple(sentences),
            )
        )
    return tuple(reversed(found))


def _changed(before: Initiative | None, now: Initiative | None) -> tuple[Component, ...]:
    """The parts whose words differ; none where either text is not kept."""
    if before is None or now is None:
        return ()
    return tuple(component for component in Component if before.story.of(component).split() != now.story.of(component).split())


def _first_use(
    hearings: Sequence[Heard], changed: Sequence[Component], now: Published, following: Published | None, earlier: set[str]
) -> Heard | None:
    """The first call from that day on, before the next version, that explains a rewritten part; judged by no earlier text."""
    for heard in hearings:
        day = heard.call.day
        if day is None or day < now.on or (following is not None and day >= following.on) or not heard.raised:
            continue
        if heard.score.versions.get("rubric", "").rpartition(" ")[2] in earlier:
            continue
        if any(heard.score.levels.get(component) is Level.EXPLAINED for component in changed):
            return heard
    return None
