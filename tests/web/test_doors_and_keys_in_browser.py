"""The way in through another service and the choice of keys, in a real browser: by keyboard, in both themes, on a phone."""

from datetime import UTC, datetime

import pytest
from browsing import open_to_everybody, served
from fake_issuer import CLIENT, SECRET, fake_issuer

from callcoach.app import accounts
from callcoach.app.workspace import Workspace
from callcoach.domain.people import PersonRole
from callcoach.settings import Settings
from callcoach.web.server import create_app

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def issuer():
    with fake_issuer() as found:
        # another site than callcoach's 127.0.0.1, as it is in life: cookies have to come along from there
        found.address = found.address.replace("127.0.0.1", "localhost")
        yield found


@pytest.fixture
def address(tmp_path, issuer):
    """A callcoach that knows Ann by her e-mail; she has never had a password of her own."""
    settings = Settings(home=tmp_path, oidc_issuer=issuer.address, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    workspace = Workspace(settings)
    accounts.add_account(workspace, "ann@wrenfield.example", PersonRole.ADMIN, by=None, now=NOW)
    with served(create_app(workspace)) as found:
        yield found
    workspace.store.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    found = context.new_page()
    found.wrong = []
    found.on("pageerror", lambda error: found.wrong.append(str(error)))
    found.on("console", lambda message: found.wrong.append(message.text) if message.type == "error" else None)
    yield found
    context.close()


def come_in(page, address: str, path: str) -> None:
    page.goto(f"{address}{path}")
    page.get_by_role("link", name="Sign in through localhost").click()
    page.wait_for_selector("html[data-ready=shell] header.bar")


def test_somebody_signs_in_through_the_companys_own_service(page, address, issuer):
    page.goto(f"{address}/runs")
    assert not open_to_everybody(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    issuer.claims["email_verified"] = False
    page.get_by_role("link", name="Sign in through localhost").click()
    page.get_by_role("alert").get_by_text("does not vouch for your e-mail").wait_for()
    page.wrong.clear()  # the browser notes an answer that is an error
    issuer.claims["email_verified"] = True
    page.get_by_role("link", name="Sign in through localhost").press("Enter")
    page.wait_for_url(f"{address}/runs")
    page.goto(f"{address}/account")
    page.get_by_text("your account has no password").wait_for()
    page.locator(".menu.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    come_in(page, address, "/sign-in")
    assert page.url == f"{address}/"
    assert not page.wrong


def test_a_key_is_changed_kept_and_given_back(page, address):
    come_in(page, address, "/account")
    page.wait_for_selector("html[data-account=ready]")
    assert not open_to_everybody(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})

    def change(name: str, *presses: str) -> None:
        page.get_by_role("button", name=f"Change the key of “{name}”").press("Enter")
        for press in presses:
            page.keyboard.press(press)

    change("Show these shortcuts", "Control+w", "Enter")
    page.get_by_role("alert").get_by_text("Ctrl+W belongs to the browser").wait_for()
    assert not open_to_everybody(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Alt+k")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("“Show these shortcuts” is Alt+K now.").wait_for()
    change("Go to Runs", "g", "t", "Enter")
    page.get_by_role("alert").get_by_text("G, then T is “Go to Today” everywhere already").wait_for()
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("X is “Select or leave the call” in the review queue already").wait_for()
    page.keyboard.press("z")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("“Go to Runs” is Z now.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Change the key of “Go to Runs”"

    # a key of a call may be one of the queue, but not one of everywhere
    page.get_by_text("Call: player").click()
    change("Play or pause", "z", "Enter")
    page.get_by_role("alert").get_by_text("Z is “Go to Runs” everywhere already").wait_for()
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("“Play or pause” is F now.").wait_for()

    # it works at once and on the next page, and help says so; with single keys off what needs Alt still does
    page.keyboard.press("z")
    page.wait_for_url(f"{address}/runs")
    page.wait_for_selector("html[data-ready=shell]")
    page.keyboard.press("Alt+k")
    dialog = page.get_by_role("dialog")
    assert dialog.locator("dd", has_text="Go to Runs").locator("xpath=preceding-sibling::dt[1]").inner_text().strip() == "Z"
    assert "Alt+K" in dialog.locator("kbd").all_inner_texts()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Alt+k")
    page.goto(f"{address}/")
    page.wait_for_selector("html[data-ready=shell]")
    page.keyboard.press("z")
    page.keyboard.press("Alt+k")
    assert dialog.is_visible() and page.url == f"{address}/"
    dialog.get_by_role("checkbox").check()

    dialog.get_by_role("link", name="Choose other keys").click()
    page.wait_for_selector("html[data-account=ready]")
    page.get_by_role("button", name="Back to G, then N for “Go to Runs”").press("Enter")
    page.get_by_role("status").get_by_text("“Go to Runs” is G, then N again.").wait_for()
    page.get_by_role("button", name="Reset all").click()
    page.get_by_role("status").get_by_text("Every key is again as it came.").wait_for()
    assert page.evaluate("localStorage.getItem('callcoach-keys-chosen')") == "{}"
    page.get_by_role("button", name="Undo").click()
    assert (
        page.evaluate("Object.keys(JSON.parse(localStorage.getItem('callcoach-keys-chosen'))).sort().join()") == "call.play,help"
    )
    assert not page.wrong
