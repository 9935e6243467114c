"""The pulse as a form: reps of themselves, managers of their reps. Everything it shows is a value of `app.pulse`."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app.audit import note
from callcoach.app.pulse import OpenPulse, answer_open_pulse, open_pulses
from callcoach.coaching import pulse_wording
from callcoach.coaching.pulse import LEAST
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import PulseQuestion
from callcoach.errors import UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere, Unusable
from callcoach.web.render import page

router = APIRouter()

Asked = Annotated[Reader, allow(Policy.PULSE)]
Grade = Annotated[Literal["1", "2", "3", "4", "5", "?", ""], Form()]


@router.get("/pulse")
def pulses(request: Request, reader: Asked) -> Response:
    """Every pulse that is open, and whether the reader has answered it."""
    return page(request, reader, "pulse.html", found=_open(reader))


@router.get("/pulse/{initiative_id}")
def pulse(initiative_id: str, request: Request, reader: Asked, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The sheet of one of them, with what the reader answered last."""
    found = next((each for each in _open(reader) if each.initiative.id == initiative_id), None)
    if found is None:
        raise NotHere
    return page(
        request,
        reader,
        "pulse_sheet.html",
        found=found,
        words=pulse_wording,
        questions=tuple(PulseQuestion),
        as_rep=found.role is PersonRole.REP,
        least=LEAST,
        said=pulse_wording.kept(found.closes) if done == "kept" else "",
    )


@router.post("/pulse/{initiative_id}")
def answer(
    initiative_id: str,
    reader: Asked,
    why: Grade = "",
    who: Grade = "",
    means: Grade = "",
    given: Grade = "",
    coached: Grade = "",
    heard: Grade = "",
) -> Response:
    """Keep the sheet; a later one of the same quarter counts in its place. The log says that somebody answered, never what."""
    typed = dict(zip(PulseQuestion, (why, who, means, given, coached, heard), strict=True))
    if not all(typed.values()):
        raise Unusable("A question has no answer yet. Go back and choose a grade for each, or “don’t know”.")
    grades = {question: None if word == "?" else int(word) for question, word in typed.items()}
    try:
        kept = answer_open_pulse(reader.workspace, initiative_id, _me(reader), grades, at=reader.now)
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None
    if kept is None:
        raise NotHere
    note(reader.workspace, reader.account, "pulse.answer", initiative_id, reader.now)
    return RedirectResponse(f"/pulse/{quote(initiative_id, safe='')}?done=kept", status_code=303)


def _open(reader: Reader) -> tuple[OpenPulse, ...]:
    try:
        return open_pulses(reader.workspace, _me(reader), today=reader.now.date())
    except UsageError as trouble:
        raise Unusable(str(trouble)) from None


def _me(reader: Reader) -> str:
    if reader.known.person_id is None:
        raise Unusable("Your account is nobody’s of the company, and an answer needs a person. An admin can link it.")
    return reader.known.person_id
