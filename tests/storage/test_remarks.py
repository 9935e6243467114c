"""What people say of a call beside its judgement, and what they take back, in both kinds of database."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from callcoach.domain.remark import Remark, RemarkKind, Withdrawal
from callcoach.domain.review import VERDICT, Review, revision
from callcoach.errors import EditConflict
from callcoach.storage.labels import Labels
from callcoach.storage.remarks import Remarks
from callcoach.storage.store import Store

AT = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


def remark(kind: RemarkKind, text: str, at: datetime = AT) -> Remark:
    return Remark(call_id="a", person_id="M01", at=at, kind=kind, text=text)


def review(person: str, verdict: str) -> Review:
    return Review(
        call_id="a",
        initiative_id="catchback",
        person_id=person,
        at=AT,
        about=VERDICT,
        machine="recites",
        person=verdict,
        because="x",
    )


def test_remarks_come_back_in_order_and_one_that_was_taken_back_stays_in_the_history(
    store: Store, reopened: Callable[[], Store]
) -> None:
    second, first = remark(RemarkKind.DISPUTE, "No."), remark(RemarkKind.COMMENT, "Hm.", datetime(2026, 11, 15, tzinfo=UTC))
    kept = Remarks(store)
    for each in (second, first, first):
        kept.add(each)
    assert Remarks(reopened()).of_call("a") == (first, second)
    assert kept.disputes() == (second,)
    kept.take_back([Withdrawal(what_id=second.remark_id, call_id="a", person_id="M01", at=AT)])
    assert kept.disputes() == () and kept.of_call("a") == (first, second)
    assert list(kept.withdrawn("a")) == [second.remark_id] and kept.withdrawn("b") == {}


def test_a_consent_names_what_it_agrees_to() -> None:
    with pytest.raises(ValueError, match="names the example"):
        remark(RemarkKind.CONSENT, "")


def test_a_review_that_was_taken_back_counts_no_longer(store: Store) -> None:
    labels, said = Labels(store), review("M01", "partial")
    labels.add_review(said)
    Remarks(store).take_back([Withdrawal(what_id=said.review_id, call_id="a", person_id="M01", at=AT)])
    assert labels.reviews("a") == () and labels.reviews() == ()
    assert labels.reviews("a", with_withdrawn=True) == (said,)


def test_of_two_who_saw_the_same_the_second_is_told(store: Store) -> None:
    labels, before = Labels(store), revision(())
    labels.add_reviews([review("M01", "partial")], seen=before)
    with pytest.raises(EditConflict):
        labels.add_reviews([review("E01", "stumbles")], seen=before)
    assert [each.person_id for each in labels.reviews("a")] == ["M01"]
    labels.add_reviews([review("E01", "stumbles")], seen=revision(labels.reviews("a")))
    assert len(labels.reviews("a")) == 2
