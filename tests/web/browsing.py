"""A real browser on a real server: Debian's Chromium against uvicorn in a thread of the test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from sample_company import PASSWORD, ROOT, signed_in

from callcoach.web.access import cookie_name

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "callcoach" / "web" / "static" / "built" / "shell.js"
ON_A_PHONE = ["target-size", "scrollable-region-focusable", "aria-hidden-focus"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the app, served until the test is over."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium; the test is skipped where it or the built scripts are not there."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian package chromium)")
    if not BUILT.exists() or not AXE.exists():
        pytest.skip("The front end is not built: make frontend")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


def let_in(context: Any, app: FastAPI, address: str, role: str) -> None:
    """Sign a browser context in without the form and the time a password takes."""
    secret = signed_in(app, f"account-{role}").cookies[cookie_name(app.state.secure)]
    context.add_cookies([{"name": cookie_name(app.state.secure), "value": secret, "url": address}])


def enter(page: Any, address: str, role: str) -> None:
    """Sign in through the form, as a person does."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(f"{role}@wrenfield.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("html[data-ready=shell] header.bar")


def until(page: Any, expression: str, arg: object = None, *, seconds: float = 15) -> None:
    """Wait for something to be true; the driver's own way of waiting breaks the page's policy on scripts."""
    end = time.monotonic() + seconds
    while not true_now(page, expression, arg):
        assert time.monotonic() < end, f"never true: {expression} ({arg}), at {page.url}"
        page.wait_for_timeout(20)


def true_now(page: Any, expression: str, arg: object = None) -> bool:
    """Whether it is; not while one page is gone and the next is not there yet."""
    try:
        return bool(page.evaluate(expression, arg))
    except Exception as between:
        assert "context was destroyed" in str(between) or "of null" in str(between)
        return False


def violations(page: Any) -> list[str]:
    """What axe finds on the page, a line each. Evaluated beside the page, so that its policy stays as strict as it is."""
    page.evaluate(AXE.read_text() + ";0")
    return _axe(page, {"runOnly": RULES})


def _axe(page: Any, how: dict[str, Any]) -> list[str]:
    found = page.evaluate("how => axe.run(document, {...how, resultTypes: ['violations']})", how)["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]


def open_to_everybody(page: Any) -> list[str]:
    """What is wrong with a page as it stands for whoever cannot see, sees little, or has a phone: in both themes and widths.

    The page is loaded once: in the dark only colours differ, on a phone only sizes and what may be reached.
    """
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in _axe(page, {"runOnly": ["color-contrast"]})]
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 700})
        # what is drawn by a script follows a moment later
        for _ in range(20):
            wide = too_wide(page)
            if not wide:
                break
            page.wait_for_timeout(50)
        found += [f"{wide} px too wide at {width}"] if wide else []
    found += [f"phone: {each}" for each in _axe(page, {"runOnly": ON_A_PHONE})]
    return found


def too_wide(page: Any) -> int:
    """By how many pixels the page has to be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
