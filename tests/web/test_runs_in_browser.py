"""Runs, intake and exports in a real browser: files handed in and taken in, a run that is followed, no barrier, no overflow."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import chromium, enter, served, too_wide, violations

from callcoach.intake.calls import read_call_folder
from callcoach.storage.run_lock import RunLock
from callcoach.storage.runs import Runs

pytestmark = pytest.mark.slow

VTT = b"WEBVTT\n\n00:00.000 --> 00:04.000\n<v rep>Every fourth of your calls rings out.\n"
MANIFEST = (
    b"call_id,started_at,rep_id,customer_name,transcript_path\nnew-1,2026-11-14,R01,Kimball Tire,a.vtt\nnew-2,never,R01,,b.vtt\n"
)


@pytest.fixture
def watched(company, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "people.yaml").write_bytes((Path(__file__).parents[2] / "sample_calls" / "people.yaml").read_bytes())
    runs = Runs(company.store)
    number = runs.begin(datetime.now(UTC), versions={}, folder=str(folder), rubrics=str(tmp_path))
    runs.end(number, datetime.now(UTC), counts={"recognised": 3, "judged": 5})
    company.store.keep_failure("wren-02", "hear", "wren-02.ogg: it cannot be decoded. Export it again.", datetime.now(UTC), "k")
    return folder


def test_calls_are_handed_in_taken_in_and_a_run_is_followed(app, company, watched):
    file = {"mimeType": "text/plain"}
    files = [
        {"name": "a.vtt", "buffer": VTT, **file},
        {"name": "b.vtt", "buffer": VTT + b"\n", **file},
        {"name": "manifest.csv", "buffer": MANIFEST, **file},
    ]
    with served(app) as address, chromium() as browser:
        page = browser.new_page(reduced_motion="reduce")
        said = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        enter(page, address, "enablement")
        page.get_by_role("link", name="Runs").first.click()
        page.get_by_role("link", name="Hand in calls").click()
        page.wait_for_selector("html[data-intake=ready]")
        page.set_input_files("#files", files)
        page.get_by_role("button", name="Look at them").click()
        page.get_by_role("heading", name="What was handed in").wait_for()
        assert "started_at 'never' is not a date and time" in page.inner_text("main")
        looks = page.url.removeprefix(address)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                for path in ("/runs", "/runs/1", "/intake", looks, "/exports"):
                    page.goto(address + path)
                    assert violations(page) == [], (theme, width, path)
                    assert too_wide(page) == 0, (theme, width, path)
        page.goto(address + looks)
        page.get_by_role("button", name="Take in 1 call").click()
        page.get_by_text("1 call taken in.").wait_for()
        assert [call.call_id for call in read_call_folder(watched).calls] == ["new-1"]
        page.goto(address + "/runs")
        page.get_by_role("button", name=re.compile("^Try again.*wren-02")).click()
        page.get_by_text("1 call will be tried again in the next run.").first.wait_for()
        assert page.get_by_text("it cannot be decoded").count() == 0
        number = Runs(company.store).begin(datetime.now(UTC), versions={}, folder=str(watched))
        with RunLock(company.store).held():
            page.goto(address + "/runs")
            assert page.get_by_role("heading", name="A run goes on").is_visible()
            Runs(company.store).end(number, datetime.now(UTC), counts={"recognised": 1, "judged": 1})
        page.get_by_role("button", name="Run now").wait_for(timeout=15_000)
        assert said == []
