from datetime import date
from pathlib import Path

import pytest

from callcoach.domain.people import Coached, PersonRole
from callcoach.errors import BadManifest
from callcoach.intake.people import read_company

PEOPLE = """\
company: Wrenfield
teams:
  - {id: river, name: River Team, manager: M01}
people:
  - {id: V01, name: Carol Landry, role: vp, voice: female}
  - {id: M01, name: Ray Delgado, role: manager, team: river}
  - {id: R01, name: Tyler Boone, role: rep, team: river, since: 2025-02, email: tyler@wrenfield.example}
coaching_log:
  - {date: 2026-10-21, coach: M01, rep: R01, minutes: 30, initiative: catchback, about: the page}
"""


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "people.yaml").write_text(text)
    return tmp_path / "people.yaml"


def test_everybody_is_read(tmp_path: Path) -> None:
    company = read_company(written(tmp_path, PEOPLE))

    assert company.name == "Wrenfield"
    assert company.name_of("R01") == "Tyler Boone"
    assert company.team("river") == company.teams[0]
    vice_president = company.person("V01")
    assert vice_president is not None
    assert vice_president.role is PersonRole.EXECUTIVE


def test_a_coaching_is_read_where_it_says_when_by_whom_with_whom_and_on_what(tmp_path: Path) -> None:
    log = """coaching_log:
  - {date: 2026-10-21, coach: M01, rep: R01, initiative: catchback, about: Listened to two calls together.}
  - {date: last week, coach: M01, rep: R01, initiative: catchback}
  - {date: 2026-10-22, coach: M01}
"""
    company = read_company(written(tmp_path, PEOPLE.split("coaching_log:", maxsplit=1)[0] + log))

    assert company.coached == (Coached(on=date(2026, 10, 21), by="M01", rep_id="R01", initiative_id="catchback"),)


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("role: rep", "role: seller", "line 7: people[3].role is 'seller'. It is one of rep, manager"),
        ("name: Tyler Boone, ", "", "people[3] has no name. Write the person's name."),
        ("id: R01", "id: M01", "line 7: id M01 is used twice in people."),
        ("role: rep, team: river", "role: rep, team: rivers", "line 7: team rivers is not in this file. Known: river."),
        ("manager: M01", "manager: M9", "line 3: manager M9 is not in this file."),
        ("role: vp", "roll: vp", "people[1].roll is not a field callcoach knows. Did you mean role?"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, was: str, becomes: str, expected: str) -> None:
    with pytest.raises(BadManifest) as raised:
        read_company(written(tmp_path, PEOPLE.replace(was, becomes, 1)))

    assert expected in str(raised.value)
