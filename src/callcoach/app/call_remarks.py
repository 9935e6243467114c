"""What people remark on a call: a comment, an example and the rep's consent to it, a dispute, an answer.

Everything is added and nothing changed. Whose call it is, and whose words they are, is decided here; a call they may not see
gives None, as one that does not exist. Knows nothing of screens, nor of judgements that people correct.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callcoach.app.call_page import examples, moment_of, visible_call
from callcoach.app.review_queue import refresh_disputes
from callcoach.app.reviews import stored_score
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.people import VisibleReps
from callcoach.domain.remark import Remark, RemarkKind
from callcoach.domain.verdict import Evidence
from callcoach.errors import NotYours, UsageError
from callcoach.storage.given import GivenToRuns
from callcoach.storage.remarks import Remarks

LONGEST_TEXT = 4_000
TWICE = timedelta(seconds=10)
"""Who says the very same within it pressed a button twice: it is kept once."""


class Written(NamedTuple):
    """What was kept: the ids that take it back, and the sentence for whoever wrote it."""

    what_ids: tuple[str, ...]
    sentence: str


class Moment(NamedTuple):
    """Words of a call, verbatim, in turn number `turn` (from 0)."""

    turn: int
    quote: str


def comment(
    workspace: Workspace,
    visible: VisibleReps,
    call_id: str,
    *,
    by: str,
    at: datetime,
    text: str,
    moment: Moment | None = None,
    initiative_id: str | None = None,
) -> Written | None:
    """Keep a comment on the call or on a moment of it. Raises UsageError where it says nothing or the words are not there."""
    return _remark(workspace, visible, call_id, RemarkKind.COMMENT, by, at, "Comment kept.", text, moment, initiative_id)


def mark_example(
    workspace: Workspace,
    visible: VisibleReps,
    call_id: str,
    *,
    by: str,
    at: datetime,
    moment: Moment,
    initiative_id: str,
    text: str = "",
) -> Written | None:
    """Mark a moment as worth hearing by others; nobody does before the rep agrees. A rep's own mark is their consent."""
    call = visible_call(workspace, visible, call_id)
    if call is None:
        return None
    rep = GivenToRuns(workspace.store).company().name_of(call.rep_id)
    told = "Marked as an example." if call.rep_id == by else f"Marked as an example. {rep} is asked before anybody else hears it."
    if call.rep_id is None:
        raise UsageError("This call has no rep who could agree to being an example.")
    return _remark(workspace, visible, call_id, RemarkKind.EXEMPLAR, by, at, told, text, moment, initiative_id, may_be_empty=True)


def consent(
    workspace: Workspace, visible: VisibleReps, call_id: str, *, by: str, at: datetime, example_id: str, agrees: bool
) -> Written | None:
    """Keep what the rep says to a moment of theirs being played to others; they may change their mind. Raises NotYours."""
    call = visible_call(workspace, visible, call_id)
    if call is None:
        return None
    if call.rep_id is None or call.rep_id != by:
        raise NotYours("Only the rep on the call can say whether a moment of it is played to others.")
    standing = standing_remarks(workspace, call_id)
    if example_id not in {each.remark.remark_id for each in examples(standing, call, GivenToRuns(workspace.store).company())}:
        raise UsageError("This moment is no longer marked as an example. Reload the page.")
    kind = RemarkKind.CONSENT if agrees else RemarkKind.REFUSAL
    told = "Agreed: others may hear this moment." if agrees else "Declined: nobody else hears this moment."
    return _keep(workspace, call, kind, by, at, told, to=example_id)


def dispute(
    workspace: Workspace, visible: VisibleReps, call_id: str, *, by: str, at: datetime, text: str, initiative_id: str
) -> Written | None:
    """Keep that the rep sees the judgement differently; it goes to their manager's queue. Raises NotYours for anybody else."""
    call = visible_call(workspace, visible, call_id)
    if call is None:
        return None
    if call.rep_id is None or call.rep_id != by:
        raise NotYours("Only the rep on the call disputes its judgement. To say what you hear yourself, correct it.")
    stored_score(workspace, call_id, initiative_id)
    told = "Disputed. It is in your manager’s queue now, with your reason."
    kept = _remark(workspace, visible, call_id, RemarkKind.DISPUTE, by, at, told, text, None, initiative_id)
    refresh_disputes(workspace, call_id)
    return kept


def answer(
    workspace: Workspace, visible: VisibleReps, call_id: str, *, by: str, at: datetime, to: str, text: str
) -> Written | None:
    """Keep an answer to a comment or a dispute. Raises UsageError where that is no longer there."""
    call = visible_call(workspace, visible, call_id)
    if call is None:
        return None
    answered = {each.remark_id: each for each in standing_remarks(workspace, call_id)}.get(to)
    if answered is None or answered.kind not in (RemarkKind.COMMENT, RemarkKind.DISPUTE):
        raise UsageError("What you answer is no longer there. Reload the page.")
    return _keep(
        workspace, call, RemarkKind.ANSWER, by, at, "Answer kept.", text=_said(text), initiative_id=answered.initiative_id, to=to
    )


def _remark(
    workspace: Workspace,
    visible: VisibleReps,
    call_id: str,
    kind: RemarkKind,
    by: str,
    at: datetime,
    told: str,
    text: str,
    moment: Moment | None,
    initiative_id: str | None,
    *,
    may_be_empty: bool = False,
) -> Written | None:
    call = visible_call(workspace, visible, call_id)
    if call is None:
        return None
    words = written_text(text) if may_be_empty else _said(text)
    place = None if moment is None else _place(workspace, call_id, moment)
    return _keep(workspace, call, kind, by, at, told, text=words, initiative_id=initiative_id, place=place)


def _keep(
    workspace: Workspace,
    call: Call,
    kind: RemarkKind,
    by: str,
    at: datetime,
    told: str,
    *,
    text: str = "",
    initiative_id: str | None = None,
    place: Evidence | None = None,
    to: str | None = None,
) -> Written:
    moment = at.astimezone(UTC)
    said = (by, kind, text, to, place and (place.turn, place.quote))
    for last in [each for each in standing_remarks(workspace, call.call_id) if each.person_id == by][-1:]:
        before = (by, last.kind, last.text, last.to, None if last.turn is None else (last.turn, last.quote))
        if before == said and moment - last.at < TWICE:
            return Written((last.remark_id,), told)
    known = {each.at for each in Remarks(workspace.store).of_call(call.call_id)}
    while moment in known:
        moment += timedelta(microseconds=1)
    remark = Remark(
        call_id=call.call_id,
        person_id=by,
        at=moment,
        kind=kind,
        text=text,
        initiative_id=initiative_id,
        turn=place.turn if place else None,
        quote=place.quote if place else None,
        start=place.start if place else None,
        end=place.end if place else None,
        to=to,
    )
    Remarks(workspace.store).add(remark)
    return Written((remark.remark_id,), told)


def _place(workspace: Workspace, call_id: str, moment: Moment) -> Evidence:
    transcript = workspace.store.current_transcript(call_id)
    place = None if transcript is None else moment_of(transcript, moment.turn, moment.quote.strip())
    if place is None:
        raise UsageError("These words are not in that turn of the call, word for word. Choose the sentence again.")
    return place


def standing_remarks(workspace: Workspace, call_id: str) -> list[Remark]:
    """What was said on a call and not taken back, the first first."""
    remarks = Remarks(workspace.store)
    taken_back = remarks.withdrawn(call_id)
    return [each for each in remarks.of_call(call_id) if each.remark_id not in taken_back]


def _said(text: str) -> str:
    words = written_text(text)
    if not words:
        raise UsageError("Nothing is written yet. Write what you want to say, then send it.")
    return words


def written_text(text: str) -> str:
    """What somebody wrote, without blanks round it. Raises UsageError where it is too long."""
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise UsageError(f"This has {len(words)} characters; {LONGEST_TEXT} is the most. Shorten it.")
    return words
