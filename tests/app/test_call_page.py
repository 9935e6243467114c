"""The call page as a value: what it shows, and what it says of what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kept_call import AT, CATCHBACK, EVERYBODY, RIDGE, RIVER, keep_call, opened, recites, tone

from callcoach.app.call_page import call_page
from callcoach.app.call_words import Marked, spoken_turns
from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Pick, Round
from callcoach.domain.call import Turn, Word
from callcoach.domain.verdict import Verdict
from callcoach.storage.labels import Labels
from callcoach.testing import make_call


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opening = opened(tmp_path / "home")
    yield opening
    opening.store.close()


def test_a_call_is_shown_to_those_alone_who_see_its_rep(workspace: Workspace) -> None:
    keep_call(workspace)
    assert call_page(workspace, RIVER, "call-1") is not None
    assert call_page(workspace, RIDGE, "call-1") is None
    assert call_page(workspace, EVERYBODY, "no-such-call") is None


def test_the_page_names_the_people_and_the_judgement(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.judgement is not None
    assert (page.rep_name, page.team_name) == ("Tyler Boone", "River Team")
    assert [(one.name, one.verdict, one.by_person) for one in page.judged_for] == [("CatchBack", Verdict.RECITES, False)]
    assert page.audited == {"call": "call-1", "rep": "R01", "initiative": "catchback"}
    assert page.judgement.answer == "put off with something else"
    assert page.judgement.copied is not None and page.judgement.copied.start == 16.0


def test_every_word_of_the_call_is_shown_once_and_in_order(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.transcript is not None
    shown = ["".join(sentence.text for sentence in turn.sentences) for turn in page.turns]
    assert shown == [turn.text for turn in page.transcript.turns]
    assert [len(turn.sentences) for turn in page.turns] == [2, 2, 2, 1]
    assert page.turns[1].sentences[1].start == pytest.approx(10.1)


def test_the_words_that_are_evidence_are_marked_with_all_that_rests_on_them(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None
    pieces = [piece for sentence in page.turns[2].sentences for piece in sentence.pieces]
    assert {mark.act for mark in pieces[0].marks} == {"hammer", "recite", "answer"}
    assert not pieces[-1].marks


def test_a_question_has_its_pause_and_its_answer(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.judgement is not None
    (asked,) = page.judgement.questions
    assert asked.asked.quote.quote == "What would that do for me?"
    assert asked.answer is not None and asked.answer.quote.turn == 2
    assert asked.pause == f"{asked.pause_s:.1f} s pause"


def test_the_turns_that_a_statement_names_lead_to_them(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.judgement is not None
    first = page.judgement.chain[0]
    assert [one.turn for one in first if one.turn is not None] == [0, 2, 2]
    assert "".join(one.text for one in first) == page.judgement.read.score.statements[0]


def test_a_call_without_times_says_so_and_shows_its_words(workspace: Workspace) -> None:
    words = "rep Hi, this is Tyler. Half of those who ring out never ring again.\ncustomer Fine."
    heard = make_call(words, call_id="call-1")
    score = replace(recites(heard), evidence=(), levels={}, copied=None, conduct=None)
    keep_call(workspace, words=words, score=score)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.judgement is not None
    assert (page.timed, page.duration) == (False, None)
    assert page.turns[0].sentences[0].start is None
    assert page.judgement.led == (("Talk time", "not measured for this call"),)
    assert page.recording.why_not == "This call came as a transcript: there is nothing to play. Everything else is here."


def test_a_recording_that_is_gone_is_said_to_be_gone(workspace: Workspace, tmp_path: Path) -> None:
    recording = tone(tmp_path / "call.wav", seconds=1)
    keep_call(workspace, recording=recording)
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.recording.here
    recording.unlink()
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and not page.recording.here and "Put it back" in (page.recording.why_not or "")


def test_a_call_that_was_judged_for_nothing_says_why(workspace: Workspace) -> None:
    keep_call(workspace)
    page = call_page(workspace, EVERYBODY, "call-1", "safeseat")
    assert page is not None and page.judgement is None
    assert page.no_judgement == "This call was not judged for safeseat. Choose one of the initiatives it was judged for."
    assert page.turns


def test_whoever_has_yet_to_label_a_call_blind_sees_no_judgement_of_it(workspace: Workspace) -> None:
    keep_call(workspace)
    Labels(workspace.store).begin(
        Round(
            round_id="r1",
            initiative_id="catchback",
            version=CATCHBACK.version,
            people=("M01", "E01"),
            picks=(Pick(call_id="call-1", why="random"),),
            seed=1,
            at=AT,
        )
    )
    blind = call_page(workspace, EVERYBODY, "call-1", person_id="M01")
    assert blind is not None and blind.judgement is None and blind.judged_for == () and blind.blind == "r1"
    assert not any(piece.marks for turn in blind.turns for sentence in turn.sentences for piece in sentence.pieces)
    other = call_page(workspace, EVERYBODY, "call-1", person_id="R01")
    assert other is not None and other.judgement is not None


def test_long_silences_are_shown_and_a_repaired_name_is_marked() -> None:
    heard = make_call("rep 0:00 Hello there. / customer 0:05 Yes. / rep 0:05.5 CatchBack.")
    repaired = Turn(
        speaker="rep", text="CatchBack now.", start=9.0, end=10.0,
        words=(Word(text="CatchBack", start=9.0, end=9.5, heard="catch back"), Word(text="now.", start=9.5, end=10.0)),
    )  # fmt: skip
    turns = spoken_turns(replace(heard, turns=(*heard.turns, repaired)), {}, ())
    assert [turn.pause for turn in turns] == [None, 4.4, None, 3.2]
    assert [(piece.text, piece.heard) for piece in turns[3].sentences[0].pieces] == [("CatchBack", "catch back"), (" now.", None)]


def test_where_only_turns_have_times_those_of_sentences_are_told_from_their_length(workspace: Workspace) -> None:
    heard = make_call("rep 0:00 Hi.", call_id="call-1")
    turns = (Turn(speaker="rep", text="One two. Three four.", start=10.0, end=20.0),)
    keep_call(
        workspace, transcript=replace(heard, turns=turns), score=replace(recites(heard), evidence=(), levels={}, copied=None)
    )
    page = call_page(workspace, EVERYBODY, "call-1")
    assert page is not None and page.estimated
    assert [sentence.start for sentence in page.turns[0].sentences] == [10.0, 14.5]


def test_evidence_that_overlaps_is_cut_so_that_nothing_is_lost() -> None:
    heard = make_call("rep 0:00 one two three four")
    marks = (
        Marked(evidence_id="a", act="wall", turn=0, begin=0, end=13),
        Marked(evidence_id="b", act="part", turn=0, begin=4, end=18),
    )
    (sentence,) = spoken_turns(heard, {}, marks)[0].sentences
    assert [(piece.text, [mark.evidence_id for mark in piece.marks]) for piece in sentence.pieces] == [
        ("one ", ["a"]),
        ("two three", ["a", "b"]),
        (" four", ["b"]),
    ]
