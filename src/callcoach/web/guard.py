"""What holds for every answer: security headers, a fresh nonce, and no write from another site. Knows no route."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN = "This came from another site and was not done. Open the page here and try again."


def content_security_policy(nonce: str) -> str:
    """What a page may load: our own files, and scripts that carry the nonce."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(raw=message["headers"]), nonce, secure=self._secure)
                message = {**message, "headers": message["headers"]}
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] not in SAFE_METHODS and not own_write(headers, scope.get("scheme", "http")):
            await PlainTextResponse(FOREIGN, status_code=403)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def guard(headers: MutableHeaders, nonce: str, *, secure: bool) -> None:
    """Put the headers on an answer."""
    headers.setdefault("content-security-policy", content_security_policy(nonce))
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["x-frame-options"] = "DENY"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers.setdefault("cache-control", "no-store")
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"


def own_write(headers: Headers, scheme: str) -> bool:
    """Whether a write comes from our own pages or from a program; a browser always says where it comes from.

    A program with a token sends no cookie that could be abused.
    """
    if headers.get("authorization", "").startswith("Bearer "):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return site is not None
    asked = urlsplit(origin)
    return asked.netloc == headers.get("host") and asked.scheme in (scheme, "https")
