"""Reciting on dialogues that share a script: invented ones, whose figures can be counted by hand, and the published ones."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from callcoach.app.bench_reciting import bench_json, measured_on, read_script, read_sentences
from callcoach.bench.reciting import PLAIN, SaidSentence, fitted, in_passages, length, same_words, separations, word_measures
from callcoach.cli.bench_tables import print_reciting_bench
from callcoach.cli.main import app
from callcoach.errors import BadCorpus, SomethingMissing
from callcoach.judging.wording import words_of

INVENTED = Path(__file__).parent / "reciting"
PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "persuasionforgood"
SENTENCES, SCRIPT = "derived_persuader_sentence_reuse.csv", "derived_script_lines.csv"
MEALS = "Riverside Meals brings a warm lunch to older people who cannot leave their homes."


def by_words(texts):
    """Vectors of length 1 that count words: enough to tell the script from the rest."""
    vectors = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in words_of(text.lower()):
            vectors[row, sum(map(ord, word)) % 512] += 1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


def said(*sentences):
    return [SaidSentence(dialogue, text, elsewhere) for dialogue, text, elsewhere in sentences]


def test_the_invented_dialogues_are_told_apart_and_counted() -> None:
    bench = measured_on(INVENTED, by_words, draws=50)
    assert (bench.sentences, bench.recited, bench.others, bench.dialogues, bench.script_lines) == (21, 11, 8, 8, 3)
    for name in ("jaccard", "copied_share", "same_words", "closeness", "fitted"):
        assert bench.as_written[name].auc > 0.95, name
    assert bench.asked_for == pytest.approx(bench.as_written[bench.best_plain].auc + 0.05, abs=1e-4) and not bench.reachable
    assert bench.misheard["copied_share"].auc <= bench.as_written["copied_share"].auc
    assert "closeness" not in bench.misheard
    told = json.loads(bench_json(bench))
    assert told["as_written"]["jaccard"]["above_plain"] is None and len(told["as_written"]["fitted"]["above_plain"]) == 3


def test_what_is_printed_says_what_was_asked_for_and_that_it_cannot_be_had() -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    print_reciting_bench(console, measured_on(INVENTED, by_words, draws=20))
    printed = console.export_text()
    assert "11 recited sentences and 8 others from 8 dialogues; 3 script lines." in printed
    assert "which an AUC cannot reach" in printed
    # no vectors are made of misheard sentences
    assert next(line for line in printed.splitlines() if "closeness" in line).rstrip().endswith("n/a")


def test_the_same_folder_gives_the_same_bytes() -> None:
    assert bench_json(measured_on(INVENTED, by_words, draws=20)) == bench_json(measured_on(INVENTED, by_words, draws=20))


def test_three_other_dialogues_must_have_it_and_ones_own_do_not_count() -> None:
    other = "The van smells of soup by eleven and the dog knows the route."
    sentences = said(*((dialogue, MEALS, 3) for dialogue in "abcd"), *(("e", other, 0) for _ in range(5)), ("f", other, 0))
    assert same_words(sentences).tolist() == [1.0] * 4 + [0.0] * 6


def test_the_label_is_not_looked_at() -> None:
    sentences, script = read_sentences(INVENTED / SENTENCES), read_script(INVENTED / SCRIPT)
    blind = [sentence._replace(elsewhere=0) for sentence in sentences]
    seeing, unseeing = word_measures(sentences, script), word_measures(blind, script)
    assert all(np.array_equal(seeing[name], unseeing[name]) for name in seeing)


def test_a_sentence_too_short_for_a_run_is_like_nothing() -> None:
    assert same_words(said(("a", "Hello there.", 0), ("b", "Hello there.", 0))).tolist() == [0.0, 0.0]


def test_the_search_of_a_run_finds_passages_of_twelve_words_and_no_shorter_ones() -> None:
    short = "Your gift will be taken straight from your pay."
    sentences = said(*((dialogue, text, 3) for dialogue in "abcd" for text in (MEALS, short)))
    assert in_passages(sentences, [MEALS, short]).tolist() == [4.0, 0.0] * 4


def test_a_fitted_measure_has_not_seen_the_dialogue_it_tells_of() -> None:
    """Where a column says nothing but which dialogue it is, nothing can be learnt from it."""
    sentences = said(*((f"d{number}", f"word {number}", 3 * (number % 2)) for number in range(40) for _ in range(3)))
    only_names = np.array([float(hash_of(sentence.dialogue)) for sentence in sentences])
    measures = {"fitted": fitted(sentences, [only_names]), **dict.fromkeys(PLAIN, length(sentences))}
    assert separations(sentences, measures, draws=20)["fitted"].auc < 0.7


def hash_of(name: str) -> int:
    return sum(ord(letter) * 7919**place for place, letter in enumerate(name)) % 101


def test_figures_by_hand() -> None:
    """Recited 0.9, 0.5; others 0.5, 0.1: of four pairs three are right and one is a tie."""
    sentences = said(("a", "x", 3), ("b", "x", 4), ("c", "x", 0), ("d", "x", 0), ("e", "in two others", 2))
    values = np.array([0.9, 0.5, 0.5, 0.1, 0.7])
    (measure, *_) = separations(sentences, {"own": values, **dict.fromkeys(PLAIN, np.zeros(5))}, draws=50).values()
    assert measure.auc == 0.875 and measure.found == 0.5
    assert measure.above_plain is not None and measure.above_plain[0] == 0.375
    assert measure.low <= measure.auc <= measure.high


@pytest.mark.parametrize(
    ("rows", "error", "said_of_it"),
    [
        # a cell that is no number
        ("dialog,sent,dup_dialogs\na,Hello,many\n", BadCorpus, 'row 2: dup_dialogs is "many"'),
        # a column that is not there
        ("dialog,sent\na,Hello\n", BadCorpus, "no column dup_dialogs"),
        # nothing to tell apart
        ("dialog,sent,dup_dialogs\na,Hello,0\n", BadCorpus, "5 dialogues are needed"),
        # not text
        (b"dialog,sent,dup_dialogs\na,\xff\xfe,0\n", BadCorpus, "not a CSV file in UTF-8"),
        # no file at all
        (None, SomethingMissing, "Give the folder that holds"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, rows, error, said_of_it) -> None:
    shutil.copy(INVENTED / SCRIPT, tmp_path)
    if rows is not None:
        (tmp_path / SENTENCES).write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    with pytest.raises(error, match=said_of_it):
        measured_on(tmp_path, by_words, draws=5)


def test_the_page_shows_the_committed_figures() -> None:
    root = Path(__file__).parents[2]
    committed = json.loads((root / "models" / "reciting_bench.json").read_bytes())
    page = (root / "docs" / "evaluation.md").read_text(encoding="utf-8").partition("## Reciting")[2]
    told = " ".join(page.split())
    for name, measure in committed["as_written"].items():
        heard = committed["misheard"].get(name)
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
        assert [cell.strip() for cell in row.strip("|").split("|")][1:] == [
            f"{measure['auc']:.3f}",
            f"{measure['low']:.3f}–{measure['high']:.3f}",
            f"{measure['found']:.0%}",
            f"{heard['auc']:.3f}" if heard else "n/a",
        ], name
    long_ones = committed["long_ones"]
    assert f"it finds {long_ones['found']:.1%}, and of {long_ones['others']:,} others {long_ones['wrongly']:.1%}." in told
    # what was asked for, as the page puts it
    assert f"are {committed['asked_for']:.3f}," in told and not committed["reachable"]


@pytest.mark.slow
def test_the_command_with_the_sentence_encoder(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["bench", "reciting", str(INVENTED), "--json", str(tmp_path / "deep" / "out.json")])
    assert told.exit_code == 0, told.output
    assert "which an AUC cannot reach" in told.output
    figures = json.loads((tmp_path / "deep" / "out.json").read_bytes())
    assert figures["as_written"]["closeness"]["auc"] > 0.95 and figures["made_with"]["encoder"]


@pytest.mark.slow
@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published dialogues are not beside the checkout")
def test_published_dialogues_give_the_committed_figures() -> None:
    """What needs no sentence vectors, from the sentences themselves."""
    committed = json.loads((Path(__file__).parents[2] / "models" / "reciting_bench.json").read_bytes())
    sentences, script = read_sentences(PUBLISHED / SENTENCES), read_script(PUBLISHED / SCRIPT)
    assert len(sentences) == committed["sentences"]
    for name, measure in separations(sentences, word_measures(sentences, script), draws=2).items():
        assert measure.auc == pytest.approx(committed["as_written"][name]["auc"], abs=0.002), name
