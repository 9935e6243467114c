"""The words of the calibration screens: what labellers are asked, and what a figure of agreement says. Counts nothing."""

from callcoach.coaching import gate_wording
from callcoach.coaching.vocabulary import COMPONENT_WORDS
from callcoach.domain.calibration import CRITERION, Figure
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer

ASKED = "Did the customer ask why, or what it means for them?"
ANSWERED = "How was that answered?"
ANSWER_WORDS = {
    Answer.FULL: "in full",
    Answer.PARTIAL: "in part",
    Answer.DEFLECTS: "deflected",
    Answer.NONE: "not at all",
    Answer.NOT_ASKED: "not asked",
}
HOW_READ = (
    "Same: the share of calls on which all said the same. Kappa and alpha take chance out of that: 0 is no better than chance, 1 "
    "is always. The interval holds alpha in nine of ten draws. n/a: not defined, above all where everybody said the same."
)


def about(name: str) -> str:
    """What a figure is about, at the head of its row."""
    if name.startswith(CRITERION):
        return name.removeprefix(CRITERION)
    return {
        "verdict": "Verdict",
        "asked_why": "Customer asked why",
        "answer": "How it was answered",
        **{component.value: f"{component.value.capitalize()}: {COMPONENT_WORDS[component]}" for component in Component},
    }.get(name, name)


def strength(figure: Figure | None, wanted: float = 0.6) -> str:
    """How a figure is marked: good, warn, or nothing where it is not defined."""
    if figure is None or figure.kappa is None:
        return ""
    return "good" if figure.kappa >= wanted else "warn"


def kappa(figure: Figure | None) -> str:
    """Kappa as it is written."""
    return "n/a" if figure is None else gate_wording.figure(figure.kappa)


def criterion(answer: bool | None) -> str:
    """An answer to a criterion."""
    return {None: "unclear", True: "yes", False: "no"}[answer]
