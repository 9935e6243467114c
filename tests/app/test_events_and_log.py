"""What is told of the work: declared fields alone, one line an event, and no word of a call by whatever way it might get in."""

import inspect
import io
import json
import logging
import os
import re
import sys
import threading
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

import pytest

from callcoach import events, marks
from callcoach.app.log import close_log, open_log
from callcoach.app.log_files import log_files, marks_of, without_lines
from callcoach.app.stage_clock import clocked
from callcoach.batch.executors import InProcess, Outcome
from callcoach.batch.timed import timed, told
from callcoach.errors import BadAudio, UsageError
from callcoach.events import CallDone, CallFailed, Event, ModelLoaded, gathered, say
from callcoach.marks import CallMark, ErrorName, Mark, Place, Stage
from callcoach.settings import Settings

CONTENT = "3f2a" * 16
CANARY = "Zanzibarova"
SOURCE = Path(events.__file__).parent


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_log()


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    said: list[Event] = []
    stop = events.listen(lambda event, _: said.append(event))
    yield said
    stop()


def test_every_event_is_declared_with_fields_that_cannot_hold_a_text():
    declared = [each for each in vars(events).values() if inspect.isclass(each) and issubclass(each, Event) and each is not Event]
    assert len(declared) > 15
    for event in declared:
        assert event.name and event.__doc__
        for name, kind in typing.get_type_hints(event).items():
            if name in ("name", "level"):
                continue
            for each in typing.get_args(kind) or (kind,):
                assert each in (int, float, bool, type(None)) or issubclass(each, StrEnum | Mark), (
                    f"{event.__name__}.{name}: {each}"
                )
                assert each not in (str, Mark)


def test_every_event_is_told_somewhere():
    files = [file for file in SOURCE.rglob("*.py") if file not in (SOURCE / "events.py", SOURCE / "app" / "metrics.py")]
    said = "".join(
        line for file in files for line in file.read_text().splitlines() if not line.startswith("from callcoach.events")
    )
    said += inspect.getsource(events.loading)
    declared = [each for each in vars(events).values() if inspect.isclass(each) and issubclass(each, Event) and each is not Event]
    assert [each.__name__ for each in declared if not re.search(rf"\b{each.__name__}\b", said)] == []


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (CallMark, "3f2a3f2a3f2a3f2a", "wren-01"),
        (marks.AccountMark, "0123456789abcdef", "anna.bauer"),
        (marks.RequestMark, "6c1d0a7e-0000-4000-8000-3f2a3f2a3f2a", "anna-bauer-called"),
        (marks.Route, "/calls/{call_id}", "/calls/anna bauer"),
        (marks.ErrorName, "BadAudio", "Anna Bauer"),
        (Place, "callcoach.app.run:12 < callcoach.cli.main:3", "run.py: Anna said"),
    ],
)
def test_a_mark_of_another_shape_is_withheld(kind, good, bad):
    assert kind(good) == good and kind(bad) == marks.WITHHELD and kind(good + "\n") == marks.WITHHELD


def test_a_plain_text_in_a_field_is_withheld(tmp_path):
    open_log(Settings(log_file=tmp_path / "log"))
    say(CallFailed(call=CANARY, stage=Stage.HEAR, error=f"{CANARY}: no sound", attempts=1))  # type: ignore[arg-type]
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert CANARY not in line and json.loads(line)["call"] == json.loads(line)["error"] == marks.WITHHELD


def test_a_line_a_event_as_json_and_as_text(tmp_path):
    failed = CallFailed(call=CallMark.of(CONTENT), stage=Stage.HEAR, error=ErrorName.of(BadAudio("x")), attempts=2)
    open_log(Settings(log_file=tmp_path / "json"))
    with events.within(run=12):
        say(failed)
    said = json.loads((tmp_path / "json").read_text())
    assert said.pop("at").endswith("Z")
    assert said == {
        "level": "warning", "event": "call.failed", "pid": os.getpid(), "run": 12,
        "call": "3f2a3f2a3f2a3f2a", "stage": "hear", "error": "BadAudio", "attempts": 2,
    }  # fmt: skip
    assert (tmp_path / "json").stat().st_mode & 0o077 == 0
    open_log(Settings(log_file=tmp_path / "text", log_format="text"))
    say(failed)
    line = (tmp_path / "text").read_text().strip()
    told = f" warning call.failed pid={os.getpid()} call=3f2a3f2a3f2a3f2a stage=hear error=BadAudio attempts=2"
    assert line.endswith(told)
    assert (tmp_path / "json").read_text().count("\n") == 1, "asked for anew, it is written as it is asked for now"


def test_what_is_unknown_is_left_out_and_levels_are_kept(tmp_path):
    open_log(Settings(log_file=tmp_path / "log"))
    say(CallDone(call=CallMark.of(CONTENT), stage=Stage.HEAR))
    assert (tmp_path / "log").read_text() == ""
    open_log(Settings(log_file=tmp_path / "log", log_level="debug"))
    say(CallDone(call=CallMark.of(CONTENT), stage=Stage.HEAR))
    assert "seconds" not in json.loads((tmp_path / "log").read_text())


def test_nothing_is_written_unasked_and_a_server_says_what_is_wrong(capfd, monkeypatch):
    open_log(Settings())
    say(CallFailed(call=CallMark.of(CONTENT), stage=Stage.HEAR, error=None, attempts=1))
    assert capfd.readouterr().err == ""
    open_log(Settings(), serving=True)
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    say(events.DeliverySent(channel=marks.Channel.MAIL))
    say(events.DeliveryFailed(channel=marks.Channel.MAIL))
    assert [line.split()[1:3] for line in stderr.getvalue().splitlines()] == [["warning", "delivery.failed"]]


def test_of_what_libraries_log_only_logger_class_and_place_are_written(tmp_path):
    open_log(Settings(log_file=tmp_path / "log"))
    try:
        raise ValueError(f"{CANARY} said no")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception with %s", CANARY)
    logging.getLogger("a.library").warning("%s said no", CANARY)
    first, second = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert CANARY not in (tmp_path / "log").read_text()
    assert (first["logger"], first["error"], first["level"]) == ("uvicorn.error", "ValueError", "error")
    assert first["place"].startswith("test_events_and_log:")
    assert (second["logger"], second["event"]) == ("a.library", "other") and "error" not in second


def test_libraries_keep_to_the_level_as_well(tmp_path):
    open_log(Settings(log_file=tmp_path / "log", log_level="error"))
    logging.getLogger("a.library").warning("not asked for")
    logging.getLogger("a.library").error("asked for")
    assert [json.loads(line)["level"] for line in (tmp_path / "log").read_text().splitlines()] == ["error"]


def test_a_log_that_was_rotated_away_goes_on_in_a_new_file(tmp_path):
    log = tmp_path / "log"
    open_log(Settings(log_file=log))
    say(events.DeliverySent(channel=marks.Channel.MAIL))
    log.rename(tmp_path / "log.1")
    say(events.DeliverySent(channel=marks.Channel.MAIL))
    assert log.stat().st_mode & 0o777 == 0o600, "the new one is for its owner's eyes, too"
    assert log.read_text().count("\n") == (tmp_path / "log.1").read_text().count("\n") == 1


def test_a_log_that_cannot_be_written_is_said_at_once(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="Choose another CALLCOACH_LOG_FILE"):
        open_log(Settings(log_file=tmp_path / "folder"))


def test_lines_about_a_call_are_taken_out_of_the_log_and_of_those_rotated_away(tmp_path):
    settings = Settings(log_file=tmp_path / "log")
    open_log(settings)
    other = CallMark.of("aa" * 32)
    for call in (CallMark.of(CONTENT), other):
        say(CallFailed(call=call, stage=Stage.HEAR, error=None, attempts=1))
    (tmp_path / "log.1").write_text((tmp_path / "log").read_text())
    (tmp_path / "log.2.gz").write_bytes(b"3f2a3f2a3f2a3f2a")
    (tmp_path / "logbook").write_text("3f2a3f2a3f2a3f2a")
    assert [file.name for file in log_files(settings)] == ["log", "log.1"]
    assert without_lines(settings, marks_of([CONTENT], ["not a mark"])) == 2
    say(CallFailed(call=other, stage=Stage.HEAR, error=None, attempts=2))
    assert [json.loads(line)["call"] for line in (tmp_path / "log").read_text().splitlines()] == [other, other]
    assert "3f2a" in (tmp_path / "logbook").read_text()


def test_what_a_worker_tells_is_told_by_its_parent_with_how_long_it_took(heard):
    def make() -> typing.Callable[[int], int]:
        def work(item: int) -> int:
            say(ModelLoaded(model=marks.Model.ENCODER, seconds=float(item)))
            if item == 2:
                raise BadAudio("two.wav: damaged.")
            return 10 * item

        return work

    found = list(told(InProcess().outcomes(timed(make), [1, 2])))
    assert [(each.item, each.value, each.failure, each.error) for each in found] == [
        (1, 10, None, None),
        (2, None, "two.wav: damaged.", "BadAudio"),
    ]
    assert all(each.seconds is not None for each in found)
    assert [event.seconds for event in heard if isinstance(event, ModelLoaded)] == [1.0, 2.0]
    (lost,) = told([Outcome(3, None, "The worker process died.")])
    assert (lost.failure, lost.error, lost.seconds) == ("The worker process died.", None, None)


def test_a_stage_counts_what_came_through_and_what_failed(heard):
    mark = CallMark.of(CONTENT)
    with clocked(Stage.JUDGE):
        say(CallDone(call=mark, stage=Stage.MEASURE))
        say(CallDone(call=mark, stage=Stage.JUDGE))
        say(CallDone(call=mark, stage=Stage.JUDGE))
        say(CallFailed(call=mark, stage=Stage.MEASURE, error=None, attempts=1))
    assert (heard[-1].done, heard[-1].failed) == (2, 1)
    with pytest.raises(ZeroDivisionError), clocked(Stage.HEAR):
        raise ZeroDivisionError
    assert sum(isinstance(event, events.StageFinished) for event in heard) == 1


def test_whoever_gathers_keeps_it_from_everybody_else(heard):
    with gathered() as kept:
        say(events.DeliverySent(channel=marks.Channel.MAIL))
        other = threading.Thread(target=say, args=(events.DeliveryFailed(channel=marks.Channel.MAIL),))
        other.start()
        other.join()
    assert len(kept) == 1 and [event.name for event in heard] == ["delivery.failed"], "a server tells what else it does"
    heard.clear()
    say(events.DeliverySent(channel=marks.Channel.MAIL))
    assert len(heard) == 1


def test_an_event_with_a_text_would_not_pass():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Loose(Event):
        text: str

    said: list[dict[str, object]] = []
    stop = events.listen(lambda _, told: said.append(dict(told)))
    say(Loose(text=CANARY))
    stop()
    assert said == [{"text": marks.WITHHELD}] and [field.name for field in fields(Loose)] == ["text"]


def test_settings_of_the_log_are_what_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("CALLCOACH_LOG_FILE", str(tmp_path / "log"))
    monkeypatch.setenv("CALLCOACH_LOG_FORMAT", "xml")
    with pytest.raises(ValueError, match="log_format"):
        Settings()
    assert not Path(tmp_path / "log").exists()
