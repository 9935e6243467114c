"""Where an initiative stands by its own dates: its phase, which dates are missing, whether the field can have been ready, and
from when reps may be judged by it. Knows nothing of calls.
"""

from datetime import date, timedelta
from typing import NamedTuple

from callcoach.coaching import finding_wording, gate_wording
from callcoach.domain.calibration import Phase
from callcoach.domain.story import Initiative

USUAL_LAG_DAYS = 14
"""Where no lag is stated: two weeks after everything was ready a field has had its first ten calls."""

LATE_DAYS = 7
SHORT_TRAINING_MINUTES = 30
"""Less than half an hour leaves no time to practise the story once in pairs."""


class Standing(NamedTuple):
    """The phase of today; the names of dates that are not stated; verdicts_from: None where the expected lag is not stated."""

    phase: Phase
    missing: tuple[str, ...]
    verdicts_from: date | None


def standing(initiative: Initiative, *, today: date) -> Standing:
    """prepare: before the launch. launch: until the expected lag has passed. sustain: after that. ended: after the last day."""
    ready = initiative.readiness
    told = {
        "announced": ready.announced,
        "training": ready.training,
        "materials_ready": ready.materials_ready,
        "field_ready": ready.field_ready,
        "market_awareness_start": ready.market_awareness_start,
        "expected_lag_days": ready.expected_lag_days,
    }
    missing = tuple(name for name, stated in told.items() if stated is None or stated == ())
    verdicts_from = None if ready.expected_lag_days is None else judged_from(initiative)
    return Standing(_phase(initiative, verdicts_from, today), missing, verdicts_from)


def judged_from(initiative: Initiative) -> date:
    """The first day on which calls can show what was learnt: the lag (the usual one where none is stated) after all was ready."""
    ready = initiative.readiness
    begins = max(day for day in (initiative.launched, ready.field_ready, ready.materials_ready) if day is not None)
    lag = USUAL_LAG_DAYS if ready.expected_lag_days is None else ready.expected_lag_days
    return begins + timedelta(days=lag)


def sentences(initiative: Initiative, *, today: date) -> tuple[str, ...]:
    """The phase and the missing dates, for a reader."""
    now = standing(initiative, today=today)
    said = [gate_wording.phase(now.phase, initiative.launched, initiative.ended, now.verdicts_from)]
    if now.missing:
        said.append(gate_wording.missing_dates(now.missing))
    return tuple(said)


class Unreadiness(NamedTuple):
    """Whether the field cannot have been ready, and every reason that speaks against it."""

    severe: bool
    reasons: tuple[str, ...]


def unreadiness(initiative: Initiative) -> Unreadiness:
    """One small delay is no unreadiness: severe are a week without materials, hardly any training, or two things together."""
    ready = initiative.readiness
    reasons, severe = [], False
    if ready.materials_ready and ready.materials_ready > initiative.launched:
        late = (ready.materials_ready - initiative.launched).days
        severe = late >= LATE_DAYS
        reasons.append(finding_wording.materials_late(late, ready.materials_ready))
    if ready.market_awareness_start and ready.announced and ready.market_awareness_start < ready.announced:
        reasons.append(finding_wording.market_before_field(ready.market_awareness_start, ready.announced))
    minutes = sum(training.minutes for training in ready.training if training.date <= initiative.launched)
    if ready.training and minutes < SHORT_TRAINING_MINUTES:
        severe = True
        reasons.append(finding_wording.hardly_trained(minutes))
    return Unreadiness(severe or len(reasons) > 1, tuple(reasons))


def _phase(initiative: Initiative, verdicts_from: date | None, today: date) -> Phase:
    if initiative.ended is not None and initiative.ended < today:
        return Phase.ENDED
    if today < initiative.launched:
        return Phase.PREPARE
    if verdicts_from is not None and today < verdicts_from:
        return Phase.LAUNCH
    return Phase.SUSTAIN
