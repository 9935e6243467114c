"""/api/v1/openapi.json: what the JSON interface offers, with the schemas of the values it answers with. Knows no value itself."""

from functools import lru_cache
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from callcoach import __version__
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import KIND, KINDS, answered

router = APIRouter()

REF = "#/components/schemas/{name}"
ABOUT = (
    "Calls, their words, how they were judged and by what evidence, where reps, teams and initiatives stand. "
    "Make a token with `callcoach token add` or on the account page, and send it as `Authorization: Bearer ...`. "
    "A program sees what its account sees in the browser."
)
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong and what to do next, after RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, reader: Annotated[Reader, allow(Policy.OPEN)]) -> Response:
    """What there is, for programs and for people who write them."""
    return answered(request, schema_of(request.app))


@lru_cache(maxsize=2)
def schema_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app's JSON interface."""
    made = get_openapi(title="callcoach", version=__version__, description=ABOUT, routes=app.routes)
    kinds = sorted(KINDS)
    found, components = msgspec.json.schema_components([KINDS[name] for name in kinds], ref_template=REF)
    document: dict[str, Any] = _filled(made, dict(zip(kinds, found, strict=True)))
    of_fastapi = {
        name: schema
        for name, schema in document.get("components", {}).get("schemas", {}).items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    document["components"] = {
        "schemas": of_fastapi | dict(components) | {"Problem": PROBLEM},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    document["security"] = [{"token": []}]
    return document


def _filled(part: Any, schemas: dict[str, Any]) -> Any:
    """The document with each kind's schema in its place."""
    if isinstance(part, dict):
        if KIND in part:
            return schemas[part[KIND]]
        return {name: _filled(each, schemas) for name, each in part.items()}
    return [_filled(each, schemas) for each in part] if isinstance(part, list) else part
