"""What people say of calls, on the same database as the machine's answers and never among them. One method per question.

Blindness is kept here and not by a screen: an unfinished label is a draft that only its own person is given, and a finished one
is given to nobody else before everybody in the round is done (`judging.blind` says to whom what may be shown).
Labels, decisions, overrides and reviews are added and never changed; a review that its author took back no longer counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select

from callcoach.domain.calibration import Decision, Label, Override, Round
from callcoach.domain.call import Transcript
from callcoach.domain.review import Review, revision
from callcoach.domain.verdict import Verdict
from callcoach.errors import EditConflict, UsageError
from callcoach.judging.blind import finished, visible_labels
from callcoach.judging.settled import Settled, settle
from callcoach.storage import schema
from callcoach.storage.bodies import body_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put, put_new

Value = TypeVar("Value")

Answers = Mapping[str, str]
"""A person's answers so far for one call, by question: an unfinished label."""


class LabelToLearn(NamedTuple):
    """One call as people settled it for one initiative, with the words it was said of.

    labels: the blind labels, the latest of each person. reviews: corrections of the machine's answer, by time.
    """

    call_id: str
    initiative_id: str
    transcript: Transcript
    settled: Settled
    labels: tuple[Label, ...]
    decision: Decision | None
    reviews: tuple[Review, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The verdict people settled on; None where they differ."""
        return self.settled.verdict


class Labels:
    """People's answers in the database that a Store has opened. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._engine = store.engine

    # rounds

    def begin(self, calibration: Round) -> None:
        """Keep a round. Raises UsageError where its id is taken."""
        row = {"round_id": calibration.round_id, "initiative_id": calibration.initiative_id, "body": body_of(calibration)}
        with writing(self._engine) as connection:
            if not put_new(connection, schema.calibration_rounds, row):
                raise UsageError(f"There is a round {calibration.round_id} already. Give the new one another name with --round.")

    def round(self, round_id: str) -> Round | None:
        """The round of this id."""
        return next(iter(self._all(schema.calibration_rounds, Round, round_id=round_id)), None)

    def rounds(self, initiative_id: str | None = None) -> tuple[Round, ...]:
        """All rounds, or those of one initiative, the first first."""
        asked = {} if initiative_id is None else {"initiative_id": initiative_id}
        return tuple(sorted(self._all(schema.calibration_rounds, Round, **asked), key=lambda each: (each.at, each.round_id)))

    # labels

    def draft(self, round_id: str, person_id: str) -> dict[str, Answers]:
        """A person's own unfinished answers, by call id."""
        table = schema.label_drafts
        question = select(table.c.call_id, table.c.body).where(table.c.round_id == round_id, table.c.person_id == person_id)
        with reading(self._engine) as connection:
            return {row.call_id: msgspec.json.decode(row.body, type=dict[str, str]) for row in connection.execute(question)}

    def keep_draft(self, round_id: str, person_id: str, call_id: str, answers: Answers) -> None:
        """Keep a person's answers so far for one call, in place of the earlier ones. Raises UsageError once they are final."""
        row = {"round_id": round_id, "person_id": person_id, "call_id": call_id, "body": body_of(dict(answers))}
        with writing(self._engine) as connection:
            self._refuse_if_final(connection, round_id, person_id)
            put(connection, schema.label_drafts, row)

    def finish(self, labels: Sequence[Label]) -> None:
        """A person is done with a round: the labels become final and the drafts go, in one transaction."""
        round_id, person_id = labels[0].round_id or "", labels[0].person_id
        with writing(self._engine) as connection:
            self._refuse_if_final(connection, round_id, person_id)
            for label in labels:
                put_new(connection, schema.labels, _label_row(label))
            drafts = schema.label_drafts
            connection.execute(delete(drafts).where(drafts.c.round_id == round_id, drafts.c.person_id == person_id))

    def take_in(self, labels: Iterable[Label]) -> int:
        """Keep finished labels from a file; those that are there already stay as they are. How many were new.

        They belong to no round of this database, whatever round their file names: nobody is done with one by taking in a file.
        """
        with writing(self._engine) as connection:
            rows = [{**_label_row(label), "round_id": None} for label in labels]
            return sum(put_new(connection, schema.labels, row) for row in rows)

    def labels_of(self, calibration: Round, *, seen_by: str | None = None) -> tuple[Label, ...]:
        """The final labels of a round that this person may see (None: somebody outside it); see `judging.blind`."""
        kept = self._all(schema.labels, Label, round_id=calibration.round_id)
        return visible_labels(calibration, kept, seen_by=seen_by)

    def done(self, calibration: Round) -> dict[str, bool]:
        """Who of the round's people is done. Says nothing of what anybody answered."""
        return finished(calibration, self._all(schema.labels, Label, round_id=calibration.round_id))

    def finished_labels(self, initiative_id: str | None = None) -> tuple[Label, ...]:
        """All labels, or an initiative's, that everybody may see, by time: of rounds in which all are done, and of files."""
        table = schema.labels
        question = select(table.c.body).where(table.c.round_id.is_(None))
        if initiative_id is not None:
            question = question.where(table.c.initiative_id == initiative_id)
        with reading(self._engine) as connection:
            of_files = [msgspec.json.decode(row.body, type=Label) for row in connection.execute(question)]
        seen = [*of_files, *(label for each in self.rounds(initiative_id) for label in self.labels_of(each))]
        return tuple(sorted(seen, key=lambda label: (label.at, label.call_id, label.person_id)))

    # decisions and overrides

    def decide(self, decision: Decision) -> None:
        """Add to the decision log."""
        row = {"round_id": decision.round_id, "call_id": decision.call_id, "body": body_of(decision)}
        with writing(self._engine) as connection:
            connection.execute(insert(schema.decisions).values(row))

    def decisions(self, round_id: str) -> tuple[Decision, ...]:
        """The decision log of a round, the first first."""
        return tuple(sorted(self._all(schema.decisions, Decision, round_id=round_id), key=lambda each: each.at))

    def override(self, override: Override) -> None:
        """Keep an administrator's word; the latest of an initiative counts."""
        with writing(self._engine) as connection:
            row = {"initiative_id": override.initiative_id, "body": body_of(override)}
            connection.execute(insert(schema.gate_overrides).values(row))

    def overrides(self) -> tuple[Override, ...]:
        """All there ever were, the first first."""
        return tuple(sorted(self._all(schema.gate_overrides, Override), key=lambda each: each.at))

    # reviews

    def add_review(self, review: Review) -> None:
        """Keep a correction beside the machine's answer."""
        self.add_reviews((review,))

    def add_reviews(self, reviews: Sequence[Review], *, seen: str | None = None) -> None:
        """Keep corrections of one call in one transaction.

        seen: the `revision` of the corrections that their author had before them. Raises EditConflict where it is another.
        """
        table = schema.reviews
        with writing(self._engine) as connection:
            if seen is not None:
                if connection.dialect.name == "postgresql":
                    # nobody adds one between the look and the insert; in SQLite a writer is alone from the start
                    connection.exec_driver_sql("LOCK TABLE reviews, withdrawn IN SHARE ROW EXCLUSIVE MODE")
                kept = self._reviews(connection, reviews[0].call_id)
                if revision(each for each in kept if each.initiative_id == reviews[0].initiative_id) != seen:
                    raise EditConflict(
                        f"Somebody has said something else of {reviews[0].call_id} since you opened it. "
                        f"Nothing of yours was kept. Look at both, then send yours again."
                    )
            for review in reviews:
                row = {
                    "review_id": review.review_id,
                    "call_id": review.call_id,
                    "initiative_id": review.initiative_id,
                    "person_id": review.person_id,
                    "body": body_of(review),
                }
                put_new(connection, table, row)

    def reviews(self, call_id: str | None = None, *, with_withdrawn: bool = False) -> tuple[Review, ...]:
        """All corrections that count, or those of one call, the first first; on request those that were taken back too."""
        with reading(self._engine) as connection:
            return self._reviews(connection, call_id, with_withdrawn=with_withdrawn)

    def _reviews(self, connection: Connection, call_id: str | None, *, with_withdrawn: bool = False) -> tuple[Review, ...]:
        table, taken_back = schema.reviews, select(schema.withdrawn.c.what_id)
        question = select(table.c.body)
        if call_id is not None:
            question = question.where(table.c.call_id == call_id)
            taken_back = taken_back.where(schema.withdrawn.c.call_id == call_id)
        if not with_withdrawn:
            question = question.where(table.c.review_id.not_in(taken_back))
        found = [msgspec.json.decode(row.body, type=Review) for row in connection.execute(question)]
        return tuple(sorted(found, key=lambda each: (each.at, each.review_id)))

    # learning

    def labels_to_learn_from(self, initiative_id: str | None = None) -> tuple[LabelToLearn, ...]:
        """Every call that people labelled or corrected and whose words are here, by initiative and call."""
        by_pair: dict[tuple[str, str], list[Label]] = {}
        for label in self.finished_labels(initiative_id):
            by_pair.setdefault((label.initiative_id, label.call_id), []).append(label)
        corrected: dict[tuple[str, str], list[Review]] = {}
        for review in self.reviews():
            if initiative_id in (None, review.initiative_id):
                corrected.setdefault((review.initiative_id, review.call_id), []).append(review)
        decided = {
            (each.initiative_id, decision.call_id): decision
            for each in self.rounds(initiative_id)
            for decision in self.decisions(each.round_id)
        }
        found = []
        for pair in sorted({*by_pair, *corrected}):
            transcript = self._store.current_transcript(pair[1])
            if transcript is None:
                continue
            latest = {label.person_id: label for label in by_pair.get(pair, [])}
            labels = tuple(latest[person] for person in sorted(latest))
            reviews, decision = tuple(corrected.get(pair, ())), decided.get(pair)
            found.append(LabelToLearn(pair[1], pair[0], transcript, settle(labels, decision, reviews), labels, decision, reviews))
        return tuple(found)

    def _refuse_if_final(self, connection: Connection, round_id: str, person_id: str) -> None:
        table = schema.labels
        final = select(table.c.label_id).where(table.c.round_id == round_id, table.c.person_id == person_id)
        if connection.execute(final).first() is not None:
            raise UsageError(
                f"{person_id} is done with round {round_id}, and labels are never changed. To settle a call: "
                f"callcoach calibrate decide {round_id} CALL --verdict VERDICT --because WHY --by {person_id}"
            )

    def _all(self, table: Table, kind: type[Value], **asked: str) -> list[Value]:
        question = select(table.c.body).where(*(table.c[name] == value for name, value in asked.items()))
        with reading(self._engine) as connection:
            return [msgspec.json.decode(row.body, type=kind) for row in connection.execute(question)]


def _label_row(label: Label) -> dict[str, str | None]:
    return {
        "label_id": label.label_id,
        "initiative_id": label.initiative_id,
        "call_id": label.call_id,
        "person_id": label.person_id,
        "round_id": label.round_id,
        "body": body_of(label),
    }
