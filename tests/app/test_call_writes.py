"""What people write on a call: it is added, it can be taken back, and nobody's word is overwritten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kept_call import AT, EVERYBODY, RIDGE, RIVER, keep_call, opened

from callcoach.app import call_remarks, call_writes
from callcoach.app.call_page import CallPage, call_page
from callcoach.app.call_remarks import Moment
from callcoach.app.reviews import QuoteReview
from callcoach.app.workspace import Workspace
from callcoach.domain.remark import Consent
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.errors import EditConflict, NotYours, UsageError
from callcoach.storage.remarks import Remarks

QUOTE = "Half of those who ring out never ring again."


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opening = opened(tmp_path / "home")
    keep_call(opening)
    yield opening
    opening.store.close()


def page(workspace: Workspace) -> CallPage:
    shown = call_page(workspace, EVERYBODY, "call-1", "catchback")
    assert shown is not None
    return shown


def seen(workspace: Workspace) -> str:
    shown = page(workspace).judgement
    assert shown is not None
    return shown.revision


def test_to_agree_is_kept_beside_the_machines_word(workspace: Workspace) -> None:
    written = call_writes.agree(workspace, RIVER, "call-1", "catchback", by="M01", at=AT, seen=seen(workspace))
    assert written is not None and len(written.what_ids) == 1
    shown = page(workspace).judgement
    assert shown is not None and shown.verdict_by is not None
    assert (shown.verdict_by.name, shown.verdict_by.agrees) == ("Ray Delgado", True)
    assert shown.read.machine.verdict is shown.read.score.verdict is Verdict.RECITES


def test_a_correction_says_why_and_can_be_taken_back(workspace: Workspace) -> None:
    written = call_writes.correct(
        workspace, RIVER, "call-1", "catchback", by="M01", at=AT, because="He says what it spares them.", seen=seen(workspace),
        verdict=Verdict.PARTIAL, levels={Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.MENTIONED},
    )  # fmt: skip
    assert written is not None and len(written.what_ids) == 2, "the hammer stands as it is and is no correction"
    shown = page(workspace).judgement
    assert shown is not None and shown.read.score.verdict is Verdict.PARTIAL
    assert shown.components[0].machine is Level.MENTIONED and shown.components[0].level is Level.EXPLAINED
    call_writes.take_back(workspace, RIVER, "call-1", by="M01", at=AT, what_ids=written.what_ids)
    after = page(workspace)
    assert after.judgement is not None and after.judgement.read.score.verdict is Verdict.RECITES
    assert [line.withdrawn is not None for line in after.history] == [True, True], "what was taken back stays in the history"


def test_the_same_correction_may_be_made_again_at_once(workspace: Workspace) -> None:
    for _ in range(2):
        written = call_writes.agree(workspace, RIVER, "call-1", "catchback", by="M01", at=AT, seen=seen(workspace))
        assert written is not None
        call_writes.take_back(workspace, RIVER, "call-1", by="M01", at=AT, what_ids=written.what_ids)
    call_writes.agree(workspace, RIVER, "call-1", "catchback", by="M01", at=AT, seen=seen(workspace))
    shown = page(workspace)
    assert shown.judgement is not None and shown.judgement.verdict_by is not None and len(shown.history) == 3


def test_who_was_overtaken_is_told_and_nothing_of_theirs_is_kept(workspace: Workspace) -> None:
    before = seen(workspace)
    call_writes.agree(workspace, RIVER, "call-1", "catchback", by="E01", at=AT, seen=before)
    with pytest.raises(EditConflict, match="Look at both"):
        call_writes.correct(
            workspace, RIVER, "call-1", "catchback", by="M01", at=AT, because="No.", seen=before, verdict=Verdict.STUMBLES
        )
    assert [line.name for line in page(workspace).history] == ["Nina Osgood"]


def test_a_quote_that_is_no_evidence_takes_its_level_with_it(workspace: Workspace) -> None:
    call_writes.correct(
        workspace, RIVER, "call-1", "catchback", by="M01", at=AT, because="A number, no reason.", seen=seen(workspace),
        quote=QuoteReview("wall", QUOTE, False),
    )  # fmt: skip
    shown = page(workspace).judgement
    assert shown is not None and shown.components[0].level is Level.ABSENT
    (struck,) = shown.components[0].evidence
    assert struck.struck and struck.person is not None and struck.person.name == "Ray Delgado"


def test_words_the_machine_missed_become_evidence(workspace: Workspace) -> None:
    call_writes.correct(
        workspace, RIVER, "call-1", "catchback", by="M01", at=AT, because="That is theirs.", seen=seen(workspace),
        quote=QuoteReview("part", "You would not have lost that one.", True), levels={Component.PART: Level.EXPLAINED},
    )  # fmt: skip
    shown = page(workspace).judgement
    assert shown is not None and shown.components[2].level is Level.EXPLAINED
    assert shown.components[2].evidence[0].quote.start is not None


def test_a_correction_without_a_reason_or_a_difference_is_refused(workspace: Workspace) -> None:
    for because, verdict, told in (("  ", Verdict.PARTIAL, "Say why"), ("Yes.", None, "Nothing is different")):
        with pytest.raises(UsageError, match=told):
            call_writes.correct(
                workspace, RIVER, "call-1", "catchback", by="M01", at=AT, because=because, seen=seen(workspace), verdict=verdict
            )


def test_a_comment_is_kept_at_its_words_and_answered_by_the_rep(workspace: Workspace) -> None:
    written = call_remarks.comment(workspace, RIVER, "call-1", by="M01", at=AT, text="Say whose calls.", moment=Moment(0, QUOTE))
    assert written is not None
    call_remarks.answer(workspace, RIVER, "call-1", by="R01", at=AT, to=written.what_ids[0], text="I will.")
    (said,) = page(workspace).comments
    assert (said.name, said.remark.turn, said.remark.quote) == ("Ray Delgado", 0, QUOTE)
    assert said.remark.start is not None and said.answers[0].name == "Tyler Boone"
    with pytest.raises(UsageError, match="word for word"):
        call_remarks.comment(workspace, RIVER, "call-1", by="M01", at=AT, text="x", moment=Moment(0, "words nobody said"))


def test_an_example_is_nobodys_before_the_rep_agrees(workspace: Workspace) -> None:
    written = call_remarks.mark_example(
        workspace, RIVER, "call-1", by="M01", at=AT, moment=Moment(0, QUOTE), initiative_id="catchback"
    )
    assert written is not None and "Tyler Boone is asked" in written.sentence
    assert [each.consent for each in page(workspace).examples] == [Consent.OPEN]
    with pytest.raises(NotYours):
        call_remarks.consent(workspace, RIVER, "call-1", by="M01", at=AT, example_id=written.what_ids[0], agrees=True)
    for agrees, consent in ((True, Consent.GIVEN), (False, Consent.DECLINED), (True, Consent.GIVEN)):
        call_remarks.consent(workspace, RIVER, "call-1", by="R01", at=AT, example_id=written.what_ids[0], agrees=agrees)
        assert [each.consent for each in page(workspace).examples] == [consent], "the latest of what the rep said counts"


def test_a_reps_own_mark_is_their_consent(workspace: Workspace) -> None:
    call_remarks.mark_example(workspace, RIVER, "call-1", by="R01", at=AT, moment=Moment(0, QUOTE), initiative_id="catchback")
    assert [each.consent for each in page(workspace).examples] == [Consent.GIVEN]


def test_a_judgement_is_disputed_by_its_rep_alone(workspace: Workspace) -> None:
    with pytest.raises(NotYours):
        call_remarks.dispute(workspace, RIVER, "call-1", by="M01", at=AT, text="No.", initiative_id="catchback")
    call_remarks.dispute(workspace, RIVER, "call-1", by="R01", at=AT, text="I did say why.", initiative_id="catchback")
    assert len(Remarks(workspace.store).disputes()) == 1


def test_only_the_author_takes_something_back_and_only_once(workspace: Workspace) -> None:
    written = call_remarks.comment(workspace, RIVER, "call-1", by="M01", at=AT, text="Hm.")
    assert written is not None
    with pytest.raises(NotYours):
        call_writes.take_back(workspace, RIVER, "call-1", by="E01", at=AT, what_ids=written.what_ids)
    call_writes.take_back(workspace, RIVER, "call-1", by="M01", at=AT, what_ids=written.what_ids)
    with pytest.raises(UsageError, match="taken back already"):
        call_writes.take_back(workspace, RIVER, "call-1", by="M01", at=AT, what_ids=written.what_ids)
    assert page(workspace).comments == ()


def test_nothing_is_written_on_a_call_that_is_not_theirs(workspace: Workspace) -> None:
    assert call_remarks.comment(workspace, RIDGE, "call-1", by="M01", at=AT, text="x") is None
    assert call_writes.agree(workspace, RIDGE, "call-1", "catchback", by="M01", at=AT, seen="") is None
    assert call_writes.take_back(workspace, RIDGE, "call-1", by="M01", at=AT, what_ids=["x"]) is None
    assert page(workspace).history == ()
