"""Stories, signals and constant heads for tests of judging, built by hand."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.judging.conduct import conduct_matrix
from callcoach.judging.features import call_matrix
from callcoach.judging.heads import CallHeads, Forest, Head, Linear

BACKUP = Initiative(
    id="backup-line",
    name="Backup Line",
    launched=date(2026, 10, 5),
    story=ValueStory(
        wall="Shops lose card sales when the internet drops; 41 of 60 owners told us an outage cost them a Saturday.",
        hammer="A second line over the mobile network takes over within 8 seconds.",
        part="Ask when it last went down and what that day cost, then show what would have kept working.",
    ),
    terms=("backup line",),
    script=(
        "We talked with owners like you and found that internet outages cost real money. That's why we built Backup Line. "
        "What that means for you is peace of mind and a business that never stops."
    ),
    facts=("19 dollars a month", "takes over within 8 seconds", "no contract"),
    compliance="Backup Line does not replace an emergency phone service and may not work in a power cut.",
)
NOBODY = Transcript(call_id="none", turns=())
NOTHING = Signals(call_id="none", initiative_id=BACKUP.id, turns=(), made_by={})


def signals(
    transcript: Transcript, told: Mapping[int, Mapping[str, float]], links: Mapping[int, tuple[int, float]] | None = None
) -> Signals:
    """Signals with the acts given per turn and 0.05 elsewhere; every turn is one sentence per full stop."""
    turns = []
    for number, turn in enumerate(transcript.turns):
        wanted = told.get(number, {})
        if turn.role is Role.UNKNOWN:
            turns.append(TurnSignals(turn=number, acts={}, closeness={}))
            continue
        acts = CUSTOMER_ACTS if turn.role is Role.CUSTOMER else REP_ACTS
        link, strength = (links or {}).get(number, (None, None))
        turns.append(
            TurnSignals(
                turn=number,
                acts={act: wanted.get(act.value, 0.05) for act in acts},
                closeness={"wall": 0.3, "hammer": 0.3, "part": 0.3, "script": 0.2, "facts": 0.2},
                sentences=_sentences(turn.text),
                link=link,
                link_strength=strength,
                explained={part.value: wanted.get(part.value, 0.05) for part in Component},
            )
        )
    return Signals(call_id=transcript.call_id, initiative_id=BACKUP.id, turns=tuple(turns), made_by={"acts": "by hand"})


def _sentences(text: str) -> tuple[SentenceSignals, ...]:
    found, begin = [], 0
    for place, letter in enumerate(text):
        if letter in ".?!":
            found.append(
                SentenceSignals(begin=begin, end=place + 1, closeness={"wall": 0.1 * len(found), "part": 0.1, "hammer": 0.1})
            )
            begin = place + 2
    if begin < len(text):
        found.append(SentenceSignals(begin=begin, end=len(text), closeness={}))
    return tuple(found)


def judge(verdict: str, levels: str, *, asked: str = "no", answer: str = "full", feature_dump: str = "no") -> CallHeads:
    """Heads that always say the same: the rules around them are what is tested. levels: e.g. "212" for wall, hammer, part."""
    behaviours = {"offer_hunting": "no", "feature_dump": feature_dump, "diagnosed_first": "no"}
    conduct_names = conduct_matrix(NOBODY, BACKUP, NOTHING).names
    verdicts = ("explains", "partial", "recites", "facts_only", "stumbles", "not_raised")
    return CallHeads(
        verdict=_always(verdict, verdicts),
        levels={part.value: _always(level, ("0", "1", "2")) for part, level in zip(Component, levels, strict=True)},
        asked_why=_always(asked, ("no", "yes")),
        answer=_always(answer, ("full", "partial", "deflects", "none")),
        behaviours={name: _always(answered, ("no", "yes"), conduct_names) for name, answered in behaviours.items()},
        fingerprint="constant",
    )


def _always(chosen: str, outputs: tuple[str, ...], names: tuple[str, ...] = ()) -> Head:
    names = names or call_matrix(NOBODY, BACKUP, NOTHING).names
    share = np.array([[0.9 if output == chosen else 0.1 / (len(outputs) - 1) for output in outputs]])
    return Head(
        names=names,
        outputs=outputs,
        kind="one",
        projections=(),
        linear=Linear(
            mean=np.zeros(len(names)),
            scale=np.ones(len(names)),
            coefficients=np.zeros((len(names), len(outputs))),
            intercepts=np.log(share[0]),
        ),
        forest=Forest(
            roots=np.array([0], dtype=np.int32),
            feature=np.array([-1], dtype=np.int16),
            threshold=np.zeros(1, dtype=np.float32),
            left=np.zeros(1, dtype=np.int32),
            right=np.zeros(1, dtype=np.int32),
            share=share.astype(np.float16),
        ),
    )
