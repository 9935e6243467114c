"""From how likely each token tells somebody to the characters that are taken out, and the tagger's file."""

import re

import numpy as np
import pytest

from callcoach.errors import WeightsAltered
from callcoach.redaction.kinds import Kind
from callcoach.redaction.tagger import LEARNT, Tagger, Token, decode_tagger, encode_tagger, told


def tagged(texts: list[str], kinds: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """What is taken out where each word of `kinds` is said to be of its kind, and every other one harmless."""
    tokens, rows = [], []
    for number, text in enumerate(texts):
        for match in re.finditer(r"\w+|[^\w\s]", text):
            row = np.zeros(1 + len(LEARNT))
            kind = kinds[number].get(match[0])
            row[0 if kind is None else 1 + LEARNT.index(Kind(kind))] = 1.0
            tokens.append(Token(number, *match.span()))
            rows.append(row)
    found = told(texts, tokens, np.array(rows))
    return [[(text[each.begin : each.end], each.kind.value) for each in some] for text, some in zip(texts, found, strict=True)]


def test_tokens_of_one_kind_are_one_with_what_stands_between() -> None:
    assert tagged(["It's four, one five."], [dict.fromkeys(["four", "one", "five"], "PHONE")]) == [[("four, one five", "PHONE")]]
    assert tagged(["call (206) 555."], [dict.fromkeys(["(", "206", "555", "."], "PHONE")]) == [[("(206) 555", "PHONE")]]


def test_kinds_and_turns_divide() -> None:
    assert tagged(["Boise 83702", "83702"], [{"Boise": "PLACE", "83702": "POSTCODE"}, {"83702": "POSTCODE"}]) == [
        [("Boise", "PLACE"), ("83702", "POSTCODE")],
        [("83702", "POSTCODE")],
    ]


def test_a_number_of_two_kinds_is_one_of_the_likelier() -> None:
    said = {"one": "ACCOUNT", "two": "CARD", "three": "CARD", "Boise": "PLACE"}
    assert tagged(["one, two, three in Boise"], [{**said, ",": "CARD"}]) == [[("one, two, three", "CARD"), ("Boise", "PLACE")]]


def test_two_harmless_words_between_stay() -> None:
    assert tagged(["one okay go on two"], [dict.fromkeys(["one", "two"], "CARD")]) == [[("one", "CARD"), ("two", "CARD")]]


def test_two_people_stay_two_and_a_name_with_a_mark_in_it_one() -> None:
    both = dict.fromkeys(["Gina", "Feldman", "Anne", "Marie"], "PERSON")
    assert tagged(["Gina and Feldman"], [both]) == [[("Gina", "PERSON"), ("Feldman", "PERSON")]]
    assert tagged(["Anne-Marie"], [both]) == [[("Anne-Marie", "PERSON")]]


def test_words_are_taken_whole_and_marks_alone_are_nothing() -> None:
    tokens = [Token(0, 3, 5), Token(0, 8, 9)]
    rows = np.zeros((2, 1 + len(LEARNT)))
    rows[:, 1] = 1.0
    (found,) = told(["Mr Oksana ."], tokens, rows)
    assert [each[:2] for each in found] == [(3, 9)]
    assert told(["..."], [Token(0, 0, 1)], rows[:1]) == [[]]
    assert told(["", "yes"], [], np.array([])) == [[], []]


def test_what_is_written_is_read_again_and_what_is_no_tagger_refused() -> None:
    chance = np.random.default_rng(3)
    tagger = Tagger(
        layers={"0.dense.weight": chance.normal(size=(4, 6)).astype(np.float32), "1.dense.bias": np.ones(4, np.float32)},
        weights=chance.normal(size=(11, 4)).astype(np.float32),
        bias=np.zeros(11, np.float32),
    )
    body = encode_tagger(tagger)
    read = decode_tagger(body)
    assert encode_tagger(tagger) == body and read.n_layers == 2 and read.kinds == LEARNT and len(read.fingerprint) == 16
    assert np.allclose(read.layers["0.dense.weight"], tagger.layers["0.dense.weight"], atol=0.02)
    for other in (b"", b"no zip", body[:200]):
        with pytest.raises(WeightsAltered, match="git checkout models/redaction"):
            decode_tagger(other)
