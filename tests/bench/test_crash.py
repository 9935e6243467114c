"""Lost and doubled rows are counted, a changed byte is noticed, and kills are spread over the work."""

from callcoach.bench.crash import Phase, difference, moments

PEACE = {"scores": {("a", "x"): ("1",), ("b", "x"): ("2",)}, "calls": {("a",): ("A",)}}


def test_the_same_is_the_same() -> None:
    found = difference(PEACE, {name: dict(rows) for name, rows in PEACE.items()})
    assert (found.rows, found.lost, found.duplicated, found.differing) == (3, 0, 0, ())


def test_a_lost_row_a_row_too_many_and_another_byte_are_told_apart() -> None:
    killed = {"scores": {("a", "x"): ("1",), ("c", "x"): ("2",)}, "calls": {("a",): ("Ä",)}}
    found = difference(PEACE, killed)
    assert (found.lost, found.duplicated, found.differing) == (1, 1, ("calls", "scores"))
    assert difference(PEACE, {"scores": PEACE["scores"]}).lost == 1


def test_kills_follow_the_seed_and_are_spread_over_the_work() -> None:
    assert list(moments(50, 7)) == list(moments(50, 7)) != list(moments(50, 8))
    drawn = list(moments(200, 7))
    assert [moment.phase for moment in drawn] == [Phase.TAKING_IN] * 20 + [Phase.JUDGING] * 160 + [Phase.ROLLING_UP] * 20
    assert sum(moment.in_commit for moment in drawn) == 80
    left = [1.0]
    for moment in drawn[20:180]:
        assert 0 <= moment.further <= 1 and moment.share < 1
        left.append(left[-1] * (1 - moment.share))
    # about half of the work is to do when half of the kills are spent
    assert 0.3 < left[80] < 0.75


def test_few_kills_all_come_while_there_is_work() -> None:
    assert {moment.phase for moment in moments(3, 1)} == {Phase.JUDGING} and list(moments(0, 1)) == []
