"""Tell from what is said who of a call's speakers is the rep, with an honest probability; below a threshold labels stay unknown.

Plain arithmetic over the numbers of role_cues. Knows nothing of voices, files or verdicts.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from callcoach.domain.call import Role, RoleFinding, RoleSource, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.judging.role_cues import FEATURES, HABITS, RoleCues, Spoken, contrast, cues_of, spoken
from callcoach.judging.wording import words_of

__all__ = [
    "ROLES_VERSION",
    "RoleCues",
    "RoleHead",
    "cast",
    "contradiction",
    "cues_of",
    "decode_role_head",
    "encode_role_head",
    "rep_against",
    "side_of",
]

# part of what names a transcript with roles: raise it when the rules below or the numbers of role_cues change
ROLES_VERSION = "2"
FORMAT = 1
FEWEST_WORDS = 30
FEWEST_WORDS_TO_CONTRADICT = 15
# a third voice with less to say than this is left unknown: whoever it is, it decides nothing
FEWEST_WORDS_OF_A_THIRD = 12
MOST_VOICES = 8
# Voices of unseen calls cut in two: 0.5% of the words went to the wrong side, 5% to none; at 1.0 about 1% to the wrong one. A
# customer judged as a rep does more harm than a rep left out, so it takes more to count a further voice among the reps.
CLEARLY_NEARER = 2.0
# whoever is rung speaks first, unless the recording begins later: believed in seven of eight calls. Not learnt, since the written
# calls open with the rep whoever rang, and never used for a call that the rep made: there, many recordings begin after the hello
PICKED_UP = 2.0
NEARER_THE_REP = 4.0

_CONTRADICTED = (
    "The labels say who is the rep, but what is said fits them swapped. Check which channel is the rep's (rep_channel in the"
    " manifest) or the speaker labels of the transcript, then run again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHead:
    """A logistic regression without intercept over how one side differs from the other, so that swapping them flips the answer.

    scales and weights: a number per name in `names`. half_words: with so many words said the evidence counts half.
    cast_at: probability from which labels are given. contradicted_at: that of the swap from which given labels are doubted.
    """

    names: tuple[str, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    half_words: float
    cast_at: float
    contradicted_at: float

    @property
    def fingerprint(self) -> str:
        """Content address of all that decides, the rules in code included."""
        return fingerprint(
            ROLES_VERSION, self.names, self.scales, self.weights, self.half_words, self.cast_at, self.contradicted_at
        )

    def log_odds(self, difference: Iterable[float], n_words: int) -> float:
        """Log odds that the first of the two sides is the rep; n_words: how much both say."""
        terms = zip(self.weights, difference, self.scales, strict=True)
        return math.fsum(weight * value / scale for weight, value, scale in terms) * n_words / (n_words + self.half_words)

    def probability(self, difference: Iterable[float], n_words: int) -> float:
        """Probability (0..1) that the first of the two sides is the rep."""
        return _likelihood(self.log_odds(difference, n_words))


def cast(transcript: Transcript, cues: RoleCues, head: RoleHead) -> Transcript:
    """`transcript` with its speakers labelled rep and customer where that is clear, and how it is known in `roles`.

    Leaders' recordings come back as they are. Labels that are given stay, also where what is said contradicts them. Casting
    twice changes nothing.
    """
    if any(turn.role is Role.LEADER for turn in transcript.turns):
        return transcript
    words = _words_by_label(transcript)
    by_role = {role: [label for label in words if _role_of(transcript, label) is role] for role in Role}
    reps, customers, unknown = by_role[Role.REP], by_role[Role.CUSTOMER], by_role[Role.UNKNOWN]
    if not (reps or customers):
        return _heard(transcript, words, cues, head)
    if transcript.roles is not None and transcript.roles.source is RoleSource.HEARD:
        return transcript
    if bool(reps) != bool(customers) and len(unknown) == 1:
        # of two parties one is known; that the other is the other must be heard, for it may be a colleague
        chance = rep_against(transcript, reps or unknown, customers or unknown, cues, head)
        if chance is not None and chance >= head.cast_at:
            transcript = _relabelled(transcript, {unknown[0]: Role.CUSTOMER if reps else Role.REP})
    return _checked(transcript, cues, head)


def contradiction(transcript: Transcript) -> str | None:
    """Why a call with given labels cannot be judged: what is said fits them swapped. None where nothing speaks against them."""
    return _CONTRADICTED if transcript.roles is not None and transcript.roles.contradicted else None


def rep_against(
    transcript: Transcript, ones: Iterable[str], others: Iterable[str], cues: RoleCues, head: RoleHead
) -> float | None:
    """Probability that the speakers `ones` are the rep's side and `others` the customer's; None where that cannot be told.

    That is where too little is said, or it is not said in English.
    """
    one, other = side_of(transcript, ones), side_of(transcript, others)
    n_words = one.n_words + other.n_words
    # the habits are those of spoken English
    foreign = transcript.language is not None and not transcript.language.lower().startswith("en")
    if foreign or n_words < FEWEST_WORDS or not one.turns or not other.turns:
        return None
    return _likelihood(_log_odds(one, other, cues, head))


def _log_odds(one: Spoken, other: Spoken, cues: RoleCues, head: RoleHead) -> float:
    """Log odds that `one` is the rep's side: by what both say and, where the customer rang, by who picked up."""
    odds = head.log_odds(contrast(one, other, cues), one.n_words + other.n_words)
    if not cues.rung_by_customer:
        return odds
    return odds + (PICKED_UP if one.turns[0] < other.turns[0] else -PICKED_UP)


def side_of(transcript: Transcript, labels: Iterable[str]) -> Spoken:
    """What the speakers with these labels say, as one side."""
    chosen = frozenset(labels)
    return spoken((place, turn.text) for place, turn in enumerate(transcript.turns) if turn.speaker in chosen)


def encode_role_head(head: RoleHead, about: Mapping[str, Any]) -> bytes:
    """JSON with the weights by name, to be read by people too, and `about`: corpus, command and figures."""
    of_features = {
        name: {"weight": weight, "scale": scale}
        for name, weight, scale in zip(head.names, head.weights, head.scales, strict=True)
    }
    plain = {"half_words": head.half_words, "cast_at": head.cast_at, "contradicted_at": head.contradicted_at}
    page = {"format": FORMAT, "fingerprint": head.fingerprint, **plain, "features": of_features, "about": dict(about)}
    return (json.dumps(page, indent=1, ensure_ascii=False) + "\n").encode()


def decode_role_head(body: bytes) -> RoleHead:
    """The head that `encode_role_head` wrote. Raises ValueError where it is none, is altered, or is for other features."""
    try:
        page = json.loads(body)
        features = page["features"]
        head = RoleHead(
            names=tuple(features),
            scales=tuple(float(feature["scale"]) for feature in features.values()),
            weights=tuple(float(feature["weight"]) for feature in features.values()),
            half_words=float(page["half_words"]),
            cast_at=float(page["cast_at"]),
            contradicted_at=float(page["contradicted_at"]),
        )
        stated = page["fingerprint"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the weights that tell who is the rep") from error
    if page.get("format") != FORMAT or head.names != FEATURES or stated != head.fingerprint:
        raise ValueError("the weights that tell who is the rep were altered, or made by another version of callcoach")
    return head


def _heard(transcript: Transcript, words: Mapping[str, int], cues: RoleCues, head: RoleHead) -> Transcript:
    roles = _sides(transcript, words, cues, head)
    reps, customers = ([label for label, role in roles.items() if role is side] for side in (Role.REP, Role.CUSTOMER))
    # voices without a role must not be what the answer hangs on
    chances = [rep_against(transcript, reps, others, cues, head) for others in (customers, set(words) - set(reps))]
    chance = min((chance for chance in chances if chance is not None), default=None)
    finding = RoleFinding(source=RoleSource.HEARD, confidence=None if chance is None else round(chance, 4))
    if chance is None or chance < head.cast_at:
        return replace(transcript, roles=finding)
    return replace(_relabelled(transcript, roles), roles=finding)


def _sides(transcript: Transcript, words: Mapping[str, int], cues: RoleCues, head: RoleHead) -> dict[str, Role]:
    """The likeliest role of each speaker who says enough; the two who differ most are rep and customer.

    A further voice goes with the one it is clearly nearer to: a second customer, or a colleague of the rep, or a voice that
    diarization cut out of one of them. Otherwise it has no role.
    """
    most = sorted(words, key=lambda label: -words[label])
    labels = [label for label in most[:MOST_VOICES] if words[label] >= FEWEST_WORDS_OF_A_THIRD or label in most[:2]]
    if len(labels) < 2:
        return {}
    spoken_by = {label: side_of(transcript, [label]) for label in labels}
    odds = {(one, other): _log_odds(spoken_by[one], spoken_by[other], cues, head) for one, other in permutations(labels, 2)}
    rep, customer = max(odds, key=lambda pair: odds[pair])
    roles = {rep: Role.REP, customer: Role.CUSTOMER}
    for label in labels:
        if label not in roles:
            nearer = _nearer(spoken_by[label], spoken_by[rep], spoken_by[customer], cues, head)
            if nearer >= CLEARLY_NEARER:
                roles[label] = Role.CUSTOMER
            elif nearer <= -NEARER_THE_REP:
                roles[label] = Role.REP
    return roles


def _nearer(voice: Spoken, rep: Spoken, customer: Spoken, cues: RoleCues, head: RoleHead) -> float:
    """How much nearer a voice is to the customer's habits than to the rep's, in log odds; below 0 it is nearer the rep's.

    Habits only: an introduction, or most of the words, belongs to one voice of a side, and its absence tells nothing.
    """
    weights = [
        weight / scale if name in HABITS else 0.0
        for name, weight, scale in zip(head.names, head.weights, head.scales, strict=True)
    ]
    from_rep, to_customer = contrast(rep, voice, cues), contrast(voice, customer, cues)
    share = voice.n_words / (voice.n_words + head.half_words)
    return share * math.fsum(weight * (one - other) for weight, one, other in zip(weights, from_rep, to_customer, strict=True))


def _checked(transcript: Transcript, cues: RoleCues, head: RoleHead) -> Transcript:
    labels = _words_by_label(transcript)
    reps = [label for label in labels if _role_of(transcript, label) is Role.REP]
    customers = [label for label in labels if _role_of(transcript, label) is Role.CUSTOMER]
    chance = rep_against(transcript, reps, customers, cues, head)
    enough = all(sum(labels[label] for label in side) >= FEWEST_WORDS_TO_CONTRADICT for side in (reps, customers))
    contradicted = enough and chance is not None and 1.0 - chance >= head.contradicted_at
    confidence = None if chance is None else round(chance, 4)
    return replace(transcript, roles=RoleFinding(source=RoleSource.GIVEN, confidence=confidence, contradicted=contradicted))


def _relabelled(transcript: Transcript, roles: Mapping[str, Role]) -> Transcript:
    """Numbered as they come: customer, customer2."""
    taken = {turn.speaker for turn in transcript.turns if turn.speaker not in roles}
    names: dict[str, str] = {}
    for turn in transcript.turns:
        role = roles.get(turn.speaker)
        if role is not None and turn.speaker not in names:
            number = 1
            while (name := role.value if number == 1 else f"{role.value}{number}") in taken:
                number += 1
            names[turn.speaker] = name
            taken.add(name)
    return replace(
        transcript, turns=tuple(replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in transcript.turns)
    )


def _words_by_label(transcript: Transcript) -> dict[str, int]:
    """How much each speaker says, in order of appearance; who says nothing is not there."""
    counted: dict[str, int] = {}
    for turn in transcript.turns:
        n_words = len(words_of(turn.text))
        if n_words:
            counted[turn.speaker] = counted.get(turn.speaker, 0) + n_words
    return counted


def _role_of(transcript: Transcript, label: str) -> Role:
    return next(turn.role for turn in transcript.turns if turn.speaker == label)


def _likelihood(log_odds: float) -> float:
    """The logistic function, such that the two of log_odds and -log_odds sum to 1 exactly."""
    if log_odds < 0:
        return 1.0 - _likelihood(-log_odds)
    return 1.0 / (1.0 + math.exp(-log_odds))
