"""The review queue by keyboard, and the rep, team and initiative pages as they are seen, heard and printed, in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from browsing import served, until
from fastapi import FastAPI
from sample_company import signed_in

from callcoach.app.workspace import Workspace
from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked, QueueState
from callcoach.storage.queue import ReviewQueue
from callcoach.web.access import cookie_name

pytestmark = pytest.mark.slow
sync_api = pytest.importorskip("playwright.sync_api")

ALL = VisibleReps(everybody=True)
BESIDE = "() => document.documentElement.dataset.beside === 'ready' && document.querySelector('.beside') !== null"


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def opened(app: FastAPI, browser, address: str) -> Iterator[Callable[..., object]]:
    """`opened("manager", "/queue")`: a page of somebody who is signed in; what it complains of fails the test."""
    contexts, complaints = [], []

    def at(role: str, path: str, *, width: int = 1280, **options: object) -> object:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        contexts.append(context)
        name = cookie_name(app.state.secure)
        context.add_cookies([{"name": name, "value": signed_in(app, f"account-{role}").cookies[name], "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


def queue_is_ready(page) -> None:
    until(page, "() => document.documentElement.dataset.queue === 'ready' && document.documentElement.dataset.ready === 'shell'")


def at_row(page) -> str | None:
    return page.evaluate("document.activeElement.closest('[data-key]')?.dataset.key ?? null")


def rows(page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('[data-key]')].map(row => row.dataset.key)")


def dismissed(company: Workspace) -> list[str]:
    found = ReviewQueue(company.store).page(ALL, Asked(state=QueueState.DISMISSED), first=0, size=500)
    return [row.key for row in found]


def test_the_whole_queue_goes_by_keyboard(opened, company):
    page = opened("manager", "/queue?order=oldest")
    queue_is_ready(page)
    every = rows(page)
    for key in every:
        page.keyboard.press("j")
        assert at_row(page) == key
    page.keyboard.press("j")
    assert at_row(page) == every[-1], "the end is the end"
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    assert at_row(page) == every[-3]
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-n]").inner_text() == "2 selected"
    page.keyboard.press("d")
    page.keyboard.type("jkx, heard it together")
    page.keyboard.press("Enter")
    until(page, "() => document.querySelector('.toast')?.textContent.includes('2 calls dismissed.')")
    assert set(dismissed(company)) == set(every[-3:-1])
    assert rows(page) == [*every[:-3], every[-1]]
    assert at_row(page) == every[-1], "what is next stays under the focus"
    page.keyboard.press("u")
    until(page, f"() => document.querySelectorAll('[data-key]').length === {len(every)}")
    assert dismissed(company) == []
    page.keyboard.press("k")
    here = at_row(page)
    page.keyboard.press("Enter")
    until(page, BESIDE)
    assert f"/calls/{here.partition('/')[2]}?" in page.url
    page.keyboard.press("q")
    page.keyboard.press("n")
    following = every[every.index(here) + 1]
    until(page, f"() => location.pathname === '/calls/{following.partition('/')[2]}'")
    until(page, BESIDE)
    page.keyboard.press("q")
    page.keyboard.press("q")
    until(page, "() => location.pathname === '/queue'")
    queue_is_ready(page)
    assert "order=oldest" in page.url
    assert at_row(page) == following, "back where one was"


def test_filters_stand_in_the_address_and_going_back_finds_them(opened):
    page = opened("enablement", "/queue")
    queue_is_ready(page)
    page.get_by_label("Uncertain").check(force=True)
    until(page, "() => location.search.includes('why=uncertain')")
    page.get_by_label("Initiative").select_option(label="CatchBack")
    until(page, "() => location.search.includes('initiative=catchback')")
    until(page, "() => [...document.querySelectorAll('[data-key]')].every(row => row.dataset.key.startsWith('catchback/'))")
    until(page, "() => document.activeElement.name === 'initiative'")
    shown = rows(page)
    assert shown, "the filter keeps the focus, and something is found"
    page.locator(".queued-link").nth(1).click()
    until(page, "() => location.pathname.startsWith('/calls/')")
    page.go_back()
    queue_is_ready(page)
    assert rows(page) == shown
    assert page.get_by_label("Uncertain").is_checked()
    page.get_by_role("link", name="Clear").click()
    until(page, "() => location.search === ''")
    page.go_back()
    until(page, "() => location.search.includes('initiative=catchback')")
    until(page, f"() => document.querySelectorAll('[data-key]').length === {len(shown)}")


def test_a_filter_set_before_the_last_one_was_answered_has_the_last_word_and_the_focus(opened):
    page = opened("enablement", "/queue")
    queue_is_ready(page)
    held = []
    page.route("**/queue?why=uncertain", lambda route: held.append(route))
    page.get_by_label("Uncertain").check(force=True)
    page.get_by_label("Initiative").select_option(label="CatchBack")
    until(page, "() => location.search.includes('initiative=catchback')")
    page.wait_for_timeout(200)
    held.pop().continue_()
    until(page, "() => [...document.querySelectorAll('[data-key]')].every(row => row.dataset.key.startsWith('catchback/'))")
    until(page, "() => document.activeElement.name === 'initiative'")
    assert page.get_by_label("Initiative").input_value() == "catchback"
    assert page.get_by_label("Uncertain").is_checked()


def test_many_are_dismissed_at_once_with_a_reason_and_not_without(opened, company):
    page = opened("enablement", "/queue?why=random")
    queue_is_ready(page)
    every = rows(page)
    page.get_by_role("button", name="Dismiss").click()
    until(page, "() => document.querySelector('.toast')?.textContent.includes('Select at least one call')")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Dismiss").click()
    assert dismissed(company) == []
    page.get_by_label("Why they need no ear").fill("Too old to coach on")
    page.get_by_role("button", name="Dismiss").click()
    until(page, f"() => document.querySelector('#toasts').textContent.includes('{len(every)} calls dismissed.')")
    assert set(dismissed(company)) == set(every)
    page.get_by_role("button", name="Undo").last.click()
    until(page, f"() => document.querySelectorAll('[data-key]').length === {len(every)}")
    assert dismissed(company) == []


def test_a_selection_outlives_a_reload(opened):
    page = opened("manager", "/queue")
    queue_is_ready(page)
    key = rows(page)[2]
    page.locator(f"[data-key='{key}'] .tick").click()
    page.reload()
    queue_is_ready(page)
    assert page.locator("[data-n]").inner_text() == "1 selected"
    assert page.locator(f"[data-key='{key}'] input").is_checked()


def test_single_keys_can_be_switched_off(opened):
    page = opened("manager", "/queue")
    queue_is_ready(page)
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    assert at_row(page) is None


def test_without_a_script_filters_and_dismissal_work_by_form(opened, company):
    page = opened("manager", "/queue", java_script_enabled=False)
    page.get_by_label("Order").select_option("oldest")
    page.get_by_role("button", name="Filter").click()
    assert "order=oldest" in page.url
    page.locator(".tick input").first.check()
    page.get_by_label("Why they need no ear").fill("Heard it")
    page.get_by_role("button", name="Dismiss").click()
    assert "1 call dismissed." in page.inner_text("main")
    assert len(dismissed(company)) == 1
    page.get_by_role("button", name="Undo").click()
    assert dismissed(company) == []


def test_a_clip_on_the_reps_page_plays_its_moment_and_stops_after_it(opened):
    page = opened("manager", "/reps/R01")
    clip = page.locator("audio.clip").first
    start, end = map(float, re.search(r"#t=([\d.]+),([\d.]+)", clip.get_attribute("src")).groups())
    assert page.evaluate("[...document.querySelectorAll('audio')].every(audio => audio.paused)"), "nothing plays by itself"
    page.evaluate("document.querySelector('audio.clip').play()")
    until(page, f"() => document.querySelector('audio.clip').currentTime > {start} + 0.3")
    page.evaluate("document.querySelectorAll('audio.clip')[1].play()")
    until(page, "() => document.querySelector('audio.clip').paused")
    page.evaluate(
        f"(() => {{ const a = document.querySelector('audio.clip'); a.currentTime = {end} - 0.6; return a.play(); }})()"
    )
    until(
        page, f"() => document.querySelector('audio.clip').paused && document.querySelector('audio.clip').currentTime < {end} + 1"
    )


def test_a_one_to_one_sheet_fits_two_pages_without_players(opened, tmp_path):
    page = opened("manager", "/reps/R02")
    page.emulate_media(media="print")
    assert not page.locator("audio.clip").first.is_visible()
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_text("What goes well").is_visible()
    assert page.get_by_text("Practise:").first.is_visible()
    sheet = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", sheet)) <= 2


def test_targets_are_large_enough_to_hit(opened):
    page = opened("manager", "/queue", width=320)
    queue_is_ready(page)
    targets = "main a, main button, main select, main input:not([type=radio], [type=checkbox]), .tick, .chip"
    small = page.evaluate(
        """targets => [...document.querySelectorAll(targets)]
            .filter(each => each.checkVisibility() && !each.closest("p, .crumbs"))
            .map(each => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)""",
        targets,
    )
    assert small == []
