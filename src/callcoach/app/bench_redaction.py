"""Measure redaction on marked turns, beside parts of it alone and presidio's recognisers alone, and how long a call takes."""

from collections.abc import Callable, Sequence

import msgspec

from callcoach.app.found_entities import HasRead
from callcoach.app.workspace import Workspace
from callcoach.bench import redaction as bench
from callcoach.bench.redaction import RedactionBench, Taken
from callcoach.domain.call import Transcript
from callcoach.redaction.kinds import EntityFinder
from callcoach.redaction.redactor import redact
from callcoach.weights import locate

WORDS = 1300
"""Of a call of eight minutes."""
TIMES = 3


def bench_redaction(workspace: Workspace) -> RedactionBench:
    """Every figure. Raises WeightsMissing where a model is not installed."""
    entities, tagger = workspace.finders
    ways = {
        bench.OURS: _redacting(workspace.finders),
        "without the tagger": _redacting([entities]),
        "patterns and names alone": _redacting([]),
        "the tagger alone": _finding(tagger),
        "presidio alone": _finding(entities),
    }
    parts = bench.items(locate.models_folder() / "redaction" / "items" / "rules.txt")
    call = bench.long_call(parts[bench.BUILT_ON], WORDS)
    whole = ways[bench.OURS]
    whole(call)
    texts = [turn.text for turn in call.turns]
    again = _redacting([HasRead(finder, texts, finder.entities(texts)) for finder in workspace.finders])
    return RedactionBench(
        parts={part: {name: bench.measure(some, way) for name, way in ways.items()} for part, some in parts.items()},
        n={part: len(some) for part, some in parts.items()},
        speed=bench.speed(call, whole, again, lambda texts: list(workspace.entities.pipeline.pipe(texts)), TIMES),
    )


def bench_json(found: RedactionBench) -> bytes:
    """The figures as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(found, order="deterministic"), indent=2) + b"\n"


def _redacting(finders: Sequence[EntityFinder]) -> Callable[[Transcript], Sequence[Taken]]:
    def taken(transcript: Transcript) -> list[Taken]:
        turns = redact(transcript, names=bench.NAMES, keep=bench.KEEP, finders=finders)
        return [
            Taken(number, piece.original_begin, piece.original_end, turn.text[piece.begin + 1 : piece.end].partition(" ")[0])
            for number, turn in enumerate(turns)
            for piece in turn.pieces
            if piece.is_placeholder
        ]

    return taken


def _finding(finder: EntityFinder) -> Callable[[Transcript], Sequence[Taken]]:
    def taken(transcript: Transcript) -> list[Taken]:
        found = finder.entities([turn.text for turn in transcript.turns])
        return [Taken(number, *entity) for number, entities in enumerate(found) for entity in entities]

    return taken
