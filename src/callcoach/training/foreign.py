"""Set calls beside stories they do not tell, so that the judge learns whose story it hears. Knows nothing of features.

The corpus labels each call for its own initiative only, and nearly all of them raise it; a night judges every call against every
live initiative, and most pairs are silent. Without these pairs a question about one product counted as asked about all.
"""

from collections.abc import Mapping
from dataclasses import replace

from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.training.corpus import CallLabels, Corpus, LabelledCall

# every third base call: enough to learn from, few enough that "not raised" does not become the likeliest of all verdicts
EVERY = 3


def foreign_calls(corpus: Corpus, group_of: Mapping[str, int], *, every: int = EVERY) -> tuple[LabelledCall, ...]:
    """Every `every`-th base call under another initiative of the same group of writers (`group_of`: writer -> group).

    Within a group, so that a fold that is held out holds out both the call and the story. Nothing is told, asked or needed of
    the other initiative in them. call_id is `<call>@<initiative>`. Deterministic.
    """
    by_group: dict[int, list[str]] = {}
    for labelled in corpus.initiatives:
        by_group.setdefault(group_of[labelled.writer], []).append(labelled.initiative.id)
    base = [call for call in corpus.calls if call.base_id is None]
    pairs = []
    for number, call in enumerate(base[::every]):
        others = [name for name in by_group[group_of[call.writer]] if name != call.initiative_id]
        if others:
            pairs.append(_beside(call, others[number % len(others)]))
    return tuple(pairs)


def _beside(call: LabelledCall, initiative_id: str) -> LabelledCall:
    nothing = CallLabels(
        verdict=Verdict.NOT_RAISED,
        levels=dict.fromkeys(Component, Level.ABSENT),
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        rationale=f"the call is about {call.initiative_id}",
    )
    untold: tuple[frozenset[Act], ...] = (frozenset(),) * len(call.tags)
    call_id = f"{call.call_id}@{initiative_id}"
    return replace(call, call_id=call_id, base_id=None, initiative_id=initiative_id, labels=nothing, tags=untold)
