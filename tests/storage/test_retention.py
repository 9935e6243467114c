"""What is past its date goes, whatever the clock says when it is asked; and nothing of it is taken in again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from a_company import CALLS, COMPANY, SAID, SECRET, move_in

from callcoach.app.retention import Retained, retain, without_old
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.intake.calls import CallFolder
from callcoach.settings import Settings
from callcoach.storage.copying import counted
from callcoach.storage.erasing import rows_as_text
from callcoach.storage.given import GivenToRuns

# wren-01 is of the 10th, wren-02 of the 14th, finch-01 of the 15th of November
TODAY = date(2026, 11, 22)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def kept_for(place: str | Path, home: Path) -> Iterator[object]:
    """The company under these settings."""
    opened = []

    def made(**days: int) -> Workspace:
        url = place if isinstance(place, str) else None
        workspace = Workspace(Settings(home=home, database_url=url, **days))
        if not opened:
            move_in(workspace.store)
        opened.append(workspace)
        return workspace

    yield made
    for each in opened:
        each.store.close()


def test_without_a_setting_everything_stays(kept_for) -> None:
    workspace = kept_for()
    before = counted(workspace.store)
    assert retain(workspace, today=date(2066, 1, 1)) == Retained(on=False)
    assert counted(workspace.store) == before


def test_on_the_last_day_it_is_there_and_on_the_next_it_is_gone(kept_for) -> None:
    workspace = kept_for(keep_scores_days=8)
    assert retain(workspace, today=date(2026, 11, 18)).calls == 0
    assert len(workspace.store.calls()) == 3
    assert retain(workspace, today=date(2026, 11, 19)).calls == 1
    assert [call.call_id for call in workspace.store.calls()] == ["wren-02", "finch-01"]
    assert retain(workspace, today=date(2026, 11, 19)).calls == 0


@pytest.mark.parametrize("today", [date(2026, 11, 19), date(2026, 11, 23), date(2026, 11, 24), date(2027, 6, 1)])
def test_whenever_it_is_asked_nothing_past_its_date_remains(kept_for, home: Path, today: date) -> None:
    workspace = kept_for(keep_scores_days=8)
    retain(workspace, today=today)
    gone = [call for call in CALLS if call.day and (today - call.day).days > 8]
    left = "\n".join(text for table, text in rows_as_text(workspace.store, skip=("audit",)))
    for call in gone:
        assert call.call_id not in left and call.content not in left
    if "wren-01" in {call.call_id for call in gone} and workspace.settings.database_url is None:
        assert SAID["wren-01"][1][1].encode() not in b"".join(file.read_bytes() for file in home.glob("callcoach.db*"))


def test_words_go_before_the_judgement_that_quotes_them(kept_for) -> None:
    workspace = kept_for(keep_transcripts_days=10)
    done = retain(workspace, today=TODAY)
    assert (done.recordings, done.transcripts, done.calls) == (0, 1, 0)
    found = counted(workspace.store)
    words = ("transcripts", "readings", "entities", "signals", "second_opinions", "groundworks")
    assert {name: found[name].rows for name in words} == dict.fromkeys(words, 2)
    assert workspace.store.current_transcript("wren-01") is None
    assert any(SECRET in quote.quote for score in workspace.store.scores() for quote in score.evidence)
    assert found["kept_reports"].rows == 0, "the next run makes them without what went"
    assert found["coaching_history"].rows == 2


def test_sound_goes_from_the_home_folder_and_other_folders_are_told(kept_for, home: Path, tmp_path: Path) -> None:
    workspace = kept_for(keep_recordings_days=7)
    taken_in, theirs = home / "calls" / "in-wren-01.ogg", tmp_path / "srv" / "wren-02.ogg"
    for file in (taken_in, taken_in.with_suffix(".yaml"), theirs, home / "cache" / "audio" / f"{'a' * 64}.wav"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("sound")
    GivenToRuns(workspace.store).keep(COMPANY, {"a" * 64: taken_in, "b" * 64: theirs})
    done = retain(workspace, today=TODAY)
    assert (done.recordings, done.elsewhere, done.kept) == (2, 1, ())
    assert not taken_in.exists() and not taken_in.with_suffix(".yaml").exists() and theirs.exists()
    assert not list((home / "cache" / "audio").iterdir())
    assert workspace.store.peaks("a" * 64) is None and workspace.store.peaks("c" * 64) is not None
    assert workspace.store.current_transcript("wren-01") is not None
    assert done.sentence == (
        "Past its date and gone: sound of 2 calls. Past their date in folders that are only read: 1 recording. Delete them there."
    )


def test_old_calls_in_a_folder_are_not_taken_in_again(tmp_path: Path) -> None:
    undated = Call(call_id="undated", content="9" * 64, transcript_path="x.txt")
    folder = CallFolder(tmp_path, (*CALLS, undated), (), COMPANY)
    (kept,), left_out = without_old(Settings(keep_transcripts_days=7, keep_scores_days=100), [folder], TODAY)
    assert [call.call_id for call in kept.calls] == ["finch-01", "undated"] and left_out == 2
    assert without_old(Settings(keep_recordings_days=1), [folder], TODAY) == ([folder], 0)


def test_a_call_without_a_day_is_named_as_one_that_never_grows_old(kept_for) -> None:
    workspace = kept_for(keep_scores_days=1)
    workspace.store.add_calls([Call(call_id="undated", content="9" * 64, transcript_path="x.txt")])
    done = retain(workspace, today=date(2030, 1, 1))
    assert done.calls == 3 and done.undated == 1 and "Without a day, so never old: 1 call." in done.sentence
    assert [call.call_id for call in workspace.store.calls()] == ["undated"]
