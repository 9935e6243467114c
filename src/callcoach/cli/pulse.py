"""`callcoach pulse`: ask, answer, take in, show. Thin: parse, one app call, print."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import count
from callcoach.errors import UsageError

if TYPE_CHECKING:
    from callcoach.domain.people import Company
    from callcoach.domain.pulse import PulseQuestion

pulse = typer.Typer(
    help="What managers expect of their reps beside what reps say of themselves: six questions an initiative.",
    no_args_is_help=True,
)

out = Console()

RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
PeopleOption = Annotated[
    Path | None, typer.Option(help="The people file (people.yaml). Default: the one that the latest run read.")
]
TodayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to ask for. Default: today.")]
RUBRICS = Path("rubrics")


@pulse.command()
def questions(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    rubrics: RubricsOption = RUBRICS,
) -> None:
    """What is asked, of reps and of managers, and what becomes of the answers."""
    from callcoach.app.calibration import find_initiative
    from callcoach.coaching import pulse_wording as words
    from callcoach.coaching.pulse import LEAST
    from callcoach.domain.pulse import PULSE_ROLES, PulseQuestion

    found = find_initiative(rubrics, initiative)
    for role in PULSE_ROLES:
        _say(f"{found.name}, for {role.value}s:")
        for question in PulseQuestion:
            _say(f"    {question.value:<8} {words.asked(question, role)}")
    _say(words.SCALE)
    _say(f"{words.anonymous(LEAST)} {words.kept_with_id(as_rep=True)}")
    _say(words.MANAGERS_ARE_FEW)
    _say(f"Answer: callcoach pulse answer {initiative} --person ID --grade why=4 --grade who=? ...")


@pulse.command()
def answer(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    person: Annotated[str, typer.Option(help="Your id; whether you answer as rep or manager is in the people file.")],
    grade: Annotated[
        list[str] | None, typer.Option(help="An answer, like why=4 or who=? for don't know. Without any, each question is asked.")
    ] = None,
    people: PeopleOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
) -> None:
    """Answer the pulse; a later answer of the same quarter counts in place of an earlier one."""
    from callcoach.app.pulse import answer_pulse, role_in_pulse
    from callcoach.coaching import pulse_wording as words
    from callcoach.coaching.pulse import LEAST
    from callcoach.domain.people import PersonRole
    from callcoach.domain.pulse import PulseQuestion
    from callcoach.intake.rubrics import read_rubrics

    at = workspace(home)
    company = company_of(home, people)
    role = role_in_pulse(company, person)
    _say(words.anonymous(LEAST) if role is PersonRole.REP else words.MANAGERS_ARE_FEW)
    _say(words.kept_with_id(as_rep=role is PersonRole.REP))
    grades = _typed(grade)
    if not grade:
        _say(words.SCALE)
        grades = {question: _asked(words.asked(question, role)) for question in PulseQuestion}
    initiatives = read_rubrics(rubrics).initiatives
    answer_pulse(at, initiative, person, grades, company=company, initiatives=initiatives, at=datetime.now(UTC))
    _say("Kept. Thank you.")


@pulse.command()
def show(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    today: TodayOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Each question as managers expect it and as reps have it; reps as one company only."""
    from callcoach.app.calibration import find_initiative
    from callcoach.app.pulse import pulse_of
    from callcoach.cli.two_way_tables import pulse_lines

    on = today.date() if today else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is
    found = pulse_of(workspace(home), find_initiative(rubrics, initiative).id, today=on)
    if as_json:
        print_json(found)
    else:
        for line in pulse_lines(found):
            _say(line)


@pulse.command("import")
def import_answers(
    file: Annotated[Path, typer.Argument(help="CSV with initiative, person, at and one column a question.")],
    people: PeopleOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
) -> None:
    """Take in answers of a survey tool; all of a file, or none of it."""
    from callcoach.app.pulse import import_pulse
    from callcoach.intake.rubrics import read_rubrics

    initiatives = read_rubrics(rubrics).initiatives
    taken = import_pulse(workspace(home), file, company=company_of(home, people), initiatives=initiatives, at=datetime.now(UTC))
    _say(f"{count(taken.sheets, 'answer')} in {file}, {taken.new} of them new.")


def company_of(home: Path | None, people: Path | None) -> "Company":
    """The people file that is named, else the one that the latest run read."""
    from callcoach.app.current import current_company
    from callcoach.intake.people import read_company

    return read_company(people) if people else current_company(workspace(home))


def _typed(words: list[str] | None) -> dict["PulseQuestion", int | None]:
    from callcoach.domain.pulse import PulseQuestion
    from callcoach.intake.pulse_file import grade

    found: dict[PulseQuestion, int | None] = {}
    for word in words or ():
        name, _, given = word.partition("=")
        if name not in tuple(PulseQuestion):
            raise UsageError(f'"{name}" is no question. Write one of {", ".join(PulseQuestion)}.')
        try:
            found[PulseQuestion(name)] = grade(given)
        except ValueError as trouble:
            raise UsageError(str(trouble)) from None
    return found


def _asked(sentence: str) -> int | None:
    from callcoach.intake.pulse_file import grade

    while True:
        try:
            return grade(str(typer.prompt(sentence, default="?", show_default=True)))
        except ValueError as trouble:
            _say(str(trouble))


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
