"""Files made to break the reader: each is a transcript or one short sentence, soon, and never a traceback."""

import copy
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transcript_exports import EXPORTS

from callcoach.errors import BadTranscript
from callcoach.intake.transcripts import FORMS, read_transcript, recognise, write_transcript

VTT = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Rep>Ready, Ann?</v>\n\n00:00:03.000 --> 00:00:04.000\nYes.\n"
SRT = "1\n00:00:01,000 --> 00:00:03,000\nRep: Ready, Ann?\n\n2\n00:00:03,000 --> 00:00:04,000\nCustomer: Yes.\n"
TXT = "[0:01] Rep: Ready, Ann?\n[0:03] Customer: Yes.\n"


def refused_or_read(path: Path) -> str | None:
    """The sentence of a refusal; what is read can be written in every form, or is refused in one sentence there too."""
    try:
        recognise(path)
        transcript = read_transcript(path)
    except BadTranscript as trouble:
        assert "\n" not in str(trouble)
        assert len(str(trouble)) < 500
        return str(trouble)
    for form in FORMS:
        try:
            write_transcript(transcript, form)
        except BadTranscript as trouble:
            assert len(str(trouble)) < 300
    for turn in transcript.turns:
        assert turn.start is None or turn.end is None or 0 <= turn.start <= turn.end
    return None


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*path, key))


def put(whole: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(whole)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


WRONG = (None, True, -1, 0, 1e308, 10**30, "", "x", "9" * 50, [], [[]], [None], {}, {"a": 1}, [{}], ["a"], "\u2028\x00\x1f")


@pytest.mark.slow
@pytest.mark.parametrize("what", EXPORTS)
def test_a_wrong_value_at_any_place_is_no_crash(tmp_path: Path, what: str) -> None:
    export = EXPORTS[what][1]
    refused = 0
    for path in places(export):
        for wrong in WRONG:
            (tmp_path / "x.json").write_text(json.dumps(put(export, path, wrong)), encoding="utf-8")
            refused += refused_or_read(tmp_path / "x.json") is not None
    assert refused > 50


@given(drawn=st.data(), what=st.sampled_from(sorted(EXPORTS)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_wrong_values_at_once_are_no_crash(tmp_path: Path, drawn: st.DataObject, what: str) -> None:
    export = EXPORTS[what][1]
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    values = st.recursive(st.none() | st.booleans() | numbers | st.text(st.characters(codec="utf-8"), max_size=8), st.lists)
    for _ in range(drawn.draw(st.integers(1, 4))):
        export = put(export, drawn.draw(st.sampled_from(list(places(export)))), drawn.draw(values))
    (tmp_path / "x.json").write_text(json.dumps(export), encoding="utf-8")
    refused_or_read(tmp_path / "x.json")


@given(drawn=st.data(), whole=st.sampled_from([VTT, SRT, TXT, json.dumps(EXPORTS["whisperx"][1])]))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_no_crash(tmp_path: Path, drawn: st.DataObject, whole: str) -> None:
    raw = bytearray(whole.encode())
    for _ in range(drawn.draw(st.integers(1, 5))):
        first = drawn.draw(st.integers(0, len(raw)))
        last = min(len(raw), first + drawn.draw(st.integers(0, 12)))
        raw[first:last] = drawn.draw(st.binary(max_size=6) | st.sampled_from([b"\n", b"-->", b":", b"<v ", b"\r\n\r\n", b"0"]))
    (tmp_path / "x").write_bytes(bytes(raw))
    refused_or_read(tmp_path / "x")


NUMBER = "9" * 15_000_000
DEEP = 3_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * DEEP, "not valid JSON"),
        ('{"turns": ' * DEEP, "larger than 20 MB"),
        ('{"segments": ' + "[" * DEEP, "not valid JSON"),
        ('{"turns": [{"speaker": "rep", "text": "a", "start": ' + NUMBER + "}]}", "not valid JSON"),
        ('{"segments": [{"text": "a", "start": "' + NUMBER + '", "end": 1}]}', 'segments[0].start is "999'),
        ('{"results": {"items": [{"start_time": "' + NUMBER + '", "alternatives": [{"content": "a"}]}]}}',
         "not a number of seconds"),
        ('{"turns": [{"speaker": "rep", "text": "a", "start": NaN}]}', "not valid JSON"),
        ('{"segments": [{"text": "a", "start": 0, "end": 1e400}]}', "not valid JSON"),
        ('{"monologues": [{"speaker": 1, "elements": [{"type": "text", "value": "\\ud800"}]}]}', "not valid JSON"),
        ("WEBVTT\n\n" + NUMBER + ":00:00.000 --> 00:00:01.000\nhi", "this WebVTT time cannot be read"),
        ("1\n00:00:01,000 --> " + NUMBER + "\nhi", "this SRT time cannot be read"),
        ("1\n" * 5_000_000, "has no speaker"),
        (" " * 10_000_000 + "-->", "has no speaker"),
        ("1\n00:00:01,000 --> 00:00:02,000\n" + "lost\n\n" * 1_000_000, "these SRT words have no time"),
    ],
    ids=[
        "nested", "too large", "nested segments", "a number", "a number in quotes", "an Amazon number", "NaN", "infinity",
        "half a character", "hours", "an end", "numbers", "spaces", "no times",
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_soon(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "x").write_text(text, encoding="utf-8")
    started = time.process_time()

    sentence = refused_or_read(tmp_path / "x")

    assert sentence is not None
    assert expected in sentence
    assert time.process_time() - started < 5.0


def many(rows: list[str]) -> str:
    return "[" + ",".join(rows) + "]"


@pytest.mark.parametrize(
    "text",
    [
        '{"turns": ' + many([f'{{"speaker": "Person {number}", "text": "hi"}}' for number in range(20_000)]) + "}",
        '{"segments": [{"text": "", "start": 0, "end": 9, "words": ' + many(['{"word": "7"}'] * 50_000) + "}]}",
        '{"segments": [{"text": "", "start": 0, "end": 9, "words": [{"word": "a", "start": 0, "end": 1}, '
        + ",".join(['{"word": "7"}'] * 50_000) + "]}]}",
        '{"monologues": [{"speaker": 1, "elements": ' + many(['{"type": "punct", "value": "-"}'] * 50_000) + "}]}",
        '{"words": ' + many([f'{{"text": "a", "start": {n}, "end": {n}, "speaker": "S{n}"}}' for n in range(20_000)]) + "}",
        "1\n00:00:01,000 --> 00:00:02,000\nRep: hi\n\n" * 20_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<i " * 300_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a: " * 300_000,
        "\n".join(f"Person {number}: hi" for number in range(20_000)),
    ],
    ids=["people", "no times", "one time", "marks", "voices", "cues", "tags", "names", "named"],
)  # fmt: skip
def test_much_of_it_takes_seconds_not_minutes(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text, encoding="utf-8")
    started = time.process_time()
    refused_or_read(tmp_path / "x")
    assert time.process_time() - started < 5.0
