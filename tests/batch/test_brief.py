import base64
import hashlib
import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from callcoach.batch.brief import escape_markdown, render_html, render_markdown
from callcoach.domain.coaching import (
    Behaviour,
    CallProblem,
    Estimate,
    FlaggedCall,
    HeardCall,
    InitiativeFinding,
    LeaderTelling,
    Moment,
    MorningReport,
    Recommendation,
    RepProfile,
    RepReport,
    SaidAgain,
    UnheardName,
)
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Level, Verdict

COMPANY = Company(
    name="Wren & Field",
    teams=(Team(id="river", name="River Team", manager="ray"),),
    people=(
        Person(id="ray", name="Ray Delgado", role=PersonRole.MANAGER),
        Person(id="tyler", name="Tyler Boone", role=PersonRole.REP, team="river"),
        Person(id="joyce", name="Joyce Tanaka", role=PersonRole.REP, team="river"),
    ),
)
STORY = ValueStory(wall="Calls rang out.", hammer="A text goes out.", part="Their own count.")
CATCHBACK = Initiative(id="catchback", name="CatchBack", launched=date(2026, 10, 5), owner="ray", priority=1, story=STORY)

MOMENT = Moment(
    call_id="wren-01",
    initiative_id="catchback",
    started_at=datetime.fromisoformat("2026-10-05T09:40"),
    turn=8,
    start=66.5,
    end=71.5,
    quote="Right, so what that means for you is fewer lost customers.",
    customer_quote="And that does what for me?",
    customer_turn=7,
    customer_start=60.2,
    customer_name="Kimball Tire",
    rep_id="tyler",
)
ESTIMATE = Estimate(n=3, share=0.2, low=0.02, high=0.5, count=0)
RECOMMENDATION = Recommendation(
    rep_id="tyler",
    initiative_id="catchback",
    behaviour=Behaviour.ANSWER_THE_WHY,
    headline="When a customer asks why, answer from what they just said (CatchBack)",
    intent="Twenty-seven of every hundred calls rang out.",
    because="A customer asked why in 2 of 2 calls.",
    moments=(MOMENT,),
    practice="The customer says: “And that does what for me?” Answer in two sentences.",
    owner="ray",
    due=date(2026, 11, 23),
    n_calls=2,
    n_shown=2,
    example=replace(
        MOMENT, call_id="wren-03", rep_id="joyce", quote="You're under the sink, it rings out.", customer_name="Orrin"
    ),
    example_rep_id="joyce",
)
PROFILE = RepProfile(
    rep_id="tyler",
    team="river",
    n_calls=3,
    verdicts={"catchback": {Verdict.RECITES: 3, Verdict.NOT_ASSESSED: 1}},
    explained=ESTIMATE,
    shares={Behaviour.ANSWER_THE_WHY: ESTIMATE},
    strengths=("Brings CatchBack up: in 3 of 3 calls.",),
    history=tuple(
        HeardCall(call_id=f"wren-{n}", initiative_id="catchback", started_at=MOMENT.started_at, verdict=Verdict.RECITES)
        for n in range(3)
    ),
    n_not_assessed=1,
)
FINDING = InitiativeFinding(
    initiative_id="catchback",
    n_calls=3,
    n_raised=3,
    verdicts={Verdict.RECITES: 3},
    reps=1,
    reps_explaining=0,
    for_leaders=True,
    headline="CatchBack stops at the same point with 3 of 3 reps.",
    next_step="Write down the one answer.",
    owner="ray",
    moments=(MOMENT,),
    reasons=("The materials were ready on Oct 30.",),
    leaders=(
        LeaderTelling(
            call_id="kickoff",
            person_id="ray",
            started_at=MOMENT.started_at,
            levels={Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.ABSENT, Component.PART: Level.MENTIONED},
        ),
        LeaderTelling(call_id="huddle", person_id=None, started_at=None, levels=None, reason="unreadable audio"),
    ),
    leaders_say="One leader was recorded.",
)
REPORT = MorningReport(
    today=date(2026, 11, 16),
    first_day=date(2026, 10, 5),
    last_day=date(2026, 11, 13),
    n_calls=3,
    n_new_calls=1,
    reps=(RepReport(profile=PROFILE, recommendations=(RECOMMENDATION,)),),
    initiatives=(FINDING,),
    flagged=(
        FlaggedCall(call_id="wren-01", initiative_id="catchback", rep_id="tyler", reason="Say what you hear.", moment=MOMENT),
    ),
    problems=(CallProblem(call_id="bad.wav", sentence="bad.wav is a text file. Export it again.", attempts=3, quarantined=True),),
    versions={"judge": "4c1f"},
    not_assessed=(CallProblem(call_id="wren-10", sentence="voicemail"),),
)
NOTHING = MorningReport(
    today=date(2026, 11, 16),
    first_day=None,
    last_day=None,
    n_calls=0,
    n_new_calls=0,
    reps=(),
    initiatives=(),
    flagged=(),
    problems=(),
    versions={},
)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> [click](http://evil.example) ![x](http://evil.example/p.png) "
    "**bold** `code` | cell | &amp; {{ 7*7 }} {% raw %} www.evil.example a@evil.example </blockquote>\n# heading\n1. list"
)


class Page(HTMLParser):
    """What a browser would make of the page: elements, attributes, ids and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)

    def all_text(self):
        return re.sub(r"\s+", " ", "".join(self.text))


def page(report=REPORT):
    return Page(render_html(report, initiatives=(CATCHBACK,), company=COMPANY))


def markdown(report=REPORT):
    return render_markdown(report, initiatives=(CATCHBACK,), company=COMPANY)


def hostile():
    """The report with hostile text in every place that a call, a file or a person can fill."""
    moment = replace(MOMENT, quote=HOSTILE, customer_quote=HOSTILE, customer_name=HOSTILE, call_id=HOSTILE)
    recommendation = replace(
        RECOMMENDATION, moments=(moment,), example=moment, practice=HOSTILE, intent=HOSTILE, headline=HOSTILE
    )
    profile = replace(PROFILE, strengths=(HOSTILE,))
    return replace(
        REPORT,
        reps=(RepReport(profile=profile, recommendations=(recommendation,)),),
        initiatives=(replace(FINDING, moments=(moment,), headline=HOSTILE, next_step=HOSTILE),),
        problems=(CallProblem(call_id=HOSTILE, sentence=HOSTILE),),
        versions={HOSTILE: HOSTILE},
    )


@pytest.mark.parametrize("render", [lambda: page().all_text(), markdown], ids=["html", "markdown"])
@pytest.mark.parametrize(
    "said",
    [
        "Monday, Nov 16, 2026",
        "3 calls judged, Oct 5 to Nov 13.",
        "1 call could not be assessed and counts for nothing.",
        "Tyler Boone",
        "Brings CatchBack up: in 3 of 3 calls.",
        "recites 3, not assessed 1",
        "“And that does what for me?”",
        "“Right, so what that means for you is fewer lost customers.”",
        "1:00",
        "1:06",
        "Twenty-seven of every hundred calls rang out.",
        "Ask Joyce Tanaka before you play it.",
        "Mon, Nov 23",
        "The materials were ready on Oct 30.",
        "n/a: unreadable audio",
        "0 of 1",
        "3 of 3",
        "Say what you hear.",
        "Set aside after 3 attempts.",
        "voicemail",
        "judge 4c1f",
    ],
)
def test_both_briefs_say_it(render, said):
    text = render()
    # in the page the quotation marks belong to the q element
    assert said in text or said.strip("“”") in text


def test_a_name_never_heard_is_a_question_in_both_briefs():
    asked = UnheardName(
        initiative_id="catchback",
        name="CatchBack",
        n_calls=31,
        n_raised=0,
        call_id="wren-12",
        sentence="CatchBack was heard in 0 of 31 calls: not said, or not recognised? Listen to one: wren-12.",
    )
    report = replace(REPORT, unheard=(asked,))
    for text in (page(report).all_text(), markdown(report)):
        assert "Recognition or adoption?" in text
        assert "not said, or not recognised? Listen to one: wren-12." in text.replace("\\", "")
    assert "Recognition or adoption?" not in markdown()


def test_words_said_alike_to_several_customers_stand_beside_the_rep_in_both_briefs():
    said = (replace(MOMENT, call_id="wren-01"), replace(MOMENT, call_id="wren-02", start=None))
    again = SaidAgain(rep_id="tyler", initiative_id="catchback", words=31, customers=2, in_script=False, said=said)
    reps = tuple(replace(rep, said_again=(again,)) if rep.profile.rep_id == "tyler" else rep for rep in REPORT.reps)
    report = replace(REPORT, reps=reps)
    sentence = "Says the same 31 words about CatchBack to 2 customers; it does not stand in the script."
    for text in (render_html(report, initiatives=(CATCHBACK,), company=COMPANY), markdown(report)):
        assert sentence in text and MOMENT.quote in text and "wren-02" in text
    assert sentence not in markdown()


def test_the_page_needs_nothing_from_outside():
    found = page()
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(found.tags)
    assert not [value for name, value in found.attributes if name in ("src", "style", "srcset") or name.startswith("on")]
    links = [value for name, value in found.attributes if name == "href"]
    assert links and all(link.startswith("#") for link in links)


def test_the_policy_allows_this_style_and_nothing_else():
    html = render_html(REPORT, initiatives=(CATCHBACK,), company=COMPANY)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in html
    assert "url(" not in style and "@import" not in style


def test_every_link_has_its_target_once():
    found = page()
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in found.attributes if name == "href"} <= set(ids)


def test_a_reader_by_ear_gets_language_headings_quotes_and_verdicts():
    found = page()
    assert ("lang", "en") in found.attributes
    assert found.tags.count("h1") == 1
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert {"blockquote", "q", "cite", "time", "main", "header", "footer", "nav"} <= set(found.tags)
    assert "recites, wren-0, Oct 5" in found.all_text()


def test_hostile_text_stays_text_in_the_page():
    found, harmless = page(hostile()), page()
    assert set(found.tags) == set(harmless.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert "<script>alert(1)</script>" in found.all_text()
    assert "{{ 7*7 }}" in found.all_text()


def test_hostile_text_stays_text_in_markdown():
    text = markdown(hostile())
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert not re.search(r"(?<!\\)\*\*bold", text)
    assert not re.search(r"(?<!\\)`", text)
    assert "http://" not in text and "www.evil" not in text and "a@evil" not in text
    assert "\n# heading" not in text and "\n1. list" not in text
    assert "{{ 7\\*7 }}" in text


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("plain words, $29 a month.", "plain words, \\$29 a month."),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("---", "\\---"),
        ("# head", "\\# head"),
        ("a | b", "a \\| b"),
        ("a\nb", "a b"),
        ("\x1b[31mred\x07", "\\[31mred"),
        (None, "n/a"),
        (2026, "2026"),
    ],
)
def test_markdown_escaping(given, written):
    assert escape_markdown(given) == written


def test_control_and_direction_characters_do_not_reach_the_reader():
    moment = replace(MOMENT, quote="before\x1b[2J\u202eafter")
    report = replace(REPORT, flagged=(), initiatives=(replace(FINDING, moments=(moment,)),))
    for text in (render_html(report, initiatives=(CATCHBACK,), company=COMPANY), markdown(report)):
        assert "\x1b" not in text and "\u202e" not in text


def test_no_calls_make_a_brief_that_says_what_to_do():
    for text in (page(NOTHING).all_text(), markdown(NOTHING)):
        assert "no call could be judged yet. Add recordings to the folder and run callcoach again" in text
        assert "None" not in text


def test_missing_times_dates_and_owners_are_said_and_never_zero():
    moment = replace(MOMENT, start=None, end=None, customer_start=None, started_at=None, customer_name=None)
    bare = replace(RECOMMENDATION, moments=(moment,), owner=None, example=None, example_rep_id=None)
    nothing = Estimate(n=0, share=None, low=None, high=None, count=0)
    profile = replace(PROFILE, explained=nothing, shares={}, strengths=(), history=(), team=None)
    finding = replace(FINDING, for_leaders=False, n_calls=0, n_raised=0, reps=0)
    report = replace(REPORT, reps=(RepReport(profile=profile, recommendations=(bare,)),), initiatives=(finding,), flagged=())
    for text in (page(report).all_text(), markdown(report)):
        assert "0:00" not in text and "None" not in text
        assert "no date" in text
        assert "No manager is named in the people file" in text
        assert "Share explained: n/a" in text
        assert "n/a: no call yet" in text


def test_the_same_report_gives_the_same_bytes():
    assert markdown() == markdown()
    assert render_html(REPORT, initiatives=(CATCHBACK,), company=COMPANY) == render_html(
        REPORT, initiatives=(CATCHBACK,), company=COMPANY
    )


def _luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_a_contrast_of_four_and_a_half_in_light_dark_and_print():
    html = render_html(REPORT, initiatives=(CATCHBACK,), company=COMPANY)
    themes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6}|#[0-9a-f]{3})\b", block))
        for block in re.findall(r":root \{(.*?)\}", html, re.DOTALL)
    ]
    assert len(themes) == 3
    for theme in themes:
        full = {name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:]) for name, value in theme.items()}
        for ground in ("paper", "card", "faint"):
            for ink in ("ink", "soft", "accent", "warm", "hot"):
                light, dark = sorted((_luminance(full[ground]), _luminance(full[ink])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, ink, full[ground], full[ink])


CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [320, 390, 1100])
def test_the_page_never_scrolls_sideways(tmp_path, width):
    from playwright.sync_api import sync_playwright

    file = tmp_path / "brief.html"
    file.write_text(render_html(hostile(), initiatives=(CATCHBACK,), company=COMPANY), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 800})
        complaints = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        browser.close()
