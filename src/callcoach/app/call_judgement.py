"""The judgement of one call for one initiative as the call page shows it: machine beside people, each claim with its quote.

Puts together what is kept; judges nothing. Knows nothing of screens.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from callcoach.app.call_words import Marked, place_of
from callcoach.app.workspace import Workspace
from callcoach.coaching import call_wording, one_call
from callcoach.domain.call import Role, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.people import Company
from callcoach.domain.review import NO_EVIDENCE, VERDICT, Review, ReviewedScore, about_level, about_quote, revision
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import CopiedRun, CriterionResult, Evidence, Level, Verdict
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.judging.evidence import times_of
from callcoach.judging.questions import pause_between
from callcoach.judging.side_by_side import SideBySide, side_by_side
from callcoach.judging.wording import manner
from callcoach.storage.one_call import KeptScore
from callcoach.storage.opinions import Opinions

_TURNS = re.compile(r"“[^”]*”|\bturns? (?P<numbers>\d+(?:, \d+)*(?: and \d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsWord:
    """What a person said in the machine's place, or in agreement with it. others: people who see it differently."""

    name: str
    review: Review
    others: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether it is what the machine says."""
        return self.review.machine == self.review.person


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    """A quote of the judgement. evidence_id stays the same as long as the words do.

    person: who said that it is, or is not, evidence; struck: it is not, and the level no longer rests on it. in_words: whether
    the words of the call still hold it.
    """

    evidence_id: str
    quote: Evidence
    kind: str
    why: str
    person: PersonsWord | None = None
    struck: bool = False
    in_words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownComponent:
    """A component of the story: what was to be told, the machine's level, a person's where there is one, and the quotes."""

    component: Component
    story: str | None
    machine: Level | None
    level: Level | None
    words: str
    person: PersonsWord | None
    evidence: tuple[ShownEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A customer's line and the rep's line that builds on it."""

    customer: ShownEvidence
    rep: ShownEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWhy:
    """A why-question: the pause before the rep spoke, the hedges in what they said, the answer's quote where there is one."""

    asked: ShownEvidence
    answer: ShownEvidence | None
    pause_s: float | None
    pause: str
    hedges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The run copied from the script, word by word beside it."""

    run: CopiedRun
    texts: SideBySide
    start: float | None


class Said(NamedTuple):
    """A stretch of a statement; turn: the number of the turn that it names."""

    text: str
    turn: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """How the call was judged before, with other versions."""

    verdict: Verdict
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One initiative's part of the page. story: None where its text is no longer kept.

    revision: names the corrections that are shown; who writes one sends it along. marks: the quotes as places in the words.
    chain: what led the machine to its verdict, whatever people say of it.
    """

    initiative_id: str
    name: str
    story: Initiative | None
    read: ReviewedScore
    verdict_by: PersonsWord | None
    revision: str
    chain: tuple[tuple[Said, ...], ...]
    components: tuple[ShownComponent, ...]
    evidence: tuple[ShownEvidence, ...]
    links: tuple[Link, ...]
    questions: tuple[AskedWhy, ...]
    answer: str
    copied: Copied | None
    behaviours: tuple[tuple[str, bool], ...]
    led: tuple[tuple[str, str], ...]
    reaction: str | None
    criteria: tuple[CriterionResult, ...]
    opinions: tuple[SecondOpinion, ...]
    conflicts: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    marks: tuple[Marked, ...]


def judgement(
    workspace: Workspace,
    kept: KeptScore,
    earlier: Sequence[KeptScore],
    story: Initiative | None,
    transcript: Transcript | None,
    reviews: Sequence[Review],
    company: Company,
) -> Judgement:
    """What is shown of a score. reviews: those of the call that count."""
    read = apply_reviews(kept.score, reviews)
    score, own = read.score, [review for review in reviews if review.initiative_id == kept.score.initiative_id]
    evidence = _evidence(read, transcript, company)
    by_place = {(each.quote.act, each.quote.turn, each.quote.quote): each for each in evidence}
    standing = [by_place[quote.act, quote.turn, quote.quote] for quote in score.evidence]
    names = {review.person_id: company.name_of(review.person_id) for review in own}
    return Judgement(
        initiative_id=score.initiative_id,
        name=story.name if story else score.initiative_id,
        story=story,
        read=read,
        verdict_by=_word(read, VERDICT, company),
        revision=revision(own),
        chain=tuple(_with_turns(statement) for statement in kept.score.statements),
        components=tuple(_component(component, read, story, evidence, company) for component in Component),
        evidence=evidence,
        links=_links(standing),
        questions=_questions(standing, transcript),
        answer=call_wording.ANSWER_WORDS[score.answer],
        copied=_copied(score.copied, transcript),
        behaviours=()
        if score.verdict in (Verdict.NOT_ASSESSED, Verdict.NOT_RAISED)
        else call_wording.behaviours(score.behaviours),
        led=call_wording.how_it_was_led(score.conduct),
        reaction=None if score.reaction is None else one_call.reaction(score.reaction),
        criteria=score.criteria,
        opinions=tuple(
            each for each in Opinions(workspace.store).of_call(score.call_id) if each.initiative_id == score.initiative_id
        ),
        conflicts=tuple(call_wording.differ(said, names) for said in read.conflicts),
        earlier=tuple(Earlier(verdict=each.score.verdict, versions=each.score.versions) for each in earlier),
        marks=_marks(standing, transcript),
    )


def _with_turns(statement: str) -> tuple[Said, ...]:
    """A statement cut where it names turns outside of what it quotes."""
    found, place = [], 0
    for named in _TURNS.finditer(statement):
        for number in re.finditer(r"\d+", named["numbers"] or ""):
            begin, end = named.start("numbers") + number.start(), named.start("numbers") + number.end()
            found += [Said(statement[place:begin]), Said(number[0], int(number[0]))]
            place = end
    return (*found, Said(statement[place:]))


def evidence_id(quote: Evidence) -> str:
    """Names a quote in addresses: the same words as the same act in the same turn."""
    return "ev_" + fingerprint(quote.act, quote.turn, quote.quote)[:8]


def _evidence(read: ReviewedScore, transcript: Transcript | None, company: Company) -> tuple[ShownEvidence, ...]:
    """All quotes, the machine's and people's, in the order of the call; those that a person struck among them."""
    standing = set(read.score.evidence)
    quotes = dict.fromkeys((*read.machine.evidence, *read.score.evidence))
    found = []
    for quote in sorted(quotes, key=lambda quote: (quote.turn, quote.start or 0.0)):
        word = _word(read, about_quote(quote.act), company, quote)
        found.append(
            ShownEvidence(
                evidence_id=evidence_id(quote),
                quote=quote,
                kind=call_wording.ACT_WORDS.get(quote.act, quote.act),
                why=call_wording.why_it_counts(quote, read.score if quote in standing else read.machine),
                person=word,
                struck=word is not None and word.review.person == NO_EVIDENCE and quote not in standing,
                in_words=transcript is not None
                and quote.turn < len(transcript.turns)
                and place_of(quote.quote, transcript.turns[quote.turn]) is not None,
            )
        )
    return tuple(found)


def _component(
    component: Component, read: ReviewedScore, story: Initiative | None, evidence: Sequence[ShownEvidence], company: Company
) -> ShownComponent:
    level = read.score.levels.get(component)
    return ShownComponent(
        component=component,
        story=story.story.of(component) if story else None,
        machine=read.machine.levels.get(component),
        level=level,
        words=call_wording.level_words(level),
        person=_word(read, about_level(component), company),
        evidence=tuple(each for each in evidence if each.quote.act == component.value),
    )


def _word(read: ReviewedScore, about: str, company: Company, quote: Evidence | None = None) -> PersonsWord | None:
    """The latest that a person said of a thing, and who sees it differently."""
    said = [review for review in read.counted if review.about == about]
    if quote is not None:
        said = [review for review in said if (review.turn, review.quote) == (quote.turn, quote.quote)]
    if not said:
        return None
    last = max(said, key=lambda review: (review.at, review.review_id))
    others = tuple(
        f"{company.name_of(review.person_id)} {call_wording.review_sentence(review)}"
        for review in said
        if review.person != last.person
    )
    return PersonsWord(name=company.name_of(last.person_id), review=last, others=others)


def _links(evidence: Sequence[ShownEvidence]) -> tuple[Link, ...]:
    lines = {each.quote.turn: each for each in evidence if each.quote.act in (Act.ASK, Act.NEED)}
    return tuple(
        Link(customer=lines[each.quote.reply_to], rep=each)
        for each in evidence
        if each.quote.reply_to in lines and each.quote.act in (Act.WALL, Act.HAMMER, Act.PART)
    )


def _questions(evidence: Sequence[ShownEvidence], transcript: Transcript | None) -> tuple[AskedWhy, ...]:
    found = []
    for asked in (each for each in evidence if each.quote.act == Act.ASK):
        answer = next(
            (each for each in evidence if each.quote.act == Act.ANSWER and each.quote.reply_to == asked.quote.turn), None
        )
        reply = _next_rep_turn(transcript, asked.quote.turn)
        pause_s = None if reply is None or transcript is None else pause_between(transcript, asked.quote.turn, reply)
        found.append(
            AskedWhy(
                asked=asked,
                answer=answer,
                pause_s=pause_s,
                pause="the rep said nothing after it" if reply is None else call_wording.pause(pause_s),
                hedges=0 if reply is None or transcript is None else manner(transcript.turns[reply].text).hedges,
            )
        )
    return tuple(found)


def _next_rep_turn(transcript: Transcript | None, after: int) -> int | None:
    if transcript is None:
        return None
    return next((number for number, _ in transcript.turns_of(Role.REP) if number > after), None)


def _copied(run: CopiedRun | None, transcript: Transcript | None) -> Copied | None:
    if run is None:
        return None
    start = None
    if transcript is not None and run.turn < len(transcript.turns):
        turn = transcript.turns[run.turn]
        span = place_of(run.said, turn)
        start = times_of(turn, *span)[0] if span else None
    return Copied(run=run, texts=side_by_side(run.said, run.script), start=start)


def _marks(evidence: Sequence[ShownEvidence], transcript: Transcript | None) -> tuple[Marked, ...]:
    found = []
    for each in evidence:
        if transcript is None or not each.in_words:
            continue
        begin, end = place_of(each.quote.quote, transcript.turns[each.quote.turn]) or (0, 0)
        found.append(Marked(evidence_id=each.evidence_id, act=each.quote.act, turn=each.quote.turn, begin=begin, end=end))
    return tuple(found)
