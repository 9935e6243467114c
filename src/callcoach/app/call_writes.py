"""What people say of a judgement: agree with it, correct it, take back what they said. Remarks are in `app.call_remarks`.

Everything is added and nothing changed; whoever takes something back adds a line that says so. Whether somebody's role may write
at all is decided before; whose call it is, and whose words they are, is decided here. A call they may not see gives None, as one
that does not exist. Knows nothing of screens.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from callcoach.app.blindness import needs_no_label_first
from callcoach.app.call_page import visible_call
from callcoach.app.call_remarks import TWICE, Written, standing_remarks, written_text
from callcoach.app.review_queue import refresh_disputes
from callcoach.app.reviews import QuoteReview, review, stored_score
from callcoach.app.workspace import Workspace
from callcoach.domain.people import VisibleReps
from callcoach.domain.remark import Withdrawal
from callcoach.domain.review import VERDICT, about_quote
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.errors import NotYours, UsageError
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.storage.labels import Labels
from callcoach.storage.remarks import Remarks

_CORRECTED = "Corrected. The machine’s answer is kept beside yours."


def agree(
    workspace: Workspace,
    visible: VisibleReps,
    call_id: str,
    initiative_id: str,
    *,
    by: str,
    at: datetime,
    seen: str,
    because: str = "",
) -> Written | None:
    """Keep that somebody says what stands there, too. Raises EditConflict where something else was said since they looked."""
    if visible_call(workspace, visible, call_id) is None:
        return None
    needs_no_label_first(workspace, by, call_id)
    machine = stored_score(workspace, call_id, initiative_id)
    read = apply_reviews(machine, Labels(workspace.store).reviews(call_id))
    reason = because.strip() or "Agrees."
    told = "Agreed. Your word stands beside the machine’s."
    if again := _just_said(workspace, call_id, initiative_id, by, at, reason, VERDICT):
        return Written(again, told)
    return _reviewed(
        workspace,
        call_id,
        initiative_id,
        by=by,
        at=at,
        seen=seen,
        because=reason,
        verdict=read.score.verdict,
        told=told,
    )


def correct(
    workspace: Workspace,
    visible: VisibleReps,
    call_id: str,
    initiative_id: str,
    *,
    by: str,
    at: datetime,
    because: str,
    seen: str,
    verdict: Verdict | None = None,
    levels: Mapping[Component, Level] | None = None,
    quote: QuoteReview | None = None,
) -> Written | None:
    """Keep a correction with its reason; levels that are as they read already are left out.

    Raises UsageError where nothing is corrected, no reason is given, or a level would stand without a quote; EditConflict where
    something else was said since they looked.
    """
    if visible_call(workspace, visible, call_id) is None:
        return None
    needs_no_label_first(workspace, by, call_id)
    if not because.strip():
        raise UsageError("Say why: whoever tunes the judge, and the rep, will read it.")
    read = apply_reviews(stored_score(workspace, call_id, initiative_id), Labels(workspace.store).reviews(call_id)).score
    changed = {component: level for component, level in (levels or {}).items() if read.levels.get(component) != level}
    if verdict is not None and verdict is read.verdict and (changed or quote):
        verdict = None
    unchanged = quote is None and not changed and (verdict is None or verdict is read.verdict)
    about = "" if quote is None else about_quote(quote.act)
    again = _just_said(workspace, call_id, initiative_id, by, at, because.strip(), about, quote.quote if quote else "")
    if again and (unchanged or (quote is not None and not changed)):
        return Written(again, _CORRECTED)
    if verdict is None and not changed and quote is None:
        raise UsageError("Nothing is different from what stands here. Change the verdict or a level, or agree.")
    return _reviewed(
        workspace,
        call_id,
        initiative_id,
        by=by,
        at=at,
        seen=seen,
        because=written_text(because),
        verdict=verdict,
        levels=changed,
        quote=quote,
    )


def take_back(
    workspace: Workspace, visible: VisibleReps, call_id: str, *, by: str, at: datetime, what_ids: Sequence[str]
) -> Written | None:
    """Take back one's own words on a call: they stay in the history and count no longer. Raises NotYours, UsageError."""
    if visible_call(workspace, visible, call_id) is None:
        return None
    remarks = Remarks(workspace.store)
    authors = {each.review_id: each.person_id for each in Labels(workspace.store).reviews(call_id)}
    authors |= {each.remark_id: each.person_id for each in standing_remarks(workspace, call_id)}
    if not what_ids or any(what_id not in authors for what_id in what_ids):
        raise UsageError("There is nothing to take back: it was taken back already.")
    if any(authors[what_id] != by for what_id in what_ids):
        raise NotYours("Only whoever said it can take it back. Say what you hear yourself beside it.")
    remarks.take_back([Withdrawal(what_id=what_id, call_id=call_id, person_id=by, at=at.astimezone(UTC)) for what_id in what_ids])
    refresh_disputes(workspace, call_id)
    return Written((), "Taken back. It stays in the history, and counts for nothing.")


def _just_said(
    workspace: Workspace, call_id: str, initiative_id: str, by: str, at: datetime, because: str, about: str, quote: str = ""
) -> tuple[str, ...]:
    """The last that somebody said of a judgement, a moment ago and with the same reason: they pressed the button twice."""
    wanted = " ".join(quote.split())
    own = [
        each
        for each in Labels(workspace.store).reviews(call_id)
        if (each.initiative_id, each.person_id) == (initiative_id, by) and each.at >= at.astimezone(UTC) - TWICE
    ]
    latest = max((each.at for each in own), default=None)
    return tuple(
        each.review_id
        for each in own
        if (each.at, each.because) == (latest, because)
        and each.about.startswith(about)
        and wanted in " ".join((each.quote or "").split())
    )


def _reviewed(
    workspace: Workspace,
    call_id: str,
    initiative_id: str,
    *,
    by: str,
    at: datetime,
    seen: str,
    because: str,
    verdict: Verdict | None = None,
    levels: Mapping[Component, Level] | None = None,
    quote: QuoteReview | None = None,
    told: str = "",
) -> Written:
    before = {each.review_id for each in Labels(workspace.store).reviews(call_id)}
    read = review(
        workspace, call_id, initiative_id, by=by, because=because, at=at, verdict=verdict, levels=levels, quote=quote, seen=seen
    )
    added = [each for each in Labels(workspace.store).reviews(call_id) if each.review_id not in before and each.person_id == by]
    told = told or _CORRECTED
    if any(each.person_id != by for said in read.conflicts for each in said):
        told += " Somebody else sees it differently: both are shown."
    refresh_disputes(workspace, call_id)
    return Written(tuple(each.review_id for each in added), told)
