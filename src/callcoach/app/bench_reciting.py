"""Measure reciting on published dialogues in which many paste one script. Prints nothing."""

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

import callcoach
from callcoach.app.progress import Progress, Silent
from callcoach.app.workspace import Workspace
from callcoach.bench.reciting import (
    ASKED_FOR,
    DRAWS,
    FOLDS,
    RECITED,
    SEED,
    WITHOUT_SCRIPT,
    RecitingBench,
    SaidSentence,
    best_plain,
    classes,
    fitted,
    found_of_long,
    length,
    separations,
    word_measures,
)
from callcoach.errors import BadCorpus, SomethingMissing
from callcoach.judging.wording import words_of
from callcoach.language.encoder import Encoder, Vectors
from callcoach.training.edits import Vocabulary, misheard_text

SENTENCES, SCRIPT = "derived_persuader_sentence_reuse.csv", "derived_script_lines.csv"
MISHEARD = 0.1


def bench_reciting(workspace: Workspace, folder: Path, *, progress: Progress | None = None) -> RecitingBench:
    """Every figure on the dialogues in `folder`, with the sentence encoder of this workspace.

    Raises SomethingMissing where one of the two files is not there, BadCorpus where a row cannot be read.
    """
    # what is encoded here serves no other work, so it is not kept with the vectors of labelled calls
    encoder = Encoder(workspace.encoder_folder, threads=workspace.settings.cores)
    return measured_on(folder, encoder.encode, made_with={"encoder": encoder.fingerprint}, progress=progress)


def measured_on(
    folder: Path,
    encode: Callable[[Sequence[str]], Vectors],
    *,
    made_with: dict[str, str] | None = None,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> RecitingBench:
    """The same with any encoder."""
    said, script = read_sentences(folder / SENTENCES), read_script(folder / SCRIPT)
    watch = progress or Silent()
    watch.stage("Measuring", 4)
    watch.advance(1, "words")
    measures = word_measures(said, script)
    watch.advance(1, "sentence vectors")
    lines = encode(script)
    closeness = np.max(encode([sentence.text for sentence in said]) @ lines.T, axis=1).astype(np.float64)
    measures["closeness"] = closeness
    by_script = [measures["copied_share"], closeness, length(said)]
    measures["fitted"] = fitted(said, by_script)
    measures["with_same_words"] = fitted(said, [*by_script, measures["same_words"]])
    watch.advance(1, "misheard words")
    as_written = separations(said, measures, draws=draws)
    heard = _misheard(said)
    misheard = separations(heard, word_measures(heard, script), draws=draws)
    watch.advance(1, "done")
    _, recited = classes(said)
    plain = best_plain({name: separation.auc for name, separation in as_written.items()})
    asked_for = round(as_written[plain].auc + ASKED_FOR, 4)
    return RecitingBench(
        sentences=len(said),
        recited=int(recited.sum()),
        others=int((~recited).sum()),
        dialogues=len({sentence.dialogue for sentence in said}),
        script_lines=len(script),
        best_plain=plain,
        asked_for=asked_for,
        reachable=asked_for <= 1,
        without_script=WITHOUT_SCRIPT,
        as_written=as_written,
        misheard_rate=MISHEARD,
        misheard=misheard,
        long_ones=found_of_long(said, measures["passages"]),
        made_with={"callcoach": callcoach.__version__, "seed": str(SEED), "draws": str(draws), **(made_with or {})},
    )


def bench_json(bench: RecitingBench) -> bytes:
    """The figures, indented."""
    return msgspec.json.format(msgspec.json.encode(bench), indent=2) + b"\n"


def read_sentences(path: Path) -> tuple[SaidSentence, ...]:
    """The sentences of all dialogues, in the file's order.

    There must be recited ones and others, and as many dialogues as there are folds, else BadCorpus.
    """
    said: list[SaidSentence] = []
    for number, row in enumerate(_rows(path, ("dialog", "sent", "dup_dialogs")), start=2):
        if not row["dup_dialogs"].isdecimal():
            raise BadCorpus(f'{path}, row {number}: dup_dialogs is "{row["dup_dialogs"]}". Give a whole number, 0 or more.')
        said.append(SaidSentence(row["dialog"], row["sent"], int(row["dup_dialogs"])))
    _, recited = classes(said)
    if len(set(recited.tolist())) < 2 or len({sentence.dialogue for sentence in said}) < FOLDS:
        raise BadCorpus(
            f"{path}: {FOLDS} dialogues are needed, and in them sentences with dup_dialogs 0 and with {RECITED} or more. "
            "Add rows."
        )
    return tuple(said)


def read_script(path: Path) -> tuple[str, ...]:
    """The lines of the script; at least one."""
    lines = tuple(row["line"] for row in _rows(path, ("line",)) if row["line"].strip())
    if not lines:
        raise BadCorpus(f"{path}: there is no script line in it. Add a row.")
    return lines


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    if not path.is_file():
        raise SomethingMissing(f"{path} is not there. Give the folder that holds {SENTENCES} and {SCRIPT}.")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [{name: row.get(name) or "" for name in columns} for row in _with_columns(path, csv.DictReader(file), columns)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadCorpus(f"{path}: not a CSV file in UTF-8 ({error}). Save it as one.") from error
    return rows


def _with_columns(path: Path, rows: "csv.DictReader[str]", columns: Sequence[str]) -> "csv.DictReader[str]":
    missing = [name for name in columns if name not in (rows.fieldnames or ())]
    if missing:
        raise BadCorpus(f"{path}: no column {', '.join(missing)}. The first row must name it.")
    return rows


def _misheard(said: Sequence[SaidSentence]) -> tuple[SaidSentence, ...]:
    """Every sentence with one word in ten wrong, by the recipe of `callcoach evaluate --robustness`; each with its own errors."""
    words = Vocabulary(tuple(word for sentence in said for word in words_of(sentence.text.lower())), ())
    return tuple(
        sentence._replace(text=misheard_text(sentence.text, MISHEARD, words, random.Random(f"{SEED} {number}")))
        for number, sentence in enumerate(said)
    )
