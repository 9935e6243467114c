"""How the JSON interface answers: the same value in the same bytes, with a tag, and how that is documented. Knows no resource."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import Query, Request
from fastapi.responses import Response

from callcoach.app.exports import Sight, sight_of
from callcoach.web.access import Reader
from callcoach.web.problems import Unusable

PRIVATE = "private, no-cache"
"""A program may keep what it got, and asks each time whether it still holds."""

PROBLEM = "application/problem+json"
KIND = "x-kind"
"""Stands in a route's documentation for the schema of a value, until all schemas are made together."""

KINDS: dict[str, Any] = {}
"""Every value that some route answers with, by its name."""

PROBLEMS: Mapping[int, str] = {
    401: "Nobody is known by this token or session.",
    403: "Not for the role of this account.",
    404: "There is no such thing, or it is not yours to see: the two are never told apart.",
    405: "This address cannot be used with this method.",
    409: "Somebody else was faster, or something is missing; nothing was kept.",
    422: "What was sent cannot be used as it is; the sentence says what to correct.",
}


Redacted = Annotated[bool, Query(description="1: stand-ins for ids and names, placeholders in texts.")]


def takes_out(reader: Reader, redacted: bool) -> bool:
    """Whether a file is redacted: where that is asked for, or set for all."""
    return redacted or reader.workspace.settings.redact_exports


def answered(request: Request, value: object, *, status: int = 200) -> Response:
    """A value as JSON with its tag; 304 without a body where the program has it already."""
    body = msgspec.json.encode(value, order="deterministic")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": PRIVATE}
    if request.method in ("GET", "HEAD") and holds(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def holds(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names the tag."""
    known = [each.strip().removeprefix("W/") for each in (header or "").split(",")]
    return tag in known or known == ["*"]


def sight(reader: Reader) -> Sight:
    """What the reader may see of calls, of which they are to label some blind."""
    return sight_of(reader.workspace, reader.visible, reader.known.person_id)


def gives(
    kind: Any, *, status: int = 200, what: str = "", problems: tuple[int, ...] = (401, 403, 404, 405, 422)
) -> dict[str, Any]:
    """The documentation of a route that answers with a value of this kind: `@router.get(..., **gives(CallScores))`."""
    KINDS[kind.__name__] = kind
    schema = {"application/json": {"schema": {KIND: kind.__name__}}}
    found: dict[int | str, Any] = {status: {"description": what or (kind.__doc__ or "").partition("\n")[0], "content": schema}}
    if status == 200:
        tag = {"description": "Names this answer; send it as If-None-Match.", "schema": {"type": "string"}}
        found[200]["headers"] = {"ETag": tag}
        found[304] = {"description": "Nothing changed since the answer that If-None-Match names."}
    return {"response_class": Response, "status_code": status, "responses": found | told(problems)}


def gives_file(
    media_types: Mapping[str, str], *, what: str, problems: tuple[int, ...] = (401, 403, 404, 405, 422)
) -> dict[str, Any]:
    """The documentation of a route that answers with a file. media_types: each with the type of its schema."""
    content = {name: {"schema": _JSON if name == "application/json" else _file(kind)} for name, kind in media_types.items()}
    return {"response_class": Response, "responses": {200: {"description": what, "content": content}} | told(problems)}


_JSON = {"type": "object"}


def _file(kind: str) -> dict[str, str]:
    return {"type": "string", "format": kind} if kind else {"type": "string"}


def told(problems: tuple[int, ...]) -> dict[int | str, Any]:
    """The documentation of what can be wrong."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": PROBLEMS[status], "content": {PROBLEM: schema}} for status in problems}


def storable(name: str, text: str | None) -> str | None:
    """A text that a database can be asked for; None and nothing stay None. Raises Unusable for what is no text."""
    if not text:
        return None
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unusable(f"{name}: this holds characters that are no text. Send it without them.")
    return text
