"""A team's page: its reps by name beside the parts of each why. Everything it shows is one value of `app.standing_pages`."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from callcoach.app.audit import note
from callcoach.app.standing_pages import team_page
from callcoach.batch import standing_plots
from callcoach.coaching import gate_wording, wording, worked_wording
from callcoach.coaching.momentum import LEAST_CALLS
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import page
from callcoach.web.screens.rep import clip

router = APIRouter()


@router.get("/teams/{team_id:path}")
def team(team_id: str, request: Request, reader: Annotated[Reader, allow(Policy.TEAMS)]) -> Response:
    """The page."""
    found = team_page(reader.workspace, reader.visible, reader.viewer, team_id)
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "team.read", team_id, reader.now)
    return page(
        request,
        reader,
        "team.html",
        found=found,
        plots=standing_plots,
        clip=clip,
        words=wording,
        gate_words=gate_wording,
        worked_words=worked_wording,
        least_calls=LEAST_CALLS,
    )
