"""What other tools export, in the shapes they write."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from transcript_exports import (
    AMAZON_CALL_ANALYTICS,
    AMAZON_SPEAKERS,
    ASSEMBLYAI,
    DEEPGRAM_CHANNELS,
    EXPORTS,
    FASTER_WHISPER,
    GONG,
    GONG_CALLS,
    NO_WORD_TIMES,
    ONE_VOICE,
    OWN,
    POST_CALL,
    REV_AI,
    SPEAKERS_KNOWN,
    WHISPERX,
)

from callcoach.domain.call import Role, RoleFinding, RoleSource, Transcript
from callcoach.errors import BadTranscript
from callcoach.intake.calls import read_call_folder
from callcoach.intake.transcripts import read_transcript, recognise

GENUINE = Path(__file__).parents[3] / "shared" / "data" / "interchange"
genuine = pytest.mark.skipif(not GENUINE.is_dir(), reason="the genuine exports are not beside the repository")
GIVEN = RoleFinding(source=RoleSource.GIVEN)


def written(folder: Path, export: Any, name: str = "wren-01.json") -> Path:
    (folder / name).write_text(json.dumps(export), encoding="utf-8")
    return folder / name


def read(folder: Path, export: Any, **asked: Any) -> Transcript:
    return read_transcript(written(folder, export), **asked)


def refusal(folder: Path, export: Any, **asked: Any) -> str:
    with pytest.raises(BadTranscript) as raised:
        read(folder, export, **asked)
    start = f"{folder.name}/wren-01.json: "
    assert str(raised.value).startswith(start)
    return str(raised.value).removeprefix(start)


def changed(export: Any, *path: str | int, to: Any) -> Any:
    """A copy with one value replaced."""
    whole = copy.deepcopy(export)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return whole


@pytest.mark.parametrize("what", EXPORTS)
def test_each_format_is_recognised_and_read_with_its_times(tmp_path: Path, what: str) -> None:
    name, export = EXPORTS[what]
    path = written(tmp_path, export, "export.txt")  # the ending tells nothing

    transcript = read_transcript(path, call_id="asked")

    assert recognise(path) == name
    assert transcript.call_id == "asked"
    assert " ".join(turn.text for turn in transcript.turns) == "Ready, Ann? I am 21 today."
    assert (transcript.turns[0].start, transcript.turns[-1].end) == (0.46, 3.5)
    words = [word for turn in transcript.turns for word in turn.words]
    if what == "our own":
        assert [word.text for word in words] == ["Ready,", "Ann?"]
    elif what not in NO_WORD_TIMES:
        assert [(word.text, word.start, word.end) for word in words] == [
            ("Ready,", 0.46, 0.9), ("Ann?", 0.9, 1.29), ("I", 2.0, 2.1), ("am", 2.1, 2.3), ("21", 2.3, 3.0), ("today.", 3.0, 3.5),
        ]  # fmt: skip
        assert all(turn.text == " ".join(word.text for word in turn.words) for turn in transcript.turns)
    speakers = [turn.speaker for turn in transcript.turns]
    if what in ONE_VOICE:
        assert speakers == ["unknown"]
    else:
        assert speakers == (["rep", "customer"] if what in SPEAKERS_KNOWN else ["unknown", "unknown2"])
    if what != "our own":
        assert transcript.roles == (GIVEN if what in SPEAKERS_KNOWN else None)


# Gong


def test_gong_parties_may_lie_in_a_file_beside(tmp_path: Path) -> None:
    written(tmp_path, GONG_CALLS, "wren-01.extensive.json")

    transcript = read(tmp_path, GONG)

    assert [turn.speaker for turn in transcript.turns] == ["rep", "customer"]
    assert (transcript.language, transcript.duration) == ("en", 5.0)
    found = read_call_folder(tmp_path)
    assert ([call.call_id for call in found.calls], found.problems) == (["wren-01"], ()), "the file beside is no call"


def test_a_gong_party_whom_gong_does_not_know_is_no_customer(tmp_path: Path) -> None:
    parties = changed(GONG_CALLS, "calls", 0, "parties", 1, "affiliation", to="Unknown")

    transcript = read(tmp_path, {**GONG, **parties}, rep_names=["Tyler Boone"])

    assert [turn.speaker for turn in transcript.turns] == ["rep", "unknown"]
    assert read(tmp_path, {**GONG, **parties}, rep_names=["Ann Lee"]).turns[1].speaker == "rep2", "a colleague by name"


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [
        (1, None),  # milliseconds, by how fast people talk
        (1, 4),
        (0.001, None),  # an export in seconds
        (0.001, 4),
    ],
)
def test_gong_times_are_milliseconds_or_seconds_as_fits(tmp_path: Path, unit: float, seconds: float | None) -> None:
    export = copy.deepcopy(GONG)
    for monologue in export["callTranscripts"][0]["transcript"]:
        for sentence in monologue["sentences"]:
            sentence.update(start=sentence["start"] * unit, end=sentence["end"] * unit)

    turns = read(tmp_path, export, seconds=seconds).turns

    assert [(turn.start, turn.end) for turn in turns] == [(0.46, 1.29), (2.0, 3.5)]


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        (46, 350, None),  # neither: 4 words in 304 s or in 0.3 s
        (2000, 3500, 1),  # milliseconds by the speed of talk, but longer than the recording
    ],
)
def test_gong_times_that_could_be_either_are_refused(tmp_path: Path, start: int, end: int, seconds: float | None) -> None:
    sentences = [{"start": start, "end": end, "text": "I am 21 today."}]
    export = changed(GONG, "callTranscripts", 0, "transcript", to=[{"speakerId": "1", "sentences": sentences}])

    sentence = refusal(tmp_path, export, seconds=seconds)

    assert sentence.startswith("its times cannot be told to be milliseconds or seconds (4 words until ")
    assert sentence.endswith("Export it anew from Gong, whose times are milliseconds, or convert it to WebVTT.")


def test_of_several_gong_calls_the_one_asked_for_is_read(tmp_path: Path) -> None:
    second = {"callId": "8", "transcript": [{"speakerId": "1", "sentences": [{"start": 0, "end": 900, "text": "Only me."}]}]}
    export = {"callTranscripts": [*GONG["callTranscripts"], second]}

    assert read(tmp_path, export, call_id="8").turns[0].text == "Only me."
    assert refusal(tmp_path, export) == (
        "it holds 2 calls (7782342274025937895, 8). Write each into a file of its own, or name the file, or the call_id, "
        "after the one that is meant."
    )


# Amazon


def test_newer_amazon_items_name_their_speaker_themselves(tmp_path: Path) -> None:
    export = copy.deepcopy(AMAZON_SPEAKERS)
    del export["results"]["speaker_labels"]
    for number, item in enumerate(export["results"]["items"]):
        item["speaker_label"] = "spk_0" if number < 4 else "spk_1"

    assert [turn.speaker for turn in read(tmp_path, export).turns] == ["unknown", "unknown2"]


def test_a_post_call_word_without_length_lasts_until_the_next_but_not_through_a_pause(tmp_path: Path) -> None:
    export = copy.deepcopy(POST_CALL)
    for segment in export["SpeechSegments"]:
        for word in segment["WordConfidence"]:
            word["EndTime"] = word["StartTime"]

    ends = [word.end for turn in read(tmp_path, export).turns for word in turn.words]

    assert ends == pytest.approx([0.86, 1.29, 2.1, 2.3, 2.7, 3.4])


@genuine
@pytest.mark.parametrize(
    ("name", "form", "words", "speakers", "seconds"),
    [
        ("amazon-transcribe-call-analytics.json", "amazon-call-analytics", 462, {"rep", "customer"}, 182.89),
        ("amazon-post-call-analytics.json", "amazon-post-call-analytics", 94, {"rep", "customer"}, 28.96),
        ("amazon-bedrock-bda.json", "amazon-bedrock-data-automation", 737, {"unknown", "unknown2"}, 273.16),
    ],
)
def test_genuine_amazon_exports_keep_every_word_and_its_times(
    name: str, form: str, words: int, speakers: set[str], seconds: float
) -> None:
    transcript = read_transcript(GENUINE / name)

    assert recognise(GENUINE / name) == form
    assert sum(len(turn.words) for turn in transcript.turns) == words, "as counted in the file itself"
    assert {turn.speaker for turn in transcript.turns} == speakers
    assert (transcript.language, transcript.duration) == ("en", seconds)
    for turn in transcript.turns:
        assert turn.text == " ".join(word.text for word in turn.words)
        starts = [word.start for word in turn.words]
        assert starts == sorted(starts)


# the others


def test_two_channels_are_told_in_the_order_in_which_they_talk(tmp_path: Path) -> None:
    export = copy.deepcopy(DEEPGRAM_CHANNELS)
    first = export["results"]["channels"][0]["alternatives"][0]["words"]
    first.append({**first[0], "punctuated_word": "Good.", "start": 4.0, "end": 4.2})

    turns = [(turn.speaker, turn.text) for turn in read(tmp_path, export).turns]

    assert turns == [("unknown", "Ready, Ann?"), ("unknown2", "I am 21 today."), ("unknown", "Good.")]


def test_an_assemblyai_speaker_c_is_no_customer_but_a_named_rep_is_the_rep(tmp_path: Path) -> None:
    assert [turn.speaker for turn in read(tmp_path, ASSEMBLYAI).turns] == ["unknown", "unknown2"]
    named = changed(ASSEMBLYAI, "utterances", 0, "speaker", to="Tyler Boone")
    assert [turn.speaker for turn in read(tmp_path, named, rep_names=["Tyler Boone"]).turns] == ["rep", "customer"]


def test_a_rev_speaker_has_a_display_name(tmp_path: Path) -> None:
    transcript = read(tmp_path, REV_AI, rep_names=["Tyler Boone"])

    assert [turn.speaker for turn in transcript.turns] == ["rep", "customer"]
    assert transcript.roles == GIVEN


def test_a_hyphen_between_two_rev_elements_makes_one_word(tmp_path: Path) -> None:
    elements = [
        {"type": "text", "value": "Twenty", "ts": 1.0, "end_ts": 1.5},
        {"type": "punct", "value": "-"},
        {"type": "text", "value": "one", "ts": 1.5, "end_ts": 2.0},
        {"type": "punct", "value": ", "},
        {"type": "text", "value": "New York", "ts": 3.0, "end_ts": 3.7},
    ]
    (turn,) = read(tmp_path, {"monologues": [{"speaker": 0, "elements": elements}]}).turns

    assert turn.text == "Twenty-one, New York"
    assert [(word.text, word.start, word.end) for word in turn.words] == [
        ("Twenty-one,", 1.0, 2.0),
        ("New", 3.0, pytest.approx(3.3)),  # an item of two words shares its time by the letters
        ("York", pytest.approx(3.3), 3.7),
    ]


def test_whisperx_numerals_at_the_borders_take_the_segments_times(tmp_path: Path) -> None:
    words = [{"word": "7"}, {"word": "of", "start": 1.0, "end": 1.2, "score": 0.5}, {"word": "9"}, {"word": "10"}]
    segment = {"start": 0.5, "end": 2.2, "text": "7 of 9 10", "words": words}

    (turn,) = read(tmp_path, {"segments": [segment]}).turns

    assert [(word.start, word.end) for word in turn.words] == [(0.5, 1.0), (1.0, 1.2), (1.2, 1.7), (1.7, 2.2)]


def test_a_whisperx_segment_may_hold_two_speakers(tmp_path: Path) -> None:
    export = copy.deepcopy(WHISPERX)
    export["segments"][1]["words"][3]["speaker"] = "SPEAKER_01"

    assert [(turn.speaker, turn.text) for turn in read(tmp_path, export).turns] == [
        ("unknown", "Ready, Ann?"),
        ("unknown2", "I am 21"),
        ("unknown", "today."),
    ]


def test_words_that_run_backwards_lose_their_times_but_not_their_text(tmp_path: Path) -> None:
    words = [{"word": "then", "start": 2.0, "end": 2.5}, {"word": "first", "start": 1.0, "end": 1.5}]
    (turn,) = read(tmp_path, {"segments": [{"start": 1.0, "end": 2.5, "text": "then first", "words": words}]}).turns

    assert (turn.text, turn.start, turn.end, turn.words) == ("then first", 1.0, 2.5, ())


# units and refusals


@pytest.mark.parametrize(
    ("export", "seconds"),
    [(FASTER_WHISPER, 1.4), (AMAZON_SPEAKERS, 1.4), (REV_AI, 1.0), (OWN, 1.0), (AMAZON_CALL_ANALYTICS, 1.0)],
)
def test_words_after_the_end_of_the_recording_are_refused(tmp_path: Path, export: Any, seconds: float) -> None:
    assert refusal(tmp_path, export, seconds=seconds) == (
        f"its words go on until 3.5 s, but the recording is {seconds:.1f} s long. "
        "Check that it is the transcript of this call and that its times are in the format's own unit."
    )


def test_a_known_length_is_the_transcripts_duration(tmp_path: Path) -> None:
    assert read(tmp_path, REV_AI, seconds=60.0).duration == 60.0
    assert read(tmp_path, REV_AI).duration == 3.5, "without one, the last word's end"


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        # seconds where milliseconds belong, and times that cannot be
        (changed(ASSEMBLYAI, "utterances", 0, "words", 0, "end", to=0.9),
         "utterances[0].words[0].end is 0.9. Times here are whole milliseconds: write them like 1620."),
        (changed(DEEPGRAM_CHANNELS, "metadata", "duration", to=1),
         "its words go on until 3.5 s, but the recording is 1.0 s long. Check that it is the transcript of this call and that "
         "its times are in the format's own unit."),
        (changed(REV_AI, "monologues", 1, "elements", 2, "ts", to=-2),
         "monologues[1].elements[2].ts is -2. Times are 0 or more."),
        (changed(AMAZON_SPEAKERS, "results", "items", 2, "start_time", to="soon"),
         'results.items[2].start_time is "soon", not a number of seconds.'),
        (changed(AMAZON_SPEAKERS, "results", "items", 2, "start_time", to="9" * 1_000_000),
         'results.items[2].start_time is "99999999999999999999999999999999999999999999999999999999..., not a number of seconds.'),
        (changed(AMAZON_SPEAKERS, "results", "items", 2, "start_time", to="1.5"),
         "results.items[2] ends at 1.29 s before it starts at 1.5 s."),
        (changed(WHISPERX, "segments", 0, "end", to=1e300), "segments[0].end is 1e300. That is longer than any call."),
        (changed(WHISPERX, "segments", 0, "words", 1, "score", to=7), "segments[0].words[1].score is 7.0, not between 0 and 1."),
        # wrong types
        (changed(GONG, "callTranscripts", 0, "transcript", 1, to=7), "callTranscripts[0].transcript[1] is 7, not an object."),
        (changed(GONG, "callTranscripts", to=[]), "callTranscripts is empty. Ask Gong for the transcript once it is there."),
        (changed(AMAZON_CALL_ANALYTICS, "Transcript", 1, "Items", to="words"), 'Transcript[1].Items is "words", not a list.'),
        (changed(POST_CALL, "SpeechSegments", 0, "WordConfidence", 1, "Text", to=None),
         "SpeechSegments[0].WordConfidence[1] has no Text."),
        # no words
        ({"segments": []}, "there are no words in it. Export the call anew once it is transcribed."),
        ({"results": {"channels": []}}, "there are no words in it. Export the call anew once it is transcribed."),
        ({**ASSEMBLYAI, "status": "error", "error": "Download error", "words": None, "utterances": None},
         "AssemblyAI says that this transcript is 'error': Download error. Get it anew."),
        # our own
        (changed(OWN, "roles", "source", to="guessed"), 'roles.source is "guessed". Write given or heard.'),
        (changed(OWN, "roles", "contradicted", to=1), "roles.contradicted is 1. Write true or false."),
        (changed(OWN, "roles", "confidence", to=2), "roles.confidence is 2.0, not between 0 and 1."),
        (changed(OWN, "turns", 0, "words", 0, "heard", to=3), "turns[0].words[0].heard is 3, not a text."),
        # nobody's
        ({"audio": "x.wav"},
         "this JSON has no list of turns, and it is no transcript of Gong, Amazon Transcribe (standard, Call Analytics, "
         "Post Call Analytics, Bedrock), Deepgram, AssemblyAI, WhisperX, faster-whisper or Rev.ai. callcoach's own looks like "
         '{"call_id": ..., "turns": [{"speaker": "rep", "text": "..."}]}.'),
        ({**REV_AI, **WHISPERX}, "this JSON could be whisper or rev-ai. Write the call anew from one tool."),
    ],
)  # fmt: skip
def test_a_broken_export_is_named_with_its_place(tmp_path: Path, export: Any, expected: str) -> None:
    assert refusal(tmp_path, export) == expected


def test_given_roles_are_read_from_names_and_absent_where_nobody_is_known(tmp_path: Path) -> None:
    turns = [{"speaker": "rep", "text": "Hi."}, {"speaker": "customer", "text": "Yes?"}]
    known = read(tmp_path, {"turns": turns})
    nobody = read(tmp_path, {"turns": [{"speaker": "Kim", "text": "Hi."}, {"speaker": "Sam", "text": "Hi."}]})
    leader = read(tmp_path, {"turns": [{"speaker": "leader", "text": "Team!"}]})

    assert known.roles == GIVEN
    assert read(tmp_path, {"turns": turns, "roles": None}).roles is None, "written by us: nobody had asked"
    assert ([turn.speaker for turn in nobody.turns], nobody.roles) == (["unknown", "unknown2"], None)
    assert (leader.turns[0].role, leader.roles) == (Role.LEADER, None)
