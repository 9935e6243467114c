"""The initiative pages: how far the why gets, where it is lost and whose move it is. One value of `app.standing_pages` each."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from callcoach.app.audit import note
from callcoach.app.standing_pages import initiative_list, initiative_page
from callcoach.batch import standing_plots
from callcoach.coaching import around_wording, diagnosis_wording, gate_wording, manager_wording, pulse_wording, wording
from callcoach.coaching.momentum import LEAST_CALLS
from callcoach.domain.diagnosis import Direction
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import page
from callcoach.web.screens.rep import clip

router = APIRouter()

Leader = Annotated[Reader, allow(Policy.TEAMS)]


@router.get("/initiatives")
def initiatives(request: Request, reader: Leader) -> Response:
    """All of them, and the teams."""
    found = initiative_list(reader.workspace, reader.visible, reader.viewer)
    return page(request, reader, "initiatives.html", found=found, plots=standing_plots, chain_words=diagnosis_wording)


@router.get("/initiatives/{initiative_id}")
def initiative(initiative_id: str, request: Request, reader: Leader) -> Response:
    """One of them."""
    found = initiative_page(reader.workspace, reader.visible, reader.viewer, initiative_id, today=reader.now.date())
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "initiative.read", initiative_id, reader.now)
    return page(
        request,
        reader,
        "initiative.html",
        found=found,
        plots=standing_plots,
        clip=clip,
        words=wording,
        chain_words=diagnosis_wording,
        around_words=around_wording,
        gate_words=gate_wording,
        pulse_words=pulse_wording,
        manager_words=manager_wording,
        least_calls=LEAST_CALLS,
        Direction=Direction,
    )
