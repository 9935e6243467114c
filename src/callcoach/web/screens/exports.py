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
from callcoach.web.api.answers import Redacted, sight, takes_out
from callcoach.web.api.calls import MEDIA_TYPES, Words
from callcoach.web.api.exports import export_answer
from callcoach.web.problems import NotHere
from callcoach.web.render import page

router = APIRouter()

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]


@router.get("/exports")
def exports(request: Request, reader: Own, redacted: Redacted = False) -> Response:
    """What can be taken out."""
    kinds = [(each, ABOUT[each], columns(each)) for each in Export]
    always = takes_out(reader, False)
    return page(request, reader, "exports.html", kinds=kinds, forms=tuple(Form), redacted=redacted or always, always=always)


@router.get("/exports/{what}.{form}")
def export(what: Export, form: Form, reader: Own, redacted: Redacted = False) -> Response:
    """All that may be seen of a kind."""
    return export_answer(reader, what, form, redacted=redacted)


@router.get("/calls/{call_id}/transcript.{form}")
def transcript(call_id: str, form: Words, reader: Own, redacted: Redacted = False) -> Response:
    """A call's words as a file."""
    taken_out = takes_out(reader, redacted)
    found = None if "\x00" in call_id else call_transcript(reader.workspace, sight(reader), call_id, redacted=taken_out)
    if found is None:
        raise NotHere
    said = "yes" if taken_out else None
    note(reader.workspace, reader.account, "call.read", call_id, reader.now, part="transcript", form=form.value, redacted=said)
    # the name is ours: what a call is called may hold what a header may not
    name = f"transcript.{form.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write_transcript(found, form.value), media_type=MEDIA_TYPES[form], headers=headers)
