"""The figures of the judge's speed: what they are of, what they are beside, and when they are not to be trusted."""

import pytest

from callcoach.bench.judge_speed import Figure, JudgeBench, Took, bench_lines, joined, measured, varied
from callcoach.testing import make_call


def test_a_figure_is_brought_to_what_its_target_is_about() -> None:
    figure = Figure(name="Judged anew", n=200, took=Took(0.5, 0.4), target=10.0, of_target=10_000, load=0.1)
    assert figure.for_target == pytest.approx(25.0) and figure.meets is False and not figure.busy
    assert Figure(name="x", n=1, took=Took(0.2, 0.2), target=0.3).meets is True
    assert Figure(name="x", n=1, took=Took(0.2, 0.2)).meets is None


def test_the_lines_say_target_peer_load_and_whether_the_bytes_were_the_same() -> None:
    peer = Figure(name="One by one", n=10, took=Took(1.0, 1.0), of_target=10_000)
    figure = Figure(name="Judged anew", n=200, took=Took(0.5, 0.4), target=10.0, of_target=10_000, load=2.0, peer=peer)
    bench = JudgeBench(figures=(figure,), cores=2, workers=2, words=1200, turns=80, same=False)
    said = "\n".join(bench_lines(bench))
    assert "25.00 s for 10,000 (from 200 measured); target 10.00 s, not met" in said
    assert "the machine was busy (load 2.0 a core)" in said
    assert "One by one: 16.7 min, 40.0 times as long" in said
    assert "OTHER BYTES" in said


def test_work_is_timed_on_the_clock_and_on_the_processor() -> None:
    done = []
    figure = measured("counting", 3, lambda: done.extend(range(100_000)), target=5.0)
    assert len(done) == 100_000 and figure.took.wall > 0 and figure.took.cpu >= 0 and figure.target == 5.0


def test_calls_are_joined_until_they_are_long_enough_and_varied_in_every_turn() -> None:
    calls = [make_call("rep one two three / customer four five"), make_call("rep six seven"), make_call("rep eight")]
    long = joined(calls, words=6, call_id="long")
    assert [turn.text for turn in long.turns] == ["one two three", "four five", "six seven"]
    assert [turn.text for turn in varied(long, 7).turns] == ["one two three x7", "four five x7", "six seven x7"]
    assert varied(long, 7).call_id == "long-7"
    assert [turn.text for turn in joined(calls, words=3, call_id="short").turns] == ["one two three"]
    with pytest.raises(ValueError, match="42 words too few"):
        joined(calls, words=50, call_id="long")
