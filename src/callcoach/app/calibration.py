"""Rounds of blind labels: begin one, answer it, lay the answers side by side, settle them. Knows nothing of terminals."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Agreement, Decision, Label, Round
from callcoach.domain.call import CallKind, Transcript
from callcoach.domain.story import Component, Initiative, default_rubrics
from callcoach.domain.verdict import CallScore, Level, Verdict
from callcoach.errors import UsageError
from callcoach.intake.labels import labels_file, read_labels, write_labels
from callcoach.intake.rubrics import read_rubrics
from callcoach.judging import labelling
from callcoach.judging.assess import not_assessed_because
from callcoach.judging.sampling import Candidate, sample
from callcoach.storage.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A call on which people do not say the same: each one's label, the machine's score, and what was decided, latest last."""

    call_id: str
    labels: tuple[Label, ...]
    machine: CallScore | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Answers side by side. round: None where all labels of the initiative are compared; picked: why each call was chosen."""

    initiative: Initiative
    round: Round | None
    agreement: Agreement
    disagreements: tuple[Disagreement, ...]
    decisions: tuple[Decision, ...]


class Session:
    """One person answering one round. Every answer is kept as it is given; nobody else's and no score ever comes in here."""

    def __init__(self, workspace: Workspace, rubrics: Path, round_id: str, person_id: str) -> None:
        self._labels = Labels(workspace.store)
        self._store = workspace.store
        self.round = _round(self._labels, round_id)
        if person_id not in self.round.people:
            known = ", ".join(self.round.people)
            raise UsageError(f"{person_id} does not label round {round_id}. Its people: {known}.")
        self.person_id = person_id
        kept = workspace.store.initiative(self.round.initiative_id, self.round.version)
        self.initiative = kept or find_initiative(rubrics, self.round.initiative_id)
        self.draft = dict(self._labels.draft(round_id, person_id))
        self.done = self._labels.done(self.round)[person_id]

    @property
    def left(self) -> tuple[str, ...]:
        """The calls that are not complete, in order."""
        return labelling.unanswered(self.initiative, self.round.call_ids, self.draft)

    def transcript(self, call_id: str) -> Transcript:
        """What was said in a call of the round. Raises UsageError where its words are not here any more."""
        transcript = self._store.current_transcript(call_id)
        if transcript is None:
            raise UsageError(f"{call_id}: its words are not in the database. Run callcoach run over its folder, then go on.")
        return transcript

    def answers(self, call_id: str) -> Mapping[str, str]:
        """What this person said of a call so far."""
        return self.draft.get(call_id, {})

    def keep(self, call_id: str, answers: Mapping[str, str]) -> None:
        """Keep the answers of a call, in place of the earlier ones."""
        self._labels.keep_draft(self.round.round_id, self.person_id, call_id, answers)
        self.draft[call_id] = answers

    def finish(self, at: datetime) -> None:
        """Make the answers final. Raises UsageError while a call is not complete."""
        if self.left:
            raise UsageError(f"{len(self.left)} calls of {self.round.round_id} are not complete, {self.left[0]} is the first.")
        self._labels.finish(
            [
                labelling.label_of(
                    self.initiative,
                    self.draft[call_id],
                    call_id=call_id,
                    person_id=self.person_id,
                    round_id=self.round.round_id,
                    version=self.round.version,
                    at=at.astimezone(UTC).replace(microsecond=0),
                )
                for call_id in self.round.call_ids
            ]
        )
        self.done = True


def find_initiative(rubrics: Path, initiative_id: str) -> Initiative:
    """The initiative in a folder of rubrics. Raises UsageError where no file has this id, with those that are there."""
    known = {initiative.id: initiative for initiative in default_rubrics(read_rubrics(rubrics).initiatives)}
    if initiative_id not in known:
        raise UsageError(f"No initiative {initiative_id} in {rubrics}. Known: {', '.join(sorted(known)) or 'none'}.")
    return known[initiative_id]


def begin_round(
    workspace: Workspace,
    initiative: Initiative,
    *,
    calls: int,
    people: Sequence[str],
    seed: int,
    at: datetime,
    round_id: str | None = None,
) -> Round:
    """Pick calls that are in the database and keep the round. Raises UsageError for fewer than two people or no calls."""
    wanted = tuple(dict.fromkeys(person for person in people if person))
    if len(wanted) < 2:
        raise UsageError("Agreement takes two people or more. Name them by their ids, like --people E01,M01.")
    picks = sample(candidates(workspace, initiative), calls, seed=seed)
    if not picks:
        raise UsageError("There is no call to label: the database holds none with words. Run callcoach run over a folder first.")
    labels = Labels(workspace.store)
    if round_id is None:
        round_id = f"{initiative.id}-{len(labels.rounds(initiative.id)) + 1}"
    workspace.store.keep_initiative(initiative)
    begun = Round(
        round_id=round_id,
        initiative_id=initiative.id,
        version=initiative.version,
        people=wanted,
        picks=picks,
        seed=seed,
        at=at.astimezone(UTC).replace(microsecond=0),
    )
    labels.begin(begun)
    return begun


def candidates(workspace: Workspace, initiative: Initiative) -> tuple[Candidate, ...]:
    """The customer calls that have words, with what the judge says of them where it has judged them for the initiative.

    A call that could not be assessed for another initiative is asked about again: a voicemail is one for all, a call in another
    language than that rubric's may be judged for this one.
    """
    every = workspace.store.scores()
    scores = {score.call_id: score for score in every if score.initiative_id == initiative.id}
    unusable = {score.call_id for score in every if score.verdict is Verdict.NOT_ASSESSED}
    wanted = [term.lower() for term in (*initiative.names, *initiative.terms)]
    found = []
    for call in workspace.store.calls():
        transcript = workspace.store.current_transcript(call.call_id) if call.kind is CallKind.CUSTOMER_CALL else None
        score = scores.get(call.call_id)
        if transcript is None or (score is not None and score.verdict is Verdict.NOT_ASSESSED):
            continue
        if call.call_id in unusable and score is None and not_assessed_because(transcript, initiative):
            continue
        text = " ".join(turn.text for turn in transcript.turns).lower()
        found.append(
            Candidate(
                call_id=call.call_id,
                rep_id=call.rep_id,
                verdict=score.verdict if score else None,
                confidence=score.confidence if score else None,
                named=any(term in text for term in wanted),
                words=len(text.split()),
            )
        )
    return tuple(found)


def compare(workspace: Workspace, rubrics: Path, name: str) -> Comparison:
    """The answers of a round, or of all finished rounds and files of an initiative (by its id), side by side.

    Raises UsageError for a round that is not finished: until then nobody sees anybody's answers, nor the machine's.
    """
    from callcoach.training.agreement import agreement, latest_labels

    labels = Labels(workspace.store)
    calibration = labels.round(name)
    initiative = find_initiative(rubrics, calibration.initiative_id if calibration else name)
    if calibration:
        _refuse_unfinished(labels, calibration)
        found = labels.labels_of(calibration)
    else:
        found = labels.finished_labels(initiative.id)
    if not found:
        raise UsageError(
            f"There are no finished labels for {initiative.id}. Next: callcoach calibrate new {initiative.id} --people A,B"
        )
    scores = {score.call_id: score for score in workspace.store.scores(initiative_id=initiative.id)}
    log = [decision for each in labels.rounds(initiative.id) for decision in labels.decisions(each.round_id)]
    decisions = tuple(decision for decision in log if calibration is None or decision.round_id == calibration.round_id)
    by_call: dict[str, list[Label]] = {}
    for label in latest_labels(found):
        by_call.setdefault(label.call_id, []).append(label)
    return Comparison(
        initiative=initiative,
        round=calibration,
        agreement=agreement(initiative.id, found, scores, version=initiative.version),
        disagreements=tuple(
            Disagreement(
                call_id=call_id,
                labels=tuple(said),
                machine=scores.get(call_id),
                decisions=tuple(each for each in decisions if each.call_id == call_id),
            )
            for call_id, said in sorted(by_call.items())
            if _differ(said)
        ),
        decisions=decisions,
    )


def decide(
    workspace: Workspace,
    round_id: str,
    call_id: str,
    *,
    verdict: Verdict,
    because: str,
    by: str,
    at: datetime,
    levels: Mapping[Component, Level] | None = None,
) -> Decision:
    """Add to the decision log what was agreed on a call. Raises UsageError before everybody is done, or for another call."""
    labels = Labels(workspace.store)
    calibration = _round(labels, round_id)
    _refuse_unfinished(labels, calibration)
    if call_id not in calibration.call_ids:
        raise UsageError(f"{call_id} is not in round {round_id}. Its calls: {', '.join(sorted(calibration.call_ids))}.")
    if not because.strip():
        raise UsageError("A decision says why. Give the reason with --because.")
    decision = Decision(
        round_id=round_id, call_id=call_id, verdict=verdict, because=because.strip(), by=by, at=at, levels=levels or {}
    )
    labels.decide(decision)
    return decision


class Taken(NamedTuple):
    """How many labels a file holds, and how many of them were new."""

    labels: int
    new: int


def take_in(workspace: Workspace, path: Path) -> Taken:
    """Take in a file of finished labels, named after its initiative. Raises BadInput for a file that is none."""
    found = read_labels(path)
    return Taken(len(found), Labels(workspace.store).take_in(found))


def give_out(workspace: Workspace, rubrics: Path, initiative_id: str, into: Path | None = None) -> Path:
    """Write all finished labels of an initiative to a file, beside its rubric unless told otherwise.

    What the initiative's file holds already is taken in first: others may have labelled elsewhere. Raises BadInput where it
    cannot be read.
    """
    path = into or labels_file(rubrics, initiative_id)
    kept = Labels(workspace.store)
    if path.is_file() and path.stem == initiative_id:
        kept.take_in(read_labels(path))
    labels = kept.finished_labels(initiative_id)
    if not labels:
        raise UsageError(f"There are no finished labels for {initiative_id}: a round counts once all of its people are done.")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        fresh.write_text(write_labels(labels), encoding="utf-8")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _round(labels: Labels, round_id: str) -> Round:
    found = labels.round(round_id)
    if found is None:
        known = ", ".join(each.round_id for each in labels.rounds()) or "none"
        raise UsageError(f"There is no round {round_id}. Rounds: {known}. Begin one: callcoach calibrate new INITIATIVE")
    return found


def _refuse_unfinished(labels: Labels, calibration: Round) -> None:
    left = [person for person, done in labels.done(calibration).items() if not done]
    if left:
        raise UsageError(
            f"Round {calibration.round_id} waits for {', '.join(left)}: until all are done, nobody sees anybody's answers or the "
            f"machine's. Next: callcoach calibrate label {calibration.round_id} --person {left[0]}"
        )


def _differ(said: Sequence[Label]) -> bool:
    return len(said) > 1 and len({_answers(label) for label in said}) > 1


def _answers(label: Label) -> tuple[object, ...]:
    criteria = tuple(sorted((name, answer) for name, answer in label.criteria.items() if answer is not None))
    return (label.verdict, tuple(label.levels.get(component) for component in Component), label.answer, criteria)
