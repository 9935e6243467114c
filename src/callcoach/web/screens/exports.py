"""Exports as downloads, and a call's words as a file. What a row says is the business of `app.export_rows`."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from callcoach.app.audit import note
from callcoach.app.call_list import call_transcript
from callcoach.app.export_files import Form
from callcoach.app.export_rows import ABOUT, Export, columns
from callcoach.intake.transcripts import write_transcript
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import sight
from callcoach.web.api.calls import MEDIA_TYPES, Words
from callcoach.web.api.exports import export_answer
from callcoach.web.problems import NotHere
from callcoach.web.render import page

router = APIRouter()

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]


@router.get("/exports")
def exports(request: Request, reader: Own) -> Response:
    """What can be taken out."""
    kinds = [(each, ABOUT[each], columns(each)) for each in Export]
    return page(request, reader, "exports.html", kinds=kinds, forms=tuple(Form))


@router.get("/exports/{what}.{form}")
def export(what: Export, form: Form, reader: Own) -> Response:
    """All that may be seen of a kind."""
    return export_answer(reader, what, form)


@router.get("/calls/{call_id}/transcript.{form}")
def transcript(call_id: str, form: Words, reader: Own) -> Response:
    """A call's words as a file."""
    found = None if "\x00" in call_id else call_transcript(reader.workspace, sight(reader), call_id)
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "call.read", call_id, reader.now, part="transcript", form=form.value)
    # the name is ours: what a call is called may hold what a header may not
    name = f"transcript.{form.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write_transcript(found, form.value), media_type=MEDIA_TYPES[form], headers=headers)
