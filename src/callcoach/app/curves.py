"""Measure what more labels bring: judges fitted to ever more of a corpus, or to a few calls of an initiative new to them.

Nobody's calls are judged by a judge that learnt from the same writer, but for the few calls whose effect is measured.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcoach.app.learn import Learning
from callcoach.domain.signals import Signals
from callcoach.errors import UsageError
from callcoach.judging.heads import CallHeads
from callcoach.judging.turn_heads import TurnHeads
from callcoach.judging.verdict import score
from callcoach.language.measure import Reader
from callcoach.training.corpus import Corpus, LabelledCall, read_corpus
from callcoach.training.curves import (
    LEAST_JUDGED,
    SHARES,
    WRITERS_STEP,
    Curves,
    FewShotCurve,
    FewShotPoint,
    LearningCurve,
    LearningPoint,
    Told,
    few_shot_point,
    in_families,
    shots,
)
from callcoach.training.evaluate import contrast
from callcoach.training.fit import SEED
from callcoach.training.fit_heads import Recipes, writer_groups
from callcoach.training.metrics import kappa, share_of
from callcoach.training.team_calls import as_team_call

INNER_FOLDS = 3
RECIPE = (
    f"Call-level heads learn from acts predicted in {INNER_FOLDS} folds of the writers learnt from, by one sequence model each,"
    " with the encoder as it came: fewer folds and models than the judge that ships, the same for every point."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which curves: learning; sizes of the few-shot curve (none: no such curve) and how many initiatives it averages over."""

    learning: bool = False
    sizes: tuple[int, ...] = ()
    initiatives: int = 4


def read_sizes(text: str) -> tuple[int, ...]:
    """`0,10,30` as numbers, in order. Raises UsageError where it is not that."""
    sizes = [part.strip() for part in text.split(",")]
    if not all(size.isdecimal() for size in sizes):
        raise UsageError(f"--few-shot takes numbers of labelled calls with commas between, like 0,10,30; not {text}.")
    return tuple(sorted({int(size) for size in sizes}))


def measure_curves(
    folder: Path,
    wanted: Wanted,
    *,
    encoder_folder: Path,
    spacy_package: str,
    threads: int = 2,
    memory: Path | None = None,
    recipes: Recipes | None = None,
    progress: Callable[[str], None] | None = None,
) -> Curves:
    """Fit and judge for every point. Raises BadCorpus, and UsageError for a folder with the calls of fewer than three writers."""
    corpus = read_corpus(folder)
    refuse_few_writers(folder, corpus)
    say = progress or (lambda _: None)
    learning = Learning(
        corpus,
        Reader(encoder_folder, spacy_package, threads=threads, memory=memory),
        recipes=recipes or Recipes(tuned=None),
        progress=say,
    )
    return curves_of(learning, wanted, say)


def curves_json(curves: Curves) -> bytes:
    """The curves alone, as the model card reads them: indented, the same curves always in the same bytes."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(curves, order="deterministic")) + b"\n"


def refuse_few_writers(folder: Path, corpus: Corpus) -> None:
    """Raises UsageError where no two writers are left to learn from once one is held out."""
    n_writers = len({call.writer for call in corpus.calls})
    if n_writers < 3:
        raise UsageError(
            f"{folder}: a curve takes the calls of three writers or more, one held out and two to learn from; here are"
            f" {n_writers}. Name a folder of more initiatives, with WRITERS.yaml."
        )


def curves_of(learning: Learning, wanted: Wanted, say: Callable[[str], None]) -> Curves:
    """The curves that are wanted, of a corpus that is measured already."""
    return Curves(
        recipe=RECIPE,
        learning=learning_curve(learning, say) if wanted.learning else None,
        few_shot=few_shot_curve(learning, wanted.sizes, wanted.initiatives, say) if wanted.sizes else None,
    )


def learning_curve(learning: Learning, say: Callable[[str], None]) -> LearningCurve:
    """By writers (2, 4, 6 ...), then by shares of all their calls; the calls of two fixed groups of writers are judged."""
    groups = sorted(set(learning.group_of.values()))
    # of few groups two would leave hardly anybody to learn from
    held_out = set(random.Random(SEED).sample(groups, 2 if len(groups) > 3 else 1))
    judged = [call for call in learning.corpus.calls if learning.group_of[call.writer] in held_out]
    writers = sorted(writer for writer, group in learning.group_of.items() if group not in held_out)
    random.Random(SEED).shuffle(writers)
    steps = [(number, 1.0) for number in range(WRITERS_STEP, len(writers), WRITERS_STEP)]
    steps += [(len(writers), share) for share in SHARES]
    points = []
    for number, share in steps:
        kept = _kept(learning, set(writers[:number]), share)
        say(f"Learning curve: {number} writers, {share:.0%} of their calls")
        heads, judge = _fitted(learning, kept)
        told = _judged(learning, judged, learning.signals(judged, heads), judge)
        pairs = contrast(judged, {each.call.call_id: each.verdict for each in told})
        points.append(
            LearningPoint(
                writers=number,
                share=share,
                calls=sum(call.call_id in learning.labelled for call in kept),
                judged=len(judged),
                accuracy=share_of([each.right for each in told]),
                kappa=kappa([call.labels.verdict for call in judged], [each.verdict for each in told]),
                pairs=pairs.pairs,
                both_right=pairs.both_right,
            )
        )
    return LearningCurve(held_out=tuple(sorted({call.writer for call in judged})), points=tuple(points))


def few_shot_curve(learning: Learning, sizes: Sequence[int], initiatives: int, say: Callable[[str], None]) -> FewShotCurve:
    """For each of some initiatives: fit without its group of writers, then with 0 and more of its own calls; judge the others."""
    by_id = {labelled.initiative.id: labelled for labelled in learning.corpus.initiatives}
    chosen = sorted(random.Random(SEED).sample(sorted(by_id), min(initiatives, len(by_id))))
    told: dict[tuple[int, bool], list[Told]] = {}
    nothing: dict[tuple[int, bool], list[Told]] = {}
    group_of = {name: learning.group_of[by_id[name].writer] for name in chosen}
    for group in sorted(set(group_of.values())):
        others = [call for call in learning.calls if learning.group_of[call.writer] != group]
        say(f"Few-shot curve: fitting without {_writers(learning, group)}")
        inner = learning.out_of_fold(others, writer_groups(others, INNER_FOLDS), learning.quick)
        heads, table = learning.turn_heads(others), learning.call_table(others, inner)
        zero = learning.call_heads(others, table)
        for name in (name for name in chosen if group_of[name] == group):
            story, divided = by_id[name].initiative, shots(by_id[name].calls, sizes, seed=f"{SEED} {name}")
            signals = learning.signals(divided.judge, heads)
            before = _judged(learning, divided.judge, signals, zero)
            for size, learnt in divided.learn.items():
                if size not in sizes:
                    continue
                say(f"Few-shot curve: {size} calls of {name}")
                if not size:
                    told.setdefault((0, False), []).extend(before)
                    nothing.setdefault((0, False), []).extend(before)
                    continue
                team = [as_team_call(call, story) for call in learnt]
                judge = learning.call_heads(others, table, team, learning.team_signals(team, heads))
                with_turns = learning.signals(divided.judge, learning.turn_heads([*others, *learnt]))
                for turns_too, heard in ((False, signals), (True, with_turns)):
                    told.setdefault((size, turns_too), []).extend(_judged(learning, divided.judge, heard, judge))
                    nothing.setdefault((size, turns_too), []).extend(before)
    points: list[FewShotPoint] = [
        few_shot_point(size, told[size, turns_too], nothing[size, turns_too], with_turns=turns_too)
        for size, turns_too in sorted(told)
    ]
    measured = {point.calls for point in points}
    most = max((len(by_id[name].calls) for name in chosen), default=0)
    return FewShotCurve(
        initiatives=tuple(chosen),
        points=tuple(points),
        not_measurable={
            str(size): f"the chosen initiatives have {most} calls at most, and {LEAST_JUDGED} or more are to be left to judge"
            for size in sizes
            if size not in measured
        },
    )


def _kept(learning: Learning, writers: set[str], share: float) -> list[LabelledCall]:
    """The calls of these writers, or the share of each initiative's base calls with all that was made of them."""
    kept: set[str] = set()
    for labelled in learning.corpus.initiatives:
        families = in_families(labelled.calls, seed=f"{SEED} {labelled.initiative.id}")
        for family in families[: max(1, round(share * len(families)))]:
            kept |= {call.call_id for call in family}
    return [call for call in learning.calls if call.writer in writers and learning.original(call) in kept]


def _fitted(learning: Learning, calls: Sequence[LabelledCall]) -> tuple[TurnHeads, CallHeads]:
    inner = learning.out_of_fold(calls, writer_groups(calls, INNER_FOLDS), learning.quick)
    return learning.turn_heads(calls), learning.call_heads(calls, learning.call_table(calls, inner))


def _judged(learning: Learning, calls: Sequence[LabelledCall], signals: dict[str, Signals], judge: CallHeads) -> list[Told]:
    stories = learning.corpus.stories
    return [
        Told(call, score(call.transcript, stories[call.initiative_id], signals[call.call_id], judge).verdict) for call in calls
    ]


def _writers(learning: Learning, group: int) -> str:
    return ", ".join(sorted(writer for writer, own in learning.group_of.items() if own == group))
