"""The page of a report: reps by team and name, no mark without calls enough, text alternatives, and it fits a phone."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_brief import COMPANY, REPORT

from callcoach.batch.report_page import render
from callcoach.coaching.standing import InitiativeStanding, RepStanding, Standing
from callcoach.coaching.stories import Story
from callcoach.domain.calibration import Gate, GateState, Phase
from callcoach.domain.coaching import Estimate
from callcoach.domain.diagnosis import Adoption, Cause, Diagnosis, Direction, Momentum, Question, Relation, Step, Stretch

CHROMIUM = Path("/usr/bin/chromium")
SURE = Estimate(n=20, share=0.5, low=0.3, high=0.7, count=10)
FEW = Estimate(n=4, share=0.4, low=0.1, high=0.7, count=2)
NOTHING = Estimate(n=0, share=None, low=None, high=None, count=0)
HOSTILE = "<script>alert(1)</script> & co, with a name of quite some length"

DIAGNOSIS = Diagnosis(
    initiative_id="catchback",
    cause=Cause.READINESS,
    steps=(
        Step(question=Question.MEASURED, sound=True, sentence="20 of 20 calls could be judged."),
        Step(question=Question.DEFINED, sound=None, sentence="Nobody has labelled calls yet."),
        Step(question=Question.READY, sound=False, sentence="Not ready.", evidence=(HOSTILE,)),
        Step(question=Question.LEADERS, sound=False, sentence="None told why."),
        Step(question=Question.REPS, sound=True, sentence="No rep fails."),
    ),
    next_action="Finish what the field was promised.",
    owner="ray",
)
ADOPTION = Adoption(consistent=1, reps=2, too_few=1, threshold=0.5, least_calls=8, mentioned=SURE, explained=SURE)
MOMENTUM = Momentum(direction=Direction.RISING, before=SURE, now=SURE, sure=0.95, streak=3, since=date(2026, 10, 20))
TOLD = {"hammer": SURE, "part": FEW, "wall": SURE, "explains": NOTHING}


def standing(**changes):
    finding = replace(
        next(each for each in REPORT.initiatives if each.initiative_id == "catchback"),
        diagnosis=DIAGNOSIS,
        adoption=ADOPTION,
        momentum=MOMENTUM,
    )
    relation = Relation(explained=NOTHING, other=NOTHING, difference=None, low=None, high=None, sentence="", caveat="")
    weeks = tuple(
        Stretch(first=date(2026, 10, day), last=date(2026, 10, day + 6), explained=SURE if day != 12 else FEW)
        for day in (5, 12, 19)
    )
    initiative = InitiativeStanding(
        finding=finding, name="CatchBack", wins=relation, launched=date(2026, 10, 5), told=TOLD, stretches=weeks
    )
    reps = tuple(
        RepStanding(
            report=rep,
            name=HOSTILE if place == 0 else rep.profile.rep_id.title(),
            momentum={},
            too_few=None,
            told={"catchback": dict.fromkeys(TOLD, FEW if place else SURE)},
        )
        for place, rep in enumerate(REPORT.reps)
    )
    story = Story(
        title=f"Told {HOSTILE}",
        sentences=("Heard in two calls.",),
        moments=tuple(moment for rep in REPORT.reps for rec in rep.recommendations for moment in rec.moments)[:2],
    )
    found = Standing(
        today=date(2026, 11, 16),
        first_day=date(2026, 10, 5),
        last_day=date(2026, 11, 13),
        n_calls=40,
        initiatives=(initiative,),
        reps=reps,
        alarms=(),
        stories=(story,),
    )
    return replace(found, **changes)


def page(found=None):
    return render(found or standing(), title="Wren & Field", company=COMPANY)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]


def test_the_page_is_one_file_without_script_and_fetches_nothing():
    html = page()
    reader = _Reader()
    reader.feed(html)
    assert not {"script", "link", "img", "iframe"} & set(reader.tags)
    assert "default-src 'none'" in html and "&lt;script&gt;" in html
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert len(reader.ids) == len(set(reader.ids))


def test_the_chain_says_where_it_breaks_once_and_ends_in_one_action_with_its_owner():
    html = page()
    assert "What holds it back: the readiness of the field." in html
    assert "Next: Ray Delgado" in html and html.count("Finish what the field was promised.") == 1
    assert (html.count("Here it breaks."), html.count("Here, too.")) == (1, 1)
    assert (
        html.index("Is the measurement sound?") < html.index("Was the field ready?") < html.index("Do single reps need coaching?")
    )


def test_adoption_stands_beside_the_mention_rate_and_the_trend_has_its_calls():
    html = page()
    assert "1 of 2 reps consistently explain it" in html and "It was mentioned in 10 of 20 calls." in html
    assert "Rising, likely" in html
    assert html.count(">n 20</text>") >= 2 and ">too few</text>" in html


def test_too_few_calls_are_words_and_every_plot_has_its_table():
    html = page()
    assert "Not enough calls yet: 4 of 8" in html
    assert "Not enough calls yet: 0 of 8" in html
    assert html.count('class="plot"') == html.count('<details class="figures">') == 6


def test_reps_keep_the_order_of_team_and_name_and_nobody_is_ranked():
    found = standing()
    html = page(found)
    reps = html[html.index('id="reps"') :]
    places = [reps.index(f"<h3>{each.name}</h3>") for each in found.reps if "<" not in each.name]
    assert places == sorted(places)
    assert "never by rank" in html


def test_a_withheld_initiative_shows_its_reason_and_no_reps_share():
    gate = Gate(
        initiative_id="catchback",
        state=GateState.DEFINED,
        phase=Phase.SUSTAIN,
        reason="CatchBack is not calibrated.",
        next_step="callcoach calibrate new catchback",
        withheld=True,
    )
    found = standing()
    reps = tuple(replace(rep, told={}) for rep in found.reps)
    html = page(replace(found, initiatives=(replace(found.initiatives[0], gate=gate),), reps=reps))
    assert "because it is not shown yet that people hear the same in a call. CatchBack is not calibrated." in html
    plots = re.findall(r'<svg class="plot".*?</svg>', html, re.DOTALL)
    assert len(plots) == 6 and all("&lt;script" not in plot for plot in plots)


def test_a_reps_own_page_starts_with_the_rep_and_leaves_the_chain_to_the_initiative():
    html = render(standing(), title="Tyler", company=COMPANY, of_one_rep=True)
    assert html.index('id="reps"') < html.index('id="initiative-1"')
    assert "Was the field ready?" not in html and "What holds it back" in html


def test_quotes_come_with_their_call_and_time():
    html = page()
    story = html[html.index('id="stories"') : html.index('id="initiative-1"')]
    assert "<time" in story and "<cite>wren-01</cite>" in story


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1100])
def test_the_page_never_scrolls_sideways_and_its_marks_can_be_told_from_the_paper(tmp_path, width, scheme):
    from playwright.sync_api import sync_playwright

    file = tmp_path / "report.html"
    file.write_text(page(), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        complaints = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        paper = _luminance(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        for mark in ("dot", "diamond", "square"):
            ink = _luminance(tab.evaluate(f"getComputedStyle(document.querySelector('.plot .{mark} .at')).fill"))
            assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) >= 3, (mark, scheme)
        # no word of a plot is set smaller than it can be read on a phone
        size = tab.evaluate(
            "Math.min(...[...document.querySelectorAll('.plot text')].map(t => t.getBoundingClientRect().height))"
        )
        assert size >= 10
        assert tab.screenshot(full_page=True)
        browser.close()


def _luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
