"""The sentences of the call page: why a quote counts, how the call was led, what is missing and why. Knows nothing of screens."""

from collections.abc import Mapping

from callcoach.coaching.notation import clock, count, listed, percent
from callcoach.coaching.vocabulary import COMPONENT_WORDS, LEVEL_WORDS, VERDICT_WORDS
from callcoach.domain.call import CallKind, RoleFinding, RoleSource
from callcoach.domain.remark import RemarkKind
from callcoach.domain.review import EVIDENCE, LEVEL, QUOTE, VERDICT, Review
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Conduct, Evidence, Level, Verdict

ACT_WORDS: Mapping[str, str] = {
    Act.WALL: "Wall",
    Act.HAMMER: "Hammer",
    Act.PART: "Part",
    Act.RECITE: "Recited",
    Act.STUMBLE: "Stumble",
    Act.ANSWER: "Answer",
    Act.ASK: "Customer asks why",
    Act.NEED: "Customer’s need",
}
"""What each kind of evidence is called on the page."""

ANSWER_WORDS: Mapping[Answer, str] = {
    Answer.FULL: "answered in full",
    Answer.PARTIAL: "answered in part",
    Answer.DEFLECTS: "put off with something else",
    Answer.NONE: "not answered",
    Answer.NOT_ASKED: "nobody asked why",
}

PARTS_ALONE = (
    "A person corrected parts of this and not the verdict, which stays the machine’s. The next run counts both as they stand: "
    "the verdict in every share of calls, the parts in what is recommended about them."
)
"""What a correction changes that leaves the verdict alone."""

EACH_BY_ITSELF = "Verdict and parts are corrected each by itself: another part does not change the verdict."

_LEVEL_MEANING: Mapping[Level, str] = {
    Level.ABSENT: "not told",
    Level.MENTIONED: "in passing, or canned",
    Level.EXPLAINED: "makes sense to this customer",
}

_REMARKS: Mapping[RemarkKind, str] = {
    RemarkKind.COMMENT: "commented",
    RemarkKind.EXEMPLAR: "marked a moment as an example for others",
    RemarkKind.CONSENT: "agreed that the moment is played to others",
    RemarkKind.REFUSAL: "declined that the moment is played to others",
    RemarkKind.ANSWER: "answered",
    RemarkKind.DISPUTE: "disputed the judgement",
}


def level_words(level: Level | None) -> str:
    """A level and what it means; a level nobody gave is said to be none."""
    return "not graded" if level is None else f"{LEVEL_WORDS[level]}: {_LEVEL_MEANING[level]}"


def why_it_counts(quote: Evidence, score: CallScore) -> str:
    """What a quote is evidence of, and what in the judgement rests on it."""
    act = quote.act
    if act in tuple(Component):
        component = Component(act)
        level = score.levels.get(component)
        told = f"Tells {COMPONENT_WORDS[component]}"
        return f"{told}; the level “{LEVEL_WORDS[level]}” rests on it." if level else f"{told}."
    if act == Act.RECITE:
        if score.copied is not None and score.copied.turn == quote.turn:
            share = percent(score.copied.share_of_turn)
            return f"{count(score.copied.words, 'word')} in a row are the script’s, {share} of the turn."
        return "Sounds read out or canned."
    if act == Act.STUMBLE:
        return "Hesitates, or does not get to a reason."
    if act == Act.ASK:
        return f"Asks why, or what it means for them; {ANSWER_WORDS[score.answer]}."
    if act == Act.ANSWER:
        return f"What the rep made of that question; {ANSWER_WORDS[score.answer]}."
    return "Says what they need; a line of the rep’s takes it up."


def behaviours(shown: Behaviours) -> tuple[tuple[str, bool], ...]:
    """How the call was led, each with whether that is to be welcomed."""
    return (
        ("Asked what the customer needs before pitching" if shown.diagnosed_first else "Pitched before asking what is needed",
         shown.diagnosed_first),
        ("Listed features without a reason" if shown.feature_dump else "No list of bare features", not shown.feature_dump),
        ("Went from offer to offer without asking for a need" if shown.offer_hunting else "No hunt through offers",
         not shown.offer_hunting),
    )  # fmt: skip


def how_it_was_led(shown: Conduct | None) -> tuple[tuple[str, str], ...]:
    """Name and value of each measure of talk; what could not be measured says so."""
    untimed = "not known: the transcript has no times"
    if shown is None:
        return (("Talk time", "not measured for this call"),)
    return (
        ("Rep’s share of the talk", percent(shown.talk_share) if shown.talk_share is not None else "nobody spoke"),
        ("Longest stretch without the other side", clock(shown.longest_monologue_s) or untimed),
        ("Questions the rep asked", str(shown.questions_asked)),
        ("Pace", f"{round(shown.words_per_minute)} words a minute" if shown.words_per_minute is not None else untimed),
    )


def pause(seconds: float | None) -> str:
    """The silence between a question and its answer."""
    if seconds is None:
        return "pause not known: no times"
    return "answered while the customer still spoke" if seconds < 0 else f"{seconds:.1f} s pause"


def who_is_the_rep(finding: RoleFinding | None) -> str:
    """How it is known who speaks as the rep."""
    if finding is None:
        return "Who is the rep stands in the transcript."
    if finding.contradicted:
        return "The sides were given with the call, but what is said fits them swapped: check who is the rep."
    if finding.source is RoleSource.GIVEN:
        return "Who is the rep was given with the call."
    sure = "" if finding.confidence is None else f", {percent(finding.confidence)} sure"
    return f"Who is the rep was told from the words{sure}."


def nothing_judged(kind: CallKind, has_words: bool) -> str:
    """Why a call has no judgement, and what next."""
    if not has_words:
        return "There are no words to judge yet. They come with the next run."
    what = "recording" if kind is CallKind.LEADER_RECORDING else "call"
    return (
        f"This {what} was judged for no initiative: none was running on its day, or in its language. "
        "Check the dates in the initiative’s file, then run again."
    )


def no_recording(given: bool, kept: bool) -> str:
    """Why nothing can be played. given: the call came with a recording. kept: a run noted where it lies."""
    if not given:
        return "This call came as a transcript: there is nothing to play. Everything else is here."
    if not kept:
        return "No run has noted yet where the recording lies. Run callcoach over its folder again; everything else is here."
    return "The recording is not where it was when the call was read, or holds something else now. Put it back, or run again."


def review_sentence(review: Review) -> str:
    """What a correction says, in one line without its reason."""
    if review.about == VERDICT:
        same = review.machine == review.person
        return f"agrees: {_verdict(review.person)}" if same else f"says {_verdict(review.person)}, not {_verdict(review.machine)}"
    if review.about.startswith(LEVEL):
        component = Component(review.about.removeprefix(LEVEL))
        level = LEVEL_WORDS[Level(int(review.person))]
        return f"puts {component.value} ({COMPONENT_WORDS[component]}) at {level}"
    act = ACT_WORDS.get(review.about.removeprefix(QUOTE), review.about.removeprefix(QUOTE))
    verb = "counts" if review.person == EVIDENCE else "does not count"
    return f"{verb} “{review.quote}” as evidence of {act.lower()}"


def remark_sentence(kind: RemarkKind) -> str:
    """What a remark did, in one line without its text."""
    return _REMARKS[kind]


def differ(said: tuple[Review, ...], names: Mapping[str, str]) -> str:
    """A thing over which people differ, and what each says; the latest counts."""
    each = [f"{names.get(review.person_id, review.person_id)} {review_sentence(review)}" for review in said]
    return f"People differ: {listed(each)}. The latest counts."


def _verdict(name: str) -> str:
    return VERDICT_WORDS[Verdict(name)]
