"""What a row of each export says, column by column: the one place from which files, their schemas and the documentation follow.

Knows nothing of how a row is found or written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from callcoach.domain.behaviour import Behaviour
from callcoach.domain.call import CallKind
from callcoach.domain.queue import QueueState
from callcoach.domain.verdict import Answer, Verdict

SCHEMA_VERSION = 1
"""Counts up when a column is taken away or means something else; new columns may come behind without it."""


class Export(StrEnum):
    """What can be taken out."""

    CALLS = "calls"
    SCORES = "scores"
    EVIDENCE = "evidence"
    RECOMMENDATIONS = "recommendations"
    QUEUE = "queue"


class SaidBy(StrEnum):
    """Whose word it is: a person's stands before the machine's."""

    MACHINE = "machine"
    PERSON = "person"


Version = Annotated[int, Meta(description="Version of these columns; 1.")]
CallId = Annotated[str, Meta(description="The call's id.")]
Started = Annotated[datetime | None, Meta(description="When the call began; empty where nobody said.")]
RepId = Annotated[str | None, Meta(description="The rep's id; empty for a leader's recording and where it is not known.")]
RepName = Annotated[str | None, Meta(description="The rep's name, or the id where the people file has none.")]
TeamId = Annotated[str | None, Meta(description="The rep's team at that call.")]
Customer = Annotated[str | None, Meta(description="The customer as the manifest names them.")]
InitiativeId = Annotated[str, Meta(description="The initiative's id.")]
InitiativeName = Annotated[str, Meta(description="Its name, or the id where the latest run read none.")]
LevelOf = Annotated[int | None, Meta(description="0 absent, 1 mentioned, 2 explained, corrections applied; empty: not assessed.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call and what is known of it apart from its words."""

    schema_version: Version = SCHEMA_VERSION
    call_id: CallId
    started_at: Started
    kind: Annotated[CallKind, Meta(description="call: with a customer; leader: a leader speaking to the field.")]
    rep_id: RepId
    rep_name: RepName
    team: TeamId
    customer_name: Customer
    direction: Annotated[str | None, Meta(description="inbound or outbound, as the manifest says it.")]
    language: Annotated[str | None, Meta(description="Language code, as the manifest says it.")]
    outcome: Annotated[str | None, Meta(description="What came of the call, as the manifest or the CRM's table says it.")]
    amount: Annotated[float | None, Meta(description="Its amount, in the company's currency.")]
    content: Annotated[str, Meta(description="sha256 of the recording, or of the transcript where there is none.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """The judgement of one call for one initiative, a person's corrections applied and told apart."""

    schema_version: Version = SCHEMA_VERSION
    call_id: CallId
    initiative_id: InitiativeId
    initiative: InitiativeName
    started_at: Started
    rep_id: RepId
    rep_name: RepName
    team: TeamId
    customer_name: Customer
    verdict: Annotated[Verdict, Meta(description="The verdict as it reads now.")]
    verdict_by: Annotated[SaidBy, Meta(description="Whose word the verdict is.")]
    machine_verdict: Annotated[Verdict, Meta(description="The verdict as the judge gave it.")]
    confidence: Annotated[float | None, Meta(description="How sure the judge was of its verdict, 0 to 1; empty: not assessed.")]
    why_score: Annotated[float | None, Meta(description="0 to 100, as it reads now; empty: not assessed.")]
    wall: LevelOf
    hammer: LevelOf
    part: LevelOf
    asked_why: Annotated[bool, Meta(description="Whether the customer asked why, or what it means for them.")]
    answer: Annotated[Answer, Meta(description="How the rep answered that; na: not asked.")]
    offer_hunting: Annotated[bool, Meta(description="Several offers in a row, no need asked.")]
    feature_dump: Annotated[bool, Meta(description="Features without a reason.")]
    diagnosed_first: Annotated[bool, Meta(description="Asked before offering.")]
    reason: Annotated[str | None, Meta(description="Why the call is not assessed.")]
    needs_person: Annotated[str | None, Meta(description="Why a person has to judge this call.")]
    corrected_by: Annotated[str | None, Meta(description="Who corrected it, by name.")]
    because: Annotated[str | None, Meta(description="Their reasons.")]
    people_differ: Annotated[bool, Meta(description="Whether people's corrections contradict each other.")]
    rubric_version: Annotated[str | None, Meta(description="Version of the initiative it was judged with.")]
    judge_version: Annotated[str | None, Meta(description="Version of the judge.")]
    language_version: Annotated[str | None, Meta(description="Version of the language models.")]
    speech_version: Annotated[str | None, Meta(description="Version of the speech models.")]
    software_version: Annotated[str | None, Meta(description="Version of callcoach.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A quote that a judgement rests on, verbatim."""

    schema_version: Version = SCHEMA_VERSION
    call_id: CallId
    initiative_id: InitiativeId
    started_at: Started
    rep_id: RepId
    rep_name: RepName
    act: Annotated[str, Meta(description="What it is evidence of: wall, hammer, part, recite, stumble, answer, ask, need.")]
    turn: Annotated[int, Meta(description="Number of the turn, from 0.")]
    quote: Annotated[str, Meta(description="The words, verbatim.")]
    start: Annotated[float | None, Meta(description="Seconds from the start of the call; empty where words have no times.")]
    end: Annotated[float | None, Meta(description="Seconds from the start of the call.")]
    reply_to: Annotated[int | None, Meta(description="Number of the customer's turn that it builds on or answers.")]
    said_by: Annotated[SaidBy, Meta(description="Who found it: the machine, or a person's correction.")]
    rubric_version: Annotated[str | None, Meta(description="Version of the initiative it was judged with.")]
    judge_version: Annotated[str | None, Meta(description="Version of the judge.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationRow:
    """One thing to coach with one rep, as the latest whole run recommends it."""

    schema_version: Version = SCHEMA_VERSION
    as_of: Annotated[datetime, Meta(description="When the run that recommends it read its facts.")]
    rep_id: Annotated[str, Meta(description="The rep's id.")]
    rep_name: Annotated[str, Meta(description="The rep's name, or the id where the people file has none.")]
    team: TeamId
    initiative_id: InitiativeId
    initiative: InitiativeName
    behaviour: Annotated[Behaviour, Meta(description="What to do more.")]
    headline: Annotated[str, Meta(description="It in a sentence.")]
    intent: Annotated[str, Meta(description="The why of the initiative.")]
    because: Annotated[str, Meta(description="What it rests on.")]
    practice: Annotated[str, Meta(description="What to practise.")]
    owner: Annotated[str | None, Meta(description="Who sees to it, by name.")]
    due: Annotated[date, Meta(description="By when.")]
    n_calls: Annotated[int, Meta(description="Calls in which it could have shown.")]
    n_shown: Annotated[int, Meta(description="Calls in which it showed.")]
    call_id: Annotated[str, Meta(description="The call of the first moment to play.")]
    start: Annotated[float | None, Meta(description="Where it begins there, in seconds.")]
    quote: Annotated[str, Meta(description="The rep's words there, verbatim.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A call that is worth a person's ear, and why."""

    schema_version: Version = SCHEMA_VERSION
    call_id: CallId
    initiative_id: InitiativeId
    initiative: InitiativeName
    started_at: Started
    rep_id: RepId
    rep_name: RepName
    team: TeamId
    customer_name: Customer
    state: Annotated[QueueState, Meta(description="waiting, reviewed or dismissed.")]
    whys: Annotated[str, Meta(description="Why it is there: disputed, flagged, uncertain, random; divided by commas.")]
    reasons: Annotated[str, Meta(description="The same in sentences.")]
    machine_verdict: Annotated[Verdict, Meta(description="The verdict as the judge gave it.")]
    uncertainty: Annotated[float | None, Meta(description="How unsure the judge was, 0 to 1.")]
    quote: Annotated[str | None, Meta(description="The words to hear first, verbatim.")]
    start: Annotated[float | None, Meta(description="Where they begin, in seconds.")]
    dismissed_by: Annotated[str | None, Meta(description="Who dismissed it, by name.")]
    because: Annotated[str | None, Meta(description="The reason they gave.")]


Row = CallRow | ScoreRow | EvidenceRow | RecommendationRow | QueueRow

ROWS: Mapping[Export, type[Any]] = {
    Export.CALLS: CallRow,
    Export.SCORES: ScoreRow,
    Export.EVIDENCE: EvidenceRow,
    Export.RECOMMENDATIONS: RecommendationRow,
    Export.QUEUE: QueueRow,
}

ABOUT: Mapping[Export, str] = {
    Export.CALLS: "One row a call: when, who, with whom, what came of it.",
    Export.SCORES: "One row a call and initiative: verdict, levels, corrections by people, and the versions they were made with.",
    Export.EVIDENCE: "One row a quote that a judgement rests on.",
    Export.RECOMMENDATIONS: "One row a thing to coach with a rep, as the latest whole run recommends it.",
    Export.QUEUE: "One row a call and initiative that is worth a person's ear, and why.",
}


def columns(export: Export) -> dict[str, str]:
    """The names of the columns in order, each with what it says."""
    hints = get_type_hints(ROWS[export], include_extras=True)
    return {each.name: _said(hints[each.name]) for each in fields(ROWS[export])}


def json_schema(export: Export) -> dict[str, Any]:
    """The JSON Schema of a line of the export."""
    made = msgspec.json.schema(ROWS[export])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"callcoach {export.value}", **made}


def _said(hint: Any) -> str:
    return next((each.description or "" for each in getattr(hint, "__metadata__", ()) if isinstance(each, Meta)), "")
