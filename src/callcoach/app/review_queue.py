"""The review queue: filled by a whole run, read page by page, dismissed from with a reason. Judges no call."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from callcoach.app.blindness import to_label_blind
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.workspace import Workspace
from callcoach.coaching.heard import Hearings, hear
from callcoach.coaching.queue import calls_for_a_person, with_disputes_of_now
from callcoach.domain.people import Company, VisibleReps
from callcoach.domain.queue import Asked, Counted, Progress, Queued, QueueState
from callcoach.domain.remark import Remark, RemarkKind
from callcoach.domain.review import VERDICT, Review
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.domain.verdict import Verdict
from callcoach.errors import UsageError
from callcoach.storage.labels import Labels
from callcoach.storage.one_call import OneCall
from callcoach.storage.queue import Neighbours, Pair, ReviewQueue
from callcoach.storage.remarks import Remarks

PAGE_SIZE = 25
MOST_AT_ONCE = 500
MOST_LETTERS = 500


class Choice(NamedTuple):
    """One value of a filter: its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer, by name."""

    initiatives: tuple[Choice, ...] = ()
    reps: tuple[Choice, ...] = ()
    teams: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of the queue with all that the screen shows. page counts from 1.

    as_of: when the run that filled the queue read its facts; None where none has. blind: calls that the reader has yet to label
    blind, of which no verdict and no reason may be shown to them. said_by_people: the verdicts of those rows that a
    person gave one, by key, as it is now.
    """

    asked: Asked
    rows: tuple[Queued, ...]
    page: int
    pages: int
    total: int
    counted: Counted
    progress: Progress | None
    choices: Choices
    company: Company
    initiative_names: Mapping[str, str]
    as_of: datetime | None
    blind: frozenset[str]
    sees_anybody: bool
    said_by_people: Mapping[str, Verdict]

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1


class Dismissed(NamedTuple):
    """What was dismissed at once, and what to name to take it back."""

    batch_id: str
    pairs: tuple[Pair, ...]


def keep_queue(workspace: Workspace, run_id: int, hearings: Hearings, initiatives: Sequence[Initiative], company: Company) -> int:
    """Fill the queue from what a whole run heard; how many calls are in it. What people said of them stays."""
    open_disputes = _unsettled(Remarks(workspace.store).disputes(), Labels(workspace.store).reviews())
    calls = calls_for_a_person(hearings, default_rubrics(initiatives), company, disputes=open_disputes)
    ReviewQueue(workspace.store).fill(run_id, calls)
    return len(calls)


def refresh_disputes(workspace: Workspace, call_id: str) -> None:
    """Let the queue know of a call's dispute, or of the review that settles it, without waiting for the next run."""
    store, queue = workspace.store, ReviewQueue(workspace.store)
    call = store.call(call_id)
    if call is None:
        return
    remarks = Remarks(store)
    taken_back = remarks.withdrawn(call_id)
    disputes = [each for each in remarks.of_call(call_id) if each.kind is RemarkKind.DISPUTE and each.remark_id not in taken_back]
    initiatives, company = default_rubrics(current_initiatives(workspace)), current_company(workspace)
    scores = [kept.score for kept in OneCall(store, call_id).scores() if kept.is_current]
    now = calls_for_a_person(
        hear([call], scores, initiatives), initiatives, company, disputes=_unsettled(disputes, Labels(store).reviews(call_id))
    )
    queue.replace(call_id, with_disputes_of_now(queue.of_call(call_id), now))


def review_queue(
    workspace: Workspace, visible: VisibleReps, asked: Asked, *, page: int = 1, person_id: str | None = None
) -> QueuePage:
    """The page of this number, or the last where there are fewer. person_id: who reads it, where they are of the company."""
    queue, blind = ReviewQueue(workspace.store), to_label_blind(workspace, person_id)
    counted = queue.counted(visible, asked, blind=blind)
    total = counted.all if asked.state is None else counted.states[asked.state]
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = queue.page(visible, asked, first=(page - 1) * PAGE_SIZE, size=PAGE_SIZE, blind=blind)
    company = current_company(workspace)
    names = {initiative.id: initiative.name for initiative in current_initiatives(workspace)}
    return QueuePage(
        asked=asked,
        rows=rows,
        page=page,
        pages=pages,
        total=total,
        counted=counted,
        progress=queue.progress(visible),
        choices=_choices(queue.reps(visible), company, names),
        company=company,
        initiative_names=names,
        as_of=queue.filled_at(),
        blind=blind,
        sees_anybody=visible.everybody or bool(visible.rep_ids),
        said_by_people=_said_by_people(workspace, rows),
    )


def neighbours(
    workspace: Workspace,
    visible: VisibleReps,
    asked: Asked,
    call_id: str,
    initiative_id: str,
    *,
    person_id: str | None = None,
) -> Neighbours:
    """The calls before and after this one as the queue was asked for, for the call page. person_id: as in `review_queue`."""
    blind = to_label_blind(workspace, person_id)
    return ReviewQueue(workspace.store).neighbours(visible, asked, call_id, initiative_id, blind=blind)


def dismiss(
    workspace: Workspace, visible: VisibleReps, pairs: Sequence[Pair], *, because: str, by: str, at: datetime
) -> Dismissed:
    """Dismiss those of the calls (id, initiative id) that wait and may be seen. Raises UsageError without a reason or a call."""
    reason = " ".join(because.split())
    if not reason:
        raise UsageError("A dismissal says why. Choose a reason or write one, then dismiss again.")
    if len(reason) > MOST_LETTERS:
        raise UsageError(f"A reason has {MOST_LETTERS} letters at most. Shorten it, then dismiss again.")
    if not pairs:
        raise UsageError("No call is selected. Select at least one, then dismiss again.")
    if len(pairs) > MOST_AT_ONCE:
        raise UsageError(f"At most {MOST_AT_ONCE} calls are dismissed at once. Select fewer.")
    batch_id = secrets.token_hex(12)
    done = ReviewQueue(workspace.store).dismiss(visible, pairs, batch_id=batch_id, by=by, because=reason, at=at)
    return Dismissed(batch_id, done)


def put_back(
    workspace: Workspace, visible: VisibleReps, *, batch_id: str | None = None, pairs: Sequence[Pair] = ()
) -> tuple[Pair, ...]:
    """Take dismissals back, of a batch or of single calls; which they were."""
    return ReviewQueue(workspace.store).put_back(visible, batch_id=batch_id, pairs=pairs)


def _said_by_people(workspace: Workspace, rows: Sequence[Queued]) -> dict[str, Verdict]:
    """The latest word of a person on each row that has one; the run may have read an earlier one, or none."""
    labels, found = Labels(workspace.store), {}
    for row in rows:
        if row.state is QueueState.REVIEWED:
            said = [each for each in labels.reviews(row.call.call_id) if each.about == VERDICT]
            said = [each for each in said if each.initiative_id == row.call.initiative_id]
            if said:
                found[row.key] = Verdict(said[-1].person)
    return found


def _unsettled(disputes: Iterable[Remark], reviews: Iterable[Review]) -> list[Remark]:
    """Disputes after which nobody else has agreed with the judgement or corrected it."""
    said: defaultdict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        said[review.call_id].append(review)
    return [dispute for dispute in disputes if not any(_settles(review, dispute) for review in said[dispute.call_id])]


def _settles(review: Review, dispute: Remark) -> bool:
    return (
        # a review is kept to the second
        review.at >= dispute.at.replace(microsecond=0)
        and review.person_id != dispute.person_id
        and dispute.initiative_id in (None, review.initiative_id)
    )


def _choices(found: Iterable[tuple[str, str]], company: Company, names: Mapping[str, str]) -> Choices:
    people = {person.id: person.name for person in company.people}
    teams = {team.id: team.name for team in company.teams}

    def named(ids: Iterable[str], name_of: Mapping[str, str]) -> tuple[Choice, ...]:
        offered = [Choice(each, name_of.get(each, each)) for each in set(ids) - {""}]
        return tuple(sorted(offered, key=lambda choice: (choice.name, choice.id)))

    pairs = list(found)
    return Choices(
        initiatives=named(names, names),
        reps=named((rep_id for rep_id, _ in pairs), people),
        teams=named((team for _, team in pairs), teams),
    )
