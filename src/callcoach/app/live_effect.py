"""What a change of a rubric does to some calls while it is written: which verdicts flip against the published wording, and why.

One language model is loaded for the server and stays; one person is answered at a time, and of one person's questions only the
latest. What was measured of a call with a wording is remembered, so that a change costs its own texts alone; where that takes
long, the calls that are done are shown, and the rest comes with the next question. Stores no score.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from weakref import WeakKeyDictionary

from callcoach.app.blindness import to_label_blind
from callcoach.app.current import current_company
from callcoach.app.pinned_calls import MOST_PINNED, chosen_ids, pinned_ids
from callcoach.app.pinned_judging import PinnedCalls, Remembered
from callcoach.app.restate import compare_on
from callcoach.app.rubric_text import Mark, look
from callcoach.app.stored_calls import Judged, Unjudged
from callcoach.app.wordings import find_version, last_published, people_say
from callcoach.app.workbench import beside, find
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem
from callcoach.domain.people import VisibleReps
from callcoach.domain.restated import Accord, Flip
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict
from callcoach.errors import UsageError

AT_ONCE_S = 0.4
"""For so long calls are judged before what is there is shown; whoever waits asks again for the rest."""
LABELS_LAST_S = 30.0
SPREAD_LASTS_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEffect:
    """One pinned call under both wordings. before: None where nothing was published. flip: where the two differ."""

    call: Call
    rep_name: str
    before: Verdict | None
    after: Verdict | None
    people: Verdict | None
    flip: Flip | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a text does to the pinned calls, against `against` (None: nothing was published to compare with).

    marks: what rules and language model say of it. changed: the fields that judging reads and that read differently. explained:
    whether it was looked for which of them flips a call. hidden: pinned calls that the reader has yet to label blind. waiting:
    calls that are not judged with this text yet; asked again, some more are.
    """

    calls: tuple[CallEffect, ...]
    marks: tuple[Mark, ...]
    against: str | None
    version: str | None
    changed: tuple[str, ...]
    explained: bool
    accord_before: Accord | None
    accord_after: Accord | None
    mean_before: float | None
    mean_after: float | None
    hidden: int
    seconds: float
    waiting: int = 0

    @property
    def flips(self) -> tuple[CallEffect, ...]:
        """The calls whose verdict is another one."""
        return tuple(each for each in self.calls if each.flip is not None)


class Superseded(Exception):
    """The same person asked again meanwhile: nobody waits for this answer."""


class _Warm:
    """What stays in the server between two keystrokes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tickets = count(1)
        self.latest: dict[str, int] = {}
        self.calls = Remembered()
        self.labels: dict[str, tuple[float, dict[str, Verdict]]] = {}
        self.spread: dict[tuple[str, str], tuple[float, tuple[str, ...]]] = {}
        self.loaded = False


_WARM: WeakKeyDictionary[Workspace, _Warm] = WeakKeyDictionary()
_MAKING = threading.Lock()


def is_warm(workspace: Workspace) -> bool:
    """Whether the language model is loaded."""
    return _warm(workspace).loaded


def warm_up(workspace: Workspace) -> None:
    """Load the language model, unless it is."""
    warm = _warm(workspace)
    if warm.loaded or warm.lock.locked():
        return
    with warm.lock:
        workspace.language.reader.encoder.encode(["A sentence."])
        workspace.language.reader.splitter.split(0, "A sentence. Another one.")
        workspace.language.reader.keep_texts(MOST_PINNED)
        warm.loaded = True


def live_effect(
    workspace: Workspace,
    visible: VisibleReps,
    account_id: str,
    name: str,
    text: str,
    *,
    person_id: str | None,
    explain: bool,
    today: date,
    at_once_s: float = AT_ONCE_S,
) -> Effect | None:
    """What a text does to the pinned calls; None where there is no such file. Raises Superseded where they asked again.

    explain: also look which of several changed fields flips a call, which takes longer. at_once_s: for so long calls are judged;
    the rest is `waiting`.
    """
    path = find(workspace, name)
    if path is None:
        return None
    begun = time.monotonic()
    warm = _warm(workspace)
    ticket = next(warm.tickets)
    warm.latest[account_id] = ticket
    with warm.lock:
        if warm.latest.get(account_id) != ticket:
            raise Superseded
        workspace.language.reader.keep_texts(MOST_PINNED)
        with workspace.language.reader.encoder.quickly():
            looked = look(text, path, workspace.stories, beside(path))
        warm.loaded = True
        if looked.initiative is None:
            return Effect(
                calls=(),
                marks=looked.marks,
                against=None,
                version=None,
                changed=(),
                explained=True,
                accord_before=None,
                accord_after=None,
                mean_before=None,
                mean_after=None,
                hidden=0,
                seconds=round(time.monotonic() - begun, 3),
            )
        after = looked.initiative
        wanted = chosen_ids(workspace, visible, account_id, name) or _spread(
            workspace, warm, visible, account_id, name, after.id, person_id=person_id, today=today
        )
        blind = to_label_blind(workspace, person_id)
        calls = PinnedCalls(workspace, [call_id for call_id in wanted if call_id not in blind], warm.calls)
        labels, before = _labels(workspace, warm, after.id), _published(workspace, after)
        ready = _ready(calls, before or after, after, at_once_s, lambda: warm.latest.get(account_id) != ticket)
        waiting = len(calls.calls) - len(ready)
        effect = _effect(workspace, calls, ready, before, after, labels, explain=explain and not waiting)
    return replace(
        effect,
        marks=looked.marks,
        hidden=sum(call_id in blind for call_id in wanted),
        seconds=round(time.monotonic() - begun, 3),
        waiting=waiting,
    )


def _ready(
    stored: PinnedCalls, before: Initiative, after: Initiative, seconds: float, superseded: Callable[[], bool]
) -> tuple[Call, ...]:
    """The calls that are judged with both wordings: those that were, and as many more as the time allows, one at least."""
    until, ready, judged = time.monotonic() + seconds, [], 0
    for call in stored.calls:
        if not (stored.known(call, before) and stored.known(call, after)):
            if judged and time.monotonic() > until:
                continue
            judged += 1
            if superseded():
                raise Superseded
            for wording in (before, after):
                _judge(stored, call, wording)
        ready.append(call)
    return tuple(ready)


def _judge(stored: PinnedCalls, call: Call, wording: Initiative) -> Judged | Unjudged:
    (one,) = stored.judged((call,), wording)
    return one


def _effect(
    workspace: Workspace,
    stored: PinnedCalls,
    ready: Sequence[Call],
    before: Initiative | None,
    after: Initiative,
    labels: dict[str, Verdict],
    *,
    explain: bool,
) -> Effect:
    # with nothing published the wording is laid beside itself: verdicts and agreement without a flip
    found = compare_on(stored, ready, before or after, after, labels=labels, with_causes=explain)
    flips = {flip.call_id: flip for flip in found.flips}
    problems: dict[str, CallProblem] = {problem.call_id: problem for problem in found.problems}
    company = current_company(workspace)

    def verdict(call: Call, wording: Initiative) -> Verdict | None:
        one = _judge(stored, call, wording)
        return one.score.verdict if isinstance(one, Judged) else None

    effects = [
        CallEffect(
            call=call,
            rep_name=company.name_of(call.rep_id) if call.rep_id else "nobody in particular",
            before=verdict(call, before) if before else None,
            after=verdict(call, after),
            people=labels.get(call.call_id),
            flip=flips.get(call.call_id),
            problem=problems[call.call_id].sentence if call.call_id in problems else None,
        )
        for call in ready
    ]
    changed = tuple(change.field for change in found.changes)
    return Effect(
        calls=tuple(sorted(effects, key=lambda each: (each.flip is None, each.problem is None, each.call.call_id))),
        marks=(),
        against=before.version if before else None,
        version=after.version,
        changed=changed,
        explained=explain or len(changed) <= 1 or not flips,
        accord_before=found.accord_before if before else None,
        accord_after=found.accord_after,
        mean_before=found.mean_why[0] if before else None,
        mean_after=found.mean_why[1],
        hidden=0,
        seconds=0.0,
    )


def _published(workspace: Workspace, draft: Initiative) -> Initiative | None:
    """The wording that was last published; None where none was, or it is not kept here."""
    try:
        return find_version(workspace, draft.id, last_published(draft), draft)
    except UsageError:
        return None


def _spread(
    workspace: Workspace,
    warm: _Warm,
    visible: VisibleReps,
    account_id: str,
    name: str,
    initiative_id: str,
    *,
    person_id: str | None,
    today: date,
) -> tuple[str, ...]:
    """The usual spread, looked for once in a while: the latest calls change with a run, not with a keystroke."""
    at, known = warm.spread.get((account_id, name), (0.0, ()))
    if not known or time.monotonic() - at > SPREAD_LASTS_S:
        known = pinned_ids(workspace, visible, account_id, name, initiative_id, person_id=person_id, today=today)
        warm.spread[account_id, name] = (time.monotonic(), known)
    return known


def _labels(workspace: Workspace, warm: _Warm, initiative_id: str) -> dict[str, Verdict]:
    at, known = warm.labels.get(initiative_id, (0.0, {}))
    if not at or time.monotonic() - at > LABELS_LAST_S:
        known = people_say(workspace, initiative_id)
        warm.labels[initiative_id] = (time.monotonic(), known)
    return known


def _warm(workspace: Workspace) -> _Warm:
    with _MAKING:
        return _WARM.setdefault(workspace, _Warm())
