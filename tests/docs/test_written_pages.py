"""Pages that commands write: docs/cli.md (`make docs`) and models/MODEL_CARD.md (`make evaluate`)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_on_the_command_line_is_what_the_command_says(tmp_path: Path) -> None:
    page = tmp_path / "cli.md"
    title = "The command line"
    command = ["typer", "callcoach.cli.main", "utils", "docs", "--name", "callcoach", "--title", title, "--output", str(page)]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, cwd=ROOT)
    assert (ROOT / "docs" / "cli.md").read_text() == page.read_text(), "run `make docs`"


def test_the_model_card_is_made_of_the_evaluation_the_notes_and_the_curves() -> None:
    from callcoach.training.card import read_curves, read_evaluation, read_notes, render_card

    models = ROOT / "models"
    notes, curves = read_notes(models / "judge_notes.toml"), read_curves(models / "curves.json")
    card = render_card(read_evaluation(models / "evaluation.json"), notes, curves)
    assert (models / "MODEL_CARD.md").read_text() == card, "run `make evaluate`"
