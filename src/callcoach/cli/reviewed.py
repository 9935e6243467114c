"""Print a stored score as a reader is to see it, with the machine's words and the people's told apart."""

from rich.console import Console
from rich.text import Text

from callcoach.cli.tables import print_score
from callcoach.coaching.notation import day, plain
from callcoach.domain.review import Review, ReviewedScore


def print_reviewed(console: Console, read: ReviewedScore) -> None:
    """The score with corrections applied, then each correction beside the machine's answer, then what people differ on."""
    print_score(console, read.score)
    if not read.corrected:
        return
    console.print(Text("Corrected by people:", style="bold"))
    for review in read.counted:
        console.print(Text(f"- {_correction(review)}"), soft_wrap=True)
    for conflict in read.conflicts:
        said = ", ".join(f"{review.person_id} {review.person}" for review in conflict)
        console.print(Text(f"- People differ on {conflict[0].about}: {said}. The latest is shown."), soft_wrap=True)


def _correction(review: Review) -> str:
    quote = f" “{plain(review.quote)}”" if review.quote else ""
    machine = f"machine: {review.machine}" if review.machine else "the machine did not say"
    return f"{review.about}{quote}: {review.person} ({machine}), {review.person_id} on {day(review.at)}: {plain(review.because)}"
