"""Make manifest.csv and reference/*.json of the sample company from its sources. Knows nothing of how callcoach judges.

Sources: reference/calls.txt and reference/leaders.txt (texts and labels), reference/times/ (when each turn starts and ends),
expected.yaml (levels of the leaders' recordings), people.yaml (teams) and audio/ (durations).

    python sample_calls/make_reference.py [OUTPUT_FOLDER]
"""

import csv
import io
import json
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
SPEAKERS = {"R": "rep", "C": "customer", "C2": "customer2", "L": "leader"}
COLUMNS = (
    "call_id", "kind", "started_at", "rep_id", "leader_id", "team", "direction", "stage", "rep_channel", "audio_path",
    "customer_name", "language", "outcome", "amount",
)  # fmt: skip
COMPONENTS = ("wall", "hammer", "part")
BEHAVIOURS = ("offer_hunting", "feature_dump", "diagnosed_first")
TURN = re.compile(r"(?P<who>R|C2?|L): (?P<text>.*?)(?:\s*\{(?P<tags>[a-z@, -]+)\})?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTurn:
    """One line of a source: who speaks, the words, and the tags as (act, initiative)."""

    speaker: str
    text: str
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class WrittenCall:
    """One call or recording of a source: its header fields, the labels per initiative, and the turns."""

    call_id: str
    header: dict[str, str]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    turns: list[WrittenTurn] = field(default_factory=list)


def read_source(path: Path) -> list[WrittenCall]:
    """The calls of calls.txt or leaders.txt, in order. Raises ValueError at a line that fits no form."""
    calls: list[WrittenCall] = []
    initiative = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("=== "):
            call_id, *pairs = shlex.split(line[4:])
            calls.append(WrittenCall(call_id=call_id, header=dict(pair.split("=", 1) for pair in pairs)))
        elif line.startswith("--- why:"):
            calls[-1].labels[initiative]["why"] = line.removeprefix("--- why:").strip()
        elif line.startswith("--- "):
            label = dict(pair.split("=", 1) for pair in line[4:].split())
            initiative = label.pop("initiative")
            calls[-1].labels[initiative] = label
        elif line.strip():
            turn = TURN.fullmatch(line)
            if turn is None:
                raise ValueError(f"{path.name}, line {number}: neither a header, nor labels, nor a turn.")
            tags = tuple(tuple(tag.strip().split("@")) for tag in (turn["tags"] or "").split(",") if tag.strip())
            calls[-1].turns.append(WrittenTurn(speaker=SPEAKERS[turn["who"]], text=turn["text"], tags=tags))
    return calls


def audio_path(call: WrittenCall) -> str:
    """Where the recording lies, relative to the call folder."""
    return f"audio/{call.call_id}.ogg"


def manifest_row(call: WrittenCall, teams: dict[str, str]) -> dict[str, str]:
    """The manifest row of a call. What is not known stays empty: a call that sold nothing has no amount."""
    header = call.header
    person = header.get("rep") or header["speaker"]
    leader = "speaker" in header
    return {
        "call_id": call.call_id,
        "kind": "leader" if leader else "call",
        "started_at": header["date"] + (f"T{header['time']}" if "time" in header else ""),
        "rep_id": "" if leader else person,
        "leader_id": person if leader else "",
        "team": teams.get(person, ""),
        "direction": header.get("channel", ""),
        "stage": header.get("stage", ""),
        "rep_channel": "" if leader else "0",
        "audio_path": audio_path(call),
        # nobody is known behind a wrong number
        "customer_name": "" if header.get("customer") == "wrong number" else header.get("customer", ""),
        "language": "en",
        "outcome": header.get("outcome", ""),
        "amount": header["amount"] if header.get("outcome") == "won" else "",
    }


def transcript(call: WrittenCall) -> dict[str, Any]:
    """The transcript as spoken, in callcoach's own JSON; without times where the recording has none, always without words."""
    times_path = HERE / "reference" / "times" / f"{call.call_id}.json"
    times = json.loads(times_path.read_text()) if times_path.exists() else []
    if times and [turn.speaker for turn in call.turns] != [time["speaker"] for time in times]:
        raise ValueError(f"{call.call_id}: the times are not of these turns.")
    with av.open(str(HERE / audio_path(call))) as recording:
        duration = round((recording.duration or 0) / av.time_base, 2)
    turns: list[dict[str, Any]] = []
    for number, turn in enumerate(call.turns):
        when = {"start": times[number]["start"], "end": times[number]["end"]} if times else {}
        turns.append({"speaker": turn.speaker, **when, "text": turn.text})
    return {"call_id": call.call_id, "language": "en", "duration": duration, "turns": turns}


def call_labels(call: WrittenCall) -> dict[str, Any]:
    """What careful readers say of a call: per initiative, and the acts of each tagged turn (counted from 0)."""
    initiatives = {
        initiative: {
            "verdict": label["verdict"],
            "levels": {component: int(label[component]) for component in COMPONENTS},
            "asked_why": label["asked_why"] == "yes",
            "answer": label["answer"],
            "behaviours": {behaviour: label[behaviour] == "yes" for behaviour in BEHAVIOURS},
            "why": label["why"],
        }
        for initiative, label in call.labels.items()
    }
    tags: list[dict[str, Any]] = []
    for number, turn in enumerate(call.turns):
        acts: dict[str, list[str]] = {}
        for act, initiative in turn.tags:
            acts.setdefault(initiative, []).append(act)
        if acts:
            tags.append({"turn": number, "acts": acts})
    return {"call_id": call.call_id, "initiatives": initiatives, "tags": tags}


def leader_labels(call: WrittenCall, expected: dict[str, Any]) -> dict[str, Any]:
    """The levels at which a leader tells each story, from expected.yaml."""
    initiatives = {
        row["initiative"]: {
            "levels": {component: row[component] for component in COMPONENTS},
            **({"note": row["note"]} if "note" in row else {}),
        }
        for row in expected["leaders"]
        if row["id"] == call.call_id
    }
    return {"call_id": call.call_id, "initiatives": initiatives}


def made_files() -> Iterator[tuple[str, str]]:
    """Each file's path in the call folder and its text."""
    yaml = YAML(typ="safe")
    company = yaml.load(HERE / "people.yaml")
    expected = yaml.load(HERE / "expected.yaml")
    teams = {person["id"]: person.get("team", "") for person in company["people"]}
    calls = read_source(HERE / "reference" / "calls.txt")
    leaders = read_source(HERE / "reference" / "leaders.txt")
    for call in calls + leaders:
        yield f"reference/{call.call_id}.transcript.json", as_json(transcript(call))
    for call in calls:
        yield f"reference/{call.call_id}.labels.json", as_json(call_labels(call))
    for call in leaders:
        yield f"reference/{call.call_id}.labels.json", as_json(leader_labels(call, expected))
    yield "manifest.csv", as_csv([manifest_row(call, teams) for call in calls + leaders])


def as_json(fields: dict[str, Any]) -> str:
    """JSON with one line per field, turn or initiative, so that a person can read it and a diff can show it."""

    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = []
    for name, value in fields.items():
        if value and isinstance(value, list):
            lines.append(f'"{name}": [\n  ' + ",\n  ".join(text(item) for item in value) + "\n ]")
        elif value and isinstance(value, dict):
            lines.append(f'"{name}": {{\n  ' + ",\n  ".join(f"{text(key)}: {text(item)}" for key, item in value.items()) + "\n }")
        else:
            lines.append(f'"{name}": {text(value)}')
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def as_csv(rows: list[dict[str, str]]) -> str:
    """The manifest's text, lines ending in a line feed."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue()


def main(output: Path) -> None:
    """Write all made files under `output`."""
    for name, text in made_files():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
