from dataclasses import replace
from io import StringIO

from rich.console import Console

from callcoach.cli.evaluate import print_evaluation
from callcoach.domain.verdict import Verdict
from callcoach.training.evaluation import (
    ActFigures,
    AllVerdictFigures,
    AnswerFigures,
    BaselineFigures,
    CalibrationFigures,
    ContrastFigures,
    Evaluation,
    EvidenceFigures,
    LevelFigures,
    Protocol,
    RobustnessFigures,
    TrickFigures,
    VerdictChange,
    VerdictFigures,
    YesNoFigures,
)

ROW = {"explains": 7, "recites": 2}
FIGURES = VerdictFigures(
    n=9, kappa=0.614, kappa_interval=(0.55, 0.67), macro_f1=0.55, explains_auc=0.91, accuracy=0.7, confusion={"explains": ROW}
)
EVALUATION = Evaluation(
    calls=12,
    base_calls=9,
    twins=3,
    initiatives=1,
    writers=2,
    protocol=Protocol(cross_validated=True, calls_trained_on=0, folds=14),
    verdict=AllVerdictFigures(
        n=12,
        kappa=0.5,
        kappa_interval=(0.44, 0.56),
        macro_f1=0.45,
        explains_auc=0.9,
        accuracy=0.68,
        confusion={"explains": ROW},
        base=FIGURES,
        twins=replace(FIGURES, n=3, kappa=0.37),
        by_writer={},
    ),
    levels={"wall": LevelFigures(n=12, qwk=0.66, accuracy=0.7)},
    acts={"wall": ActFigures(n=40, ap=0.75, prevalence=0.2), "ask": ActFigures(n=30, ap=None, prevalence=0.0)},
    contrast=ContrastFigures(
        pairs=3,
        both_right=0.333,
        both_right_interval=(0.28, 0.39),
        same=0.1,
        by_change=(VerdictChange(base=Verdict.EXPLAINS, twin=Verdict.RECITES, pairs=3, both_right=1),),
    ),
    asked_why=YesNoFigures(n=12, f1=0.8, kappa=0.7),
    answer=AnswerFigures(n=12, kappa=0.5, macro_f1=0.4, n_asked=6, kappa_when_asked=0.3),
    behaviours={"feature_dump": YesNoFigures(n=12, f1=0.6, kappa=0.41)},
    evidence=EvidenceFigures(quotes=30, in_tagged_turns=0.8, in_turns_tagged_so=0.6, verbatim=1.0),
    calibration=CalibrationFigures(n=12, ece=0.05, accuracy=0.68, accuracy_at_90=0.72, accuracy_at_80=0.77),
    baselines={"style": BaselineFigures(kappa=0.26, kappa_base=0.32, kappa_twins=0.19, macro_f1=0.39, both_right=0.14)},
    predictions=(),
)


def printed(evaluation: Evaluation) -> list[str]:
    console = Console(file=StringIO(), width=110)
    print_evaluation(console, evaluation)
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_the_judge_stands_beside_the_baselines() -> None:
    lines = printed(EVALUATION)
    assert "style only 0.26 0.32 0.19 0.39 0.14" in lines
    assert "callcoach 0.50 0.61 0.37 0.45 0.33" in lines
    assert "90% of draws of initiatives give kappa 0.55 to 0.67 (base), 0.55 to 0.67 (twins) and pairs 0.28 to 0.39." in lines
    assert any(line.startswith("Cross-validated: 14 folds") for line in lines)


def test_acts_pairs_and_confusion_are_tables_and_a_missing_figure_is_none() -> None:
    lines = printed(EVALUATION)
    assert "wall 0.75 0.20 40" in lines
    assert "ask none 0.00 30" in lines
    assert "explains to recites 3 1 0.33" in lines
    assert "explains 7 . 2 . . . ." in lines


def test_figures_on_calls_that_were_trained_on_say_so() -> None:
    seen = replace(EVALUATION, protocol=Protocol(cross_validated=False, calls_trained_on=12))
    text = " ".join(printed(seen))
    assert "These calls were trained on: the shipped judge has learnt from 12 of the 12 calls here" in text
    assert "--cross-validate" in text


def test_what_edited_calls_showed_is_printed_where_it_was_asked_for() -> None:
    figures = RobustnessFigures(
        flips={"wer10": 0.08, "names": None},
        deletion_moves=0.9,
        gaming_explains=0.015,
        tried={"wer10": 120, "names": 0, "without_quoted": 60, "without_others": 60},
        other_deletions_move=0.05,
        gaming_explains_unedited=0.0,
        gaming={"fake_questions": TrickFigures(tries=90, explains=2, explains_unedited=1)},
    )
    lines = printed(replace(EVALUATION, robustness=figures))
    assert "10% wrong words 120 0.08" in lines
    assert "other names 0 none" in lines
    assert "quoted turns removed (should change) 60 0.90" in lines
    assert "as many other turns removed 60 0.05" in lines
    assert "fake questions 90 2 1" in lines
    assert "Of all tries 1.5% reach explains; of the same calls as they are, 0.0% do." in lines
    assert not any("wrong words" in line for line in printed(EVALUATION))
