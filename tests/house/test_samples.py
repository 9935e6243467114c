"""The sample company: its files are whole, agree with each other, and are what make_reference.py makes of its sources."""

import csv
import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import av
import msgspec
import pytest
from ruamel.yaml import YAML

from callcoach.domain.call import CallKind, Role, Transcript
from callcoach.domain.people import PersonRole
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Verdict
from callcoach.intake.calls import read_call_folder
from callcoach.intake.rubrics import read_rubrics
from callcoach.intake.transcripts import read_transcript

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_calls"
with (SAMPLE / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
    ROWS = list(csv.DictReader(manifest))
CALLS = [row["call_id"] for row in ROWS if row["kind"] == "call"]
LEADERS = [row["call_id"] for row in ROWS if row["kind"] == "leader"]


@pytest.fixture(scope="module")
def make_reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", SAMPLE / "make_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def transcript(call_id: str) -> Transcript:
    return msgspec.json.decode((SAMPLE / "reference" / f"{call_id}.transcript.json").read_bytes(), type=Transcript)


def labels(call_id: str) -> dict:
    return msgspec.json.decode((SAMPLE / "reference" / f"{call_id}.labels.json").read_bytes())


def test_24_calls_and_4_leader_recordings_each_with_its_audio():
    assert (len(CALLS), len(LEADERS)) == (24, 4)
    on_disk = {path.name for path in (SAMPLE / "audio").iterdir()}
    assert {Path(row["audio_path"]).name for row in ROWS} == on_disk
    assert all((SAMPLE / row["audio_path"]).is_file() for row in ROWS)


def test_the_folder_reads_as_these_28_calls_and_nothing_else():
    found = read_call_folder(SAMPLE)
    assert not found.problems
    assert {call.call_id for call in found.calls} == {*CALLS, *LEADERS}
    assert {call.call_id for call in found.calls if call.kind is CallKind.LEADER_RECORDING} == set(LEADERS)
    assert all(call.audio_path and call.day for call in found.calls)
    assert len([person for person in found.company.people if person.role is PersonRole.REP]) == 6


def test_the_rubrics_read_without_a_problem():
    found = read_rubrics(ROOT / "rubrics")
    assert not found.problems
    assert {initiative.id for initiative in found.initiatives} == {"catchback", "safeseat", "known-by-name"}


@pytest.mark.parametrize("call_id", CALLS + LEADERS)
def test_reference_transcripts_read_like_any_other(call_id):
    read = read_transcript(SAMPLE / "reference" / f"{call_id}.transcript.json")
    assert replace(read, roles=None) == transcript(call_id), "that the labels give the roles is told by reading"


@pytest.mark.parametrize(("kind", "channels"), [("call", 2), ("leader", 1)])
def test_calls_are_recorded_on_two_channels_and_leaders_on_one(kind, channels):
    for row in ROWS:
        if row["kind"] == kind:
            with av.open(str(SAMPLE / row["audio_path"])) as recording:
                assert recording.streams.audio[0].channels == channels, row["call_id"]
            assert row["rep_channel"] == ("0" if channels == 2 else "")


def test_every_person_in_the_manifest_stands_in_the_people_file():
    people = {person["id"]: person for person in YAML(typ="safe").load(SAMPLE / "people.yaml")["people"]}
    for row in ROWS:
        speaker, nobody = (row["rep_id"], row["leader_id"]) if row["kind"] == "call" else (row["leader_id"], row["rep_id"])
        assert not nobody, row["call_id"]
        assert (people[speaker]["role"] == "rep") == (row["kind"] == "call"), row["call_id"]
        assert row["team"] == people[speaker].get("team", ""), row["call_id"]


def test_only_a_call_that_was_won_has_an_amount():
    assert all(bool(row["amount"]) == (row["outcome"] == "won") for row in ROWS)


def test_small_enough_for_a_repository():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 25_000_000


@pytest.mark.parametrize("call_id", CALLS)
def test_reference_transcript_has_turns_in_order_within_the_recording(call_id):
    spoken = transcript(call_id)
    assert spoken.call_id == call_id
    assert {turn.role for turn in spoken.turns} == {Role.REP, Role.CUSTOMER}
    starts = [turn.start for turn in spoken.turns]
    assert starts == sorted(starts)
    assert all(0 <= turn.start < turn.end <= spoken.duration for turn in spoken.turns)


@pytest.mark.parametrize("call_id", LEADERS)
def test_reference_transcript_of_a_leader_is_one_speaker_without_times(call_id):
    spoken = transcript(call_id)
    assert {turn.role for turn in spoken.turns} == {Role.LEADER}
    assert all(turn.start is None and turn.text for turn in spoken.turns)


@pytest.mark.parametrize("call_id", CALLS)
def test_labels_agree_with_tags(call_id):
    """A level above 0 has a tagged turn, a question that was asked has one, and acts belong to those who can do them."""
    spoken, gold = transcript(call_id), labels(call_id)
    acts: dict[str, set[Act]] = {initiative: set() for initiative in gold["initiatives"]}
    for tag in gold["tags"]:
        possible = REP_ACTS if spoken.turns[tag["turn"]].role is Role.REP else CUSTOMER_ACTS
        for initiative, named in tag["acts"].items():
            assert set(named) <= set(possible), (call_id, tag)
            acts[initiative] |= {Act(name) for name in named}
    for initiative, label in gold["initiatives"].items():
        assert (ROOT / "rubrics" / f"{initiative}.yaml").is_file()
        for component in Component:
            assert (label["levels"][component] > 0) == (Act(component.value) in acts[initiative]), (
                call_id,
                initiative,
                component,
            )
        assert label["asked_why"] == (Act.ASK in acts[initiative]), (call_id, initiative)
        assert (Answer(label["answer"]) is Answer.NOT_ASKED) == (not label["asked_why"]), (call_id, initiative)
        verdict = Verdict(label["verdict"])
        if verdict is Verdict.EXPLAINS:
            assert label["levels"]["part"] == 2 and label["levels"]["wall"] > 0
        if verdict is Verdict.RECITES:
            assert Act.RECITE in acts[initiative]
        if verdict is Verdict.STUMBLES:
            assert Act.STUMBLE in acts[initiative]


@pytest.mark.parametrize("call_id", LEADERS)
def test_leaders_have_a_level_for_every_component_of_the_stories_they_tell(call_id):
    gold = labels(call_id)["initiatives"]
    assert gold.keys() >= {"catchback", "safeseat"}
    assert all((ROOT / "rubrics" / f"{initiative}.yaml").is_file() for initiative in gold)
    assert all(set(label["levels"]) == set(Component) and set(label["levels"].values()) <= {0, 1, 2} for label in gold.values())


def test_manifest_and_reference_are_what_the_script_makes(make_reference, tmp_path):
    make_reference.main(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE) for path in [*(SAMPLE / "reference").glob("*.json"), SAMPLE / "manifest.csv"]}
    assert made.keys() == kept
    for name, body in made.items():
        assert body == (SAMPLE / name).read_bytes(), f"{name} is not what sample_calls/make_reference.py makes: run it again."


def test_a_line_that_is_neither_header_nor_turn_is_refused(make_reference, tmp_path):
    source = tmp_path / "calls.txt"
    source.write_text("=== x-01 rep=R01\nR: Hello.\nNobody said this.\n")
    with pytest.raises(ValueError, match=r"calls\.txt, line 3"):
        make_reference.read_source(source)
