"""Everything the call page shows, as one value: the words, the judgement with its evidence, what people said of it.

Asks each question by the call's id, so that a page costs the same in a large database. Knows nothing of screens or routes; what
is missing is said in a sentence and never left blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callcoach.app.blindness import blind_round
from callcoach.app.call_judgement import Judgement, judgement
from callcoach.app.call_words import SpokenTurn, place_of, spoken_turns
from callcoach.app.recordings import Recording, recording_of
from callcoach.app.workspace import Workspace
from callcoach.coaching import call_wording
from callcoach.domain.call import Call, Transcript
from callcoach.domain.people import Company, VisibleReps
from callcoach.domain.remark import Consent, Remark, RemarkKind, Withdrawal
from callcoach.domain.review import Review
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Evidence, Verdict
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.judging.evidence import times_of
from callcoach.storage.given import GivenToRuns
from callcoach.storage.labels import Labels
from callcoach.storage.one_call import KeptScore, OneCall
from callcoach.storage.remarks import Remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFor:
    """An initiative the call was judged for, and how it reads there."""

    initiative_id: str
    name: str
    verdict: Verdict
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A remark as it is shown. answers: what was answered to it, the first first."""

    remark: Remark
    name: str
    answers: tuple["Said", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A moment that somebody marked as worth hearing by others. consent: the rep's; nobody else plays it before it is given."""

    remark: Remark
    name: str
    consent: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the call's history, the newest first. withdrawn: taken back, by its author."""

    what_id: str
    person_id: str
    name: str
    sentence: str
    because: str
    what: Review | Remark
    withdrawn: Withdrawal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """A call as somebody who may see it sees it.

    judgement: of the initiative asked for, else of the one that came up most; None where there is none, and `no_judgement` says
    why. timed: whether anything has times; estimated: whether those within a turn are told from its length alone. blind: the
    calibration round in which the reader has yet to label this call; then no judgement and no remark is shown to them. comments
    are about the call or a moment of it, disputes and answers about the judgement. audited: what a look at this page touches, for
    the audit.
    """

    call: Call
    rep_name: str
    team_name: str | None
    recording: Recording
    transcript: Transcript | None
    turns: tuple[SpokenTurn, ...]
    timed: bool
    estimated: bool
    duration: float | None
    roles: str
    judged_for: tuple[JudgedFor, ...]
    judgement: Judgement | None
    no_judgement: str | None
    blind: str | None
    failures: tuple[str, ...]
    comments: tuple[Said, ...]
    disputes: tuple[Said, ...]
    examples: tuple[Example, ...]
    history: tuple[Happened, ...]
    audited: Mapping[str, str]

    @property
    def n_sentences(self) -> int:
        """How many sentences the page shows."""
        return sum(len(turn.sentences) for turn in self.turns)


def call_page(
    workspace: Workspace,
    reader_visible: VisibleReps,
    call_id: str,
    initiative_id: str | None = None,
    *,
    person_id: str | None = None,
) -> CallPage | None:
    """The page of a call; None where there is no such call, or it is not theirs to see: the two are never told apart.

    person_id: who looks, where they are somebody of the company; a call they have yet to label blind shows them no judgement.
    """
    call = visible_call(workspace, reader_visible, call_id)
    if call is None:
        return None
    store, kept = workspace.store, OneCall(workspace.store, call_id)
    company = GivenToRuns(store).company()
    transcript = store.current_transcript(call_id)
    scores = kept.scores()
    labels, remarks = Labels(store), Remarks(store)
    reviews, remarked, taken_back = (
        labels.reviews(call_id, with_withdrawn=True),
        remarks.of_call(call_id),
        remarks.withdrawn(call_id),
    )
    counting = tuple(review for review in reviews if review.review_id not in taken_back)
    blind = blind_round(workspace, person_id, call_id)
    stories = {score.score.initiative_id: _story(workspace, score) for score in scores if score.is_current}
    # what others made of the call would tell whoever is to label it as much as the verdict does
    standing = [] if blind else [remark for remark in remarked if remark.remark_id not in taken_back]
    judged_for = () if blind else _judged_for(scores, counting, stories)
    chosen = None if blind else _chosen(scores, judged_for, initiative_id)
    shown = None
    if chosen is not None:
        shown = judgement(
            workspace,
            chosen,
            [score for score in scores if not score.is_current and score.score.initiative_id == chosen.score.initiative_id],
            stories[chosen.score.initiative_id],
            transcript,
            counting,
            company,
        )
    sentences = {} if chosen is None else kept.sentences(chosen.score.initiative_id, chosen.signals_made_by)
    turns = () if transcript is None else spoken_turns(transcript, sentences, () if shown is None else shown.marks)
    return CallPage(
        call=call,
        rep_name=company.name_of(call.rep_id),
        team_name=_team_name(call, company),
        recording=recording_of(workspace, call),
        transcript=transcript,
        turns=turns,
        timed=any(turn.start is not None for turn in turns),
        estimated=transcript is not None and any(turn.start is not None and not turn.words for turn in transcript.turns),
        duration=_duration(transcript),
        roles=call_wording.who_is_the_rep(transcript.roles if transcript else None),
        judged_for=judged_for,
        judgement=shown,
        no_judgement=None if shown else _why_none(call, transcript, blind, judged_for, initiative_id),
        blind=blind,
        failures=tuple(problem.sentence for problem in kept.failures()),
        comments=_said(standing, RemarkKind.COMMENT, company),
        disputes=_said(standing, RemarkKind.DISPUTE, company),
        examples=examples(standing, call, company),
        history=() if blind else _history(reviews, remarked, taken_back, company),
        audited={
            "call": call_id,
            **({"rep": call.rep_id} if call.rep_id else {}),
            **({"initiative": chosen.score.initiative_id} if chosen else {}),
        },
    )


def visible_call(workspace: Workspace, reader_visible: VisibleReps, call_id: str) -> Call | None:
    """The call, where there is one and it is theirs to see."""
    call = workspace.store.call(call_id)
    return call if call is not None and call.rep_id in reader_visible else None


def examples(standing: Sequence[Remark], call: Call, company: Company) -> tuple[Example, ...]:
    """The moments of a call marked as examples; of what the rep said to each the latest counts, and their own mark is a yes."""
    said = {remark.to: remark.kind for remark in standing if remark.kind in (RemarkKind.CONSENT, RemarkKind.REFUSAL)}
    words = {RemarkKind.CONSENT: Consent.GIVEN, RemarkKind.REFUSAL: Consent.DECLINED}
    return tuple(
        Example(
            remark=remark,
            name=company.name_of(remark.person_id),
            consent=words[said[remark.remark_id]]
            if remark.remark_id in said
            else (Consent.GIVEN if remark.person_id == call.rep_id else Consent.OPEN),
        )
        for remark in standing
        if remark.kind is RemarkKind.EXEMPLAR
    )


def moment_of(transcript: Transcript, turn: int, quote: str) -> Evidence | None:
    """The quote with its times, as evidence of nothing yet; None where it is not in that turn."""
    if not 0 <= turn < len(transcript.turns):
        return None
    span = place_of(quote, transcript.turns[turn])
    if span is None:
        return None
    start, end = times_of(transcript.turns[turn], *span)
    return Evidence(act="", turn=turn, quote=quote, start=start, end=end)


def _judged_for(
    scores: Sequence[KeptScore], reviews: Sequence[Review], stories: Mapping[str, Initiative | None]
) -> tuple[JudgedFor, ...]:
    found = []
    for kept in scores:
        if kept.is_current:
            read, story = apply_reviews(kept.score, reviews), stories[kept.score.initiative_id]
            found.append(
                JudgedFor(
                    initiative_id=kept.score.initiative_id,
                    name=story.name if story else kept.score.initiative_id,
                    verdict=read.score.verdict,
                    by_person=any(review.about == "verdict" for review in read.counted),
                )
            )
    return tuple(sorted(found, key=lambda one: (_rank(one, stories), one.initiative_id)))


def _rank(one: JudgedFor, stories: Mapping[str, Initiative | None]) -> tuple[bool, int]:
    """What came up before what did not, then by the company's own priority."""
    story = stories[one.initiative_id]
    quiet = one.verdict in (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)
    return quiet, story.priority if story and story.priority is not None else 1_000


def _chosen(
    scores: Sequence[KeptScore],
    judged_for: Sequence[JudgedFor],
    initiative_id: str | None,
) -> KeptScore | None:
    wanted = initiative_id if initiative_id is not None else next((one.initiative_id for one in judged_for), None)
    return next((kept for kept in scores if kept.is_current and kept.score.initiative_id == wanted), None)


def _story(workspace: Workspace, kept: KeptScore) -> Initiative | None:
    """The initiative in the version the score was made with."""
    return workspace.store.initiative(kept.score.initiative_id, kept.score.versions.get("rubric", "").rpartition(" ")[2])


def _why_none(
    call: Call, transcript: Transcript | None, blind: str | None, judged_for: Sequence[JudgedFor], initiative_id: str | None
) -> str:
    if blind:
        return (
            f"You are to label this call in round {blind} without having seen any judgement of it. "
            "Finish the round; then the judgement is here."
        )
    if judged_for and initiative_id is not None:
        return f"This call was not judged for {initiative_id}. Choose one of the initiatives it was judged for."
    return call_wording.nothing_judged(call.kind, transcript is not None)


def _said(standing: Sequence[Remark], kind: RemarkKind, company: Company) -> tuple[Said, ...]:
    def shown(remark: Remark) -> Said:
        answers = (other for other in standing if other.kind is RemarkKind.ANSWER and other.to == remark.remark_id)
        return Said(remark=remark, name=company.name_of(remark.person_id), answers=tuple(shown(each) for each in answers))

    return tuple(shown(remark) for remark in standing if remark.kind is kind)


def _history(
    reviews: Sequence[Review], remarks: Sequence[Remark], taken_back: Mapping[str, Withdrawal], company: Company
) -> tuple[Happened, ...]:
    lines = [
        Happened(
            what_id=review.review_id,
            person_id=review.person_id,
            name=company.name_of(review.person_id),
            sentence=call_wording.review_sentence(review),
            because=review.because,
            what=review,
            withdrawn=taken_back.get(review.review_id),
        )
        for review in reviews
    ] + [
        Happened(
            what_id=remark.remark_id,
            person_id=remark.person_id,
            name=company.name_of(remark.person_id),
            sentence=call_wording.remark_sentence(remark.kind),
            because=remark.text,
            what=remark,
            withdrawn=taken_back.get(remark.remark_id),
        )
        for remark in remarks
    ]
    return tuple(sorted(lines, key=lambda line: (line.what.at, line.what_id), reverse=True))


def _team_name(call: Call, company: Company) -> str | None:
    person = company.person(call.rep_id)
    team_id = call.team or (person.team if person else None)
    team = company.team(team_id)
    return team.name if team else team_id


def _duration(transcript: Transcript | None) -> float | None:
    if transcript is None:
        return None
    last = max((turn.end for turn in transcript.turns if turn.end is not None), default=None)
    return transcript.duration if transcript.duration is not None else last
