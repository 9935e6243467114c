"""What machines ask: whether the process lives, and whether it can do its work. Tells strangers yes or no, and one word why not.

Nobody is looked up, so that both answer while the database is away.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from callcoach.app.health import Readiness
from callcoach.web.access import Policy, Reader, allow

router = APIRouter()


@router.get("/healthz")
async def healthz(reader: Annotated[Reader, allow(Policy.SHIPPED)]) -> Response:
    """The process lives. Answered where threads are all taken, too: what waits for a database must not be ended for it."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
def readyz(request: Request, reader: Annotated[Reader, allow(Policy.SHIPPED)]) -> Response:
    """The database answers and has our schema, the models' files are there; 503 where not."""
    readiness: Readiness = request.app.state.readiness
    reasons = readiness.reasons()
    return JSONResponse({"ready": not reasons, "reasons": list(reasons)}, status_code=503 if reasons else 200)
