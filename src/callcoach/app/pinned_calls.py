"""The calls on which somebody watches what a change of a rubric does: their own choice, or a spread of the latest.

A call that the reader has yet to label blind is never among them. Judges nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from callcoach.app.blindness import to_label_blind
from callcoach.app.current import current_company
from callcoach.app.workbench import find
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, CallKind
from callcoach.domain.people import VisibleReps
from callcoach.domain.verdict import Verdict
from callcoach.errors import UsageError
from callcoach.judging.sampling import Candidate, sample
from callcoach.storage.one_call import OneCall, current_keys
from callcoach.storage.workbench import Workbench

MOST_PINNED = 20
USUALLY_PINNED = 12
CHOICE = 60
"""How many of the latest calls are offered to be pinned."""

RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChoice:
    """A call that may be pinned. verdict: as it stands for the initiative, None where it was not judged for it."""

    call: Call
    rep_name: str
    verdict: Verdict | None
    pinned: bool


def chosen_ids(workspace: Workspace, visible: VisibleReps, account_id: str, name: str) -> tuple[str, ...]:
    """The calls that somebody pinned and may see; none until they chose."""
    calls = (workspace.store.call(call_id) for call_id in Workbench(workspace.store, account_id).pinned(name) or ())
    return tuple(call.call_id for call in calls if call is not None and call.rep_id in visible)


def pinned_ids(
    workspace: Workspace,
    visible: VisibleReps,
    account_id: str,
    name: str,
    initiative_id: str,
    *,
    person_id: str | None,
    today: date,
) -> tuple[str, ...]:
    """The calls that somebody pinned and may see; until they chose, a spread of the latest."""
    if chosen := chosen_ids(workspace, visible, account_id, name):
        return chosen
    recent = _recent(workspace, visible, initiative_id, person_id=person_id, today=today)
    # calls that were never judged for it say little of its wording, unless it has none yet
    recent = [each for each in recent if each[1] is not None] or recent
    candidates = [
        Candidate(call_id=call.call_id, rep_id=call.rep_id, verdict=verdict, confidence=None, named=False, words=0)
        for call, verdict in recent
    ]
    return tuple(sorted(pick.call_id for pick in sample(candidates, USUALLY_PINNED, seed=1)))


def pin_choices(
    workspace: Workspace,
    visible: VisibleReps,
    account_id: str,
    name: str,
    initiative_id: str,
    *,
    person_id: str | None,
    today: date,
) -> tuple[PinChoice, ...]:
    """The latest calls, and those that are pinned, to choose from."""
    pinned = pinned_ids(workspace, visible, account_id, name, initiative_id, person_id=person_id, today=today)
    recent = _recent(workspace, visible, initiative_id, person_id=person_id, today=today)
    known = {call.call_id for call, _ in recent}
    blind = to_label_blind(workspace, person_id)
    older = [
        (call, _verdict(workspace, call, initiative_id))
        for call_id in pinned
        if call_id not in known and call_id not in blind and (call := workspace.store.call(call_id)) is not None
    ]
    company = current_company(workspace)
    return tuple(
        PinChoice(
            call=call,
            rep_name=company.name_of(call.rep_id) if call.rep_id else "nobody in particular",
            verdict=verdict,
            pinned=call.call_id in pinned,
        )
        for call, verdict in (*recent, *older)
    )


def pin(workspace: Workspace, visible: VisibleReps, account_id: str, name: str, call_ids: Sequence[str]) -> tuple[str, ...]:
    """Watch these calls from now on. Raises UsageError for none, or too many; those that may not be seen are left out."""
    wanted = tuple(dict.fromkeys(call_ids))
    if not wanted or len(wanted) > MOST_PINNED:
        raise UsageError(f"Choose between one call and {MOST_PINNED}: each is judged again with every change.")
    calls = (workspace.store.call(call_id) for call_id in wanted)
    seen = tuple(call.call_id for call in calls if call is not None and call.rep_id in visible)
    if find(workspace, name) is not None:
        Workbench(workspace.store, account_id).pin(name, seen)
    return seen


def _recent(
    workspace: Workspace, visible: VisibleReps, initiative_id: str, *, person_id: str | None, today: date
) -> list[tuple[Call, Verdict | None]]:
    """The latest customer calls with words that may be seen, the newest first; none that the reader has yet to label blind."""
    blind = to_label_blind(workspace, person_id)
    for since in (today - RECENT, None):
        calls = [
            call
            for call in workspace.store.calls(since=since)
            if call.kind is CallKind.CUSTOMER_CALL and call.rep_id in visible and call.call_id not in blind
        ]
        calls.sort(key=lambda call: (_moment(call), call.call_id), reverse=True)
        worded = current_keys(workspace.store, [call.call_id for call in calls[: 2 * CHOICE]])
        latest = [call for call in calls if call.call_id in worded][:CHOICE]
        if latest:
            return [(call, _verdict(workspace, call, initiative_id)) for call in latest]
    return []


def _verdict(workspace: Workspace, call: Call, initiative_id: str) -> Verdict | None:
    kept = OneCall(workspace.store, call.call_id).score(initiative_id)
    return kept.score.verdict if kept else None


def _moment(call: Call) -> datetime:
    return call.started_at.replace(tzinfo=UTC) if call.started_at else datetime.min.replace(tzinfo=UTC)
