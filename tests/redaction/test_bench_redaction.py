"""How well redaction does on marked turns, without a model and with the real ones, and that nothing is fetched for it."""

import socket
from pathlib import Path

import pytest

from callcoach.app.bench_redaction import bench_json, bench_redaction
from callcoach.app.workspace import Workspace
from callcoach.bench.redaction import (
    BUILT_ON,
    HELD_BACK,
    KEEP,
    NAMES,
    OURS,
    UNSEEN,
    Taken,
    bench_lines,
    items,
    measure,
)
from callcoach.domain.call import Transcript
from callcoach.redaction.kinds import Kind
from callcoach.redaction.marked import MarkedTurns, read_marked
from callcoach.redaction.redactor import redact
from callcoach.settings import Settings

RECALL, PRECISION = 0.95, 0.8
BY_OTHERS = 0.9
"""Found of what people marked who had never seen the rules."""
RULES_ITEMS = Path(__file__).parents[2] / "models" / "redaction" / "items" / "rules.txt"


def by_rules(transcript: Transcript) -> list[Taken]:
    return [
        Taken(number, piece.original_begin, piece.original_end, turn.text[piece.begin + 1 : piece.end].partition(" ")[0])
        for number, turn in enumerate(redact(transcript, names=NAMES, keep=KEEP))
        for piece in turn.pieces
        if piece.is_placeholder
    ]


def test_the_items_are_marked_and_most_are_by_people_who_never_saw_the_rules():
    parts = items(RULES_ITEMS)
    every = [item for some in parts.values() for item in some]
    assert set(parts) == {UNSEEN, HELD_BACK, BUILT_ON}
    assert sum(len(item.marks) for item in parts[UNSEEN] + parts[HELD_BACK]) >= 500
    assert sum(not item.marks for item in every) >= 240, "what has to stay is asked for, too"
    assert {mark.kind for item in every for mark in item.marks} == set(Kind) - {Kind.WEB, Kind.NUMBER}
    learnt = {" ".join(turn.text for turn in item.transcript.turns) for item in learnt_from()}
    asked = parts[UNSEEN] + parts[HELD_BACK]
    assert not [item for item in asked if " ".join(turn.text for turn in item.transcript.turns) in learnt]


def learnt_from() -> list[MarkedTurns]:
    return [item for file in RULES_ITEMS.parent.glob("*.txt") for item in read_marked(file.read_text("utf-8"), file.name)]


def test_rules_alone_find_what_they_were_built_for():
    figures = measure(items(RULES_ITEMS)[BUILT_ON], by_rules).kinds["direct"]
    assert figures.recall is not None and figures.recall >= RECALL
    assert figures.precision is not None and figures.precision >= PRECISION


def test_what_is_cut_short_is_not_found_and_what_takes_too_much_is_wrong():
    (item,) = [each for each in items(RULES_ITEMS)[BUILT_ON] if each.transcript.turns[0].text == "My social is 078-05-1120."]
    (mark,) = item.marks
    cut = measure([item], lambda _: [Taken(0, mark.begin, mark.end - 1, "SSN")]).kinds["SSN"]
    wide = measure([item], lambda _: [Taken(0, 0, mark.end, "SSN")]).kinds["SSN"]
    assert (cut.found, cut.right) == (0, 1) and (wide.found, wide.right) == (1, 0)
    assert measure([item], lambda _: []).kinds["SSN"].precision is None


@pytest.mark.slow
def test_with_the_models_it_holds_on_items_that_others_wrote_and_fetches_nothing(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("redaction asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = bench_redaction(Workspace(Settings(home=tmp_path)))
    for part, recall in ((UNSEEN, BY_OTHERS), (HELD_BACK, BY_OTHERS), (BUILT_ON, RECALL)):
        figures = found.parts[part][OURS].kinds["direct"]
        assert figures.recall is not None and figures.recall >= recall, found.parts[part][OURS].missed
        assert figures.precision is not None and figures.precision >= PRECISION, found.parts[part][OURS].wrong
        alone = found.parts[part]["presidio alone"].kinds["direct"]
        assert alone.recall is not None and alone.recall < figures.recall
    assert b'"held back"' in bench_json(found)
    assert any("times spaCy's own pass" in line for line in bench_lines(found))
