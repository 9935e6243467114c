"""Every mark stands where its figure says, and nothing is drawn where nothing is known."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from callcoach.batch.plots import LEFT, RIGHT, Point, Row, in_words, intervals, over_time, place
from callcoach.domain.coaching import Estimate

SVG = "{http://www.w3.org/2000/svg}"
HALF = Estimate(n=20, share=0.5, low=0.25, high=0.75, count=10)
NONE = Estimate(n=0, share=None, low=None, high=None, count=0)


def drawn(svg):
    return ET.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_the_line_ends_where_the_interval_ends_and_the_dot_stands_at_the_share():
    page = drawn(intervals([Row(name="Joyce", estimate=HALF)], title="Why", key="k"))
    (line,) = page.findall(f".//{SVG}line[@class='interval']")
    (dot,) = page.findall(f".//{SVG}circle[@class='at']")
    assert (float(line.get("x1")), float(line.get("x2"))) == (LEFT + 0.25 * (RIGHT - LEFT), LEFT + 0.75 * (RIGHT - LEFT))
    assert float(dot.get("cx")) == place(0.5) == (LEFT + RIGHT) / 2


def test_missing_is_not_zero_it_is_words_without_a_mark():
    too_few = Row(
        name="Walt", estimate=Estimate(n=4, share=0.0, low=0.0, high=0.3, count=0), instead="Not enough calls yet: 4 of 8"
    )
    svg = intervals([too_few, Row(name="Derek", estimate=NONE)], title="Why", key="k")
    page = drawn(svg)
    assert page.findall(f".//{SVG}circle") == page.findall(f".//{SVG}line[@class='interval']") == []
    assert [text.text for text in page.findall(f".//{SVG}text[@class='missing']")] == [
        "Not enough calls yet: 4 of 8", "no call to tell from",
    ]  # fmt: skip


def test_a_share_of_zero_is_a_mark_at_zero():
    zero = Estimate(n=9, share=0.0, low=0.0, high=0.2, count=0)
    (dot,) = drawn(intervals([Row(name="Tyler", estimate=zero)], title="Why", key="k")).findall(f".//{SVG}circle")
    assert float(dot.get("cx")) == LEFT


def test_there_is_no_bar_and_the_order_is_the_one_given():
    high = Estimate(n=20, share=0.9, low=0.8, high=1.0, count=18)
    page = drawn(intervals([Row(name="Abe", estimate=HALF), Row(name="Zoe", estimate=high)], title="Why", key="k"))
    assert [text.text for text in page.findall(f".//{SVG}text[@class='name']")] == ["Abe", "Zoe"]
    assert page.findall(f".//{SVG}rect") == []


@pytest.mark.parametrize(("shape", "tag"), [("dot", "circle"), ("diamond", "path"), ("square", "rect")])
def test_shapes_differ_beside_their_colours(shape, tag):
    page = drawn(intervals([Row(name="All", estimate=HALF, shape=shape)], title="Why", key="k"))
    assert len(page.findall(f".//{SVG}{tag}[@class='at']")) == 1


def test_names_and_words_are_text_whatever_they_hold():
    row = Row(name="<script>alert(1)</script>", estimate=HALF)
    none = Row(name='"><b>', estimate=NONE, instead="</text><script>x</script>\x1b[31m")
    svg = str(intervals([row, none], title="<b>Why</b>", key='k"><script>'))
    assert "<script" not in svg and "<b>" not in svg and "\x1b" not in svg
    assert drawn(svg) is not None


def test_what_is_drawn_is_told_in_words_too():
    page = drawn(intervals([Row(name="Joyce", estimate=HALF)], title="CatchBack: why it exists", key="k"))
    assert page.get("role") == "img" and page.get("aria-labelledby") == "k-t k-d"
    assert page.find(f"{SVG}title").text == "CatchBack: why it exists"
    assert page.find(f"{SVG}desc").text == "Joyce: 10 of 20 calls, likely 25% to 75% in the long run"
    assert in_words(NONE) == "no call to tell from"


def test_over_time_each_stretch_has_its_number_and_a_gap_is_not_bridged():
    points = [
        Point(first=date(2026, 10, day), last=date(2026, 10, day + 6), estimate=estimate, instead=instead)
        for day, estimate, instead in ((5, HALF, None), (12, NONE, "Not enough calls yet: 0 of 8"), (19, HALF, None))
    ]
    page = drawn(over_time(points, title="Over time", key="t", event=(date(2026, 10, 5), "launch")))
    assert [text.text for text in page.findall(f".//{SVG}text[@class='n']")] == ["n 20", "n 0", "n 20"]
    assert len(page.findall(f".//{SVG}circle")) == 2
    assert page.findall(f".//{SVG}line[@class='trend']") == []
    assert [text.text for text in page.findall(f".//{SVG}text[@class='missing']")] == ["too few"]


def test_two_stretches_side_by_side_are_joined_at_their_shares():
    low = Estimate(n=9, share=0.1, low=0.0, high=0.3, count=1)
    points = [
        Point(first=date(2026, 10, 5), last=date(2026, 10, 25), estimate=low),
        Point(first=date(2026, 10, 26), last=date(2026, 11, 15), estimate=HALF),
    ]
    page = drawn(over_time(points, title="Over time", key="t"))
    (line,) = page.findall(f".//{SVG}line[@class='trend']")
    dots = page.findall(f".//{SVG}circle")
    assert [line.get("y1"), line.get("y2")] == [dot.get("cy") for dot in dots]
    assert float(dots[0].get("cy")) > float(dots[1].get("cy"))
    assert over_time([], title="", key="t") == ""


def test_every_figure_stays_within_the_picture():
    full = Estimate(n=100000, share=1.0, low=0.99, high=1.0, count=100000)
    svg = str(intervals([Row(name="A name that is far too long for it", estimate=full)], title="Why", key="k"))
    assert max(float(x) for x in re.findall(r' x2?="([\d.]+)"', svg)) <= 300
    assert ">A name that is…<" in svg
