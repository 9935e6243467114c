"""What is measured of the web app, on a small invented company."""

import json

import pytest

from callcoach.app.bench_web import KINDS, WebPlan, bench_json, bench_lines, bench_web
from callcoach.app.progress import Silent
from callcoach.bench.company.stored import words_of
from callcoach.bench.web_load import Opened, quantile
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.settings import Settings


def test_a_quantile_is_of_one_kind_of_page_alone():
    opened = [Opened("queue", "/queue", number / 100, 200) for number in range(1, 101)] + [Opened("call", "/calls/x", 9.0, 200)]
    assert quantile(opened, "queue", 0.5) == 510.0 and quantile(opened, "queue", 0.95) == 960.0
    assert quantile(opened, "call", 0.95) == 9000.0
    assert quantile(opened, "rep", 0.95) is None, "what was not opened took no time, nor none"


def test_invented_words_hold_every_quote_where_the_score_has_it():
    score = CallScore(
        call_id="c", initiative_id="i", verdict=Verdict.PARTIAL, confidence=0.5, why_score=50.0,
        levels={**dict.fromkeys(Component, Level.ABSENT), Component.WALL: Level.MENTIONED}, asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(Evidence(act="wall", turn=22, quote="Every fourth call rings out."),),
    )  # fmt: skip
    short, long = words_of(score, minutes=1), words_of(score, minutes=10)
    assert short.turns[22].text == long.turns[22].text == "Every fourth call rings out."
    assert len(long.turns) == 60 and long.turns[22].words and not short.turns[22].words


@pytest.mark.slow
def test_a_small_company_is_served_and_measured():
    found = bench_web(Settings(), WebPlan(calls=600, users=3, seconds=3.0), Silent())
    said = json.loads(bench_json(found))
    assert {"calls", "users", "p50_ms", "p95_ms", "errors"} <= set(said)
    assert set(said["p95_ms"]) == set(KINDS) and said["errors"] == 0 and sum(said["requests"].values()) > 0
    assert "calls stored" in next(bench_lines(found))
