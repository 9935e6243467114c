"""Turn templates into answers: pages in their frame, parts for htmx, problems. Knows nothing of what a screen shows."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import category
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from callcoach import __version__
from callcoach.coaching import notation, vocabulary
from callcoach.domain.people import PersonRole
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.web.access import Policy, Reader
from callcoach.web.problems import NotSignedIn, PasswordDue, Problem

STATIC = Path(__file__).parent / "static"
THEMES = ("light", "dark")
MOST_TEAMS = 2
THEME_COOKIE = "callcoach-theme"
DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class NavItem(NamedTuple):
    """A way to a screen; key: what to press after G."""

    label: str
    href: str
    icon: str
    key: str
    policy: Policy


NAV = (
    NavItem("Today", "/", "sun", "t", Policy.SIGNED_IN),
    NavItem("Review", "/queue", "inbox", "r", Policy.OWN_CALLS),
    NavItem("Initiatives", "/initiatives", "compass", "i", Policy.TEAMS),
    NavItem("Pulse", "/pulse", "comment", "p", Policy.PULSE),
    NavItem("Workbench", "/workbench", "pencil", "w", Policy.ENABLEMENT),
    NavItem("Calibration", "/calibration", "scale", "c", Policy.REVIEW),
    NavItem("Runs", "/runs", "moon", "n", Policy.OPERATIONS),
    NavItem("Admin", "/admin", "key", "d", Policy.ADMIN),
)


def nav_of(reader: Reader) -> tuple[NavItem, ...]:
    """The ways that are open to the reader; a rep's own page and a manager's teams stand behind Today."""
    if reader.account is None:
        return ()
    viewer = reader.viewer
    own: list[NavItem] = []
    if viewer.role is PersonRole.REP and viewer.person_id is not None:
        own.append(NavItem("Your coaching", f"/reps/{quote(viewer.person_id, safe='')}", "person", "m", Policy.OWN_CALLS))
    elif viewer.role is PersonRole.MANAGER:
        teams = [
            team
            for team in reader.company.teams
            if team.id == viewer.team or (viewer.person_id and team.manager == viewer.person_id)
        ]
        own += [
            NavItem(team.name, f"/teams/{quote(team.id, safe='')}", "people", "m" if place == 0 else str(place + 1), Policy.TEAMS)
            for place, team in enumerate(teams[:MOST_TEAMS])
        ]
    usual = [item for item in NAV if reader.may(item.policy)]
    if not reader.may(Policy.REVIEW):
        usual = [item._replace(label="Hear again") if item.href == "/queue" else item for item in usual]
    return (*usual[:1], *own, *usual[1:])


def page(request: Request, reader: Reader, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page: the frame with the reader's navigation, and the template's own values."""
    return HTMLResponse(_rendered(request, reader, template, values), status_code=status)


def fragment(
    request: Request,
    reader: Reader,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """A part of a page for htmx to put in its place; headers: HX-... as the part needs them."""
    return HTMLResponse(_rendered(request, reader, template, values), status_code=status, headers=headers)


def by_htmx(request: Request) -> bool:
    """Whether htmx asks for a part; going back in history it asks for the whole page."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def json_of(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A domain value as JSON, the same value always in the same bytes."""
    body = msgspec.json.encode(value, order="deterministic")
    return Response(body, status_code=status, media_type="application/json", headers=dict(headers or {}))


def toast(sentence: str, *, undo: str | None = None, kind: str = "good") -> dict[str, str]:
    """The header that makes the page say a sentence. undo: the address to POST to within ten seconds."""
    said = {"callcoach:toast": {"sentence": sentence, "undo": undo, "kind": kind}}
    return {"HX-Trigger": msgspec.json.encode(said).decode().encode("ascii", "backslashreplace").decode()}


def static(path: str) -> str:
    """The address of a file under static/, with what tells its versions apart; empty where the front end is not built."""
    version = _version(path)
    return f"/static/{path}?v={version}" if version else ""


def front_end_is_built() -> bool:
    """Whether scripts are there; without them every page works as plain forms."""
    return bool(_version("built/shell.js"))


def problem_answer(request: Request, problem: Problem) -> Response:
    """A problem as whoever asks can use it: a page, a sentence for htmx, JSON for programs."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.url.path.startswith("/api/"):
        headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
        said = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.sentence}
        return JSONResponse(said, status_code=problem.status, headers=headers, media_type="application/problem+json")
    if isinstance(problem, NotSignedIn):
        back = here if request.method == "GET" and not by_htmx(request) else _current_path(request)
        goal = "/sign-in" + (f"?{urlencode({'next': back})}" if back not in ("", "/") else "")
        if by_htmx(request):
            return Response(status_code=200, headers={"HX-Redirect": goal})
        return RedirectResponse(goal, status_code=303)
    if isinstance(problem, PasswordDue):
        if by_htmx(request):
            return Response(status_code=200, headers={"HX-Redirect": "/account"})
        return RedirectResponse("/account", status_code=303)
    if by_htmx(request):
        return PlainTextResponse(problem.sentence, status_code=problem.status)
    reader = getattr(request.state, "reader", None) or Reader(request.app.state.workspace, None)
    return page(request, reader, "problem.html", status=problem.status, title=problem.title, sentence=problem.sentence)


def _current_path(request: Request) -> str:
    """The path of the page on which htmx, or a script of ours, asks."""
    address = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    return address.split("//", 1)[-1].partition("/")[2] and "/" + address.split("//", 1)[-1].partition("/")[2]


def _rendered(request: Request, reader: Reader, template: str, values: Mapping[str, object]) -> str:
    theme = request.cookies.get(THEME_COOKIE, "")
    frame = {
        "request": request,
        "reader": reader,
        "nonce": request.state.nonce,
        "nav": nav_of(reader),
        "here": request.url.path,
        "theme": theme if theme in THEMES else "",
        "front_end": front_end_is_built(),
    }
    return pages().get_template(template).render(**(frame | dict(values)))


@cache
def pages() -> Environment:
    """The templates: every value escaped, none silently blank, no control character reaches a page."""
    environment = Environment(
        loader=PackageLoader("callcoach.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "static": static,
        "version": __version__,
        "vocabulary": vocabulary,
        "notation": notation,
        "clock": notation.clock,
        "day": notation.day,
        "period": notation.period,
        "count": notation.count,
        "percent": notation.percent,
        "Verdict": Verdict,
        "Component": Component,
        "Level": Level,
        "Policy": Policy,
        "PersonRole": PersonRole,
        "urlencode": urlencode,
    }
    environment.filters |= {"stamp": _stamp, "browser": _browser, "verbatim": _verbatim, "email": _email}
    return environment


def _value(value: object) -> object:
    if value is None:
        return "n/a"
    return notation.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _verbatim(text: str) -> Markup:
    """A text whose lines and spaces count, escaped; control and direction characters, which pages obey, are left out."""
    obeyed = (letter for letter in text if letter not in "\n\t" and (category(letter) == "Cc" or letter in DIRECTIONS))
    return escape(text.translate(dict.fromkeys(map(ord, obeyed))))


def _email(address: str) -> Markup:
    """An e-mail that may go on in a new line before its @."""
    return Markup("<wbr>@").join(escape(part) for part in notation.plain(address).split("@"))


def _stamp(at: datetime) -> str:
    """A moment for `datetime=""`."""
    return at.isoformat(timespec="seconds")


def _browser(agent: str) -> str:
    """The browser's name from what it says of itself; the first words of that where it is none of the usual ones."""
    # each names those it descends from as well, so the most particular comes first
    names = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))
    name = next((name for mark, name in names if mark in agent), None)
    system = next((name for mark, name in systems if mark in agent), None)
    return f"{name} on {system}" if name and system else name or agent[:40] or "An unnamed browser"


def _version(path: str) -> str:
    file = STATIC / path
    try:
        return _digest(file, file.stat().st_mtime_ns)
    except OSError:
        return ""


@cache
def _digest(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
