from pathlib import Path

import pytest

from callcoach.bench.page import filled, read_bench, tables, write_figures
from callcoach.errors import BadInput

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "models" / "speech_bench.json"


def test_the_page_on_speech_is_made_of_the_bench() -> None:
    page = (ROOT / "docs" / "speech.md").read_text(encoding="utf-8")
    assert filled(page, ROOT / "docs") == page, "run `make bench`"
    assert tables(read_bench(RESULT)) in page


def test_a_block_is_made_anew_and_the_rest_of_the_page_stays(tmp_path: Path) -> None:
    (tmp_path / "speech.json").write_bytes(RESULT.read_bytes())
    page = tmp_path / "speech.md"
    page.write_text("before\n<!-- figures of speech.json -->\nold\n<!-- end of figures -->\nafter\n")
    write_figures(page)
    made = page.read_text()
    assert made.startswith("before\n") and made.endswith("<!-- end of figures -->\nafter\n")
    assert "old" not in made and "| word error rate" in made
    assert filled(made, tmp_path) == made


def test_a_page_without_a_place_for_figures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "speech.md").write_text("no place")
    for name in ("speech.md", "nowhere.md"):
        with pytest.raises(BadInput, match="figures of FILE"):
            write_figures(tmp_path / name)


def test_another_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "speech.json").write_text("{}")
    with pytest.raises(BadInput, match=r"speech\.json: is no result of callcoach bench speech"):
        read_bench(tmp_path / "speech.json")
