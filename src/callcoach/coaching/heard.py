"""Put calls and scores together in the order of the calls. Knows nothing of what they add up to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from callcoach.domain.call import Call, CallKind
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One call judged for one initiative."""

    call: Call
    score: CallScore

    @property
    def assessed(self) -> bool:
        """Whether the call could be judged at all."""
        return self.score.verdict is not Verdict.NOT_ASSESSED

    @property
    def certain(self) -> bool:
        """Whether the judgement may stand without a person."""
        return self.score.needs_person is None

    @property
    def raised(self) -> bool:
        """Whether the rep presented the initiative."""
        return self.assessed and self.score.verdict is not Verdict.NOT_RAISED


@dataclass(frozen=True, kw_only=True)
class Hearings:
    """All that was judged, apart by what it may be used for.

    calls: customer calls while the initiative was live, in the order of the calls. early: customer calls in which an initiative
    came up before its launch, which nobody is coached for. leaders: leaders' recordings.
    """

    calls: tuple[Heard, ...]
    early: tuple[Heard, ...]
    leaders: tuple[Heard, ...]
    computed: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What others worked out from these calls, so that it is worked out once."""

    def of_initiative(self, initiative_id: str) -> tuple[Heard, ...]:
        """The customer calls judged for one initiative."""
        return self._by_initiative.get(initiative_id, ())

    def of_rep(self, rep_id: str) -> tuple[Heard, ...]:
        """One rep's customer calls."""
        return self._by_rep.get(rep_id, ())

    @cached_property
    def _by_initiative(self) -> Mapping[str, tuple[Heard, ...]]:
        return _apart(self.calls, lambda heard: heard.score.initiative_id)

    @cached_property
    def _by_rep(self) -> Mapping[str, tuple[Heard, ...]]:
        return _apart(self.calls, lambda heard: heard.call.rep_id or "")

    @cached_property
    def reps(self) -> tuple[str, ...]:
        """Every rep who has a judged or unjudgeable call, by id."""
        return tuple(sorted({heard.call.rep_id for heard in self.calls if heard.call.rep_id is not None}))


def hear(calls: Sequence[Call], scores: Sequence[CallScore], initiatives: Sequence[Initiative]) -> Hearings:
    """Join scores with their calls; scores of calls or initiatives that are not given are left out, the last of a pair counts."""
    known_calls = {call.call_id: call for call in calls}
    known_initiatives = {initiative.id: initiative for initiative in initiatives}
    latest: Mapping[tuple[str, str], CallScore] = {(score.call_id, score.initiative_id): score for score in scores}
    joined = in_order(
        Heard(call=known_calls[call_id], score=score)
        for (call_id, initiative_id), score in latest.items()
        if call_id in known_calls and initiative_id in known_initiatives
    )
    customer = [heard for heard in joined if heard.call.kind is CallKind.CUSTOMER_CALL]
    early = [_before_launch(heard, known_initiatives[heard.score.initiative_id]) for heard in customer]
    return Hearings(
        calls=tuple(heard for heard, before in zip(customer, early, strict=True) if not before),
        early=tuple(heard for heard, before in zip(customer, early, strict=True) if before),
        leaders=tuple(heard for heard in joined if heard.call.kind is CallKind.LEADER_RECORDING),
    )


def in_order(hearings: Iterable[Heard]) -> tuple[Heard, ...]:
    """By time, then call and initiative id; a call without a time comes first."""
    return tuple(sorted(hearings, key=_place))


def _apart(hearings: Iterable[Heard], key: Callable[[Heard], str]) -> Mapping[str, tuple[Heard, ...]]:
    found: dict[str, list[Heard]] = {}
    for heard in hearings:
        found.setdefault(key(heard), []).append(heard)
    return {name: tuple(of_name) for name, of_name in found.items()}


def team_of(heard: Heard, company: Company) -> str | None:
    """The rep's team as the people file has it, else as the call has it."""
    person = company.person(heard.call.rep_id)
    return (person.team if person else None) or heard.call.team


def _place(heard: Heard) -> tuple[str, str, str]:
    started = heard.call.started_at
    # the time on the caller's wall: a time zone in one manifest row must not break the order of the rest
    return (started.replace(tzinfo=None).isoformat() if started else "", heard.call.call_id, heard.score.initiative_id)


def _before_launch(heard: Heard, initiative: Initiative) -> bool:
    return heard.call.day is not None and heard.call.day < initiative.launched
