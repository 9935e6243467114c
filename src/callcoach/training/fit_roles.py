"""Fit the weights that tell who is the rep, and measure them on calls by writers they have not seen.

The calls are those the judge learns from, in every form of role_examples. Knows nothing of recordings, or of what a story is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, RoleFinding, RoleSource, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.judging.role_cues import FEATURES, contrast
from callcoach.judging.roles import RoleHead, cast, encode_role_head, side_of
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.role_examples import SEED, RoleExample, cut_voice, form_names, nobody_known, role_examples, twin_examples

# Chosen by log loss on unseen writers: strength 0.003, 0.01, 0.03, 0.1 and 0.3 gave 0.0421, 0.0303, 0.0266, 0.0258 and 0.0260,
# half_words 0, 30, 60 and 100 gave 0.0266, 0.0263, 0.0266 and 0.0275: of near equals the more cautious, for calls unlike these.
STRENGTH = 0.03
HALF_WORDS = 60.0
# Over all forms of unseen writers' calls, two sides compared: 0.90 leaves 3.2% unknown with 0.17% wrong, 0.95 leaves 4.5% with
# 0.11%, 0.97 leaves 5.6% with 0.05%; of whole calls each leaves under 1% unknown and gets none wrong.
CAST_AT = 0.95
# No form of any unseen writer's call speaks so strongly against its true labels; the strongest comes to 0.988.
CONTRADICTED_AT = 0.999
SHARPNESSES = tuple(round(0.5 + 0.05 * step, 2) for step in range(61))
_ECE_BINS = 10
LIMITS = (
    "Learnt and measured on written calls in American telephone English, and on forms of them made by rule: cut short, misheard,"
    " voices confused, picked up or rung in by the customer, a rep who says little, voicemail. Nothing of it was recorded. In"
    " nearly all of them as written the rep rang and opened the call."
)
# as a recogniser hears them, the form of which voices are cut in two
CUT_FORM = "heard"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFigures:
    """How unseen writers' calls were cast, in one form. Shares 0..1; None: no call to measure it on.

    cast: the share with labels given. right: the share of the cast calls with the rep told right. leans_right: the same over
    all calls, by the likelier side, sure or not. doubted: the share whose true labels were called swapped, which none should be.
    swap_seen: the share whose labels, when swapped, were called swapped.
    """

    n: int
    cast: float
    right: float | None
    leans_right: float | None
    doubted: float
    swap_seen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFigures:
    """Calls of which one voice was cut in two: the shares of words that got the right side, none, and the wrong one."""

    n: int
    right: float | None
    unknown: float | None
    wrong: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFigures:
    """By form of call, over all forms, the contrast twins, calls with a second customer; ece over all forms."""

    forms: Mapping[str, FormFigures]
    everything: FormFigures
    not_raised: FormFigures
    second_customer: FormFigures
    twins: FormFigures
    cut_voice: CutFigures
    ece: float
    writers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRoles:
    """What fitting gives: weights from all calls, and figures of weights that did not see the writer they were measured on."""

    head: RoleHead
    figures: RoleFigures


class _Rows(NamedTuple):
    """How the rep's side differs from the customer's, a row per example; `words` said by both."""

    differences: Matrix
    words: Matrix
    writers: NDArray[np.str_]


class _Told(NamedTuple):
    """What became of one example: cast at all, rightly, its likelier side, its confidence; true and swapped labels doubted."""

    cast: bool
    right: bool
    leans_right: bool
    confidence: float | None
    doubted: bool
    swap_seen: bool


def learn_roles(corpus_folder: Path, out: Path, *, command: str) -> LearntRoles:
    """Fit and measure on a folder of labelled calls, and write both as JSON to `out`. Raises BadCorpus."""
    corpus = read_corpus(corpus_folder)
    learnt = fit_roles(corpus)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(encode_role_head(learnt.head, about(corpus, learnt.figures, command)))
    return learnt


def fit_roles(corpus: Corpus, forms: Sequence[str] | None = None) -> LearntRoles:
    """Weights from all base calls in the given forms (default: all), measured with each writer's calls left out in turn.

    One writer alone cannot be left out: then the figures are of calls that were learnt from. Deterministic.
    """
    examples = tuple(role_examples(corpus, forms))
    rows = _rows(examples)
    scales = _scales(rows)
    sharpness = _sharpness(rows, scales)
    head = _fit(rows, scales, sharpness)
    told: list[tuple[RoleExample, _Told]] = []
    twins: list[_Told] = []
    cut: list[Counter[str]] = []
    writers = sorted(set(rows.writers.tolist()))
    for writer in writers:
        unseen = rows.writers == writer
        others = _fit(_part(rows, ~unseen), scales, sharpness) if not unseen.all() else head
        apart = [example for example in examples if example.call.writer == writer]
        told += [(example, _told(example, others)) for example in apart]
        twins += [_told(example, others) for example in twin_examples(corpus) if example.call.writer == writer]
        cut += [_words_told(cut_voice(example), others) for example in apart if example.form == CUT_FORM]
    return LearntRoles(head=head, figures=_figures(told, twins, cut, len(writers)))


def about(corpus: Corpus, figures: RoleFigures, command: str) -> dict[str, Any]:
    """What stands in roles.json beside the weights: where they come from and how good they are."""
    import msgspec

    return {
        "command": command,
        "calls": sum(call.base_id is None for call in corpus.calls),
        "corpus": calls_fingerprint(corpus),
        "seed": SEED,
        "forms": list(form_names()),
        "limits": LIMITS,
        "figures": msgspec.to_builtins(figures),
    }


def calls_fingerprint(corpus: Corpus) -> str:
    """Names all that is learnt from: words and speakers of the calls, and the names and scripts of their initiatives."""
    return fingerprint(
        [
            [call.call_id, call.writer, call.rep, [[turn.speaker, turn.text] for turn in call.transcript.turns]]
            for call in corpus.calls
        ],
        [
            [
                labelled.initiative.name,
                labelled.initiative.company,
                labelled.initiative.terms,
                labelled.initiative.script,
                labelled.initiative.facts,
            ]
            for labelled in corpus.initiatives
        ],
    )


def _rows(examples: Sequence[RoleExample]) -> _Rows:
    differences, words = [], []
    for example in examples:
        reps = {turn.speaker for turn in example.transcript.turns if turn.role is Role.REP}
        one = side_of(example.transcript, reps)
        other = side_of(example.transcript, {turn.speaker for turn in example.transcript.turns} - reps)
        differences.append(contrast(one, other, example.cues))
        words.append(float(one.n_words + other.n_words))
    return _Rows(np.array(differences), np.array(words), np.array([example.call.writer for example in examples]))


def _part(rows: _Rows, chosen: NDArray[np.bool_]) -> _Rows:
    return _Rows(rows.differences[chosen], rows.words[chosen], rows.writers[chosen])


def _scales(rows: _Rows) -> Matrix:
    """Root mean squares: no mean is taken off, so that swapping the sides stays a change of sign."""
    spread: Matrix = np.sqrt((rows.differences**2).mean(axis=0))
    return np.where(spread > 1e-9, spread, 1.0)


def _evidence(rows: _Rows, scales: Matrix) -> Matrix:
    result: Matrix = rows.differences / scales * (rows.words / (rows.words + HALF_WORDS))[:, None]
    return result


def _weights(rows: _Rows, scales: Matrix) -> Matrix:
    from sklearn.linear_model import LogisticRegression

    # every other call is turned round, as a classifier wants to see both answers; without intercept this changes nothing else
    signs = np.where(np.arange(len(rows.differences)) % 2 == 0, 1.0, -1.0)
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=1000, tol=1e-6)
    weights: Matrix = model.fit(_evidence(rows, scales) * signs[:, None], signs > 0).coef_[0]
    return weights


def _sharpness(rows: _Rows, scales: Matrix) -> float:
    """The factor under which the log odds for unseen writers are the likeliest; 1.0 where all calls are by one writer."""
    writers = sorted(set(rows.writers.tolist()))
    if len(writers) < 2:
        return 1.0
    evidence = _evidence(rows, scales)
    log_odds = np.zeros(len(evidence))
    for writer in writers:
        unseen = rows.writers == writer
        log_odds[unseen] = evidence[unseen] @ _weights(_part(rows, ~unseen), scales)
    loss = {factor: float(np.logaddexp(0.0, -factor * log_odds).mean()) for factor in SHARPNESSES}
    return min(loss, key=lambda factor: loss[factor])


def _fit(rows: _Rows, scales: Matrix, sharpness: float) -> RoleHead:
    return RoleHead(
        names=FEATURES,
        # digits that a person can read, and that are the same on another machine
        scales=tuple(float(f"{scale:.6g}") for scale in scales),
        weights=tuple(round(float(weight), 4) for weight in sharpness * _weights(rows, scales)),
        half_words=HALF_WORDS,
        cast_at=CAST_AT,
        contradicted_at=CONTRADICTED_AT,
    )


def _told(example: RoleExample, head: RoleHead) -> _Told:
    """The example through the very door that calls go through."""
    transcript = example.transcript
    result = cast(nobody_known(transcript), example.cues, head)
    given = cast(transcript, example.cues, head).roles
    swapped = cast(_swapped(transcript), example.cues, head).roles
    assert result.roles is not None and given is not None and swapped is not None, "no leader speaks in these calls"
    labels = [(turn.role, told.role) for turn, told in zip(transcript.turns, result.turns, strict=True) if turn.text]
    confidence = result.roles.confidence
    return _Told(
        cast=any(told is Role.REP for _, told in labels),
        right=all((truth is Role.REP) == (told is Role.REP) for truth, told in labels),
        leans_right=given.confidence is not None and given.confidence > 0.5,
        confidence=confidence,
        doubted=given.contradicted,
        swap_seen=swapped.contradicted,
    )


def _swapped(transcript: Transcript) -> Transcript:
    turns = tuple(replace(turn, speaker="customer" if turn.role is Role.REP else "rep") for turn in transcript.turns)
    return replace(transcript, turns=turns, roles=RoleFinding(source=RoleSource.GIVEN))


def _words_told(example: RoleExample, head: RoleHead) -> Counter[str]:
    words: Counter[str] = Counter()
    result = cast(nobody_known(example.transcript), example.cues, head)
    for turn, told in zip(example.transcript.turns, result.turns, strict=True):
        kind = "unknown" if told.role is Role.UNKNOWN else "right" if told.role is turn.role else "wrong"
        words[kind] += len(turn.text.split())
    return words


def _cut_figures(cut: Sequence[Counter[str]]) -> CutFigures:
    words = sum(cut, Counter[str]())
    share = {kind: round(words[kind] / words.total(), 4) if words else None for kind in ("right", "unknown", "wrong")}
    return CutFigures(n=len(cut), right=share["right"], unknown=share["unknown"], wrong=share["wrong"])


def _figures(
    told: Sequence[tuple[RoleExample, _Told]], twins: Sequence[_Told], cut: Sequence[Counter[str]], writers: int
) -> RoleFigures:
    forms = dict.fromkeys(example.form for example, _ in told)
    voices = {id(example): {turn.speaker for turn in example.transcript.turns} for example, _ in told}
    return RoleFigures(
        forms={form: _form_figures([one for example, one in told if example.form == form]) for form in forms},
        everything=_form_figures([one for _, one in told]),
        not_raised=_form_figures([one for example, one in told if example.call.labels.verdict.value == "not_raised"]),
        second_customer=_form_figures([one for example, one in told if len(voices[id(example)]) > 2]),
        twins=_form_figures(twins),
        cut_voice=_cut_figures(cut),
        ece=_ece([one for _, one in told]),
        writers=writers,
    )


def _form_figures(told: Sequence[_Told]) -> FormFigures:
    cast_calls = [one for one in told if one.cast]
    return FormFigures(
        n=len(told),
        cast=_share([one.cast for one in told]) or 0.0,
        right=_share([one.right for one in cast_calls]),
        leans_right=_share([one.leans_right for one in told]),
        doubted=_share([one.doubted for one in told]) or 0.0,
        swap_seen=_share([one.swap_seen for one in told]) or 0.0,
    )


def _share(answers: Sequence[bool]) -> float | None:
    return round(sum(answers) / len(answers), 4) if answers else None


def _ece(told: Sequence[_Told]) -> float:
    """Expected calibration error of the confidence in the likelier side, in ten bins from 0.5 to 1."""
    sure = [(one.confidence, one.leans_right) for one in told if one.confidence is not None]
    error = 0.0
    for number in range(_ECE_BINS):
        low, high = 0.5 + 0.05 * number, 0.55 + 0.05 * number
        inside = [pair for pair in sure if low <= pair[0] < high or (number == _ECE_BINS - 1 and pair[0] == 1.0)]
        if inside:
            error += abs(sum(pair[0] for pair in inside) - sum(pair[1] for pair in inside)) / len(sure)
    return round(error, 4)
