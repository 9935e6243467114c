"""What an evaluation holds: its field names are the JSON of `callcoach evaluate --json`. Knows nothing of how it is computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcoach.domain.verdict import Verdict
from callcoach.training.curves import Curves

QUOTED, OTHERS = "without_quoted", "without_others"
EDITS = {
    "wer05": "5% wrong words",
    "wer10": "10% wrong words",
    "wer20": "20% wrong words",
    "names": "other names",
    "fillers": "fillers added",
    "reorder": "harmless turns in another order",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFigures:
    """Verdicts told against verdicts given. not_assessed is a wrong verdict: it is told, and never gold.

    confusion: gold verdict -> told verdict -> number of calls. explains_auc ranks by the probability of `explains`.
    kappa_interval: 90%, drawing whole initiatives with replacement.
    """

    n: int
    kappa: float | None
    kappa_interval: tuple[float, float] | None
    macro_f1: float | None
    explains_auc: float | None
    accuracy: float | None
    confusion: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllVerdictFigures(VerdictFigures):
    """The same over all calls, and apart for base calls, twins, and each writer's calls."""

    base: VerdictFigures
    twins: VerdictFigures
    by_writer: Mapping[str, VerdictFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFigures:
    """Quadratic weighted kappa of a component's level, and the share of calls with the very level."""

    n: int
    qwk: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFigures:
    """Average precision of an act over the turns of the role that can do it, beside its prevalence, which chance reaches."""

    n: int
    ap: float | None
    prevalence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """The twin pairs in which the verdict turns from one to another, and how many were told right on both sides."""

    base: Verdict
    twin: Verdict
    pairs: int
    both_right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastFigures:
    """both_right: share of (base, twin) pairs with both verdicts right. same: share told one verdict for both, always wrong.

    both_right_interval: 90%, drawing whole initiatives with replacement.
    """

    pairs: int
    both_right: float | None
    both_right_interval: tuple[float, float] | None
    same: float | None
    by_change: tuple[VerdictChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoFigures:
    """A question with yes or no for an answer: f1 of the yes, and kappa."""

    n: int
    f1: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """How the rep answered, over all calls (`na` among the answers), and over those in which the customer did ask."""

    n: int
    kappa: float | None
    macro_f1: float | None
    n_asked: int
    kappa_when_asked: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFigures:
    """Quotes: the share in a turn that a person tagged at all, in one tagged with the quote's own act, and word for word."""

    quotes: int
    in_tagged_turns: float | None
    in_turns_tagged_so: float | None
    verbatim: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationFigures:
    """ece over the calls with a confidence; accuracy when the least sure 20% and 10% are left to people."""

    n: int
    ece: float | None
    accuracy: float | None
    accuracy_at_90: float | None
    accuracy_at_80: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFigures:
    """What a rule that sees only one surface trait reaches on the same calls, trained on the same calls."""

    kappa: float | None
    kappa_base: float | None
    kappa_twins: float | None
    macro_f1: float | None
    both_right: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One call: what was told, beside what people said (`gold...`)."""

    call_id: str
    initiative: str
    writer: str
    twin_of: str | None
    verdict: Verdict
    gold: Verdict
    confidence: float | None
    why_score: float | None
    probabilities: Mapping[str, float]
    levels: Mapping[str, int]
    gold_levels: Mapping[str, int]
    asked_why: bool
    gold_asked_why: bool
    answer: str
    gold_answer: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFigures:
    """Calls set beside a story they do not tell: how many of the `pairs` were judged `not_raised`, as all should be."""

    pairs: int
    not_raised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrickFigures:
    """One trick, played on poor calls: tries, how many reached `explains`, and how many of those calls did so unedited."""

    tries: int
    explains: int
    explains_unedited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessFigures:
    """What edits do to verdicts (docs/evaluation.md says what each edit is).

    flips: share of verdicts that change under an edit that should change none; tried: calls behind each. deletion_moves: share
    of calls told explains or partial whose verdict moves without the quoted rep turns; other_deletions_move: without as many
    others. gaming_explains: share of all tries on poor calls that reach `explains`; gaming_explains_unedited: share of the same
    calls as they are. standing_flips: as flips, among the calls whose unedited judgement asks for no person; standing: calls
    behind each; empty where that was not looked at.
    """

    flips: Mapping[str, float | None]
    deletion_moves: float | None
    gaming_explains: float | None
    tried: Mapping[str, int]
    other_deletions_move: float | None
    gaming_explains_unedited: float | None
    gaming: Mapping[str, TrickFigures]
    standing_flips: Mapping[str, float | None] = field(default_factory=dict)
    standing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How the figures came about: `cross_validated` by writer, or the shipped judge; calls of which the judge had seen the words.

    folds: number of folds, None without cross-validation. versions name models, judge and software.
    """

    cross_validated: bool
    calls_trained_on: int
    folds: int | None = None
    versions: Mapping[str, str] | None = None

    @property
    def honest(self) -> bool:
        """Whether no call was judged by a judge that had learnt from it."""
        return self.calls_trained_on == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that `callcoach evaluate` prints and `--json` writes. Shares 0..1, kappas -1..1; None: no calls to measure it on."""

    calls: int
    base_calls: int
    twins: int
    initiatives: int
    writers: int
    protocol: Protocol
    verdict: AllVerdictFigures
    levels: Mapping[str, LevelFigures]
    acts: Mapping[str, ActFigures]
    contrast: ContrastFigures
    asked_why: YesNoFigures
    answer: AnswerFigures
    behaviours: Mapping[str, YesNoFigures]
    evidence: EvidenceFigures
    calibration: CalibrationFigures
    baselines: Mapping[str, BaselineFigures]
    predictions: tuple[Prediction, ...]
    foreign: ForeignFigures | None = None
    robustness: RobustnessFigures | None = None
    curves: Curves | None = None
