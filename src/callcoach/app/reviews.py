"""Corrections by people: take one down beside the machine's answer, and read scores with them applied."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Role, Transcript
from callcoach.domain.review import (
    EVIDENCE,
    NO_EVIDENCE,
    VERDICT,
    Correction,
    Review,
    ReviewedScore,
    about_level,
    about_quote,
)
from callcoach.domain.signals import CUSTOMER_ACTS, Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Level, Verdict
from callcoach.errors import UsageError
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.judging.evidence import times_of
from callcoach.storage.labels import Labels
from callcoach.storage.one_call import OneCall

# where nobody knows who speaks, a person's ear decides
_REPS = (Role.REP, Role.LEADER, Role.UNKNOWN)
_CUSTOMERS = (Role.CUSTOMER, Role.UNKNOWN)


class QuoteReview(NamedTuple):
    """Whether words are evidence of an act. turn: in which they stand (from 0); None looks for them."""

    act: str
    quote: str
    is_evidence: bool
    turn: int | None = None


def review(
    workspace: Workspace,
    call_id: str,
    initiative_id: str,
    *,
    by: str,
    because: str,
    at: datetime,
    verdict: Verdict | None = None,
    levels: Mapping[Component, Level] | None = None,
    quote: QuoteReview | None = None,
    seen: str | None = None,
) -> ReviewedScore:
    """Keep what a person says of a stored call, and return how it now reads.

    seen: the `revision` of the corrections they had before them. Raises UsageError where the call was not judged for the
    initiative, nothing is corrected, a quote is not in the words or is the other side's, or a level above 0 would stand without a
    quote; EditConflict where somebody else has corrected it since.
    """
    machine = stored_score(workspace, call_id, initiative_id)
    if verdict is None and not levels and quote is None:
        raise UsageError("Nothing to correct. Give --verdict, --level or --evidence / --no-evidence.")
    if not because.strip():
        raise UsageError("A correction says why. Give the reason with --because.")
    labels = Labels(workspace.store)
    moment = at.astimezone(UTC).replace(microsecond=0)
    # who takes a correction back and makes it again at once means a new one: it may not bear the name of the old
    said_before = {each.at for each in labels.reviews(call_id, with_withdrawn=True) if each.person_id == by}
    while moment in said_before:
        moment += timedelta(seconds=1)

    def said(about: str, of_machine: str, person: str, place: Mapping[str, object] | None = None) -> Review:
        return Review(
            call_id=call_id,
            initiative_id=initiative_id,
            person_id=by,
            at=moment,
            about=about,
            machine=of_machine,
            person=person,
            because=because.strip(),
            versions=machine.versions,
            **(place or {}),  # type: ignore[arg-type]
        )

    if quote and quote.act not in tuple(Act):
        raise UsageError(f'"{quote.act}" is nothing a quote can be evidence of. Known: {", ".join(Act)}.')
    place = _place(workspace, machine, quote) if quote else None
    added: list[Review] = []
    earlier = labels.reviews(call_id)
    if quote:
        act = Act(quote.act)
        there = any((one.act, one.quote) == (act.value, (place or {}).get("quote")) for one in machine.evidence)
        words = {True: EVIDENCE, False: NO_EVIDENCE}
        added.append(said(about_quote(act.value), words[there], words[quote.is_evidence], place))
    quotes_left = apply_reviews(machine, [*earlier, *added])
    if verdict is not None:
        added.append(said(VERDICT, machine.verdict.value, verdict.value))
    for component, level in (levels or {}).items():
        rests_on = place if quote and quote.is_evidence and quote.act == component.value else None
        if rests_on is None and level > Level.ABSENT:
            # kept with the level, which then stands whatever a later judge quotes
            rests_on = _first_quote(quotes_left.score, component)
        of_machine = machine.levels.get(component)
        added.append(said(about_level(component), "" if of_machine is None else str(int(of_machine)), str(int(level)), rests_on))
    read = apply_reviews(machine, [*earlier, *added])
    for component, level in (levels or {}).items():
        if read.score.levels.get(component) != level:
            raise UsageError(
                f"{component.value} cannot be at {int(level)} without a quote. Give the words: --evidence {component.value}:“...”"
            )
    labels.add_reviews(added, seen=seen)
    return read


def stored_score(workspace: Workspace, call_id: str, initiative_id: str) -> CallScore:
    """The machine's current score of a call. Raises UsageError where there is none."""
    kept = OneCall(workspace.store, call_id).score(initiative_id)
    if kept is None:
        raise UsageError(
            f"{call_id} was not judged for {initiative_id} in {workspace.settings.home}. Run callcoach run over it first."
        )
    return kept.score


def read_stored(workspace: Workspace, call_id: str, initiative_id: str) -> ReviewedScore:
    """A stored call's score with people's corrections applied. Raises UsageError where the call was not judged for it."""
    (read,) = reviewed(workspace, [stored_score(workspace, call_id, initiative_id)])
    return read


def is_stored(workspace: Workspace, call_id: str) -> bool:
    """Whether the database has a call of this id; a database that is not there is not made."""
    settings = workspace.settings
    there = settings.database_url is not None or (settings.home / "callcoach.db").exists()
    return there and workspace.store.call(call_id) is not None


def reviewed(workspace: Workspace, scores: Sequence[CallScore]) -> tuple[ReviewedScore, ...]:
    """Each score as a reader is to see it."""
    by_pair: dict[tuple[str, str], list[Review]] = {}
    for each in Labels(workspace.store).reviews():
        by_pair.setdefault((each.call_id, each.initiative_id), []).append(each)
    return tuple(apply_reviews(score, by_pair.get((score.call_id, score.initiative_id), ())) for score in scores)


def corrections(read: Sequence[ReviewedScore]) -> tuple[Correction, ...]:
    """The corrected verdicts, for the report, with those who see it differently."""
    found = []
    for each in read:
        verdicts = [one for one in each.counted if one.about == VERDICT]
        if not verdicts:
            continue
        last = max(verdicts, key=lambda one: (one.at, one.review_id))
        found.append(
            Correction(
                call_id=last.call_id,
                initiative_id=last.initiative_id,
                machine=each.machine.verdict,
                person=Verdict(last.person),
                by=last.person_id,
                at=last.at,
                because=last.because,
                others={one.person_id: Verdict(one.person) for one in verdicts if one.person != last.person},
            )
        )
    return tuple(found)


def _place(workspace: Workspace, machine: CallScore, quote: QuoteReview) -> Mapping[str, object]:
    """Turn, words and times of a quote: those of the machine's evidence where it is one, else looked up in the transcript."""
    wanted = " ".join(quote.quote.split()).strip('“”"')
    if not wanted:
        raise UsageError(f"Which words? Give them behind the act, like {quote.act}:“...”, word for word as callcoach shows them.")
    for one in machine.evidence:
        fits = one.act == quote.act and wanted in " ".join(one.quote.split()) and (not quote.is_evidence or wanted == one.quote)
        if fits and quote.turn in (None, one.turn):
            return {"turn": one.turn, "quote": one.quote, "start": one.start, "end": one.end}
    transcript = workspace.store.current_transcript(machine.call_id)
    found_in = _turns_with(wanted, transcript, quote.turn) if transcript else []
    if transcript is None or not found_in:
        raise UsageError(f"“{wanted}” is not in the words of {machine.call_id}. Give it word for word as callcoach shows it.")
    sides = _CUSTOMERS if quote.act in CUSTOMER_ACTS else _REPS
    number = next((each for each in found_in if not quote.is_evidence or transcript.turns[each].role in sides), None)
    if number is None:
        whose = ("rep", "customer") if sides is _CUSTOMERS else ("customer", "rep")
        raise UsageError(
            f"“{wanted}” are the {whose[0]}'s words, and {quote.act} is what a {whose[1]} does. Choose words of the {whose[1]}'s."
        )
    turn = transcript.turns[number]
    found = re.search(r"\s+".join(map(re.escape, wanted.split())), turn.text)
    assert found is not None, "the same words were looked for just before"
    start, end = times_of(turn, *found.span())
    return {"turn": number, "quote": found[0], "start": start, "end": end}


def _turns_with(wanted: str, transcript: Transcript, turn: int | None) -> list[int]:
    """The turns that hold the words, whatever the spaces; of one that is named, at most that."""
    numbers = range(len(transcript.turns)) if turn is None else range(turn, min(turn + 1, len(transcript.turns)))
    return [number for number in numbers if wanted in " ".join(transcript.turns[number].text.split())]


def _first_quote(score: CallScore, component: Component) -> Mapping[str, object] | None:
    quote = next((one for one in score.evidence if one.act == component.value), None)
    return None if quote is None else {"turn": quote.turn, "quote": quote.quote, "start": quote.start, "end": quote.end}
