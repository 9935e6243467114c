"""The frame, the door, Today, the account and Admin in a real browser: every role, both themes, on a phone, without a mouse."""

import pytest
from browsing import enter, served, violations

from callcoach.domain.people import PersonRole

pytestmark = pytest.mark.slow

SEEN = {
    "rep": "What to work on",
    "manager": "What to do",
    "enablement": "What to do",
    "executive": "What moved",
    "admin": "What to do",
}


@pytest.fixture
def address(app):
    with served(app) as found:
        yield found


@pytest.fixture
def page(browser):
    """A page that says what goes wrong on it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    found = context.new_page()
    found.wrong = []
    found.on("pageerror", lambda error: found.wrong.append(str(error)))
    found.on("console", lambda message: found.wrong.append(message.text) if message.type == "error" else None)
    yield found
    context.close()


@pytest.mark.parametrize("role", [role.value for role in PersonRole])
def test_each_role_signs_in_and_finds_its_brief(page, address, role):
    enter(page, address, role)
    assert page.get_by_role("heading", name=SEEN[role]).is_visible()
    assert not page.wrong


def test_colours_are_kept_from_page_to_page(page, address):
    enter(page, address, "manager")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(ground)
    assert dark != before
    page.goto(f"{address}/account")
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="As the machine").click()
    page.wait_for_url("**/account")
    assert page.evaluate(ground) == before


def test_shortcuts_lead_on_are_listed_and_can_be_switched_off(page, address):
    enter(page, address, "admin")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/admin")
    page.wait_for_selector("html[data-ready=shell]")
    page.get_by_role("textbox", name="E-mail").fill("g")
    page.keyboard.press("t")
    assert page.url.endswith("/admin")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert "Go to Runs" in page.get_by_role("dialog").inner_text()
    assert not violations(page)
    page.get_by_role("dialog").get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    assert page.url.endswith("/admin")
    page.reload()
    page.wait_for_selector("html[data-ready=shell]")
    assert page.evaluate("localStorage.getItem('callcoach-keys')") == "off"


def test_an_admin_lets_somebody_in_who_then_chooses_a_password(browser, page, address):
    enter(page, address, "admin")
    page.goto(f"{address}/admin")
    page.get_by_role("textbox", name="E-mail").fill("beth@wrenfield.example")
    page.get_by_role("combobox", name="Role").select_option("manager")
    page.get_by_role("combobox", name="Person").select_option(label="Beth Kowal, manager")
    page.get_by_role("button", name="Add").click()
    secret = page.locator(".secret").inner_text()
    context = browser.new_context()
    hers = context.new_page()
    hers.goto(f"{address}/sign-in")
    hers.get_by_label("E-mail").fill("beth@wrenfield.example")
    hers.get_by_label("Password").fill(secret)
    hers.get_by_role("button", name="Sign in").click()
    hers.get_by_text("Choose your own password first").wait_for()
    hers.get_by_label("Current password").fill(secret)
    hers.get_by_label("New password", exact=True).fill("ridge team of six")
    hers.get_by_label("New password again").fill("ridge team of six")
    hers.get_by_role("button", name="Change password").click()
    hers.get_by_text("Your password is changed").wait_for()
    hers.goto(address)
    assert hers.get_by_role("link", name="Marcy Dunlap").first.is_visible()
    context.close()


def test_without_scripts_every_form_still_works(browser, address):
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill("manager@wrenfield.example")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What to do").wait_for()
    page.get_by_role("button", name="Switch between light and dark").click()
    page.locator("html[data-theme=dark]").wait_for()
    page.locator(".menu.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    context.close()
