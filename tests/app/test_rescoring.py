"""Rescoring a folder whose initiative is told in several languages: each call is judged by the rubric of its own language."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcoach.app.calibration import candidates, find_initiative
from callcoach.app.rescoring import rescore_all
from callcoach.app.stages import JUDGE
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.intake.rubrics import read_initiative
from callcoach.judging.verdict import score
from callcoach.settings import Settings
from callcoach.storage.judgements import digest_of
from callcoach.testing import make_call

RUBRIC = """\
id: catchback
name: CatchBack
launched: 2026-10-01
value_story: {wall: Callers ring the next shop., hammer: We text them back., part: Count your own missed calls.}
"""
SPANISH = RUBRIC.replace("id: catchback", "id: catchback\nlanguage: es").replace("Callers ring the next shop", "Llaman a otro")


@pytest.fixture
def rubrics(tmp_path: Path) -> Path:
    folder = tmp_path / "rubrics"
    folder.mkdir()
    (folder / "catchback.yaml").write_text(RUBRIC)
    (folder / "catchback.es.yaml").write_text(SPANISH)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, rubrics: Path) -> Workspace:
    """An English and a Spanish call, measured for both rubrics, so that no language model is needed; too short to judge."""
    made = Workspace(Settings(home=tmp_path / "home"))
    for call_id, language in (("c-en", "en"), ("c-es", "es")):
        day = datetime(2026, 10, 5, tzinfo=UTC)
        made.store.add_calls([Call(call_id=call_id, content=call_id, transcript_path="x", started_at=day)])
        said = replace(make_call("rep CatchBack. / customer Hm.", call_id=call_id), language=language)
        made.store.keep_transcript(said, call_id, "w0")
        made.store.point_at({call_id: "w0"})
        for each in both(rubrics):
            key = fingerprint(digest_of(said), each.version, made.makers.language)
            signals = Signals(call_id=call_id, initiative_id=each.id, turns=(), made_by={})
            made.store.keep_judgement(
                signals, score(said, each, signals, made.judge), signals_made_by=key, score_made_by=f"before {each.language}"
            )
    return made


def both(rubrics: Path) -> tuple[Initiative, Initiative]:
    return read_initiative(rubrics / "catchback.yaml"), read_initiative(rubrics / "catchback.es.yaml")


def test_each_call_is_judged_by_the_rubric_of_its_language(workspace: Workspace, rubrics: Path) -> None:
    english, spanish = both(rubrics)
    workspace.store.keep_failure("c-en", JUDGE, "It failed.", datetime(2026, 11, 16, tzinfo=UTC), "k")
    done = list(rescore_all(workspace, rubrics, initiative_id=None, version=None))
    assert [(each.version, each.judged, each.measured) for each in done] == [(english.version, 1, 0), (spanish.version, 1, 0)]
    made_with = {score.call_id: (score.versions["rubric"], score.reason) for score in workspace.store.scores()}
    assert made_with["c-en"][0] == f"catchback {english.version}"
    assert made_with["c-es"][0] == f"catchback {spanish.version}"
    assert "The call is in" not in str(made_with)
    assert workspace.store.failures() == (), "what failed before is judged now"


def test_one_rubric_of_several_is_named_by_its_version(workspace: Workspace, rubrics: Path) -> None:
    _, spanish = both(rubrics)
    (done,) = rescore_all(workspace, rubrics, initiative_id="catchback", version=spanish.version[:8])
    assert (done.version, done.judged, done.is_current) == (spanish.version, 1, True)


def test_a_call_in_another_language_than_another_initiatives_rubric_can_be_labelled(workspace: Workspace, rubrics: Path) -> None:
    """Its only score says that it could not be judged for that other initiative."""
    (rubrics / "safeseat.yaml").write_text(RUBRIC.replace("id: catchback", "id: safeseat\nlanguage: es"))
    said = make_call(
        "rep We counted the calls that rang out on our own accounts, and most of those callers rang the next business on the "
        "list before anybody could ring them back. / customer I did not know that it is so many, to be honest with you.",
        call_id="c-long",
    )
    workspace.store.add_calls([Call(call_id="c-long", content="c-long", transcript_path="x")])
    workspace.store.keep_transcript(replace(said, language="en"), "c-long", "w0")
    workspace.store.point_at({"c-long": "w0"})
    safeseat = find_initiative(rubrics, "safeseat")
    signals = Signals(call_id="c-long", initiative_id="safeseat", turns=(), made_by={})
    elsewhere = workspace.judged(replace(said, language="en"), safeseat, signals)
    assert elsewhere.reason is not None and "The call is in English" in elsewhere.reason
    workspace.store.keep_judgement(signals, elsewhere, signals_made_by="s", score_made_by="j")

    assert [each.call_id for each in candidates(workspace, find_initiative(rubrics, "catchback"))] == ["c-long"]
    assert candidates(workspace, safeseat) == ()


def test_a_call_that_cannot_be_judged_is_named_and_the_others_go_on(
    workspace: Workspace, rubrics: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = workspace.judged

    def judged(transcript: Transcript, initiative: Initiative, signals: Signals) -> CallScore:
        if transcript.call_id == "c-en":
            raise ValueError("no such act")
        return whole(transcript, initiative, signals)

    monkeypatch.setattr(workspace, "judged", judged)
    english, spanish = sorted(rescore_all(workspace, rubrics, initiative_id=None, version=None), key=lambda done: done.judged)
    assert (english.judged, [problem.call_id for problem in english.problems]) == (0, ["c-en"])
    assert "no such act" in english.problems[0].sentence
    assert (spanish.judged, spanish.problems) == (1, ())
