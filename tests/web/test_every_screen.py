"""Every screen as somebody opens it: axe finds nothing in either theme, nothing is wider than a phone, one heading leads."""

from itertools import pairwise

import pytest
from browsing import let_in, open_to_everybody, served, violations

pytestmark = pytest.mark.slow

SCREENS = {
    "rep": ("/", "/queue?state=any", "/reps/R01", "/calls/wren-09", "/pulse", "/pulse/catchback", "/account"),
    "manager": ("/", "/queue", "/queue?first=2020-01-01&last=2020-01-02", "/reps/R02", "/teams/river", "/calls/wren-04"),
    "executive": ("/", "/teams/ridge", "/initiatives", "/initiatives/safeseat", "/queue"),
    "enablement": ("/", "/initiatives/catchback", "/initiatives/known-by-name", "/calls/vp-kickoff", "/exports"),
    "admin": ("/admin", "/admin/sessions", "/admin/audit", "/admin/accounts/account-rep", "/no-such-page"),
}
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
    .filter(each => each.checkVisibility()).map(each => Number(each.tagName[1]))"""


@pytest.mark.parametrize("role", SCREENS)
def test_every_screen_is_open_to_everybody(browser, app, role):
    wrong, titles = [], {}
    with served(app) as address:
        context = browser.new_context(color_scheme="light", reduced_motion="reduce")
        let_in(context, app, address, role)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        for path in SCREENS[role]:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(address + path)
            page.wait_for_selector("html[data-ready=shell]")
            titles[path] = page.title()
            wrong += [f"{path}: {each}" for each in open_to_everybody(page)]
            levels = page.evaluate(HEADINGS)
            assert levels.count(1) == 1, path
            assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
        context.close()
    assert wrong == []
    named = [title for path, title in titles.items() if "first=" not in path]
    assert len(set(named)) == len(named), "each page has a name of its own"


def test_the_door_is_open_to_everybody_also_after_a_wrong_password(browser, app):
    with served(app) as address:
        context = browser.new_context(color_scheme="light")
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.get_by_label("E-mail").fill("admin@wrenfield.example")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        assert open_to_everybody(page) == []
        page.emulate_media(color_scheme="light")
        page.get_by_label("Password").focus()
        assert violations(page) == []
        context.close()
