"""The judge's speed bench for real, in small: every figure is there, and many at once gave the bytes of one by one."""

from collections import Counter

import pytest

from callcoach.app.bench_judge import Plan, bench_judge
from callcoach.app.progress import Silent
from callcoach.bench.judge_speed import bench_lines
from callcoach.judging import verdict_many
from callcoach.settings import Settings
from callcoach.weights.locate import models_folder

N_CALLS = 60


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many calls were searched (lay) and asked the heads about (weigh) where many are judged at once."""
    counts: Counter[str] = Counter()

    def counted(name: str) -> None:
        real = getattr(verdict_many, name)

        def counting(*given: object) -> object:
            counts[name] += 1
            return real(*given)

        monkeypatch.setattr(verdict_many, name, counting)

    counted("lay")
    counted("weigh")
    return counts


@pytest.mark.slow
def test_changed_rules_and_changed_heads_are_told_apart_and_give_the_bytes_of_one_by_one(done: Counter[str]) -> None:
    plan = Plan(rejudged=N_CALLS, one_by_one=6, reworded=1, long_calls=1)
    found = bench_judge(Settings(workers=2), models_folder() / "corpus", plan, Silent())
    assert found.same
    stored, rules, heads, older, reworded = found.figures
    assert (stored.target, rules.target, heads.target, older.target, reworded.target) == (0.3, 10.0, 10.0, None, 600.0)
    assert rules.n == heads.n == older.n == N_CALLS and rules.of_target == 10_000
    assert min(rules.took) > 0 and min(heads.took) > 0 and min(older.took) > 0
    # the older database: everything; changed rules: nothing of it; changed heads: they are asked again. All in this process,
    # for so few need no workers
    assert done == {"lay": N_CALLS, "weigh": 2 * N_CALLS}
    said = "\n".join(bench_lines(found))
    assert "changed thresholds or weights" in said and "another judge's heads" in said and "older database" in said
