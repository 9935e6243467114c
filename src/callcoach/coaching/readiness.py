"""Where an initiative stands by its own dates, which of them are missing, and from when reps may be judged by it.

Knows nothing of calls: what the dates say against the field having been ready stands in `leaders.unreadiness`.
"""

from datetime import date, timedelta
from typing import NamedTuple

from callcoach.coaching import gate_wording
from callcoach.domain.calibration import Phase
from callcoach.domain.story import Initiative


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
    verdicts_from = None
    if ready.expected_lag_days is not None:
        begins = max(day for day in (initiative.launched, ready.field_ready, ready.materials_ready) if day is not None)
        verdicts_from = begins + timedelta(days=ready.expected_lag_days)
    return Standing(_phase(initiative, verdicts_from, today), missing, verdicts_from)


def sentences(initiative: Initiative, *, today: date) -> tuple[str, ...]:
    """The phase and the missing dates, for a reader."""
    now = standing(initiative, today=today)
    said = [gate_wording.phase(now.phase, initiative.launched, initiative.ended, now.verdicts_from)]
    if now.missing:
        said.append(gate_wording.missing_dates(now.missing))
    return tuple(said)


def _phase(initiative: Initiative, verdicts_from: date | None, today: date) -> Phase:
    if initiative.ended is not None and initiative.ended < today:
        return Phase.ENDED
    if today < initiative.launched:
        return Phase.PREPARE
    if verdicts_from is not None and today < verdicts_from:
        return Phase.LAUNCH
    return Phase.SUSTAIN
