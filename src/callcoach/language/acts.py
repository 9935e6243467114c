"""Say what each turn does: apply the trained act heads to the rows of a call. Knows nothing of verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act, SentenceSignals, TurnSignals
from callcoach.domain.story import Component, Initiative
from callcoach.errors import WeightsAltered
from callcoach.judging.heads import Matrix, TurnMatrix
from callcoach.judging.turn_heads import TurnHeads, with_tuned
from callcoach.judging.uptake import Heard, best_link, story_stems
from callcoach.language.call_text import CallText
from callcoach.language.encoder import Encoder
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.story import read_story
from callcoach.language.tuned import TunedEncoder, turn_texts
from callcoach.language.turns import Rows, rows_of

EXPLAINED = tuple(f"{component.value}_explained" for component in Component)
REP_OUTPUTS = (*(act.value for act in REP_ACTS), *EXPLAINED)
CUSTOMER_OUTPUTS = tuple(act.value for act in CUSTOMER_ACTS)
# what later steps read of a turn's row, under the name it has in the signals
_CLOSENESS = {
    "wall": "sentence_wall_best",
    "hammer": "sentence_hammer_best",
    "part": "sentence_part_best",
    "script": "sentence_script",
    "facts": "sentence_facts",
    "makes_sense": "like_makes_sense",
    "not_answered": "like_not_answered",
    "fits": "like_fits",
}
# links further back than this are not looked for: a thousand-turn call would compare every turn with every other
_FURTHEST = 40
_DECIMALS = 4


@dataclass(frozen=True)
class MeasuredText:
    """A call's rows for one initiative, before any head has seen them."""

    call: CallText
    initiative: Initiative
    rep: TurnMatrix
    customer: TurnMatrix
    sentences: Mapping[int, tuple[SentenceSignals, ...]]
    story_stems: frozenset[str]


def measure_text(call: CallText, initiative: Initiative, encoder: Encoder, splitter: SentenceSplitter) -> MeasuredText:
    """All that the encoder has to say of a call and an initiative."""
    rows = rows_of(call, initiative, read_story(initiative, encoder, splitter))
    return MeasuredText(
        call=call,
        initiative=initiative,
        rep=rows.rep,
        customer=rows.customer,
        sentences={number: _sentences(call, rows, number) for number in (*rows.rep.turns, *rows.customer.turns)},
        story_stems=story_stems(initiative),
    )


class Said(NamedTuple):
    """One value per turn, in order; and the probability of each outcome of the call, read from the turns in order."""

    turns: tuple[TurnSignals, ...]
    outcomes: Mapping[str, float]


def signals_of(text: MeasuredText, heads: TurnHeads, tuned: TunedEncoder | None = None) -> Said:
    """What the trained models say of a call; a turn of an unknown speaker has no acts. tuned: the encoder of `heads.tuned`."""
    heard = heads.hear(text.rep, text.customer, len(text.call.transcript.turns))
    of_rep = heard.rep if tuned is None or heard.rep is None else _with_tuned(text, heads, heard.rep, tuned)
    rep, customer = _by_turn(text.rep, of_rep), _by_turn(text.customer, heard.customer)
    near_rep, near_customer, heard_of = _closeness(text.rep), _closeness(text.customer), _customers(text, customer)
    found = []
    for number in range(len(text.call.transcript.turns)):
        if number in customer:
            place, probabilities = customer[number]
            acts = {Act(name): _rounded(p) for name, p in zip(heads.customer.outputs, probabilities, strict=True)}
            found.append(TurnSignals(turn=number, acts=acts, closeness=near_customer[place], sentences=text.sentences[number]))
        elif number in rep:
            place, probabilities = rep[number]
            outputs = dict(zip(heads.rep.outputs, map(_rounded, probabilities), strict=True))
            link = best_link(number, text.call.own[number], _heard(text.call, heard_of, number), text.story_stems)
            found.append(
                TurnSignals(
                    turn=number,
                    acts={act: outputs[act.value] for act in REP_ACTS},
                    closeness=near_rep[place],
                    sentences=text.sentences[number],
                    link=link.turn if link else None,
                    link_strength=link.strength if link else None,
                    explained={component.value: outputs[f"{component.value}_explained"] for component in Component},
                )
            )
        else:
            found.append(TurnSignals(turn=number, acts={}, closeness={}))
    return Said(tuple(found), {name: _rounded(p) for name, p in heard.call.items()})


def _with_tuned(text: MeasuredText, heads: TurnHeads, heard: Matrix, tuned: TunedEncoder) -> Matrix:
    if tuned.outputs != heads.rep.outputs:
        raise WeightsAltered("The tuned encoder answers other questions than the heads. Train again with `callcoach train`.")
    texts = turn_texts(text.call.transcript, text.call.own)
    places = [place for place, turn in enumerate(text.rep.turns) if turn in texts]
    return with_tuned(heard, tuned.hear([texts[text.rep.turns[place]] for place in places], text.initiative), places)


def _by_turn(matrix: TurnMatrix, probabilities: Matrix | None) -> dict[int, tuple[int, list[float]]]:
    if probabilities is None:
        return {}
    return {turn: (place, [float(p) for p in probabilities[place]]) for place, turn in enumerate(matrix.turns)}


def _customers(text: MeasuredText, said: Mapping[int, tuple[int, list[float]]]) -> dict[int, float]:
    """The customer's turns in order, each with the probability that it holds a need or a question."""
    return {number: max(probabilities) for number, (_, probabilities) in said.items() if text.call.by_customer[number]}


def _heard(call: CallText, customers: Mapping[int, float], number: int) -> list[Heard]:
    """The customer's turns before this one."""
    earlier = [turn for turn in customers if turn < number][-_FURTHEST:]
    closeness = call.turn_vectors[earlier] @ call.turn_vectors[number] if earlier else ()
    return [
        Heard(turn, call.transcript.turns[turn].text, float(close), customers[turn])
        for turn, close in zip(earlier, closeness, strict=True)
    ]


def _closeness(matrix: TurnMatrix) -> list[dict[str, float]]:
    """By row, how close the turn is to what later steps ask about."""
    if not matrix.turns:
        return []
    columns = matrix.plain[:, [matrix.names.index(column) for column in _CLOSENESS.values()]]
    return [dict(zip(_CLOSENESS, map(_rounded, row), strict=True)) for row in columns.tolist()]


def _sentences(call: CallText, rows: Rows, number: int) -> tuple[SentenceSignals, ...]:
    begin = call.stacked.begins[number]
    return tuple(
        SentenceSignals(
            begin=sentence.begin,
            end=sentence.end,
            closeness={component.value: _rounded(rows.sentences[component][begin + place]) for component in Component},
        )
        for place, sentence in enumerate(call.sentences[number])
    )


def _rounded(number: float) -> float:
    return round(float(number), _DECIMALS)
