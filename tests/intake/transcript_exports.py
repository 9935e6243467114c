"""Short exports in the shape each tool writes them: a rep asks "Ready, Ann?", a customer answers "I am 21 today."."""

from typing import Any

Json = dict[str, Any]

GONG: Json = {
    "requestId": "4al018gzaztcr8nbukw",
    "records": {"totalRecords": 1, "currentPageSize": 1, "currentPageNumber": 0},
    "callTranscripts": [
        {
            "callId": "7782342274025937895",
            "transcript": [
                {
                    "speakerId": "6432345678555530067",
                    "topic": "Intro",
                    "sentences": [{"start": 460, "end": 900, "text": "Ready,"}, {"start": 900, "end": 1290, "text": "Ann?"}],
                },
                {
                    "speakerId": "3332345678555530011",
                    "topic": None,
                    "sentences": [{"start": 2000, "end": 3500, "text": "I am 21 today."}],
                },
            ],
        }
    ],
}

GONG_CALLS: Json = {
    "calls": [
        {
            "metaData": {
                "id": "7782342274025937895",
                "duration": 5,
                "language": "eng",
                "direction": "Outbound",
                "primaryUserId": "9",
            },
            "parties": [
                {"id": "1", "speakerId": "6432345678555530067", "name": "Tyler Boone", "userId": "9", "affiliation": "Internal"},
                {"id": "2", "speakerId": "3332345678555530011", "name": "Ann Lee", "userId": None, "affiliation": "External"},
                {"id": "3", "speakerId": None, "name": "Never Spoke", "affiliation": "Unknown"},
            ],
        }
    ]
}


def _item(content: str, start: str | None = None, end: str | None = None, **more: str) -> Json:
    times = {"start_time": start, "end_time": end} if start else {}
    kind = "pronunciation" if start else "punctuation"
    return {**times, "alternatives": [{"confidence": "0.9" if start else "0.0", "content": content}], "type": kind, **more}


REP_ITEMS = [_item("Ready", "0.46", "0.9"), _item(","), _item("Ann", "0.9", "1.29"), _item("?")]
CUSTOMER_ITEMS = [
    _item("I", "2.0", "2.1"), _item("am", "2.1", "2.3"), _item("21", "2.3", "3.0"), _item("today", "3.0", "3.5"), _item("."),
]  # fmt: skip

AMAZON_SPEAKERS: Json = {
    "jobName": "first-job",
    "accountId": "111122223333",
    "status": "COMPLETED",
    "results": {
        "language_code": "en-US",
        "transcripts": [{"transcript": "Ready, Ann? I am 21 today."}],
        "speaker_labels": {
            "speakers": 2,
            "segments": [
                {
                    "start_time": items[0]["start_time"],
                    "end_time": items[-2]["end_time"],
                    "speaker_label": label,
                    "items": [
                        {"start_time": item["start_time"], "end_time": item["end_time"], "speaker_label": label}
                        for item in items
                        if "start_time" in item
                    ],
                }
                for label, items in (("spk_0", REP_ITEMS), ("spk_1", CUSTOMER_ITEMS))
            ],
        },
        "items": [*REP_ITEMS, *CUSTOMER_ITEMS],
    },
}

AMAZON_CHANNELS: Json = {
    "jobName": "first-job",
    "results": {
        "transcripts": [{"transcript": "Ready, Ann? I am 21 today."}],
        "channel_labels": {
            "number_of_channels": 2,
            "channels": [{"channel_label": "ch_0", "items": REP_ITEMS}, {"channel_label": "ch_1", "items": CUSTOMER_ITEMS}],
        },
        "items": [*REP_ITEMS, *CUSTOMER_ITEMS],
    },
}


def _millis(content: str, start: int | None = None, end: int | None = None) -> Json:
    times = {"BeginOffsetMillis": start, "EndOffsetMillis": end} if start is not None else {}
    return {"Type": "pronunciation" if times else "punctuation", "Confidence": 0.9, "Content": content, **times}


AMAZON_CALL_ANALYTICS: Json = {
    "JobName": "first-job",
    "JobStatus": "COMPLETED",
    "LanguageCode": "en-US",
    "Channel": "VOICE",
    "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
    "ConversationCharacteristics": {"TotalConversationDurationMillis": 3500},
    "Transcript": [
        {
            "Id": "a",
            "ParticipantRole": "AGENT",
            "Content": "Ready, Ann?",
            "BeginOffsetMillis": 460,
            "EndOffsetMillis": 1290,
            "Items": [_millis("Ready", 460, 900), _millis(","), _millis("Ann", 900, 1290), _millis("?")],
        },
        {
            "Id": "b",
            "ParticipantRole": "CUSTOMER",
            "Content": "I am 21 today.",
            "BeginOffsetMillis": 2000,
            "EndOffsetMillis": 3500,
            "Items": [
                _millis("I", 2000, 2100), _millis("am", 2100, 2300), _millis("21", 2300, 3000), _millis("today", 3000, 3500),
                _millis("."),
            ],
        },
    ],
}  # fmt: skip


def _words(key: str, unit: int, certain: str, **more: object) -> tuple[list[Json], list[Json]]:
    """The words of both, with `key` for the text and times in 1/unit seconds."""

    def row(text: str, start: float, end: float) -> Json:
        times = [round(seconds * unit) if unit > 1 else seconds for seconds in (start, end)]
        return {key: text, "start": times[0], "end": times[1], certain: 0.9, **more}

    rep = [row("Ready,", 0.46, 0.9), row("Ann?", 0.9, 1.29)]
    return rep, [row("I", 2.0, 2.1), row("am", 2.1, 2.3), row("21", 2.3, 3.0), row("today.", 3.0, 3.5)]


def _with(rows: list[Json], **more: object) -> list[Json]:
    return [{**row, **more} for row in rows]


_rep, _customer = _words("punctuated_word", 1, "confidence")
_rep, _customer = (
    [{**row, "word": row["punctuated_word"].strip(",.?").lower()} for row in rows] for rows in (_rep, _customer)
)  # fmt: skip

DEEPGRAM_SPEAKERS: Json = {
    "metadata": {"request_id": "x", "duration": 4.25, "channels": 1, "models": []},
    "results": {
        "channels": [
            {
                "alternatives": [
                    {
                        "transcript": "Ready, Ann? I am 21 today.",
                        "confidence": 0.99,
                        "words": _with(_rep, speaker=0) + _with(_customer, speaker=1),
                    }
                ],
                "detected_language": "en",
            }
        ]
    },
}

DEEPGRAM_CHANNELS: Json = {
    "metadata": {"request_id": "x", "duration": 4.25, "channels": 2},
    "results": {"channels": [{"alternatives": [{"transcript": "", "words": rows}]} for rows in (_rep, _customer)]},
}

DEEPGRAM_UTTERANCES: Json = {
    "metadata": {"request_id": "x", "duration": 4.25, "channels": 1},
    "results": {
        "channels": DEEPGRAM_SPEAKERS["results"]["channels"],
        "utterances": [
            {"start": 0.46, "end": 1.29, "channel": 0, "speaker": 0, "transcript": "Ready, Ann?", "words": _rep, "id": "a"},
            {"start": 2.0, "end": 3.5, "channel": 0, "speaker": 1, "transcript": "I am 21 today.", "words": _customer, "id": "b"},
        ],
    },
}

_rep, _customer = _words("text", 1000, "confidence")

ASSEMBLYAI: Json = {
    "id": "9ea68fd3",
    "status": "completed",
    "audio_url": "https://example.com/a.mp3",
    "audio_duration": 4,
    "language_code": "en_us",
    "text": "Ready, Ann? I am 21 today.",
    "words": _with(_rep, speaker="A") + _with(_customer, speaker="C"),
    "utterances": [
        {"speaker": "A", "start": 460, "end": 1290, "text": "Ready, Ann?", "confidence": 0.9, "words": _with(_rep, speaker="A")},
        {"speaker": "C", "start": 2000, "end": 3500, "text": "I am 21 today.", "words": _with(_customer, speaker="C")},
    ],
}

ASSEMBLYAI_CHANNELS: Json = {
    "id": "9ea68fd3",
    "status": "completed",
    "multichannel": True,
    "utterances": None,
    "words": _with(_rep, channel="1", speaker=None) + _with(_customer, channel="2", speaker=None),
}

_rep, _customer = _words("word", 1, "score")
_numeral = [{"word": row["word"]} if row["word"] == "21" else row for row in _with(_customer, speaker="SPEAKER_00")]

WHISPERX: Json = {
    "segments": [
        {"start": 0.46, "end": 1.29, "text": " Ready, Ann?", "words": _with(_rep, speaker="SPEAKER_01"), "speaker": "SPEAKER_01"},
        {"start": 2.0, "end": 3.5, "text": " I am 21 today.", "words": _numeral, "speaker": "SPEAKER_00"},
    ],
    "word_segments": [*_rep, *_numeral],
    "language": "en",
}

_rep, _customer = _words("word", 1, "probability")

FASTER_WHISPER: list[Json] = [
    {
        "id": 1, "seek": 0, "start": 0.46, "end": 3.5, "text": " Ready, Ann? I am 21 today.", "tokens": [50364, 13],
        "avg_logprob": -0.2, "compression_ratio": 0.9, "no_speech_prob": 0.01, "temperature": 0.0,
        "words": [{**row, "word": " " + row["word"]} for row in _rep + _customer],
    }
]  # fmt: skip

REV_AI: Json = {
    "monologues": [
        {
            "speaker": 0,
            "speaker_info": {"id": "0", "display_name": "Tyler Boone"},
            "elements": [
                {"type": "text", "value": "Ready", "ts": 0.46, "end_ts": 0.9, "confidence": 0.9},
                {"type": "punct", "value": ","},
                {"type": "punct", "value": " "},
                {"type": "text", "value": "Ann", "ts": 0.9, "end_ts": 1.29, "confidence": 0.9},
                {"type": "punct", "value": "?"},
            ],
        },
        {
            "speaker": 1,
            "elements": [
                {"type": "text", "value": "I", "ts": 2.0, "end_ts": 2.1, "confidence": 0.9},
                {"type": "punct", "value": " "},
                {"type": "text", "value": "am", "ts": 2.1, "end_ts": 2.3, "confidence": 0.9},
                {"type": "punct", "value": " "},
                {"type": "text", "value": "21", "ts": 2.3, "end_ts": 3.0, "confidence": 0.9},
                {"type": "punct", "value": " "},
                {"type": "text", "value": "today", "ts": 3.0, "end_ts": 3.5, "confidence": 0.9},
                {"type": "punct", "value": "."},
            ],
        },
    ]
}

POST_CALL: Json = {
    "ConversationAnalytics": {
        "LanguageCode": "en-US",
        "Duration": "4.1",
        "SpeakerLabels": [{"Speaker": "spk_0", "DisplayText": "Agent"}, {"Speaker": "spk_1", "DisplayText": "Customer"}],
    },
    "SpeechSegments": [
        {
            "SegmentStartTime": 0.46,
            "SegmentEndTime": 1.29,
            "SegmentSpeaker": "spk_0",
            "DisplayText": "Ready, Ann?",
            "WordConfidence": [
                {"Text": "Ready,", "Confidence": 0.9, "StartTime": 0.46, "EndTime": 0.9},
                {"Text": " Ann?", "Confidence": 0.9, "StartTime": 0.9, "EndTime": 1.29},
            ],
        },
        {
            "SegmentStartTime": 2.0,
            "SegmentEndTime": 3.5,
            "SegmentSpeaker": "spk_1",
            "DisplayText": "I am 21 today.",
            "WordConfidence": [
                {"Text": "I", "Confidence": 0.9, "StartTime": 2.0, "EndTime": 2.1},
                {"Text": " am", "Confidence": 0.9, "StartTime": 2.1, "EndTime": 2.3},
                {"Text": " 21", "Confidence": 0.9, "StartTime": 2.3, "EndTime": 3.0},
                {"Text": " today.", "Confidence": 0.9, "StartTime": 3.0, "EndTime": 3.5},
            ],
        },
    ],
}


def _bda(number: int, content: str, start: int | None = None, end: int | None = None) -> Json:
    times = {"start_timestamp_millis": start, "end_timestamp_millis": end} if start is not None else {}
    return {"item_index": number, "audio_segment_index": 0, "content": content, **times}


BEDROCK: Json = {
    "metadata": {"semantic_modality": "AUDIO", "duration_millis": 4000, "dominant_asset_language": "EN"},
    "audio_items": [
        _bda(0, "Ready", 460, 900), _bda(1, ","), _bda(2, "Ann", 900, 1290), _bda(3, "?"), _bda(4, "I", 2000, 2100),
        _bda(5, "am", 2100, 2300), _bda(6, "21", 2300, 3000), _bda(7, "today", 3000, 3500), _bda(8, "."),
    ],
    "audio_segments": [
        {
            "start_timestamp_millis": 460, "end_timestamp_millis": 1290, "segment_index": 0, "text": "Ready, Ann?",
            "speaker": {"speaker_label": "spk_1"}, "channel": {"channel_label": "ch_1"}, "audio_item_indices": [0, 1, 2, 3],
        },
        {
            "start_timestamp_millis": 2000, "end_timestamp_millis": 3500, "segment_index": 1, "text": "I am 21 today.",
            "speaker": {"speaker_label": "spk_0"}, "channel": {"channel_label": "ch_0"}, "audio_item_indices": [4, 5, 6, 7, 8],
        },
    ],
}  # fmt: skip

OWN: Json = {
    "call_id": "c",
    "language": "en",
    "duration": 4.0,
    "roles": {"source": "heard", "confidence": 0.9, "contradicted": False},
    "turns": [
        {
            "speaker": "rep", "start": 0.46, "end": 1.29, "text": "Ready, Ann?",
            "words": [
                {"text": "Ready,", "start": 0.46, "end": 0.9, "probability": 0.9, "heard": "Reddy,"},
                {"text": "Ann?", "start": 0.9, "end": 1.29, "probability": None},
            ],
        },
        {"speaker": "customer", "start": 2.0, "end": 3.5, "text": "I am 21 today."},
    ],
}  # fmt: skip

EXPORTS: dict[str, tuple[str, Any]] = {
    "gong": ("gong", GONG),
    "gong with parties": ("gong", {**GONG, **GONG_CALLS}),
    "amazon, speakers": ("amazon-transcribe", AMAZON_SPEAKERS),
    "amazon, channels": ("amazon-transcribe", AMAZON_CHANNELS),
    "amazon call analytics": ("amazon-call-analytics", AMAZON_CALL_ANALYTICS),
    "amazon post call analytics": ("amazon-post-call-analytics", POST_CALL),
    "amazon bedrock": ("amazon-bedrock-data-automation", BEDROCK),
    "deepgram, speakers": ("deepgram", DEEPGRAM_SPEAKERS),
    "deepgram, channels": ("deepgram", DEEPGRAM_CHANNELS),
    "deepgram, utterances": ("deepgram", DEEPGRAM_UTTERANCES),
    "assemblyai": ("assemblyai", ASSEMBLYAI),
    "assemblyai, channels": ("assemblyai", ASSEMBLYAI_CHANNELS),
    "whisperx": ("whisperx", WHISPERX),
    "faster-whisper": ("whisper", FASTER_WHISPER),
    "faster-whisper, segments": ("whisper", {"segments": FASTER_WHISPER, "language": "en"}),
    "rev.ai": ("rev-ai", REV_AI),
    "our own": ("json", OWN),
}
"""By what it is: the name that `recognise` gives it, and the JSON."""

SPEAKERS_KNOWN = {"gong with parties", "amazon call analytics", "amazon post call analytics", "our own"}
ONE_VOICE = {"faster-whisper", "faster-whisper, segments"}
NO_WORD_TIMES = {"gong", "gong with parties"}
