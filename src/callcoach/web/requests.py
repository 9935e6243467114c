"""Tell of every request: which address of the program, how it was answered, how long that took. Never who asked, nor for what.

An address as it was asked for holds ids of calls and reps; what is told is the address as the program has it, `/calls/{call_id}`.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcoach.events import Probed, Requested, RequestFailed, say, within
from callcoach.marks import ErrorName, Method, Place, RequestMark, Route

HEADER = "x-request-id"
QUIET = ("/healthz", "/readyz", "/static/")
UNKNOWN = Route("none")
"""Nothing of the program is at the address that was asked for."""

Templates = Callable[[], Iterable[tuple[object, str]]]
"""Each endpoint of the app with its address in the program's own words."""


class Told:
    """Wraps the app, and everything else that wraps it."""

    def __init__(self, app: ASGIApp, *, templates: Templates, behind_proxy: bool) -> None:
        """behind_proxy: a proxy was announced, whose own id of a request is taken over."""
        self._app = app
        self._templates = templates
        self._known: Mapping[object, tuple[str, ...]] | None = None
        self._behind_proxy = behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = self._id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request
        status, begun = 500, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[HEADER] = request
            await send(message)

        with within(request=request):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as error:
                told = (_method(scope), self._route(scope))
                place = Place.of(error.__traceback__)
                say(RequestFailed(method=told[0], route=told[1], error=ErrorName.of(error), place=place))
                raise
            finally:
                method, route = _method(scope), self._route(scope)
                kind = Probed if route.startswith(QUIET) else Requested
                say(kind(method=method, route=route, status=status, seconds=time.perf_counter() - begun))

    def _id(self, headers: Headers) -> RequestMark:
        given = RequestMark(headers.get(HEADER, "")) if self._behind_proxy else ""
        return given if isinstance(given, RequestMark) and given[0] != "(" else RequestMark(secrets.token_hex(8))

    def _route(self, scope: Scope) -> Route:
        if "endpoint" not in scope:
            return UNKNOWN
        if self._known is None:
            known: dict[object, tuple[str, ...]] = {}
            for endpoint, path in self._templates():
                known[endpoint] = (*known.get(endpoint, ()), path)
            self._known = known
        # the router's own word lacks the prefix under which it was included
        own = getattr(scope.get("route"), "path", "")
        return next((Route(path) for path in self._known.get(scope["endpoint"], ()) if path.endswith(own)), UNKNOWN)


def _method(scope: Scope) -> Method:
    return Method(scope["method"]) if scope["method"] in set(Method) else Method.OTHER
