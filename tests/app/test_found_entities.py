"""Redaction reads a call once: what was found is kept until the words, the finders or the rules are others."""

import re
from dataclasses import replace

import pytest

from callcoach.app import found_entities
from callcoach.app.found_entities import FoundEntities
from callcoach.app.redacting import Redacting
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, Transcript
from callcoach.domain.erasure import Forgotten
from callcoach.errors import StorageError
from callcoach.settings import Settings
from callcoach.storage.erasing import Erasing
from callcoach.storage.readings import Entities
from callcoach.testing import make_call

SAID = "rep 0:01 Orsolya, your pin is blue heron seven. / customer 0:05 Thanks, that is me."


class Spotter:
    """Finds one word and counts what it reads."""

    names_are_guesses = False

    def __init__(self, word: str, fingerprint: str = "spotter 1") -> None:
        self.word, self.fingerprint, self.read = word, fingerprint, []

    def entities(self, texts):
        self.read.append(list(texts))
        return [[(each.start(), each.end(), "ACCOUNT") for each in re.finditer(self.word, text)] for text in texts]


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(Settings(home=tmp_path))
    made.store.add_calls([Call(call_id="a", content="0" * 64, transcript_path="a.txt")])
    made.__dict__["finders"] = (Spotter("blue heron seven"),)
    yield made
    made.store.close()


@pytest.fixture
def heard() -> Transcript:
    return make_call(SAID, call_id="a")


def texts(redacted: Transcript) -> list[str]:
    return [turn.text for turn in redacted.turns]


def read(workspace: Workspace) -> int:
    """How often the call was read, whatever was read beside it."""
    return sum(each[0].startswith("Orsolya") for each in workspace.finders[0].read)


def test_a_second_redaction_of_a_call_reads_nothing_and_says_the_same(workspace, heard):
    once = Redacting(workspace).transcript(heard)
    assert "[ACCOUNT 1]" in texts(once)[0] and "heron" not in texts(once)[0]
    assert Redacting(workspace).transcript(heard) == once
    assert read(workspace) == 1


def test_other_words_other_finders_and_other_rules_are_read_anew(workspace, heard, monkeypatch):
    Redacting(workspace).transcript(heard)
    misheard = replace(heard, turns=(replace(heard.turns[0], text="Orsolya, your pin is grey heron seven."), heard.turns[1]))
    assert "grey heron" in texts(Redacting(workspace).transcript(misheard))[0]
    Redacting(workspace).transcript(heard)
    assert read(workspace) == 3, "one reading of a call is kept, that of its latest words"
    workspace.__dict__["finders"] = (Spotter("Thanks", "spotter 2"),)
    assert texts(Redacting(workspace).transcript(heard))[1] == "[ACCOUNT 1], that is me."
    monkeypatch.setattr(found_entities, "REDACTION", -1)
    Redacting(workspace).transcript(heard)
    assert read(workspace) == 2


def test_names_given_later_are_taken_out_of_a_call_that_was_read_before(workspace, heard):
    Redacting(workspace).transcript(heard)
    workspace.store.add_calls([replace(workspace.store.call("a"), customer_name="Thanks Ltd Heronry")])
    assert "Thanks" in texts(Redacting(workspace).transcript(heard))[1]
    later = Redacting(workspace).transcript(make_call("rep 0:01 Is this Heronry?", call_id="a"))
    assert texts(later) == ["Is this [PERSON 1]?"]


def test_what_is_written_about_a_call_is_read_although_the_call_is_kept(workspace, heard):
    FoundEntities(workspace).finders(heard)
    (finder,) = FoundEntities(workspace).finders(heard)
    assert (finder.fingerprint, finder.names_are_guesses) == ("spotter 1", False)
    assert finder.entities(["Ask for blue heron seven."]) == [[(8, 24, "ACCOUNT")]]
    assert workspace.finders[0].read[-1] == ["Ask for blue heron seven."]


def test_a_database_that_takes_nothing_up_stops_no_export(workspace, heard, monkeypatch):
    def locked(*_):
        raise StorageError("The database is locked.")

    monkeypatch.setattr(Entities, "keep", locked)
    for _ in range(2):
        assert "[ACCOUNT 1]" in texts(Redacting(workspace).transcript(heard))[0]
    assert read(workspace) == 2
    unknown = make_call(SAID, call_id="nobody-knows-it")
    monkeypatch.undo()
    assert "[ACCOUNT 1]" in texts(Redacting(workspace).transcript(unknown))[0]


def test_what_was_found_goes_with_its_call(workspace, heard):
    Redacting(workspace).transcript(heard)
    gone = Erasing(workspace.store).erase(Forgotten(call_ids=frozenset({"a"})))
    assert gone["entities"] == 1


def test_a_call_without_words_leaves_nothing(workspace):
    Redacting(workspace).transcript(Transcript(call_id="a", turns=()))
    assert workspace.finders[0].read == [["The models are here."]]
    assert "entities" not in Erasing(workspace.store).erase(Forgotten(call_ids=frozenset({"a"})))
