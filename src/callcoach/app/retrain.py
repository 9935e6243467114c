"""Train the judge on labelled calls and a team's own labels; keep it only where it beats the judge in use on labels held back.

What is written is the very judge that was compared: it never learns from the labels that are held back. A team's labels say
nothing of single turns, so where the judge in use has learnt from the same labelled calls, its heads for acts stay, and the rows
that it keeps spare measuring those calls again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from callcoach.app.learn import ABOUT, Fitted, Learning, about, corpus_fingerprint, team_rows
from callcoach.app.workspace import Workspace, judge_folder
from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict
from callcoach.errors import SomethingMissing, UsageError
from callcoach.judging.assess import not_assessed_because
from callcoach.judging.heads import CallHeads
from callcoach.judging.leaders import is_leaders_talk
from callcoach.judging.verdict import score
from callcoach.language.heads import read_index, read_part, read_turn_heads
from callcoach.language.measure import Reader
from callcoach.storage.labels import Labels, LabelToLearn
from callcoach.training.call_table import CallTable, decode_table, rows_of
from callcoach.training.compare import Compared, JudgeFigures, compare
from callcoach.training.corpus import Corpus, LabelledCall, read_corpus
from callcoach.training.fit_heads import Recipes, fit_call_heads, writer_groups
from callcoach.training.heads_folder import TABLE, write_heads
from callcoach.training.lessons import lessons_of
from callcoach.training.team_calls import HELD_BACK_PERCENT, LEAST_HELD_BACK, Parts, TeamCall, parts_of

Words = tuple[tuple[str, str], ...]
"""What was said in a call, by whom."""


class TeamLabels(NamedTuple):
    """What a team's labels give to learn from, and how many calls were left out, by why."""

    calls: tuple[TeamCall, ...]
    left_out: dict[str, int]


class _Kept(NamedTuple):
    """What the judge in use, in `folder`, keeps of its training: what judge.json says of it, the calls and their rows."""

    folder: Path
    of_judge: dict[str, Any]
    calls: Sequence[LabelledCall]
    table: CallTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """What retraining wrote: the folder, labelled calls and team labels it learnt from, and how it compares."""

    folder: Path
    index: dict[str, Any]
    calls: int
    team_labels: int
    compared: Compared
    left_out: dict[str, int]


def retrain(
    workspace: Workspace,
    corpus_folder: Path,
    out_folder: Path,
    *,
    recipes: Recipes | None = None,
    keep: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Retrained:
    """Fit, compare on the labels held back, and write the judge if it is better.

    keep: see `Learning`, where act heads are fitted anew.

    Raises BadCorpus; SomethingMissing where too few labels are there, before anything is fitted; UsageError where the retrained
    judge is not better, with the figures of both. Then nothing is written.
    """
    say = progress or (lambda _: None)
    corpus = read_corpus(corpus_folder)
    found = team_labels(workspace, corpus)
    parts = parts_of(found.calls)
    refuse_too_few(parts, found.left_out)
    say(f"Judging {len(parts.held_back)} held-back labels with the judge in use")
    heard = _heard(workspace, parts.held_back)
    kept = _kept(workspace, corpus)
    if kept is None:
        reader = Reader(
            workspace.encoder_folder, workspace.sentence_model, threads=workspace.settings.cores, memory=workspace.memory
        )
        learning = Learning(corpus, reader, recipes=recipes, keep=keep, progress=say)
        fitted, of_judge = learning.learn(parts.learn), about(corpus, reader)
        heard_anew = learning.team_signals(parts.held_back, fitted.turn_heads)
    else:
        say(f"Fitting the call-level heads to {len(corpus.calls)} labelled calls and {count_labels(len(parts.learn))}")
        rows = rows_of(kept.table) | team_rows(parts.learn, _heard(workspace, parts.learn))
        call_heads = fit_call_heads(kept.calls, rows, (recipes or Recipes()).call, parts.learn)
        fitted, of_judge = Fitted(read_turn_heads(kept.folder), call_heads, kept.table), kept.of_judge
        heard_anew = heard
    shipped = _verdicts(parts.held_back, heard, workspace.judge)
    compared = compare(parts.held_back, shipped, _verdicts(parts.held_back, heard_anew, fitted.call_heads))
    if not compared.better:
        raise UsageError(
            f"{sentence_of(compared)} That is not better beyond chance, so the judge in use stays and nothing is written"
            f" to {out_folder}. It learnt from {count_labels(len(parts.learn))}; more labels may change that."
        )
    index = write_heads(
        out_folder,
        fitted.turn_heads,
        fitted.call_heads,
        {
            **of_judge,
            "team": {
                "labels": len(parts.learn),
                "fingerprint": _fingerprint_of(parts.learn),
                "held_back": len(parts.held_back),
                "compared": asdict(compared),
            },
        },
        fitted.table,
    )
    return Retrained(
        folder=out_folder,
        index=index,
        calls=len(corpus.calls),
        team_labels=len(parts.learn),
        compared=compared,
        left_out=found.left_out,
    )


def team_labels(workspace: Workspace, corpus: Corpus) -> TeamLabels:
    """Every settled call that the judge would judge, with the story its labels were made for."""
    known = {_words_of(call.transcript) for call in corpus.calls}
    calls, left_out = [], dict[str, int]()
    for each in Labels(workspace.store).labels_to_learn_from():
        initiative = _story_of(workspace, each)
        why_not = _left_out_because(each, initiative, known)
        if why_not is None and initiative is not None and each.verdict is not None:
            calls.append(
                TeamCall(
                    call_id=each.call_id,
                    initiative=initiative,
                    transcript=each.transcript,
                    verdict=each.verdict,
                    levels=each.settled.levels,
                    asked_why=each.settled.asked_why,
                    answer=each.settled.answer,
                )
            )
        elif why_not is not None:
            left_out[why_not] = left_out.get(why_not, 0) + 1
    return TeamLabels(tuple(calls), left_out)


def refuse_too_few(parts: Parts, left_out: dict[str, int]) -> None:
    """Raises SomethingMissing where there is too little to compare on, or nothing to learn from."""
    held = len({call.call_id for call in parts.held_back})
    if held >= LEAST_HELD_BACK and parts.learn:
        return
    # a call is held back or not by its id, so how many more it takes is known on average only
    more = max(1, round((LEAST_HELD_BACK - held) * 100 / HELD_BACK_PERCENT))
    labels = len(parts.learn) + len(parts.held_back)
    beside = "".join(f" {n} more left out: {why}." for why, n in sorted(left_out.items()))
    raise SomethingMissing(
        f"{count_labels(labels)} can be learnt from, {held} of the calls held back to compare on; it takes {LEAST_HELD_BACK}."
        f"{beside} Label about {more} more calls: callcoach calibrate new INITIATIVE --people A,B"
    )


def sentence_of(compared: Compared) -> str:
    """Both judges' figures in words."""
    between = compared.interval
    span = "" if between is None else f"; difference {between[0]:+.2f} to {between[1]:+.2f} a call in 90% of draws of calls"
    return (
        f"Of {count_labels(compared.n)} held back the judge in use tells {_figures(compared.shipped)}, "
        f"the retrained one {_figures(compared.retrained)}{span}."
    )


def count_labels(number: int) -> str:
    """`1 team label`, `12 team labels`."""
    return f"{number} team label{'' if number == 1 else 's'}"


def _figures(figures: JudgeFigures) -> str:
    agreement = "not defined" if figures.kappa is None else f"{figures.kappa:.2f}"
    return f"{figures.right} right (kappa {agreement})"


def _story_of(workspace: Workspace, each: LabelToLearn) -> Initiative | None:
    versions = [label.version for label in sorted(each.labels, key=lambda label: label.at)]
    # a stored score names its story under `rubric`, by id and version
    versions += [review.versions["rubric"].rpartition(" ")[2] for review in each.reviews if "rubric" in review.versions]
    stories = (workspace.store.initiative(each.initiative_id, version) for version in reversed(versions))
    return next((story for story in stories if story is not None), None)


def _left_out_because(each: LabelToLearn, initiative: Initiative | None, known: set[Words]) -> str | None:
    if each.verdict is None:
        return "people differ on the verdict, or said nothing of it"
    if each.verdict is Verdict.NOT_ASSESSED:
        return "people say that the call cannot be judged"
    if initiative is None:
        return "the story they were made for is not in the database"
    if not_assessed_because(each.transcript, initiative) is not None or is_leaders_talk(each.transcript):
        return "the judge does not judge such calls"
    if _words_of(each.transcript) in known:
        return "the labelled calls hold the same words"
    return None


def _kept(workspace: Workspace, corpus: Corpus) -> _Kept | None:
    """None where the judge in use has learnt from other calls, by other models, or says nothing of what it learnt from."""
    folder = judge_folder(workspace.settings)
    index = read_index(folder)
    same = index.get("corpus") == corpus_fingerprint(corpus) and index.get("models") == workspace.language.reader.made_by
    if TABLE not in index["files"] or not same:
        return None
    table = read_part(folder, index, TABLE, decode_table)
    calls = lessons_of(corpus, writer_groups(corpus.calls)).calls
    if table.calls != tuple(call.call_id for call in calls):
        return None
    return _Kept(folder, {name: index[name] for name in ABOUT}, calls, table)


def _heard(workspace: Workspace, calls: Sequence[TeamCall]) -> dict[str, Signals]:
    """What the judge in use hears in each call, by its key."""
    return {call.key: workspace.language.measure(call.transcript, call.initiative) for call in calls}


def _verdicts(calls: Sequence[TeamCall], heard: Mapping[str, Signals], judge: CallHeads) -> list[Verdict]:
    return [score(call.transcript, call.initiative, heard[call.key], judge).verdict for call in calls]


def _words_of(transcript: Transcript) -> Words:
    return tuple((turn.speaker, turn.text) for turn in transcript.turns)


def _fingerprint_of(calls: Sequence[TeamCall]) -> str:
    return fingerprint(
        [
            [
                call.call_id,
                call.initiative.id,
                call.initiative.version,
                call.verdict.value,
                {part.value: int(level) for part, level in call.levels.items()},
                call.asked_why,
                call.answer.value if call.answer else None,
            ]
            for call in calls
        ]
    )
