"""Calibration for screens: rounds and who is done, one call to label at a time, and what people make of the answers together.

Until a round is finished nothing here reads a score or anybody else's answer: whoever labels is given words and the story alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from callcoach.app import calibration
from callcoach.app.blindness import to_label_blind
from callcoach.app.calibration import Comparison, Session
from callcoach.app.call_words import SpokenTurn, spoken_turns
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.gates import gates, keep_override
from callcoach.app.workbench import rubrics_folder
from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Decision, Gate, Override, Round
from callcoach.domain.people import Company, Person, PersonRole, VisibleReps
from callcoach.domain.story import Component, Initiative, default_rubrics
from callcoach.domain.verdict import Level, Verdict
from callcoach.errors import UsageError
from callcoach.judging import labelling
from callcoach.storage.given import GivenToRuns
from callcoach.storage.labels import Labels

LABELLERS = (PersonRole.MANAGER, PersonRole.ENABLEMENT, PersonRole.ADMIN)
MOST_CALLS = 100
MOST_LETTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """A round, who of its people is done, and how many calls the reader has left; None where they are not of it."""

    round: Round
    name: str
    done: Mapping[str, bool]
    left: int | None

    @property
    def finished(self) -> bool:
        """Whether everybody is done."""
        return all(self.done.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The rounds that the reader may know of, the latest first; initiatives and people that a new one can be begun with."""

    rounds: tuple[RoundRow, ...]
    initiatives: tuple[Initiative, ...]
    people: tuple[Person, ...]
    usual_calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Where a person is with a round: the numbers (from 1) of the calls that are not complete."""

    place: int
    call_id: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLabel:
    """One call to label: its words, the story, and what the person said of it so far. No score, and nobody else's answer.

    call_id None: the person is done, or all calls are complete. has_sound: whether they may hear the recording. answers: by
    question, as `judging.labelling` names them.
    """

    round_id: str
    initiative: Initiative
    calls: tuple[Labelled, ...]
    call_id: str | None
    place: int
    turns: tuple[SpokenTurn, ...]
    answers: Mapping[str, str]
    has_sound: bool
    done: bool

    @property
    def n_complete(self) -> int:
        """How many calls are complete."""
        return sum(each.complete for each in self.calls)

    @property
    def before(self) -> str | None:
        """The call before this one."""
        return self.calls[self.place - 2].call_id if self.place > 1 else None

    @property
    def after(self) -> str | None:
        """The call after this one."""
        return self.calls[self.place].call_id if 0 < self.place < len(self.calls) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of an answer: whether the call is complete, how many are left, the next of them, and what could not be kept."""

    complete: bool
    left: int
    following: str | None
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A round as the reader may see it: who is done, and once all are, the answers side by side.

    hidden: calls that are left out because the reader has yet to label them blind in another round.
    """

    name: str
    row: RoundRow | None
    found: Comparison | None
    company: Company
    hidden: int = 0


def rooms(workspace: Workspace, person_id: str | None, *, sees_all: bool) -> Rooms:
    """The rounds of a person, or all of them."""
    labels, company = Labels(workspace.store), current_company(workspace)
    initiatives = default_rubrics(current_initiatives(workspace))
    names = {initiative.id: initiative.name for initiative in initiatives}
    known = [each for each in labels.rounds() if sees_all or person_id in each.people]
    return Rooms(
        rounds=tuple(_row(workspace, labels, each, names, person_id) for each in reversed(known)),
        initiatives=initiatives,
        people=tuple(person for person in company.people if person.role in LABELLERS),
        usual_calls=workspace.settings.calibration_calls,
    )


def begin(workspace: Workspace, initiative_id: str, people: Sequence[str], calls: int, *, at: datetime) -> Round:
    """A new round of the wording in the file. Raises UsageError for fewer than two people, one who cannot label, or no calls."""
    known = {person.id for person in current_company(workspace).people if person.role in LABELLERS}
    wanted = [person for person in dict.fromkeys(people) if person]
    if len(wanted) < 2:
        raise UsageError("Agreement takes two people or more. Choose them, then begin.")
    if strangers := [person for person in wanted if person not in known]:
        raise UsageError(f"{strangers[0]} cannot label: choose managers, enablement or admins of the people file.")
    if not 1 <= calls <= MOST_CALLS:
        raise UsageError(f"Choose between 1 and {MOST_CALLS} calls.")
    initiative = calibration.find_initiative(rubrics_folder(workspace), initiative_id)
    seed = len(Labels(workspace.store).rounds(initiative.id)) + 1
    return calibration.begin_round(workspace, initiative, calls=calls, people=wanted, seed=seed, at=at)


def to_label(
    workspace: Workspace, visible: VisibleReps, round_id: str, person_id: str | None, call_id: str | None
) -> ToLabel | None:
    """The call that was asked for, or the first that is not complete; None for a round that is not theirs, or no such call."""
    session = _session(workspace, round_id, person_id)
    if session is None or (call_id is not None and call_id not in session.round.call_ids):
        return None
    left = session.left
    chosen = None if session.done else call_id or next(iter(left), None)
    call = workspace.store.call(chosen) if chosen else None
    hears = call is not None and call.rep_id in visible and GivenToRuns(workspace.store).recording(call.content) is not None
    return ToLabel(
        round_id=round_id,
        initiative=session.initiative,
        calls=tuple(
            Labelled(place=place, call_id=each, complete=session.done or each not in left)
            for place, each in enumerate(session.round.call_ids, 1)
        ),
        call_id=chosen,
        place=session.round.call_ids.index(chosen) + 1 if chosen else 0,
        turns=spoken_turns(session.transcript(chosen), {}, ()) if chosen else (),
        answers=session.answers(chosen) if chosen else {},
        has_sound=hears,
        done=session.done,
    )


def keep(workspace: Workspace, round_id: str, person_id: str | None, call_id: str, given: Mapping[str, str]) -> Kept | None:
    """Keep what a person says of a call, as far as it goes; None for a round or a call that is not theirs.

    Raises UsageError once their answers are final.
    """
    session = _session(workspace, round_id, person_id)
    if session is None or call_id not in session.round.call_ids:
        return None
    if session.done:
        raise UsageError("Your labels of this round are final. What was agreed on a call is written down beside them.")
    transcript, initiative = session.transcript(call_id), session.initiative
    answers: dict[str, str] = {}
    problem = ""
    seen: set[str] = set()
    # which question comes next hangs on the answers before it
    while (
        question := next((each for each in labelling.questions(initiative, answers) if each.name not in seen), None)
    ) is not None:
        seen.add(question.name)
        typed = given.get(question.name, "")[:MOST_LETTERS]
        answer = question.read(typed, transcript)
        if answer is not None and (answer or question.name in (labelling.QUOTE, labelling.NOTE)):
            answers[question.name] = answer
        elif typed and question.name == labelling.QUOTE:
            problem = "These words are not in the call, so they were not kept. Copy them as they stand there."
            answers[question.name] = ""
    open_choices = [each for each in labelling.questions(initiative, answers) if each.choices and each.name not in answers]
    if open_choices:
        # an empty text counts as given only once everything else is
        answers = {name: answer for name, answer in answers.items() if answer}
    session.keep(call_id, answers)
    left = session.left
    ids = session.round.call_ids
    later = [each for each in ids[ids.index(call_id) + 1 :] if each in left]
    return Kept(complete=call_id not in left, left=len(left), following=next(iter((*later, *left)), None), sentence=problem)


def finish(workspace: Workspace, round_id: str, person_id: str | None, *, at: datetime) -> bool:
    """Make a person's answers final; False for a round that is not theirs. Raises UsageError while a call is not complete."""
    session = _session(workspace, round_id, person_id)
    if session is None:
        return False
    if session.done:
        return True
    if session.left:
        raise UsageError(f"{len(session.left)} calls are not complete yet. Label them, then finish.")
    session.finish(at)
    return True


def compared(workspace: Workspace, round_id: str, person_id: str | None, *, sees_all: bool) -> Compared | None:
    """A round as the reader may see it; None for one that is not theirs."""
    labels = Labels(workspace.store)
    found = labels.round(round_id)
    if found is None or not (sees_all or person_id in found.people):
        return None
    names = {initiative.id: initiative.name for initiative in current_initiatives(workspace)}
    row = _row(workspace, labels, found, names, person_id)
    company = current_company(workspace)
    if not row.finished:
        return Compared(name=round_id, row=row, found=None, company=company)
    comparison = calibration.compare(workspace, rubrics_folder(workspace), round_id)
    return _without_blind(workspace, Compared(name=round_id, row=row, found=comparison, company=company), person_id)


def compared_all(workspace: Workspace, initiative_id: str, person_id: str | None) -> Compared | None:
    """All finished labels of an initiative, of rounds and of files; None where there are none."""
    known = {initiative.id: initiative.name for initiative in current_initiatives(workspace)}
    if initiative_id not in known or not Labels(workspace.store).finished_labels(initiative_id):
        return None
    comparison = calibration.compare(workspace, rubrics_folder(workspace), initiative_id)
    shown = Compared(name=known[initiative_id], row=None, found=comparison, company=current_company(workspace))
    return _without_blind(workspace, shown, person_id)


def decide(
    workspace: Workspace,
    round_id: str,
    call_id: str,
    *,
    person_id: str | None,
    sees_all: bool,
    verdict: Verdict,
    levels: Mapping[Component, Level],
    because: str,
    by: str,
    at: datetime,
) -> Decision | None:
    """Write down what was agreed on a call; None for a round that is not the reader's. Raises UsageError without a reason."""
    found = Labels(workspace.store).round(round_id)
    if found is None or not (sees_all or person_id in found.people) or call_id not in found.call_ids:
        return None
    reason = " ".join(because.split())[:MOST_LETTERS]
    if not reason:
        raise UsageError("A decision says why. Write the reason, then decide.")
    return calibration.decide(workspace, round_id, call_id, verdict=verdict, because=reason, by=by, at=at, levels=levels)


def gate_of(workspace: Workspace, initiative_id: str, *, today: date) -> tuple[Initiative, Gate] | None:
    """An initiative and where it stands; None where no run has read it."""
    for initiative in default_rubrics(current_initiatives(workspace)):
        if initiative.id == initiative_id:
            return initiative, gates(workspace, (initiative,), today=today)[initiative_id]
    return None


def override(workspace: Workspace, initiative_id: str, *, by: str, because: str, until: date, at: datetime) -> Override:
    """Keep an administrator's word. Raises UsageError without a reason, for a past day or an unknown initiative."""
    reason = " ".join(because.split())[:MOST_LETTERS]
    if not reason:
        raise UsageError("An override says why. Write the reason, then coach it.")
    if until < at.date():
        raise UsageError("The last day of the override has passed. Choose a later one.")
    return keep_override(workspace, rubrics_folder(workspace), initiative_id, by=by, because=reason, until=until, at=at)


def _session(workspace: Workspace, round_id: str, person_id: str | None) -> Session | None:
    found = Labels(workspace.store).round(round_id)
    if found is None or person_id is None or person_id not in found.people:
        return None
    # the wording that the round was begun with is kept, so no folder is read
    return Session(workspace, Path("rubrics"), round_id, person_id)


def _row(workspace: Workspace, labels: Labels, found: Round, names: Mapping[str, str], person_id: str | None) -> RoundRow:
    done = labels.done(found)
    left: int | None = None
    if person_id in found.people:
        session = None if done.get(person_id) else _session(workspace, found.round_id, person_id)
        left = len(session.left) if session else 0
    return RoundRow(round=found, name=names.get(found.initiative_id, found.initiative_id), done=done, left=left)


def _without_blind(workspace: Workspace, shown: Compared, person_id: str | None) -> Compared:
    blind = to_label_blind(workspace, person_id)
    assert shown.found is not None, "only what was compared comes here"
    open_to = tuple(each for each in shown.found.disagreements if each.call_id not in blind)
    hidden = len(shown.found.disagreements) - len(open_to)
    decisions = tuple(each for each in shown.found.decisions if each.call_id not in blind)
    return replace(shown, found=replace(shown.found, disagreements=open_to, decisions=decisions), hidden=hidden)
