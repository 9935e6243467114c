"""Standing pages and written reports on paper: what is folded on the screen is there, and no script is needed for it."""

import pytest
from browsing import let_in, served, until
from sample_company import ROOT, TODAY

from callcoach.app.standing import About, standing_of, write_page

pytestmark = pytest.mark.slow

FOLDED = """() => [...document.querySelectorAll("details.quotes")].map(each => {
    const inside = each.querySelector("p, li, blockquote");
    const seen = inside.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
    return [each.open, seen && inside.getBoundingClientRect().height > 0];
})"""


def test_quotes_that_are_folded_are_on_the_printed_initiative(browser, app):
    with served(app) as address:
        context = browser.new_context()
        let_in(context, app, address, "enablement")
        page = context.new_page()
        page.goto(f"{address}/initiatives/catchback")
        page.wait_for_selector("html[data-ready=shell]")
        folded = page.evaluate(FOLDED)
        assert folded and folded == [[False, False]] * len(folded)
        page.emulate_media(media="print")
        until(page, f"() => ({FOLDED})().every(([open, seen]) => !open && seen)")  # the style alone does it
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        until(page, f"() => ({FOLDED})().every(([open, seen]) => open && seen)")  # so does the script, for browsers without it
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        until(page, f"() => ({FOLDED})().every(([open, seen]) => !open && !seen)")
        context.close()


def test_quotes_that_are_folded_are_on_the_printed_report(browser, company, tmp_path):
    found, people = standing_of(company, About.INITIATIVE, "catchback", rubrics=ROOT / "rubrics", people=None, today=TODAY)
    write_page(found, people, About.INITIATIVE, "catchback", tmp_path / "report.html")
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    folded = page.evaluate(FOLDED)
    assert folded and not any(shown for _, shown in folded)
    page.emulate_media(media="print")
    until(page, f"() => ({FOLDED})().every(([open, seen]) => seen)")
    context.close()
