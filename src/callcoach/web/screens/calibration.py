"""Calibration: label calls blind, see how far people agree, settle what they do not. Shows nothing before a round is finished."""

from datetime import date
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import calibration_rooms as rooms
from callcoach.app.audit import note
from callcoach.coaching import calibration_wording, gate_wording
from callcoach.domain.calibration import CRITERION
from callcoach.domain.story import Component
from callcoach.domain.verdict import JUDGED_VERDICTS, Answer, Level, Verdict
from callcoach.errors import UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere, Unusable
from callcoach.web.render import by_htmx, fragment, json_of, page

router = APIRouter()

Reviewer = Annotated[Reader, allow(Policy.REVIEW)]
Enabler = Annotated[Reader, allow(Policy.ENABLEMENT)]
Admin = Annotated[Reader, allow(Policy.ADMIN)]
Id = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=4 * rooms.MOST_LETTERS)]


class Option(NamedTuple):
    """One answer: what is kept, its key, and what stands on it."""

    value: str
    key: str
    verdict: Verdict | None = None
    level: Level | None = None
    label: str = ""


class Ask(NamedTuple):
    """One question with its answers. when: always, only where it was raised, or only where the customer asked why."""

    name: str
    kind: str
    options: tuple[Option, ...]
    when: str = ""
    text: str = ""
    component: Component | None = None


async def answers_of(request: Request) -> dict[str, str]:
    """The answers that a request holds, by question."""
    form = await request.form(max_fields=200, max_files=0)
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


@router.get("/calibration")
def calibration(request: Request, reader: Reviewer, initiative: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The rounds, and where each initiative stands."""
    found = rooms.rooms(reader.workspace, reader.known.person_id, sees_all=reader.may(Policy.ENABLEMENT))
    return page(request, reader, "calibration.html", found=found, chosen=initiative)


@router.post("/calibration")
def begin(
    request: Request,
    reader: Enabler,
    initiative: Id,
    calls: Annotated[int, Form()],
    person: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006 - only read
) -> Response:
    """A new round."""
    try:
        begun = rooms.begin(reader.workspace, initiative, person, calls, at=reader.now)
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    note(
        reader.workspace,
        reader.account,
        "round.begin",
        begun.round_id,
        reader.now,
        calls=len(begun.picks),
        people=",".join(begun.people),
    )
    return RedirectResponse(_address(begun.round_id), status_code=303)


@router.get("/calibration/gate/{initiative_id}")
def gate(initiative_id: str, request: Request, reader: Reviewer) -> Response:
    """Where an initiative stands, and what is missing."""
    found = rooms.gate_of(reader.workspace, initiative_id, today=reader.now.date())
    if found is None:
        raise NotHere
    values: dict[str, Any] = {"initiative": found[0], "gate": found[1], "gate_words": gate_wording, "words": calibration_wording}
    if by_htmx(request):
        return fragment(request, reader, "parts/_gate.html", **values)
    return page(request, reader, "calibration_gate.html", **values)


@router.post("/calibration/gate/{initiative_id}")
def override(initiative_id: str, reader: Admin, until: Annotated[date, Form()], because: Text = "") -> Response:
    """An administrator's word that an initiative is coached before its gate is open."""
    by = reader.by
    try:
        rooms.override(reader.workspace, initiative_id, by=by, because=because, until=until, at=reader.now)
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    note(reader.workspace, reader.account, "gate.override", initiative_id, reader.now, until=until, because=because)
    return RedirectResponse(f"/calibration/gate/{quote(initiative_id, safe='')}", status_code=303)


@router.get("/calibration/about/{initiative_id}")
def about(initiative_id: str, request: Request, reader: Enabler, at: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """All finished labels of an initiative, of rounds and of files."""
    found = rooms.compared_all(reader.workspace, initiative_id, reader.known.person_id)
    if found is None:
        raise NotHere("Nobody has finished labelling calls for this initiative, or there is none of this id.")
    return page(
        request, reader, "calibration_round.html", **_compared(found, at, f"/calibration/about/{quote(initiative_id, safe='')}")
    )


@router.get("/calibration/{round_id}")
def round_(round_id: str, request: Request, reader: Reviewer, at: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Who is done; once all are, agreement and what to talk through."""
    found = rooms.compared(reader.workspace, round_id, reader.known.person_id, sees_all=reader.may(Policy.ENABLEMENT))
    if found is None:
        raise NotHere
    if found.found is not None:
        note(reader.workspace, reader.account, "round.read", round_id, reader.now)
    return page(request, reader, "calibration_round.html", **_compared(found, at, _address(round_id)))


@router.get("/calibration/{round_id}/label")
def label(
    round_id: str,
    request: Request,
    reader: Reviewer,
    call: Annotated[str | None, Query(max_length=200)] = None,
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One call to label."""
    found = rooms.to_label(reader.workspace, reader.visible, round_id, reader.known.person_id, call)
    if found is None:
        raise NotHere
    if found.call_id is not None:
        note(reader.workspace, reader.account, "call.label", found.call_id, reader.now, round=round_id)
    values: dict[str, Any] = {"found": found, "words": calibration_wording, "asked": _asked(found), "address": _address(round_id)}
    sentence = "These words are not in the call, so they were not kept. Copy them as they stand there." if said == "quote" else ""
    return page(request, reader, "calibration_label.html", problem=sentence, **values)


@router.post("/calibration/{round_id}/label/{call_id}")
def answer(
    round_id: str, call_id: str, request: Request, reader: Reviewer, given: Annotated[dict[str, str], Depends(answers_of)]
) -> Response:
    """Keep what was answered so far."""
    try:
        kept = rooms.keep(reader.workspace, round_id, reader.known.person_id, call_id, given)
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    if kept is None:
        raise NotHere
    if by_htmx(request):
        return json_of(kept)
    here = f"{_address(round_id)}/label"
    if kept.sentence or not kept.complete:
        query = urlencode({"call": call_id, **({"said": "quote"} if kept.sentence else {})})
        return RedirectResponse(f"{here}?{query}", status_code=303)
    return RedirectResponse(f"{here}?{urlencode({'call': kept.following})}" if kept.following else here, status_code=303)


@router.post("/calibration/{round_id}/finish")
def finish(round_id: str, reader: Reviewer) -> Response:
    """Make one's answers final."""
    try:
        if not rooms.finish(reader.workspace, round_id, reader.known.person_id, at=reader.now):
            raise NotHere
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    note(reader.workspace, reader.account, "round.finish", round_id, reader.now)
    return RedirectResponse(_address(round_id), status_code=303)


@router.post("/calibration/{round_id}/decide")
def decide(
    round_id: str,
    reader: Reviewer,
    call: Id,
    verdict: Annotated[Verdict, Form()],
    because: Text = "",
    at: Annotated[int, Form(ge=1, le=100_000)] = 1,
    wall: Annotated[Level | None, Form()] = None,
    hammer: Annotated[Level | None, Form()] = None,
    part: Annotated[Level | None, Form()] = None,
) -> Response:
    """Write down what was agreed on a call."""
    given = {Component.WALL: wall, Component.HAMMER: hammer, Component.PART: part}
    try:
        decision = rooms.decide(
            reader.workspace,
            round_id,
            call,
            person_id=reader.known.person_id,
            sees_all=reader.may(Policy.ENABLEMENT),
            verdict=verdict,
            levels={component: level for component, level in given.items() if level is not None},
            because=because,
            by=reader.by,
            at=reader.now,
        )
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    if decision is None:
        raise NotHere
    note(reader.workspace, reader.account, "round.decide", call, reader.now, round=round_id, verdict=verdict, because=because)
    return RedirectResponse(f"{_address(round_id)}?at={at}#talk", status_code=303)


def _asked(found: rooms.ToLabel) -> tuple[Ask, ...]:
    """The questions as the page asks them, each answer with its key."""
    verdicts = enumerate((*JUDGED_VERDICTS, Verdict.NOT_ASSESSED), 1)
    levels = tuple(Option(str(int(level)), str(int(level)), level=level) for level in Level)
    answers = enumerate((Answer.FULL, Answer.PARTIAL, Answer.DEFLECTS, Answer.NONE), 1)
    words = calibration_wording.ANSWER_WORDS
    yes_no = (Option("yes", "y", label="yes"), Option("no", "n", label="no"))
    unclear = Option("unclear", "u", label="unclear")
    return (
        Ask("verdict", "verdict", tuple(Option(verdict.value, str(key), verdict=verdict) for key, verdict in verdicts)),
        *(Ask(component.value, "level", levels, "raised", component=component) for component in Component),
        Ask("asked_why", "plain", yes_no, "raised", calibration_wording.ASKED),
        Ask(
            "answer",
            "plain",
            tuple(Option(answer.value, str(key), label=words[answer]) for key, answer in answers),
            "asked",
            calibration_wording.ANSWERED,
        ),
        *(Ask(CRITERION + each.id, "plain", (*yes_no, unclear), "raised", each.question) for each in found.initiative.criteria),
    )


def _compared(found: rooms.Compared, at: int, address: str) -> dict[str, Any]:
    disagreements = found.found.disagreements if found.found else ()
    place = min(at, len(disagreements)) if disagreements else 0
    return {
        "shown": found,
        "found": found.found,
        "address": address,
        "at": place,
        "talk": disagreements[place - 1] if place else None,
        "words": calibration_wording,
        "gate_words": gate_wording,
        "verdicts": (*JUDGED_VERDICTS, Verdict.NOT_ASSESSED),
    }


def _address(round_id: str) -> str:
    return f"/calibration/{quote(round_id, safe='')}"
