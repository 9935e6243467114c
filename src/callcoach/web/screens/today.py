"""Today: the morning brief by role. Knows nothing of what a role is shown."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from callcoach.app.today import today_of
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.render import page
from callcoach.web.screens.queue import call_address

router = APIRouter()


@router.get("/")
def today(request: Request, reader: Annotated[Reader, allow(Policy.SIGNED_IN)]) -> Response:
    """The start page."""
    found = today_of(reader.workspace, reader.viewer, reader.company, reader.visible, reader.now)
    return page(request, reader, "today.html", found=found, call_address=call_address)
