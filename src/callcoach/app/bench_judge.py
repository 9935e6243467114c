"""Measure how long judging takes on calls made from labelled text, in a database of its own. Changes nothing that is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from callcoach.app.attribution import Attribution
from callcoach.app.progress import Progress
from callcoach.app.stages import Stages
from callcoach.app.workspace import Workspace, judge_folder, language_measurer
from callcoach.batch import stale
from callcoach.batch.stale import Makers
from callcoach.bench.judge_speed import Figure, JudgeBench, joined, measured, varied
from callcoach.domain.call import Call, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.language.heads import read_turn_heads
from callcoach.language.measure import Measurer
from callcoach.settings import Settings
from callcoach.storage.judgements import Judgements, ToJudge, digest_of
from callcoach.training.corpus import LabelledInitiative, read_corpus
from callcoach.training.heads_folder import write_heads

WORDS = 1200
INITIATIVES = 5
_AT_ONCE = 500
_CONTENT = "0" * 64


class Plan(NamedTuple):
    """How much is measured."""

    rejudged: int
    one_by_one: int
    reworded: int
    long_calls: int


WHOLE = Plan(rejudged=10_000, one_by_one=300, reworded=40, long_calls=3)
QUICK = Plan(rejudged=300, one_by_one=50, reworded=4, long_calls=1)


def bench_judge(settings: Settings, corpus: Path, plan: Plan, progress: Progress) -> JudgeBench:
    """The figures. corpus: a folder of labelled calls with at least five initiatives. Raises BadCorpus where it is none."""
    initiatives = read_corpus(corpus).initiatives[:INITIATIVES]
    progress.stage("Measuring", 3)
    with TemporaryDirectory() as folder:
        workspace = Workspace(settings.model_copy(update={"home": Path(folder), "database_url": None}))
        known, fresh = workspace.language, language_measurer(settings.model_copy(update={"workers": 1}))
        _warm(workspace, initiatives, known, fresh)
        long_calls = _long_calls(initiatives, plan.long_calls)
        stored = _stored_call(workspace, long_calls, [each.initiative for each in initiatives], known, fresh)
        progress.advance(1, "a stored call")
        reworded = _reworded(workspace, initiatives[0], plan.reworded)
        progress.advance(1, "a changed story")
        rejudged, same = _rejudged(workspace, initiatives[0], plan)
        progress.advance(1, "a changed judge")
    return JudgeBench(
        figures=(stored, *rejudged, reworded),
        cores=settings.cores,
        workers=settings.worker_count,
        words=sum(len(turn.text.split()) for turn in long_calls[0].turns),
        turns=len(long_calls[0].turns),
        same=same,
    )


def bench_json(bench: JudgeBench) -> bytes:
    """Every figure."""
    return msgspec.json.format(msgspec.json.encode(bench, order="deterministic"))


def _warm(workspace: Workspace, initiatives: Sequence[LabelledInitiative], *measurers: Measurer) -> None:
    """Models are loaded and stories encoded before anything is timed: both happen once a run."""
    for measurer in measurers:
        for each in initiatives:
            transcript = each.calls[0].transcript
            workspace.judged(transcript, each.initiative, measurer.measure(transcript, each.initiative))


def _long_calls(initiatives: Sequence[LabelledInitiative], n: int) -> list[Transcript]:
    calls = [call.transcript for each in initiatives for call in each.calls if call.base_id is None]
    return [varied(joined(calls[3 * number :], words=WORDS, call_id="long"), number) for number in range(n)]


def _stored_call(
    workspace: Workspace, calls: Sequence[Transcript], stories: Sequence[Initiative], known: Measurer, fresh: Measurer
) -> Figure:
    """Calls that `known` has read before, measured from what was kept by a process that has not, and judged."""
    kept = [known.measure_all(call, ())[1] for call in calls]

    def judge() -> None:
        for call, reading in zip(calls, kept, strict=True):
            for story, signals in zip(stories, fresh.measure_all(call, stories, reading)[0], strict=True):
                workspace.judged(call, story, signals)

    figure = measured(f"A stored call for {len(stories)} initiatives", len(calls), judge, target=0.3)
    from sentence_transformers import SentenceTransformer  # the peer

    encoder = SentenceTransformer(str(workspace.encoder_folder), device="cpu", local_files_only=True)
    texts = [[*(turn.text for turn in call.turns), *_sentences(call, fresh)] for call in calls]
    encoder.encode(["warm"])
    peer = measured(
        "Encoding its turns and sentences with plain sentence-transformers, without judging anything",
        len(calls),
        lambda: [encoder.encode(each, show_progress_bar=False) for each in texts],
    )
    return replace(figure, peer=peer)


def _sentences(call: Transcript, measurer: Measurer) -> list[str]:
    splitter = measurer.reader.splitter
    return [each.text for number, turn in enumerate(call.turns) for each in splitter.split(number, turn.text)]


def _reworded(workspace: Workspace, labelled: LabelledInitiative, n: int) -> Figure:
    """Stored calls measured and judged for a story that was worded anew, by one process."""
    old, story = labelled.initiative, labelled.initiative.story
    new = replace(old, story=replace(story, wall=f"{story.wall} We learned it from calls like these."))
    calls = [varied(call.transcript, number) for number, call in zip(range(n), cycle(labelled.calls), strict=False)]
    known, fresh = workspace.language, language_measurer(workspace.settings.model_copy(update={"workers": 1}))
    kept = [known.measure_all(call, ())[1] for call in calls]
    fresh.measure(labelled.calls[0].transcript, new)

    def judge(readings: Sequence[bytes | None], chosen: Sequence[Transcript]) -> None:
        for call, reading in zip(chosen, readings, strict=True):
            ((signals,), _) = fresh.measure_all(call, (new,), reading)
            workspace.judged(call, new, signals)

    share = workspace.settings.worker_count
    target = {"target": 300.0 * share, "of_target": 10_000}
    figure = measured("A changed story, in one process", n, lambda: judge(kept, calls), **target)
    others = [varied(call, 10_000) for call in calls[: max(1, n // 4)]]
    peer = measured(
        "Without what was kept of the calls", len(others), lambda: judge([None] * len(others), others), of_target=10_000
    )
    return replace(figure, peer=peer)


class _OtherRules(Workspace):
    """The same workspace after somebody changed a threshold or a weight: every score has to be made again, no head says more."""

    @cached_property
    def makers(self) -> Makers:
        """Another judge's name on the same models."""
        found = super().makers
        return replace(found, judge=fingerprint(found.judge, "changed"))


def _rejudged(workspace: Workspace, labelled: LabelledInitiative, plan: Plan) -> tuple[tuple[Figure, ...], bool]:
    """Kept calls judged anew, everything read from and written to the database: by other rules, by other heads, from nothing."""
    story, attribution = labelled.initiative, workspace.attribution((), Company())
    kept = _kept(workspace, labelled, attribution, plan.rejudged)
    calls = [each.call for each in kept]

    def judged_by(judge: Workspace, name: str, target: float | None = None) -> Figure:
        return measured(
            name, len(calls), lambda: _stages(judge, attribution).judge(calls, (story,)), target=target, of_target=10_000
        )

    older = judged_by(workspace, "Stored calls of an older database, of which nothing is kept to judge from")
    rules, heads = _OtherRules(workspace.settings), _with_other_heads(workspace)
    same = True
    figures = []
    for judge, name in (
        (rules, "Stored calls judged by changed thresholds or weights, database included"),
        (heads, "Stored calls judged by another judge's heads, database included"),
    ):
        figure = judged_by(judge, name, 10.0)
        at_once = {score.call_id: score for score in judge.store.scores(initiative_id=story.id)}
        one_by_one: list[CallScore] = []
        peer = measured(
            "One by one, a transaction each",
            min(plan.one_by_one, len(kept)),
            partial(_plainly, judge, story, kept[: plan.one_by_one], one_by_one),
            of_target=10_000,
        )
        figures.append(replace(figure, peer=peer))
        same = same and len(at_once) == len(calls) and all(_bytes(each) == _bytes(at_once[each.call_id]) for each in one_by_one)
    return (*figures, older), same


def _plainly(judge: Workspace, story: Initiative, kept: Sequence["_Kept"], judged: list[CallScore]) -> None:
    """Judge from nothing, call by call; `judged` takes the scores."""
    for call, pair in kept:
        transcript = judge.store.transcript(call.call_id, pair.transcript_made_by)
        signals = judge.store.signals(call.call_id, story.id, pair.signals_made_by)
        assert transcript is not None and signals is not None, "kept above"
        score = judge.judged(transcript, story, signals)
        judged.append(score)
        judge.store.keep_judgement(None, score, signals_made_by=pair.signals_made_by, score_made_by="one by one")


def _with_other_heads(workspace: Workspace) -> Workspace:
    """The workspace with a judge that reads turns alike and is surer of its verdicts."""
    folder, heads = workspace.settings.home / "other-judge", workspace.judge
    surer = replace(heads, verdict=replace(heads.verdict, sharpness=heads.verdict.sharpness + 1.0))
    write_heads(folder, read_turn_heads(judge_folder(workspace.settings)), surer, {})
    return Workspace(workspace.settings.model_copy(update={"judge": folder}))


def _kept(workspace: Workspace, labelled: LabelledInitiative, attribution: Attribution, n: int) -> list["_Kept"]:
    """`n` calls in the database with transcripts and signals: those of the labelled calls, each with words of its own."""
    story, language = labelled.initiative, workspace.makers.language
    base = [(call.transcript, workspace.language.measure(call.transcript, story)) for call in labelled.calls]
    judgements, kept = Judgements(workspace.store), []
    for first in range(0, n, _AT_ONCE):
        chunk = []
        for number in range(first, min(first + _AT_ONCE, n)):
            transcript, signals = base[number % len(base)]
            said = varied(transcript, number)
            call = Call(call_id=said.call_id, content=_CONTENT, transcript_path="bench.txt")
            signals_made_by = fingerprint(digest_of(said), story.version, language)
            said_by = stale.transcript_key(call, attribution.key, workspace.makers)
            pair = ToJudge(call.call_id, story.id, said_by, signals_made_by, "")
            chunk.append((call, pair, said, replace(signals, call_id=call.call_id)))
        workspace.store.add_calls([call for call, *_ in chunk])
        judgements.keep_measured([(pair, said, signals) for _, pair, said, signals in chunk], content=_CONTENT)
        kept += [_Kept(call, pair) for call, pair, *_ in chunk]
    return kept


class _Kept(NamedTuple):
    call: Call
    pair: ToJudge


class _Quiet:
    """Progress that nobody watches."""

    def stage(self, name: str, total: float) -> None:
        """Nothing."""

    def advance(self, amount: float, sentence: str) -> None:
        """Nothing."""

    def warn(self, sentence: str) -> None:
        """A call that fails would make a false figure."""
        raise RuntimeError(sentence)


def _stages(workspace: Workspace, attribution: Attribution) -> Stages:
    return Stages(workspace, attribution, now=datetime.now(UTC), progress=_Quiet())


def _bytes(score: CallScore) -> bytes:
    return msgspec.json.encode(score, order="deterministic")
