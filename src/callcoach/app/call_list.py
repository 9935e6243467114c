"""Calls for programs: a list in stretches, one call, and how it was judged, each for whom may see its rep. Knows no HTTP."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from callcoach.app.current import current_company
from callcoach.app.exports import Sight
from callcoach.app.redacting import Redacting
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.people import Company
from callcoach.domain.review import VERDICT, Review, ReviewedScore, revision
from callcoach.domain.verdict import Evidence, Verdict
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.storage.labels import Labels
from callcoach.storage.listing import Listing, WantedCalls


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which calls: None does not narrow. machine_verdict: as the judge gave it; first and last: days, both included."""

    rep_id: str | None = None
    team: str | None = None
    initiative_id: str | None = None
    machine_verdict: Verdict | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How a call reads for an initiative. by_person: whether that is a person's word."""

    initiative_id: str
    verdict: Verdict
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCall:
    """What is known of a call apart from its words. blind: the reader is to label it, and is told no verdict before."""

    call_id: str
    started_at: datetime | None
    kind: CallKind
    rep_id: str | None
    rep_name: str | None
    team: str | None
    customer_name: str | None
    direction: str | None
    language: str | None
    outcome: str | None
    amount: float | None
    recorded: bool
    extra: Mapping[str, str]
    judged: tuple[Judged, ...]
    blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStretch:
    """Some calls by id. behind: the id behind which the next stretch begins; None where this is the last."""

    calls: tuple[ListedCall, ...]
    behind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNow:
    """A judgement as it reads now, and all that led there. seen: names the corrections, to be sent along with a new one."""

    reviewed: ReviewedScore
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScores:
    """How a call was judged, by initiative."""

    call_id: str
    scores: tuple[ScoreNow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeEvidence:
    """The quotes that a judgement rests on, corrections applied."""

    initiative_id: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvidence:
    """The quotes of a call, by initiative."""

    call_id: str
    initiatives: tuple[InitiativeEvidence, ...]


def list_calls(workspace: Workspace, sight: Sight, asked: Asked, *, behind: str | None, size: int) -> CallStretch:
    """At most `size` calls behind the call of this id, with how they read."""
    company, listing = current_company(workspace), Listing(workspace.store)
    calls = listing.calls(sight.visible, _wanted(asked, company, sight), behind=behind, size=size + 1)
    shown = calls[:size]
    return CallStretch(
        calls=_listed(workspace, listing, shown, company, sight),
        behind=shown[-1].call_id if len(calls) > size else None,
    )


def one_call(workspace: Workspace, sight: Sight, call_id: str) -> ListedCall | None:
    """The call; None where there is none, or it is not theirs to see."""
    call = _visible(workspace, sight, call_id)
    if call is None:
        return None
    return _listed(workspace, Listing(workspace.store), (call,), current_company(workspace), sight)[0]


def call_transcript(workspace: Workspace, sight: Sight, call_id: str, *, redacted: bool = False) -> Transcript | None:
    """What was said in a call; None where there is none, it is not theirs to see, or nothing was put into words yet."""
    found = workspace.store.current_transcript(call_id) if _visible(workspace, sight, call_id) else None
    return Redacting(workspace).transcript(found) if found is not None and redacted else found


def call_scores(workspace: Workspace, sight: Sight, call_id: str, initiative_id: str | None = None) -> CallScores | None:
    """Each current judgement of a call, or that for one initiative; none of a call that the reader is to label blind."""
    if _visible(workspace, sight, call_id) is None:
        return None
    scores = () if call_id in sight.blind else Listing(workspace.store).scores((call_id,), initiative_id)
    said = Labels(workspace.store).reviews(call_id)
    return CallScores(
        call_id=call_id,
        scores=tuple(
            ScoreNow(
                reviewed=apply_reviews(score, said),
                seen=revision(each for each in said if each.initiative_id == score.initiative_id),
            )
            for score in scores
        ),
    )


def call_evidence(workspace: Workspace, sight: Sight, call_id: str, initiative_id: str | None = None) -> CallEvidence | None:
    """The quotes that each judgement of a call rests on; None as call_scores."""
    found = call_scores(workspace, sight, call_id, initiative_id)
    if found is None:
        return None
    return CallEvidence(
        call_id=call_id,
        initiatives=tuple(
            InitiativeEvidence(initiative_id=each.reviewed.score.initiative_id, evidence=each.reviewed.score.evidence)
            for each in found.scores
        ),
    )


def _visible(workspace: Workspace, sight: Sight, call_id: str) -> Call | None:
    call = workspace.store.call(call_id)
    return call if call is not None and call.rep_id in sight.visible else None


def _wanted(asked: Asked, company: Company, sight: Sight) -> WantedCalls:
    reps = None if asked.rep_id is None else frozenset({asked.rep_id})
    if asked.team is not None:
        of_team = frozenset(person.id for person in company.people if person.team == asked.team)
        reps = of_team if reps is None else reps & of_team
    return WantedCalls(
        rep_ids=reps,
        initiative_id=asked.initiative_id,
        machine_verdict=asked.machine_verdict,
        first=asked.first,
        last=asked.last,
        # found by its verdict, a call that is to be labelled blind would have told it
        without=sight.blind if asked.machine_verdict is not None else frozenset(),
    )


def _listed(
    workspace: Workspace, listing: Listing, calls: Sequence[Call], company: Company, sight: Sight
) -> tuple[ListedCall, ...]:
    labels, names = Labels(workspace.store), {person.id: person.name for person in company.people}
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    said: dict[str, tuple[Review, ...]] = {}
    for score in listing.scores([call.call_id for call in calls]):
        if score.call_id not in said:
            said[score.call_id] = labels.reviews(score.call_id)
        read = apply_reviews(score, said[score.call_id])
        by_person = any(review.about == VERDICT for review in read.counted)
        judged[score.call_id].append(Judged(initiative_id=score.initiative_id, verdict=read.score.verdict, by_person=by_person))
    return tuple(
        ListedCall(
            call_id=call.call_id,
            started_at=call.started_at,
            kind=call.kind,
            rep_id=call.rep_id,
            rep_name=None if call.rep_id is None else names.get(call.rep_id, call.rep_id),
            team=call.team,
            customer_name=call.customer_name,
            direction=call.direction,
            language=call.language,
            outcome=call.outcome,
            amount=call.amount,
            recorded=call.audio_path is not None,
            extra=call.extra,
            judged=() if call.call_id in sight.blind else tuple(judged[call.call_id]),
            blind=call.call_id in sight.blind,
        )
        for call in calls
    )
