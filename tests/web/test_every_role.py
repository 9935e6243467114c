"""Each role's main task in a real browser, from the sign-in form to its result, on the sample company."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from browsing import enter, served, until
from fastapi import FastAPI

from callcoach.app.workspace import Workspace

pytestmark = pytest.mark.slow

CALL = "/calls/wren-01"
"""A call of R01, who is the rep of the tests; M01 manages them."""


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def signed_in_as(browser, address: str) -> Iterator[Callable[..., object]]:
    """`signed_in_as("manager")`: the start page of somebody who came in by the form; what a page complains of fails the test."""
    contexts, complaints = [], []

    def of(role: str, **options: object) -> object:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        enter(page, address, role)
        return page

    yield of
    for context in contexts:
        context.close()
    assert complaints == []


def call_is_ready(page) -> None:
    page.wait_for_selector("html[data-call=ready]")


def status(page, address: str, path: str) -> int:
    return page.request.get(address + path, max_redirects=0).status


# manager


def test_a_manager_goes_from_today_to_a_call_hears_it_corrects_it_and_takes_it_back(signed_in_as):
    page = signed_in_as("manager")
    page.get_by_role("link", name=re.compile(r"^All \d+$")).click()
    page.get_by_role("heading", name="Review queue").wait_for()
    page.get_by_role("link", name="Tyler Boone with Kimball Tire and Alignment").click()
    call_is_ready(page)
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "() => { const a = document.querySelector('#audio'); return !a.paused && a.currentTime > 0; }")
    page.keyboard.press("k")
    page.keyboard.press("2")
    page.get_by_label("Why?").fill("The reason is there, in passing.")
    page.get_by_role("button", name="Keep the correction").click()
    page.locator(".verdicts .by-person", has_text="partly").wait_for()
    assert "recites" in page.locator(".verdicts > div").first.inner_text(), "the machine's word stays beside it"
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.get_by_text("nobody has said yet").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Review queue").wait_for()
    assert "0 of" in page.locator(".heard").inner_text()


def test_a_call_that_was_agreed_with_leaves_what_waits_and_is_found_as_reviewed(signed_in_as, address):
    page = signed_in_as("manager")
    page.goto(f"{address}{CALL}?initiative=catchback")
    call_is_ready(page)
    page.keyboard.press("a")
    page.get_by_text("Agreed. Your word stands beside the machine’s.").wait_for()
    page.goto(f"{address}/queue")
    assert page.get_by_role("link", name="Kimball Tire").count() == 0
    page.get_by_role("link", name="Reviewed 1").click()
    page.get_by_role("link", name="Kimball Tire").wait_for()
    assert page.locator(".queued .by-person", has_text="recites").count() == 1


def test_a_manager_prepares_a_one_to_one(signed_in_as, address, tmp_path):
    page = signed_in_as("manager")
    page.get_by_role("link", name="Tyler Boone").first.click()
    page.get_by_role("heading", name="Tyler Boone", exact=True).wait_for()
    clip = page.locator("#advice-1 audio.clip").first
    clip.scroll_into_view_if_needed()
    clip.evaluate("each => { each.muted = true; return each.play(); }")
    until(page, "() => document.querySelector('#advice-1 audio.clip').currentTime > 0")
    page.get_by_text("Set a goal", exact=True).click()
    page.get_by_label("What Tyler Boone will do").fill("Say why it exists before how it works.")
    page.get_by_role("button", name="Set the goal").click()
    page.locator("article.goal .badge", has_text="Draft").wait_for()
    page.emulate_media(media="print")
    sheet = page.pdf(path=str(tmp_path / "sheet.pdf"), format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", sheet)) <= 2
    assert page.locator("article.goal").is_visible() and page.locator("audio.clip").first.is_hidden()


def test_a_manager_reaches_nobody_of_another_team(signed_in_as, address):
    page = signed_in_as("manager")
    for path in ("/calls/wren-02", "/calls/wren-02/audio", "/reps/R06", "/teams/ridge"):
        assert status(page, address, path) == 404, path
    for path in ("/runs", "/admin", "/workbench"):
        assert status(page, address, path) == 403, path


# rep


def test_a_rep_disputes_a_judgement_and_the_manager_answers_and_settles_it(signed_in_as, address):
    rep = signed_in_as("rep")
    rep.get_by_role("link", name="Hear again").first.click()
    rep.get_by_role("link", name="Kimball Tire and Alignment").first.click()
    call_is_ready(rep)
    rep.get_by_text("I see it differently").click()
    rep.get_by_label("What did the machine, or your manager, get wrong?").fill("I did say why, before the price.")
    rep.get_by_role("button", name="Send to my manager").click()
    rep.locator(".said-here", has_text="I did say why, before the price.").wait_for()
    manager = signed_in_as("manager")
    manager.goto(f"{address}/queue?why=disputed")
    manager.get_by_role("link", name="Tyler Boone with Kimball Tire and Alignment").click()
    call_is_ready(manager)
    manager.locator(".said-here").get_by_text("Answer", exact=True).click()
    manager.get_by_label("Your answer").fill("Listen to 0:28 with me.")
    manager.get_by_role("button", name="Send", exact=True).click()
    manager.locator(".reply", has_text="Listen to 0:28 with me.").wait_for()
    manager.keyboard.press("a")
    manager.get_by_text("Agreed. Your word").wait_for()
    manager.goto(f"{address}/queue?why=disputed")
    assert manager.locator(".queued").count() == 0
    rep.reload()
    assert rep.locator(".reply", has_text="Listen to 0:28 with me.").is_visible()


def test_a_rep_says_whether_others_may_hear_a_moment(signed_in_as, address):
    manager = signed_in_as("manager")
    manager.goto(address + CALL)
    call_is_ready(manager)
    manager.locator("#words .r-rep .s").first.click()
    manager.locator("#audio").evaluate("each => each.pause()")
    manager.get_by_role("button", name="Example for others").click()
    manager.get_by_text("has not said yet: nobody else hears it").wait_for()
    rep = signed_in_as("rep")
    rep.goto(address + CALL)
    call_is_ready(rep)
    rep.get_by_role("button", name="Others may hear it").click()
    rep.get_by_text("agrees: others may hear it").wait_for()
    rep.get_by_role("button", name="Rather not").click()
    rep.get_by_text("declined: nobody else hears it").wait_for()


def test_a_rep_agrees_to_the_goal_that_was_set_for_them(signed_in_as, address):
    manager = signed_in_as("manager")
    manager.goto(f"{address}/reps/R01")
    manager.get_by_text("Set a goal", exact=True).click()
    manager.get_by_label("What Tyler Boone will do").fill("Answer why from what the customer said.")
    manager.get_by_label("Heard as").select_option("tell_the_wall")
    manager.get_by_label("In how many of 100 calls").fill("50")
    manager.get_by_label("Counted over (calls)").fill("10")
    manager.get_by_label("Until").fill((datetime.now(UTC).date() + timedelta(days=60)).isoformat())
    manager.get_by_label("What it is worth to customers").fill("They know what it is for.")
    manager.get_by_role("button", name="Set the goal").click()
    manager.get_by_text("Waits for agreement").wait_for()
    rep = signed_in_as("rep")
    rep.get_by_role("link", name="Your coaching").first.click()
    rep.get_by_role("button", name="Agree to it").click()
    rep.locator("article.goal .badge", has_text="Agreed").wait_for()


def test_a_rep_reaches_nobody_else(signed_in_as, address):
    page = signed_in_as("rep")
    for path in ("/calls/wren-04", "/calls/wren-04/audio", "/calls/wren-04/peaks", "/reps/R02"):
        assert status(page, address, path) == 404, path
    for path in ("/teams/river", "/initiatives", "/calibration", "/runs", "/admin"):
        assert status(page, address, path) == 403, path
    page.goto(f"{address}/reps/R01")
    assert not re.search("Alicia Menard|Walt Jessup|Marcy Dunlap", page.locator("main").inner_text())


# enablement


def test_enablement_goes_from_everybodys_queue_to_what_holds_an_initiative_back(signed_in_as):
    page = signed_in_as("enablement")
    page.get_by_role("link", name="Review").first.click()
    page.wait_for_selector("html[data-queue=ready]")
    page.get_by_label("Team").select_option(label="Ridge Team")
    page.get_by_label("Initiative").select_option(label="SafeSeat")
    until(page, "() => location.search.includes('team=ridge') && location.search.includes('initiative=safeseat')")
    until(
        page, "() => [...document.querySelectorAll('.queued-meta')].every(each => /SafeSeat.*Ridge Team/.test(each.textContent))"
    )
    assert page.locator(".queued").count() > 0
    page.get_by_role("link", name="Initiatives").first.click()
    page.get_by_role("link", name="SafeSeat", exact=True).first.click()
    page.get_by_text("What holds it back").wait_for()
    assert page.get_by_role("heading", name="Why, step by step").is_visible()
    page.locator("#main").get_by_role("link", name="Calls to review").click()
    page.wait_for_url("**/queue?initiative=safeseat")


# executive


def test_an_executive_finds_adoption_and_diagnosis_and_no_single_rep(signed_in_as, address):
    page = signed_in_as("executive")
    page.get_by_role("link", name="CatchBack").first.click()
    page.get_by_role("heading", name="Explained, beside merely mentioned").wait_for()
    assert page.get_by_role("heading", name="Why, step by step").is_visible()
    names = re.compile("Tyler Boone|Alicia Menard|Walt Jessup|Joyce Tanaka|Derek Pruitt|Marcy Dunlap")
    for path in ("/", "/initiatives", "/initiatives/catchback", "/initiatives/safeseat", "/teams/river"):
        page.goto(address + path)
        assert not names.search(page.locator("main").inner_text()), path
    for path in ("/queue", CALL, "/reps/R01"):
        assert status(page, address, path) == 403, path


# admin


def test_an_admin_signs_somebody_out_and_it_holds_at_once(signed_in_as, address):
    manager, admin = signed_in_as("manager"), signed_in_as("admin")
    admin.get_by_role("link", name="Admin").first.click()
    admin.get_by_role("link", name="Sessions and tokens").click()
    admin.get_by_role("button", name="End the session of manager@wrenfield.example").click()
    admin.get_by_text("That session is over.").wait_for()
    manager.get_by_role("link", name="Review").first.click()
    manager.wait_for_url("**/sign-in?next=%2Fqueue")
    assert manager.get_by_role("heading", name="Sign in").is_visible()


def test_an_admin_gives_another_role_disables_and_reads_it_in_the_log(signed_in_as, address):
    rep, admin = signed_in_as("rep"), signed_in_as("admin")
    admin.goto(f"{address}/admin/accounts/account-rep")
    admin.get_by_role("combobox", name="Role").select_option("executive")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_text("The account is changed").wait_for()
    assert status(rep, address, CALL) == 403
    admin.get_by_role("button", name="Disable").click()
    admin.get_by_text("its sessions are over").wait_for()
    rep.reload()
    rep.wait_for_url("**/sign-in*")
    admin.goto(f"{address}/admin/audit?action=account")
    told = admin.locator("tbody").inner_text()
    assert "account.disable" in told and "account.change" in told
    admin.get_by_role("button", name="Check that it is whole").click()
    admin.get_by_text("The log is whole").wait_for()


def test_after_a_session_is_over_whoever_signs_in_again_lands_where_they_were(signed_in_as, address, company: Workspace):
    page = signed_in_as("manager")
    page.context.clear_cookies()
    page.goto(f"{address}/queue?why=uncertain&order=oldest")
    page.get_by_label("E-mail").fill("manager@wrenfield.example")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/queue?why=uncertain&order=oldest")
    assert page.locator(".queued").count() > 0


def test_times_are_shown_in_the_readers_own_zone(signed_in_as, address):
    times = {}
    for zone in ("America/Los_Angeles", "Asia/Tokyo"):
        page = signed_in_as("manager", timezone_id=zone, locale="en-US")
        page.goto(address + CALL)
        call_is_ready(page)
        times[zone] = page.locator(".call-head time").inner_text()
    assert len(set(times.values())) == 2 and not any("UTC" in each for each in times.values())
