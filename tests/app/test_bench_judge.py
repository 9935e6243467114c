"""The judge's speed bench for real, in small: every figure is there, and many at once gave the bytes of one by one."""

import pytest

from callcoach.app.bench_judge import Plan, bench_judge
from callcoach.app.progress import Silent
from callcoach.bench.judge_speed import bench_lines
from callcoach.settings import Settings
from callcoach.weights.locate import models_folder


@pytest.mark.slow
def test_changed_rules_and_changed_heads_are_told_apart_and_give_the_bytes_of_one_by_one() -> None:
    plan = Plan(rejudged=260, one_by_one=6, reworded=1, long_calls=1)
    found = bench_judge(Settings(workers=2), models_folder() / "corpus", plan, Silent())
    assert found.same
    stored, rules, heads, older, reworded = found.figures
    assert (stored.target, rules.target, heads.target, older.target, reworded.target) == (0.3, 10.0, 10.0, None, 600.0)
    assert rules.n == heads.n == older.n == 260 and rules.of_target == 10_000
    assert older.took.cpu > heads.took.cpu > 0 and rules.took.cpu < older.took.cpu
    said = "\n".join(bench_lines(found))
    assert "changed thresholds or weights" in said and "another judge's heads" in said and "older database" in said
