"""docs/cli.md is written by the command itself; `make docs` writes it anew."""

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
