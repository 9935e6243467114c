"""Retraining from a team's labels: nothing is written unless labels held back say that it judges better.

What is learnt here is learnt from vectors of words: the encoder's would take most of the time and change nothing of that.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner
from word_vectors import word_vectors

from callcoach.app.learn import ABOUT, Learning, about
from callcoach.app.retrain import Retrained, retrain, team_labels
from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.domain.calibration import Label
from callcoach.domain.call import Call, Transcript
from callcoach.domain.review import VERDICT, Review
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.errors import SomethingMissing, UsageError, WeightsAltered
from callcoach.judging.verdict import score
from callcoach.language.heads import read_call_heads, read_index
from callcoach.language.measure import Reader
from callcoach.settings import Settings
from callcoach.storage.labels import Labels
from callcoach.testing import make_call
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.fit_heads import Recipes
from callcoach.training.heads_folder import write_heads
from callcoach.training.team_calls import parts_of
from callcoach.weights.locate import locate, models_folder

SHIPPED = models_folder() / "corpus"
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    company="Testing Telecom",
    growth_driver="products_services",
    terms=("catchback",),
    story=ValueStory(
        wall="We counted the calls on our own accounts, and twenty-seven of every hundred rang out.",
        hammer="When a call rings out, the caller gets a text within ten seconds.",
        part="Ask who picks up when all hands are full, and read out this customer's own missed calls.",
    ),
    script="CatchBack is our newest feature for busy owners like you.",
)
WHY = (
    "customer {n} chairs here, and nobody at the desk on a Saturday. / rep Who picks up when all of you are cutting? / "
    "customer Nobody, I suppose. It just rings until they give up on us. / "
    "rep We counted calls on our own accounts and {n} of a hundred rang out. Yours rang out {n} times in October, so those "
    "people went next door before you could put the scissors down. / customer I never saw that number before."
)
READ = (
    "customer I have {n} minutes before the next appointment, go on. / rep CatchBack is our newest feature for busy owners like "
    "you. / customer Okay, and what would that be on top of my bill? / rep It is {n} dollars a month and I can add it to your "
    "account today, there is no contract and the first month is free of charge. / customer Not now, thank you. Maybe next year."
)


def is_why(number: int) -> bool:
    return number % 2 == 0


def transcript(number: int) -> Transcript:
    return make_call((WHY if is_why(number) else READ).format(n=number + 3), call_id=f"c{number:02}")


def label(call_id: str, verdict: Verdict, *, person: str = "E01", version: str = STORY.version) -> Label:
    level = Level.EXPLAINED if verdict is Verdict.EXPLAINS else Level.MENTIONED
    return Label(
        call_id=call_id,
        initiative_id=STORY.id,
        person_id=person,
        at=AT,
        version=version,
        verdict=verdict,
        levels=dict.fromkeys(Component, level),
        asked_why=False,
        answer=Answer.NOT_ASKED,
    )


def workspace_with(home: Path, n_calls: int, *, judge: Path | None = None) -> Workspace:
    """A database with short calls: every second one tells the why."""
    workspace = Workspace(Settings(home=home, judge=judge))
    workspace.store.keep_initiative(STORY)
    for number in range(n_calls):
        call = transcript(number)
        kept = Call(call_id=call.call_id, content=call.call_id, audio_path="a", rep_id="R1", started_at=AT)
        workspace.store.add_calls([kept])
        workspace.store.keep_transcript(call, call.call_id, "w0")
        workspace.store.point_at({call.call_id: "w0"})
    return workspace


def truth(number: int) -> Verdict:
    return Verdict.EXPLAINS if is_why(number) else Verdict.RECITES


def copy_corpus(folder: Path) -> Path:
    """Two writers' initiatives, three calls of each, no twins."""
    folder.mkdir()
    shutil.copy(SHIPPED / "WRITERS.yaml", folder)
    for name in ("open-block", "known-hand-rush"):
        (folder / name).mkdir()
        shutil.copy(SHIPPED / name / "initiative.yaml", folder / name)
        blocks = (SHIPPED / name / "calls.txt").read_text().split("\n=== ")
        (folder / name / "calls.txt").write_text("\n=== ".join(blocks[:3]))
    return folder


@pytest.fixture(scope="module")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_corpus(tmp_path_factory.mktemp("retrain") / "corpus")


def no_corpus() -> Corpus:
    return Corpus(initiatives=())


def test_with_too_few_labels_nothing_is_fitted_and_it_says_how_many_more(tmp_path: Path, corpus_folder: Path) -> None:
    workspace = workspace_with(tmp_path / "home", 12)
    Labels(workspace.store).take_in([label(f"c{number:02}", truth(number)) for number in range(12)])
    held = len(parts_of(team_labels(workspace, no_corpus()).calls).held_back)
    assert 0 < held < 10
    with pytest.raises(SomethingMissing, match=rf"12 team labels .* {held} of the calls held back .* about \d+ more calls"):
        retrain(workspace, corpus_folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_ends_with_the_same_sentence(tmp_path: Path, corpus_folder: Path) -> None:
    workspace_with(tmp_path / "home", 1).store.close()
    arguments = ["train", str(corpus_folder), "--out", str(tmp_path / "out"), "--with-reviews", "--home", str(tmp_path / "home")]
    ended = CliRunner().invoke(app, arguments)
    assert isinstance(ended.exception, SomethingMissing) and ended.exception.exit_code == 3
    assert "0 team labels" in str(ended.exception) and "callcoach calibrate new" in str(ended.exception)
    assert not (tmp_path / "out").exists()


def test_what_people_differ_on_and_what_has_no_story_or_no_use_is_left_out_and_counted(
    tmp_path: Path, corpus_folder: Path
) -> None:
    workspace = workspace_with(tmp_path / "home", 6)
    labels = Labels(workspace.store)
    corpus = read_corpus(corpus_folder)
    known = replace(corpus.calls[0].transcript, call_id="c05")
    workspace.store.keep_transcript(known, "c05", "w1")
    workspace.store.point_at({"c05": "w1"})
    labels.take_in(
        [
            label("c00", Verdict.EXPLAINS),
            label("c01", Verdict.RECITES),
            label("c01", Verdict.PARTIAL, person="E02"),
            label("c02", Verdict.EXPLAINS, version="of a text nobody kept"),
            label("c05", Verdict.EXPLAINS),
        ]
    )
    labels.add_review(
        Review(
            call_id="c03",
            initiative_id=STORY.id,
            person_id="E01",
            at=AT,
            about=VERDICT,
            machine="explains",
            person="recites",
            because="read out",
            versions={"rubric": f"{STORY.id} {STORY.version}"},
        )
    )
    found = team_labels(workspace, corpus)
    assert {(call.call_id, call.verdict) for call in found.calls} == {("c00", Verdict.EXPLAINS), ("c03", Verdict.RECITES)}
    assert found.left_out == {
        "people differ on the verdict, or said nothing of it": 1,
        "the story they were made for is not in the database": 1,
        "the labelled calls hold the same words": 1,
    }
    corrected = next(call for call in found.calls if call.call_id == "c03")
    assert (corrected.levels, corrected.asked_why, corrected.answer) == ({}, None, None)


N = 36


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, memory: Path, small_recipes: Recipes) -> Path:
    """A judge in use that learnt from the corpus alone."""
    folder = tmp_path_factory.mktemp("retrain") / "judge"
    corpus = read_corpus(corpus_folder)
    with word_vectors():
        reader = Reader(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), threads=1, memory=memory)
    fitted = Learning(corpus, reader, recipes=small_recipes).learn()
    write_heads(folder, fitted.turn_heads, fitted.call_heads, about(corpus, reader), fitted.table)
    return folder


def as_it_is(_: Workspace) -> list[Label]:
    return [label(f"c{number:02}", truth(number)) for number in range(N)]


def verdicts_of(workspace: Workspace, folder: Path) -> dict[str, Verdict]:
    heads = read_call_heads(folder)
    calls = [transcript(number) for number in range(N)]
    return {call.call_id: score(call, STORY, workspace.language.measure(call, STORY), heads).verdict for call in calls}


def retrained(
    tmp_path: Path, corpus_folder: Path, judge: Path, recipes: Recipes, said: Callable[[Workspace], list[Label]]
) -> Retrained:
    workspace = workspace_with(tmp_path / "home", N, judge=judge)
    Labels(workspace.store).take_in(said(workspace))
    return retrain(workspace, corpus_folder, tmp_path / "out", recipes=recipes)


@pytest.fixture
def _own_memory(monkeypatch: pytest.MonkeyPatch, memory: Path) -> Iterator[None]:
    """Vectors of a test's calls do not belong among those that the next training finds; these are of words, and quick."""
    monkeypatch.setattr(Workspace, "memory", memory)
    with word_vectors():
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("_own_memory")
def test_a_better_judge_is_written_with_both_figures_and_names_the_labels_it_learnt_from(
    tmp_path: Path, corpus_folder: Path, judge: Path, small_recipes: Recipes
) -> None:
    done = retrained(tmp_path, corpus_folder, judge, small_recipes, as_it_is)
    index = read_index(tmp_path / "out")
    parts = parts_of(team_labels(Workspace(Settings(home=tmp_path / "home")), no_corpus()).calls)
    assert (index["team"]["labels"], index["team"]["held_back"]) == (len(parts.learn), len(parts.held_back)) != (0, 0)
    assert done.team_labels == len(parts.learn)
    assert index["calls"] == len(read_corpus(corpus_folder).calls)
    assert json.loads(json.dumps(index["team"]["compared"]))["n"] == done.compared.n == len(parts.held_back)
    assert done.compared.retrained.right > done.compared.shipped.right
    # the heads for acts are the ones in use: no label of a team is about a turn
    assert index["turn_heads"] == read_index(judge)["turn_heads"] and index["call_heads"] != read_index(judge)["call_heads"]
    assert {name: index[name] for name in ABOUT} == {name: read_index(judge)[name] for name in ABOUT}
    # the judge that was written is the one that was compared
    told = verdicts_of(Workspace(Settings(home=tmp_path / "home", judge=tmp_path / "out")), tmp_path / "out")
    assert sum(told[call.call_id] is call.verdict for call in parts.held_back) == done.compared.retrained.right


@pytest.mark.slow
@pytest.mark.usefixtures("_own_memory")
def test_a_judge_that_is_not_better_is_not_written_and_both_figures_are_told(
    tmp_path: Path, corpus_folder: Path, judge: Path, small_recipes: Recipes
) -> None:
    def as_the_judge_in_use_says(workspace: Workspace) -> list[Label]:
        return [label(call_id, verdict) for call_id, verdict in verdicts_of(workspace, judge).items()]

    with pytest.raises(UsageError, match=r"tells (\d+) right .* retrained one \d+ right .* judge in use stays"):
        retrained(tmp_path, corpus_folder, judge, small_recipes, as_the_judge_in_use_says)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("_own_memory")
def test_labelled_calls_that_the_judge_in_use_has_learnt_from_are_not_measured_again(
    tmp_path: Path, corpus_folder: Path, judge: Path, small_recipes: Recipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured_again(*_: object, **__: object) -> None:
        raise AssertionError("the labelled calls are measured again")

    monkeypatch.setattr("callcoach.app.retrain.Learning", measured_again)
    first = retrained(tmp_path, corpus_folder, judge, small_recipes, as_it_is)
    # the judge that was written can be taught further in its turn
    (tmp_path / "more").mkdir()
    with pytest.raises(UsageError, match="judge in use stays"):
        retrained(tmp_path / "more", corpus_folder, first.folder, small_recipes, as_it_is)


@pytest.mark.slow
@pytest.mark.usefixtures("_own_memory")
@pytest.mark.parametrize("why", ["other calls", "nothing kept", "other models"])
def test_else_they_are(tmp_path: Path, corpus_folder: Path, judge: Path, small_recipes: Recipes, why: str) -> None:
    other = tmp_path / "judge"
    shutil.copytree(judge, other)
    index = json.loads((other / "judge.json").read_text())
    if why == "other calls":
        index["corpus"] = "of other calls"
    elif why == "nothing kept":
        del index["files"]["call_rows.npz"]
    else:
        index["models"] = {**index["models"], "embeddings": "of another encoder"}
    (other / "judge.json").write_text(json.dumps(index))
    retrained(tmp_path, corpus_folder, other, small_recipes, as_it_is)
    now = read_index(tmp_path / "out")
    assert (now["corpus"], now["models"]) == (read_index(judge)["corpus"], read_index(judge)["models"])
    assert "call_rows.npz" in now["files"]


@pytest.mark.usefixtures("_own_memory")
def test_rows_that_were_altered_are_refused(tmp_path: Path, corpus_folder: Path, judge: Path, small_recipes: Recipes) -> None:
    other = tmp_path / "judge"
    shutil.copytree(judge, other)
    (other / "call_rows.npz").write_bytes(b"something else")
    with pytest.raises(WeightsAltered, match=r"call_rows\.npz.*sha256"):
        retrained(tmp_path, corpus_folder, other, small_recipes, as_it_is)
    assert not (tmp_path / "out").exists()
