"""What somebody has on the workbench is theirs, and goes with their account."""

from datetime import UTC, datetime

import pytest

from callcoach.domain.accounts import Account
from callcoach.domain.people import PersonRole
from callcoach.domain.workbench import Replaced, RubricDraft
from callcoach.storage.accounts import Accounts
from callcoach.storage.workbench import Workbench

AT = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.fixture
def two(store):
    for name in ("one", "two"):
        account = Account(account_id=name, email=f"{name}@example.com", role=PersonRole.ENABLEMENT, made_at=AT)
        Accounts(store).add(account, "hash")
    return Workbench(store, "one"), Workbench(store, "two")


def test_drafts_pins_and_what_was_replaced_are_each_persons_own(two):
    mine, theirs = two
    draft = RubricDraft(name="catchback", text="id: catchback\n  # mine", base="abc", at=AT)
    mine.keep_draft(draft)
    mine.keep_replaced("catchback", Replaced(text="before", after="def"))
    mine.pin("catchback", ("c1", "c2"))
    assert (mine.draft("catchback"), mine.drafts()) == (draft, {"catchback"})
    assert mine.replaced("catchback") == Replaced(text="before", after="def")
    assert mine.pinned("catchback") == ("c1", "c2") and mine.pinned("safeseat") is None
    assert (theirs.draft("catchback"), theirs.drafts(), theirs.pinned("catchback")) == (None, frozenset(), None)


def test_a_later_draft_takes_the_place_of_an_earlier_one_and_goes_alone(two):
    mine, _ = two
    for text in ("first", "second"):
        mine.keep_draft(RubricDraft(name="catchback", text=text, base="abc", at=AT))
    mine.keep_replaced("catchback", Replaced(text="before", after="def"))
    assert mine.draft("catchback").text == "second"
    mine.drop_draft("catchback")
    assert mine.draft("catchback") is None and mine.replaced("catchback") is not None
    mine.drop_replaced("catchback")
    assert mine.replaced("catchback") is None
