"""What people write on a call: agree, correct, comment, mark an example, answer, dispute, and take any of it back.

Everything is added and nothing changed; whoever takes something back adds a line that says so. Whether somebody's role may write
at all is decided before; whose call it is, and whose words they are, is decided here. A call they may not see gives None, as one
that does not exist. Knows nothing of screens.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callcoach.app.blindness import needs_no_label_first
from callcoach.app.call_page import examples, moment_of, visible_call
from callcoach.app.review_queue import refresh_disputes
from callcoach.app.reviews import QuoteReview, review, stored_score
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.people import VisibleReps
from callcoach.domain.remark import Remark, RemarkKind, Withdrawal
from callcoach.domain.review import VERDICT, about_quote
from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence, Level, Verdict
from callcoach.errors import NotYours, UsageError
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.storage.given import GivenToRuns
from callcoach.storage.labels import Labels
from callcoach.storage.remarks import Remarks

LONGEST_TEXT = 4_000
TWICE = timedelta(seconds=10)
"""Who says the very same within it pressed a button twice: it is kept once."""


_CORRECTED = "Corrected. The machine’s answer is kept beside yours."


class Written(NamedTuple):
    """What was kept: the ids that take it back, and the sentence for whoever wrote it."""

    what_ids: tuple[str, ...]
    sentence: str


class Moment(NamedTuple):
    """Words of a call, verbatim, in turn number `turn` (from 0)."""

    turn: int
    quote: str


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
        because=_text(because),
        verdict=verdict,
        levels=changed,
        quote=quote,
    )


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
    standing = _standing(workspace, call_id)
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
    answered = {each.remark_id: each for each in _standing(workspace, call_id)}.get(to)
    if answered is None or answered.kind not in (RemarkKind.COMMENT, RemarkKind.DISPUTE):
        raise UsageError("What you answer is no longer there. Reload the page.")
    return _keep(
        workspace, call, RemarkKind.ANSWER, by, at, "Answer kept.", text=_said(text), initiative_id=answered.initiative_id, to=to
    )


def take_back(
    workspace: Workspace, visible: VisibleReps, call_id: str, *, by: str, at: datetime, what_ids: Sequence[str]
) -> Written | None:
    """Take back one's own words on a call: they stay in the history and count no longer. Raises NotYours, UsageError."""
    if visible_call(workspace, visible, call_id) is None:
        return None
    remarks = Remarks(workspace.store)
    authors = {each.review_id: each.person_id for each in Labels(workspace.store).reviews(call_id)}
    authors |= {each.remark_id: each.person_id for each in _standing(workspace, call_id)}
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
    words = _text(text) if may_be_empty else _said(text)
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
    for last in [each for each in _standing(workspace, call.call_id) if each.person_id == by][-1:]:
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


def _standing(workspace: Workspace, call_id: str) -> list[Remark]:
    remarks = Remarks(workspace.store)
    taken_back = remarks.withdrawn(call_id)
    return [each for each in remarks.of_call(call_id) if each.remark_id not in taken_back]


def _said(text: str) -> str:
    words = _text(text)
    if not words:
        raise UsageError("Nothing is written yet. Write what you want to say, then send it.")
    return words


def _text(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise UsageError(f"This has {len(words)} characters; {LONGEST_TEXT} is the most. Shorten it.")
    return words
