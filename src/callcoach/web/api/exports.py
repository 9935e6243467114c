"""/api/v1/exports: everything of a kind as one file, streamed, and the schemas of its lines."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse

from callcoach.app.export_files import MEDIA_TYPES, Form, export_pieces
from callcoach.app.export_rows import Export, json_schema
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import Redacted, answered, gives_file, sight, takes_out

router = APIRouter(tags=["exports"])

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]
FILES = {"text/csv": "", "application/jsonl": "", MEDIA_TYPES[Form.XLSX]: "binary"}


def export_answer(reader: Reader, what: Export, form: Form, *, redacted: bool) -> Response:
    """The file as a download, row by row as it is read; redacted where that is asked for or set for all."""
    taken_out = takes_out(reader, redacted)
    pieces = export_pieces(reader.workspace, what, form, sight(reader), account=reader.account, at=reader.now, redacted=taken_out)
    name = f"callcoach-{what.value}-{reader.now:%Y-%m-%d}{'-redacted' if taken_out else ''}.{form.value}"
    return StreamingResponse(
        pieces, media_type=MEDIA_TYPES[form], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.get("/exports/{what}.{form}", **gives_file(FILES, what="The file; JSON Lines follow the schema under /exports/schemas."))
def export(
    what: Annotated[Export, Path(description="What to take out.")],
    form: Annotated[Form, Path(description="How it is written.")],
    reader: Own,
    redacted: Redacted = False,
) -> Response:
    """All that you may see of a kind, as CSV, XLSX or JSON Lines."""
    return export_answer(reader, what, form, redacted=redacted)


@router.get(
    "/exports/schemas/{what}.json",
    **gives_file({"application/json": ""}, what="A JSON Schema.", problems=(401, 403, 404, 405, 422)),
)
def schema(what: Export, request: Request, reader: Own) -> Response:
    """The JSON Schema of a line of an export."""
    return answered(request, json_schema(what))
