"""From a round of blind labels to coaching, as a user does it: commands, and answers from a pipe. No model is loaded."""

import contextlib
import csv
import io
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.domain.call import Call
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import CallcoachError
from callcoach.settings import Settings
from callcoach.storage.labels import Labels
from callcoach.testing import make_call

PUBLISHED = """\
id: catchback
name: CatchBack
type: product
owner: ray
priority: 1
growth_driver: products_services
launched: 2026-10-01
terms: [catchback]
value_story:
  wall: >
    We counted the calls on 1,140 of our own accounts. Twenty-seven of every hundred rang out, and most of those callers rang
    the next business on the list.
  hammer: >
    When a call rings out, the caller gets a text within ten seconds from the business's own number, and can answer it.
  part: >
    Ask who picks up when everybody's hands are full, then read out this customer's own missed-call count for last month.
"""
KINDS = ("explains", "recites", "facts_only", "not_raised")
KEYS = {"explains": "e\n2\n2\n2\ny\nf\n", "recites": "r\n1\n1\n1\nn\n", "facts_only": "f\n0\n1\n0\nn\n", "not_raised": "n\n"}
LEVELS = {"explains": (2, 2, 2), "recites": (1, 1, 1), "facts_only": (0, 1, 0), "not_raised": (0, 0, 0)}
N = 24


def kind(call_id: str) -> str:
    return KINDS[int(call_id[1:]) % len(KINDS)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A database with 24 calls that the machine judged, and a rubric; R1 and R2 have twelve calls each."""
    workspace = Workspace(Settings(home=tmp_path / "home"))
    store = workspace.store
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "catchback.yaml").write_text(PUBLISHED)
    (tmp_path / "people.yaml").write_text(
        "people:\n  - {id: ray, name: Ray Delgado, role: manager}\n  - {id: ada, name: Ada Long, role: admin}\n"
    )
    for number in range(N):
        call_id = f"c{number:02}"
        store.add_calls(
            [
                Call(
                    call_id=call_id,
                    content=call_id,
                    audio_path="a",
                    rep_id=f"R{number % 2}",
                    started_at=datetime(2026, 10, 5, tzinfo=UTC),
                )
            ]
        )
        words = make_call("rep 0:04 It rang out. / rep 0:09 Thirty-seven of yours. / customer 0:12 Why?", call_id=call_id)
        store.keep_transcript(words, call_id, "w0")
        store.point_at({call_id: "w0"})
        levels = dict(zip(Component, map(Level, LEVELS[kind(call_id)]), strict=True))
        score = CallScore(
            call_id=call_id,
            initiative_id="catchback",
            verdict=Verdict(kind(call_id)),
            confidence=0.9,
            why_score=50.0,
            levels=levels,
            asked_why=False,
            answer=Answer.NOT_ASKED,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
            evidence=tuple(
                Evidence(act=part.value, turn=0, quote="It rang out.", start=4.0) for part, level in levels.items() if level
            ),
            versions={"judge": "j1"},
        )
        store.keep_judgement(None, score, signals_made_by="s0", score_made_by="j0")
    store.close()
    return tmp_path


def callcoach(*arguments: str, cwd: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The command in this process, which spares a second a command; errors end it as `main` has them end."""
    with contextlib.chdir(cwd):
        ended = CliRunner().invoke(app, [*arguments, "--home", "home"], input=typed)
    if ended.exception is not None and not isinstance(ended.exception, (CallcoachError, SystemExit)):
        raise ended.exception
    error = ended.exception if isinstance(ended.exception, CallcoachError) else None
    code = error.exit_code if error else ended.exit_code
    return subprocess.CompletedProcess(arguments, code, ended.stdout, str(error) if error else ended.stderr)


def calls_of(home: Path, round_id: str) -> tuple[str, ...]:
    workspace = Workspace(Settings(home=home / "home"))
    calibration = Labels(workspace.store).round(round_id)
    workspace.store.close()
    return calibration.call_ids


def keystrokes(calls: tuple[str, ...]) -> str:
    """What a person types for these calls, without a quote or note."""
    return "".join(f"{KEYS[kind(call_id)]}\n\n" for call_id in calls) + "y\n"


def test_two_people_label_blind_and_then_see_where_they_differ(home: Path) -> None:
    begun = callcoach("calibrate", "new", "catchback", "--people", "ann,ben", "--calls", "20", "--seed", "3", cwd=home)
    assert begun.returncode == 0, begun.stderr
    assert "Round catchback-1: 20 calls" in begun.stdout and "calibrate label catchback-1 --person ben" in begun.stdout
    calls = calls_of(home, "catchback-1")

    # a few answers, then stop: the same command goes on there
    first = callcoach("calibrate", "label", "catchback-1", "--person", "ann", cwd=home, typed="e\n2\nq\n")
    assert first.returncode == 0 and "0 of 20 calls done, all answers are kept" in first.stdout
    for hidden in ("sure", "unsure", "random", "recites 1", "machine"):
        assert hidden not in first.stdout, "neither the judge's answer nor why a call was picked"
    # one step back takes the level away again; a wrong word and a quote nobody said are asked again
    back = callcoach("calibrate", "label", "catchback-1", "--person", "ann", cwd=home, typed="7\nb\nb\nq\n")
    assert "Write one of 0, 1, 2" in back.stdout
    typed = keystrokes(calls)
    whole = callcoach("calibrate", "label", "catchback-1", "--person", "ann", cwd=home, typed=typed)
    assert "Done: 20 labels kept" in whole.stdout, whole.stdout[-800:] + whole.stderr

    for command in (("calibrate", "show", "catchback-1"), ("calibrate", "export", "catchback")):
        early = callcoach(*command, cwd=home)
        assert early.returncode == 2
        assert "ben" in early.stderr or "once all of its people are done" in early.stderr
    early = callcoach(
        "calibrate", "decide", "catchback-1", calls[0], "--verdict", "recites", "--because", "x", "--by", "ann", cwd=home
    )
    assert early.returncode == 2 and "nobody sees anybody's answers" in early.stderr
    stranger = callcoach("calibrate", "label", "catchback-1", "--person", "eve", cwd=home)
    assert stranger.returncode == 2 and "Its people: ann, ben" in stranger.stderr

    differ = next(call_id for call_id in calls if kind(call_id) == "recites")
    other = "p\n1\n2\n1\nn\nNobody said this.\nThirty-seven of yours.\nHis own count.\n"
    # the letter that is offered for stumbling is taken for it, and w shows the story
    typed = "".join(other if call_id == differ else KEYS[kind(call_id)] + "\n\n" for call_id in calls)
    letter = callcoach("calibrate", "label", "catchback-1", "--person", "ben", cwd=home, typed="w\ns\nb\nq\n")
    assert letter.stdout.count("wall: We counted the calls") == 2 and "Level of wall" in letter.stdout
    done = callcoach("calibrate", "label", "catchback-1", "--person", "ben", cwd=home, typed=typed + "y\n")
    assert "These words are not in the call" in done.stdout
    assert "Done: 20 labels kept" in done.stdout, done.stdout[-800:] + done.stderr
    again = callcoach("calibrate", "label", "catchback-1", "--person", "ben", cwd=home, typed="e\n")
    assert "You are done with catchback-1" in again.stdout

    shown = callcoach("calibrate", "show", "catchback-1", cwd=home)
    assert shown.returncode == 0, shown.stderr
    assert "Where people differ: 1 call" in shown.stdout
    side_by_side = shown.stdout.split("Where people differ")[1]
    for words in (differ, "ann", "ben", "“Thirty-seven of yours.”", "His own count.", "machine", "recites"):
        assert words in side_by_side
    assert "Why each call was picked" in shown.stdout
    found = json.loads(callcoach("calibrate", "show", "catchback-1", "--json", cwd=home).stdout)
    verdict = next(figure for figure in found["agreement"]["people_people"] if figure["about"] == "verdict")
    assert verdict["n"] == 20 and verdict["agreed"] == 0.95

    decided = callcoach(
        "calibrate",
        "decide",
        "catchback-1",
        differ,
        "--verdict",
        "partial",
        "--because",
        "His own count.",
        "--by",
        "ann",
        cwd=home,
    )
    assert decided.returncode == 0, decided.stderr
    assert f"{differ}: partial, ann" in callcoach("calibrate", "show", "catchback-1", cwd=home).stdout

    assert callcoach("calibrate", "export", "catchback", cwd=home).returncode == 0
    rows = list(csv.DictReader(io.StringIO((home / "rubrics" / "labels" / "catchback.csv").read_text())))
    assert len(rows) == 40 and {row["person"] for row in rows} == {"ann", "ben"}
    assert {row["verdict"] for row in rows if row["call_id"] == differ} == {"recites", "partial"}, "the labels stay as they are"


def test_labels_that_others_put_into_the_file_are_never_lost_by_an_export(home: Path) -> None:
    file = home / "rubrics" / "labels" / "catchback.csv"
    file.parent.mkdir()
    head = "call_id,person,at,verdict,wall,hammer,part,asked_why,answer,version\n"
    file.write_text(head + "c01,cat,2026-11-15T09:00,recites,1,1,1,no,na,v1\n")
    assert callcoach("calibrate", "export", "catchback", cwd=home).returncode == 0
    (row,) = csv.DictReader(io.StringIO(file.read_text()))
    assert (row["person"], row["verdict"]) == ("cat", "recites")
    assert list(file.parent.iterdir()) == [file]

    file.write_text(head + "c01,cat,2026-11-15T09:00,good,1,1,1,no,na,v1\n")
    refused = callcoach("calibrate", "export", "catchback", cwd=home)
    assert refused.returncode != 0 and 'verdict is "good"' in refused.stderr and "good" in file.read_text()


def test_going_back_from_a_calls_first_question_leads_to_the_call_before(home: Path) -> None:
    callcoach("calibrate", "new", "catchback", "--people", "ann,ben", "--calls", "2", cwd=home)
    calls = calls_of(home, "catchback-1")
    one = KEYS[kind(calls[0])] + "\n" + "first note\n"
    back = callcoach("calibrate", "label", "catchback-1", "--person", "ann", cwd=home, typed=one + "b\nother note\nq\n")

    assert "1 of 2 calls done" in back.stdout.split("Stopped")[1]
    workspace = Workspace(Settings(home=home / "home"))
    assert Labels(workspace.store).draft("catchback-1", "ann")[calls[0]]["note"] == "other note"
    workspace.store.close()


def test_the_gate_says_what_comes_next_until_reps_are_coached(home: Path) -> None:
    def stands() -> dict[str, object]:
        shown = callcoach("gate", "show", "catchback", "--today", "2026-11-16", "--json", cwd=home)
        assert shown.returncode == 0, shown.stderr
        return json.loads(shown.stdout)[0]

    assert stands()["state"] == "drafted"
    rubric = home / "rubrics" / "catchback.yaml"
    from callcoach.intake.rubrics import read_initiative
    from callcoach.judging.story_check import check_story

    # whatever the check wants is written into the story, and its version published
    missing = {
        "no_insight": "  insight: {source: calls counted in July}\n",
        "no_position": "  position: Before naming the product, ask who picks up when everybody's hands are full.\n",
        "no_importance": "  importance: Read out this customer's own missed calls and let them do the arithmetic.\n",
        "no_why_it_matters": "  why_it_matters: Name the moment in their day that it covers, and what the text would say.\n",
    }
    kinds = {finding.kind for finding in check_story(read_initiative(rubric))}
    rubric.write_text(PUBLISHED + "".join(line for name, line in missing.items() if name in kinds))
    version = read_initiative(rubric).version
    rubric.write_text(rubric.read_text() + f"published:\n  - {{version: {version}, on: 2026-10-01, by: ray}}\n")
    found = stands()
    assert (found["state"], found["next_step"]) == ("defined", "callcoach calibrate new catchback --calls 20 --people A,B")

    callcoach("calibrate", "new", "catchback", "--people", "ann,ben", cwd=home)
    assert stands()["next_step"] == "callcoach calibrate label catchback-1 --person ann"
    calls = calls_of(home, "catchback-1")
    for person in ("ann", "ben"):
        done = callcoach("calibrate", "label", "catchback-1", "--person", person, cwd=home, typed=keystrokes(calls))
        assert "Done: 20 labels kept" in done.stdout, done.stdout[-500:] + done.stderr
    found = stands()
    assert (found["state"], found["withheld"]) == ("coaching", False), found["reason"]
    assert "expected lag" in " ".join(found["readiness"])

    # the text changes: a draft again
    rubric.write_text(rubric.read_text().replace("within ten seconds", "within five seconds"))
    assert "is a draft again" in stands()["reason"]


def test_only_an_administrator_overrides_and_every_word_of_it_is_shown(home: Path) -> None:
    arguments = ("gate", "override", "catchback", "--because", "Pilot.", "--until", "2199-12-01")
    refused = callcoach(*arguments, "--by", "ray", cwd=home)
    assert refused.returncode == 2 and "takes an administrator (role: admin in people.yaml: ada)" in refused.stderr

    assert callcoach(*arguments, "--by", "ada", cwd=home).returncode == 0
    shown = callcoach("gate", "show", cwd=home)
    assert "by override of ada" in shown.stdout and "until Dec 1: Pilot." in shown.stdout and "drafted" in shown.stdout


def test_a_correction_stands_beside_the_machines_answer_whatever_comes_after(home: Path) -> None:
    corrected = callcoach(
        "review", "c01", "--initiative", "catchback", "--verdict", "partial", "--because", "He asks.", "--by", "ray", cwd=home
    )
    assert corrected.returncode == 0, corrected.stderr
    assert "verdict: partial (machine: recites), ray" in corrected.stdout

    bare = callcoach("review", "c02", "--initiative", "catchback", "--level", "wall=2", "--because", "x", "--by", "ray", cwd=home)
    assert bare.returncode == 2 and "cannot be at 2 without a quote" in bare.stderr
    invented = ("--level", "wall=2", "--evidence", "wall:Forty of yours.")
    bare = callcoach("review", "c02", "--initiative", "catchback", *invented, "--because", "x", "--by", "ray", cwd=home)
    assert bare.returncode == 2 and "is not in the words of c02" in bare.stderr
    quoted = ("--level", "wall=2", "--evidence", "wall:Thirty-seven of yours.")
    raised = callcoach("review", "c02", "--initiative", "catchback", *quoted, "--because", "His.", "--by", "ray", cwd=home)
    assert raised.returncode == 0, raised.stderr
    assert "wall explained" in raised.stdout and "level:wall “Thirty-seven of yours.”: 2 (machine: 0)" in raised.stdout

    workspace = Workspace(Settings(home=home / "home"))
    machine = next(score for score in workspace.store.scores() if score.call_id == "c01")
    assert machine.verdict is Verdict.RECITES, "the machine's answer is kept as it was"
    from dataclasses import replace

    anew = replace(machine, verdict=Verdict.FACTS_ONLY)
    workspace.store.keep_judgement(None, anew, signals_made_by="s1", score_made_by="j1")
    workspace.store.close()
    shown = callcoach("score", "c01", "--initiative", "rubrics/catchback.yaml", cwd=home)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("partly") and "verdict: partial (machine: recites), ray" in shown.stdout


def test_a_level_that_a_person_raised_stands_although_a_later_judge_quotes_nothing(home: Path) -> None:
    workspace = Workspace(Settings(home=home / "home"))
    machine = next(score for score in workspace.store.scores() if score.levels[Component.HAMMER] is Level.MENTIONED)
    workspace.store.close()
    about = (machine.call_id, "--initiative", "catchback", "--because", "His words.", "--by", "ray")
    assert callcoach("review", *about, "--level", "hammer=2", cwd=home).returncode == 0

    workspace = Workspace(Settings(home=home / "home"))
    from dataclasses import replace

    anew = replace(machine, levels=dict.fromkeys(Component, Level.ABSENT), evidence=())
    workspace.store.keep_judgement(None, anew, signals_made_by="s1", score_made_by="j1")
    workspace.store.close()
    shown = callcoach("score", machine.call_id, "--initiative", "rubrics/catchback.yaml", "--json", cwd=home)
    read = json.loads(shown.stdout)["score"]
    assert read["levels"]["hammer"] == 2
    assert [(quote["act"], quote["quote"]) for quote in read["evidence"]] == [("hammer", "It rang out.")]

    wordless = callcoach("review", *about, "--no-evidence", "hammer", cwd=home)
    assert wordless.returncode == 2 and "Which words?" in wordless.stderr


def test_a_call_that_is_kept_takes_no_options_of_a_file(home: Path) -> None:
    for option in (("--second-opinion",), ("--leader",), ("--rep-channel", "1")):
        refused = callcoach("score", "c01", "--initiative", "rubrics/catchback.yaml", *option, cwd=home)
        assert refused.returncode == 2 and "c01 is judged already" in refused.stderr


def test_what_people_settled_can_be_learnt_from(home: Path) -> None:
    callcoach(
        "review", "c01", "--initiative", "catchback", "--verdict", "partial", "--because", "He asks.", "--by", "ray", cwd=home
    )
    workspace = Workspace(Settings(home=home / "home"))
    (one,) = Labels(workspace.store).labels_to_learn_from()
    workspace.store.close()

    assert (one.call_id, one.initiative_id, one.verdict) == ("c01", "catchback", Verdict.PARTIAL)
    assert one.transcript.turns[1].text == "Thirty-seven of yours."


def test_unknown_names_are_refused_with_those_that_are_known(home: Path) -> None:
    for command, words in (
        (("calibrate", "new", "catchbak", "--people", "ann,ben"), "Known: catchback"),
        (("calibrate", "new", "catchback", "--people", "ann"), "takes two people or more"),
        (("calibrate", "label", "r9", "--person", "ann"), "There is no round r9"),
        (("calibrate", "show", "catchback"), "no finished labels"),
        (
            ("review", "c99", "--initiative", "catchback", "--verdict", "partial", "--because", "x", "--by", "ray"),
            "was not judged",
        ),
        (
            ("review", "c01", "--initiative", "catchback", "--verdict", "good", "--because", "x", "--by", "ray"),
            '"good" is no verdict',
        ),
    ):
        refused = callcoach(*command, cwd=home)
        assert refused.returncode == 2, command
        assert words in refused.stderr and "Traceback" not in refused.stderr


ROOT = Path(__file__).resolve().parents[2]


def test_the_sample_companys_labels_are_what_its_script_makes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rubrics", tmp_path / "rubrics")
    (tmp_path / "sample_calls").mkdir()
    shutil.copytree(ROOT / "sample_calls" / "reference", tmp_path / "sample_calls" / "reference")
    shutil.copy(ROOT / "sample_calls" / "make_labels.py", tmp_path / "sample_calls")
    shutil.rmtree(tmp_path / "rubrics" / "labels")
    subprocess.run([sys.executable, "sample_calls/make_labels.py"], cwd=tmp_path, check=True, capture_output=True)
    for file in sorted((ROOT / "rubrics" / "labels").glob("*.csv")):
        assert (tmp_path / "rubrics" / "labels" / file.name).read_text() == file.read_text(), "run sample_calls/make_labels.py"


def test_the_sample_companys_labels_agree_but_for_one_component_of_one_story() -> None:
    from callcoach.intake.labels import read_labels
    from callcoach.intake.rubrics import read_rubrics
    from callcoach.training.agreement import agreement

    low = {}
    for initiative in read_rubrics(ROOT / "rubrics").initiatives:
        labels = read_labels(ROOT / "rubrics" / "labels" / f"{initiative.id}.csv")
        found = agreement(initiative.id, labels, {}, version=initiative.version)
        assert (found.people, found.n_calls, found.older) == (("E01", "M01"), 20, 0), initiative.id
        low[initiative.id] = [each.about for each in found.people_people if each.kappa is not None and each.kappa < 0.6]
    assert low == {"catchback": [], "known-by-name": [], "safeseat": ["part"]}
