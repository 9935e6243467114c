"""The page of a report is written where it was asked for, or the reason is said."""

from datetime import date

import pytest

from callcoach.app.standing import About, write_page
from callcoach.coaching.standing import Standing
from callcoach.domain.people import Company, Team
from callcoach.errors import UsageError

NOTHING = Standing(today=date(2026, 11, 16), first_day=None, last_day=None, n_calls=0, initiatives=(), reps=(), alarms=())
WREN = Company(name="Wren", teams=(Team(id="river", name="River Team"),))


@pytest.mark.parametrize(
    ("about", "wanted", "title"),
    [(About.COMPANY, None, "Wren"), (About.TEAM, "river", "River Team"), (About.REP, "R01", "R01")],
)
def test_a_page_without_a_call_is_still_a_page(tmp_path, about, wanted, title):
    file = tmp_path / "report.html"
    write_page(NOTHING, WREN, about, wanted, file)
    assert f"<h1>{title}</h1>" in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(UsageError, match="the report cannot be written"):
        write_page(NOTHING, WREN, About.COMPANY, None, tmp_path / "missing" / "report.html")
