"""The call page in a real browser: sound that plays, a transcript that follows, words that are kept and taken back."""

import hashlib
import re
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from browsing import open_to_everybody, served, until
from fastapi import FastAPI

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Role, Turn
from callcoach.speech.audio import SAMPLE_RATE, decode
from callcoach.storage.given import GivenToRuns
from callcoach.web.access import cookie_name

pytestmark = pytest.mark.slow
sync_api = pytest.importorskip("playwright.sync_api")

CALL = "/calls/wren-01"
WHAT_CUSTOMER_ASKED = "And that does what for me?"


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def opened(app: FastAPI, client, browser, address: str) -> Iterator[Callable[..., object]]:
    """`opened("manager", "/calls/...")`: a page of somebody who is signed in; what it complains of fails the test."""
    contexts, complaints = [], []

    def at(role: str, path: str, *, width: int = 1320, height: int = 900, **options: object) -> object:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        name = cookie_name(app.state.secure)
        context.add_cookies([{"name": name, "value": client(role).cookies[name], "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "409" not in said.text else None)
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(address + path)
        if options.get("java_script_enabled", True):
            is_ready(page)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


def is_ready(page) -> None:
    page.wait_for_selector("html[data-call=ready][data-ready=shell]", timeout=15_000)


def now(page) -> float:
    return page.evaluate("document.querySelector('#audio').currentTime")


def wait_until_it_plays(page, after: float = 0.0) -> None:
    until(page, "after => { const a = document.querySelector('#audio'); return !a.paused && a.currentTime > after; }", after)


def test_a_click_on_a_sentence_plays_it_from_a_little_before(opened):
    page = opened("manager", CALL)
    sentence = page.locator("a.s", has_text=WHAT_CUSTOMER_ASKED)
    start = float(sentence.get_attribute("data-t"))
    sentence.click()
    wait_until_it_plays(page, start - 0.2)
    assert start - 0.25 <= now(page) <= start + 3
    assert f"t={start:.1f}" in page.url
    until(page, "() => document.querySelector('a.s.now') !== null")
    until(page, "at => document.querySelector('#audio').currentTime > at + 1", start)
    assert page.locator("#words [aria-current]").count() == 1


def test_keys_play_skip_change_speed_and_step(opened):
    page = opened("manager", CALL)
    page.keyboard.press("k")
    wait_until_it_plays(page, 0.3)
    page.keyboard.press("l")
    until(page, "() => document.querySelector('#audio').currentTime > 5")
    page.keyboard.press("Space")
    until(page, "() => document.querySelector('#audio').paused")
    at = now(page)
    page.keyboard.press("j")
    until(page, "at => document.querySelector('#audio').currentTime < at - 4", at)
    page.keyboard.press("]")
    assert page.evaluate("document.querySelector('#audio').playbackRate") == 1.25
    page.keyboard.press("[")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('s')")
    page.keyboard.press("Enter")
    wait_until_it_plays(page)


def test_keys_that_somebody_chose_play_and_stand_on_the_buttons(opened, address):
    page = opened("manager", CALL)
    chosen = {"call.play": "z", "call.agree": "Alt+a", "call.next": "m"}
    page.evaluate("chosen => localStorage.setItem('callcoach-keys-chosen', JSON.stringify(chosen))", chosen)
    page.goto(address + CALL)
    is_ready(page)
    assert page.locator("kbd[data-key-of='call.agree']").inner_text() == "Alt+A"
    assert page.locator("kbd[data-key-of='call.next']").inner_text() == "M"
    page.keyboard.press("k")
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('#audio').paused")
    page.keyboard.press("z")
    wait_until_it_plays(page, 0.1)
    # what a part of the page is replaced with names them, too
    page.keyboard.press("Alt+a")
    page.get_by_text("Undo", exact=True).first.wait_for()
    until(page, "() => document.querySelector('kbd[data-key-of=\"call.agree\"]')?.textContent === 'Alt+A'")


def test_evidence_is_heard_marked_and_in_the_address_and_back_leads_back(opened, address):
    page = opened("manager", CALL)
    page.keyboard.press("n")
    wait_until_it_plays(page)
    first = page.locator(".evidence > li").first
    assert first.get_attribute("aria-current") == "true"
    assert page.locator("mark.here").count() >= 1
    assert f"e={first.get_attribute('data-e')}" in page.url
    page.locator(".pin").nth(3).click()
    chosen = page.locator(".evidence > li[aria-current]")
    start = float(chosen.get_attribute("data-t"))
    until(page, "at => Math.abs(document.querySelector('#audio').currentTime - at) < 2", start)
    shared = page.url
    page.goto(address + "/calls/wren-04")
    page.go_back()
    is_ready(page)
    assert page.url == shared
    until(page, "at => Math.abs(document.querySelector('#audio').currentTime - at) < 0.5", start)
    assert page.locator(".evidence > li[aria-current]").get_attribute("data-t") == chosen.get_attribute("data-t")


def test_the_page_follows_until_the_reader_scrolls_and_leads_back_to_now(opened):
    page = opened("manager", CALL, height=620)
    page.locator("a.s").first.click()
    wait_until_it_plays(page)
    assert page.locator("[data-follow]").is_hidden()
    page.wait_for_timeout(1_000)
    page.mouse.move(400, 500)
    page.mouse.wheel(0, 900)
    page.locator("[data-follow]").wait_for(state="visible")
    page.locator("[data-follow]").click()
    assert page.locator("[data-follow]").is_hidden()
    until(page, "() => document.querySelector('a.s.now').getBoundingClientRect().top > 0")


def test_a_correction_by_keyboard_needs_its_reason_and_is_undone(opened):
    page = opened("manager", CALL)
    page.keyboard.press("2")
    form = page.locator("[data-correct] form")
    assert form.locator("select[name=verdict]").input_value() == "partial"
    page.keyboard.press("Tab")
    form.get_by_role("button", name="Keep the correction").click()
    assert page.locator(".toast").count() == 0, "a reason is required"
    form.locator("textarea").fill("He names whose calls go unanswered.")
    form.get_by_role("button", name="Keep the correction").click()
    page.get_by_text("Corrected. The machine’s answer is kept beside yours.").wait_for()
    assert page.locator(".verdicts .by-person").inner_text().endswith("partly")
    page.get_by_text("He names whose calls go unanswered.").first.wait_for()
    page.locator("h1").click()
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    page.get_by_text("nobody has said yet").wait_for()
    assert page.locator(".verdicts .by-person").count() == 0


def test_a_sentence_is_commented_on_and_added_as_evidence(opened):
    page = opened("manager", CALL)
    page.locator("a.s", has_text=WHAT_CUSTOMER_ASKED).click()
    page.keyboard.press("c")
    page.keyboard.type("Stop here and ask what he means.")
    page.locator("#moment").get_by_role("button", name="Comment").click()
    page.get_by_text("Comment kept.").wait_for()
    note = page.locator("#words .note")
    assert "Stop here and ask what he means." in note.inner_text()
    marks = page.locator("#words mark.ev").count()
    page.locator("a.s", has_text="I got a phone already").click()
    page.locator("#moment summary").click()
    page.locator("#moment select[name=act]").select_option("need")
    page.locator("#moment textarea").fill("That is what he has today.")
    page.get_by_role("button", name="Add as evidence").click()
    page.get_by_text("Corrected.").wait_for()
    until(page, "n => document.querySelectorAll('#words mark.ev').length > n", marks)
    page.keyboard.press("Control+z")
    page.get_by_text("Taken back.").wait_for()
    until(page, "n => document.querySelectorAll('#words mark.ev').length === n", marks)


def test_a_draft_outlives_the_page_and_goes_when_it_is_kept(opened):
    page = opened("manager", CALL)
    page.keyboard.press("c")
    page.keyboard.type("Half a thought")
    page.reload()
    is_ready(page)
    assert page.locator("#moment textarea").input_value() == "Half a thought"
    page.locator("#moment").get_by_role("button", name="Comment").click()
    page.get_by_text("Comment kept.").wait_for()
    assert page.locator("#moment textarea").input_value() == ""


def test_of_two_who_judge_at_once_the_second_sees_both(opened):
    manager, enablement = opened("manager", CALL), opened("enablement", CALL)
    enablement.keyboard.press("a")
    enablement.get_by_text("Agreed.").wait_for()
    manager.keyboard.press("5")
    manager.locator("[data-correct] textarea").fill("He stumbles at the end.")
    manager.get_by_role("button", name="Keep the correction").click()
    manager.locator("#conflict").wait_for()
    assert "He stumbles at the end." in manager.locator("#conflict").inner_text()
    assert manager.locator("[data-correct] textarea").input_value() == "He stumbles at the end."
    manager.get_by_role("button", name="Keep the correction").click()
    manager.get_by_text("Somebody else sees it differently").wait_for()


def test_single_keys_can_be_switched_off_and_never_fire_in_a_field(opened):
    page = opened("manager", CALL)
    page.locator("#moment textarea").click()
    page.keyboard.type("k a d n")
    assert page.locator("#moment textarea").input_value() == "k a d n"
    assert page.evaluate("document.querySelector('#audio').paused")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#audio').paused")


def test_without_a_script_the_page_reads_plays_and_takes_words(opened, address):
    page = opened("manager", CALL, java_script_enabled=False)
    assert page.locator("audio[controls]").is_visible()
    page.locator("a.s", has_text=WHAT_CUSTOMER_ASKED).click()
    assert re.search(r"#t=\d+\.\d+$", page.locator("#audio").get_attribute("src"))
    assert WHAT_CUSTOMER_ASKED in page.locator("[data-chosen]").inner_text()
    page.locator("#moment textarea").fill("Without a script.")
    page.locator("#moment").get_by_role("button", name="Comment").click()
    page.get_by_text("Kept. It is shown below.").wait_for()
    assert "Without a script." in page.locator("#words .note").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.locator("#words .note").wait_for(state="detached")


def test_hostile_words_run_nothing(opened, company: Workspace):
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script>\"' onmouseover=alert(3) x={{7*7}}"
    call, heard = company.store.call("wren-01"), company.store.current_transcript("wren-01")
    company.store.add_calls([replace(call, customer_name=payload, outcome=payload, direction=payload)])
    turns = (Turn(speaker="customer", text=f"{payload} {payload}", start=0.0, end=1.0), *heard.turns[1:])
    company.store.keep_transcript(replace(heard, turns=turns), content=call.content, made_by="hostile")
    company.store.point_at({"wren-01": "hostile"})
    page = opened("manager", CALL)
    page.locator("#moment textarea").fill(payload)
    page.locator("#moment").get_by_role("button", name="Comment").click()
    page.get_by_text("Comment kept.").wait_for()
    page.locator("a.s").first.click()
    page.keyboard.press("2")
    page.locator("[data-correct] textarea").fill(payload)
    page.get_by_role("button", name="Keep the correction").click()
    page.get_by_text("Corrected.").wait_for()
    assert page.locator("h1").inner_text() == payload
    assert page.locator("main img, main script").count() == 0


def test_a_call_that_is_being_judged_is_open_to_everybody_in_both_themes_and_on_a_phone(opened):
    page = opened("manager", CALL, color_scheme="light")
    page.keyboard.press("n")
    page.keyboard.press("d")
    page.keyboard.press("k")
    page.evaluate("document.querySelector('#audio').pause()")
    assert open_to_everybody(page) == []


def test_a_printed_scorecard_has_its_evidence_no_player_and_few_pages(opened, tmp_path):
    page = opened("manager", CALL)
    page.emulate_media(media="print")
    assert page.locator("#player").is_hidden() and page.locator("#words").is_hidden()
    assert page.locator(".evidence > li").first.is_visible()
    printed = page.pdf(path=str(tmp_path / "call.pdf"), format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 2


def test_an_hour_of_talk_is_ready_within_a_second(opened, company: Workspace, address):
    call, heard = company.store.call("wren-01"), company.store.current_transcript("wren-01")
    turns, at = [], 0.0
    while at < 3_600:
        for turn in heard.turns:
            moved = tuple(replace(word, start=word.start + at, end=word.end + at) for word in turn.words)
            turns.append(replace(turn, start=turn.start + at, end=turn.end + at, words=moved))
        at += 104
    long = replace(heard, turns=tuple(turns), duration=at)
    company.store.keep_transcript(long, content=call.content, made_by="an hour")
    company.store.point_at({"wren-01": "an hour"})
    page = opened("manager", "/calls/wren-04")

    def ready_after(path: str) -> list[float]:
        seconds = []
        for _ in range(3):
            page.goto(address + "/sign-in")
            begun = time.perf_counter()
            page.goto(address + path, wait_until="commit")
            is_ready(page)
            seconds.append(time.perf_counter() - begun)
        return seconds

    # a machine that takes its time over two minutes of talk is given as much longer for an hour
    short, ready = ready_after("/calls/wren-04"), ready_after(CALL)
    sentences = page.locator("#words .s").count()
    assert sentences >= 1_200
    assert min(ready) < max(1.0, 4 * min(short)), f"{sentences} sentences ready after {ready} seconds, two minutes after {short}"
    page.locator("a.s").nth(1_000).click()
    until(page, "() => document.querySelectorAll('a.s.now').length === 1")


@pytest.fixture
def stereo(company: Workspace, tmp_path) -> str:
    """wren-01 as a telephone system records it that gives each party a channel of its own; its id."""
    call, heard = company.store.call("wren-01"), company.store.current_transcript("wren-01")
    sound = decode(GivenToRuns(company.store).recording(call.content), max_seconds=600, max_bytes=10**8)
    mono = sound.samples.sum(axis=0).clip(-1, 1)
    sides = np.zeros((2, len(mono)), dtype=np.float32)
    for turn in heard.turns:
        here = slice(int(turn.start * SAMPLE_RATE), int(turn.end * SAMPLE_RATE))
        # the customer is on the first channel: which is whose is told from the words, not from the order
        sides[0 if turn.role is Role.CUSTOMER else 1, here] = mono[here]
    file = tmp_path / "two-parties.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(np.ascontiguousarray((sides.T * 32_000).astype("<i2")).tobytes())
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    peaks = decode(file, max_seconds=600, max_bytes=10**8).peaks
    company.store.add_calls([replace(call, call_id="stereo-01", content=content, audio_path=str(file))])
    two_sided = replace(heard, call_id="stereo-01")
    company.store.keep_transcript(two_sided, content=content, made_by="by hand", peaks=peaks)
    company.store.point_at({"stereo-01": "by hand"})
    GivenToRuns(company.store).keep(GivenToRuns(company.store).company(), {content: file})
    return "stereo-01"


IN_LANES = """([from, to]) => {
    const canvas = document.querySelector("[data-canvas]"), brush = canvas.getContext("2d");
    const length = document.querySelector("#audio").duration;
    const left = Math.floor(canvas.width * from / length), right = Math.ceil(canvas.width * to / length);
    const plain = brush.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
    const drawn = (top, height) => {
        const found = brush.getImageData(left, top, Math.max(1, right - left), height).data;
        let n = 0;
        for (let at = 0; at < found.length; at += 4) if (found.slice(at, at + 3).join() !== plain) n += 1;
        return n;
    };
    const half = Math.floor(canvas.height / 2);
    return [drawn(2, half - 6), drawn(half + 6, half - 8)];
}"""


def test_a_recording_with_a_party_on_each_channel_is_drawn_heard_and_sought_in_two_lanes(
    opened, stereo, company: Workspace, client
):
    drawn = client("manager").get(f"/calls/{stereo}/peaks").json()
    assert [lane["role"] for lane in drawn["lanes"]] == ["rep", "customer"]
    heard = company.store.current_transcript(stereo)
    long = {
        role: max(heard.turns_of(role), key=lambda each: each[1].end - each[1].start)[1] for role in (Role.REP, Role.CUSTOMER)
    }
    for lane, role, other in zip(drawn["lanes"], (Role.REP, Role.CUSTOMER), (Role.CUSTOMER, Role.REP), strict=True):

        def points(turn, lane=lane):
            return lane["points"][int(turn.start / drawn["step"]) + 1 : int(turn.end / drawn["step"]) - 1]

        assert max(points(long[role])) > 10 * max(1, max(points(long[other]))), f"the lane of the {role}"
    page = opened("manager", f"/calls/{stereo}")
    until(page, "() => document.querySelector('#audio').duration > 30")
    for role, (mine, theirs) in ((Role.REP, (0, 1)), (Role.CUSTOMER, (1, 0))):
        turn = long[role]
        until(page, "([from, to]) => (" + IN_LANES + ")([from, to]).some(each => each > 0)", [turn.start + 0.3, turn.end - 0.3])
        pixels = page.evaluate(IN_LANES, [turn.start + 0.3, turn.end - 0.3])
        assert pixels[mine] > 10 * max(1, pixels[theirs]), (role, pixels)
    sentence = page.locator("a.s", has_text=WHAT_CUSTOMER_ASKED)
    start = float(sentence.get_attribute("data-t"))
    sentence.click()
    wait_until_it_plays(page, start - 0.2)
    box = page.locator("[data-lanes]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75)
    until(page, "() => { const a = document.querySelector('#audio'); return Math.abs(a.currentTime - .75 * a.duration) < 2; }")
    page.keyboard.press("j")
    until(page, "() => { const a = document.querySelector('#audio'); return a.currentTime < .75 * a.duration - 2; }")
