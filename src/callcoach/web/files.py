"""The files that ship with the program: styles and built scripts. Knows nothing of who asks."""

import mimetypes
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import STATIC

router = APIRouter()

FOREVER = "public, max-age=31536000, immutable"
KINDS = {".css", ".js", ".svg", ".png", ".ico", ".woff2", ".map"}


@router.get("/static/{path:path}")
def static_file(path: str, request: Request, reader: Annotated[Reader, allow(Policy.SHIPPED)]) -> Response:
    """A file; with its version in the address it never changes."""
    try:
        file = (STATIC / path).resolve()
        there = file.is_relative_to(STATIC.resolve()) and file.suffix in KINDS and file.is_file()
    except (OSError, ValueError):  # what can be no file's name, such as one with a NUL character
        there = False
    if not there:
        raise NotHere
    forever = "v" in request.query_params or file.name.startswith("chunk-")
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0]
    return FileResponse(file, media_type=kind, headers={"cache-control": FOREVER if forever else "no-cache"})
