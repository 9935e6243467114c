"""The words for verdicts, levels, components and behaviours, the same on every screen. Knows nothing of whole sentences."""

from collections.abc import Mapping

from callcoach.domain.coaching import Behaviour
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict

LEVEL_WORDS: Mapping[Level, str] = {Level.ABSENT: "absent", Level.MENTIONED: "mentioned", Level.EXPLAINED: "explained"}

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.EXPLAINS: "explains",
    Verdict.PARTIAL: "partly",
    Verdict.RECITES: "recites",
    Verdict.FACTS_ONLY: "facts only",
    Verdict.STUMBLES: "stumbles",
    Verdict.NOT_RAISED: "not raised",
    Verdict.NOT_ASSESSED: "not assessed",
}

VERDICT_MEANING: Mapping[Verdict, str] = {
    Verdict.EXPLAINS: "the customer can tell why this exists and why it matters to them",
    Verdict.PARTIAL: "part of the why comes across",
    Verdict.RECITES: "the talk track, whatever the customer said",
    Verdict.FACTS_ONLY: "features, prices and offers, no why",
    Verdict.STUMBLES: "tries or is asked, and does not get to a reason",
    Verdict.NOT_RAISED: "did not come up",
    Verdict.NOT_ASSESSED: "could not be judged; the reason is given, and it counts for nothing",
}

VERDICT_PAST: Mapping[Verdict, str] = {
    Verdict.EXPLAINS: "explained it",
    Verdict.PARTIAL: "explained it in part",
    Verdict.RECITES: "recited it",
    Verdict.FACTS_ONLY: "gave its facts",
    Verdict.STUMBLES: "stumbled over it",
    Verdict.NOT_RAISED: "left it out",
    Verdict.NOT_ASSESSED: "could not be judged",
}

COMPONENT_WORDS: Mapping[Component, str] = {
    Component.WALL: "why it exists",
    Component.HAMMER: "what we do",
    Component.PART: "what it means for the customer",
}

BEHAVIOUR_DONE: Mapping[Behaviour, str] = {
    Behaviour.ANSWER_THE_WHY: "answered in full when asked why",
    Behaviour.TELL_THE_WALL: "said why it exists, not only how it works",
    Behaviour.LINK_TO_CUSTOMER: "tied it to this customer",
    Behaviour.LEAVE_THE_SCRIPT: "left the script",
    Behaviour.GIVE_A_REASON_NOT_FEATURES: "gave a reason, not only features",
    Behaviour.ASK_BEFORE_OFFERING: "asked before offering",
    Behaviour.RAISE_IT: "brought it up",
    Behaviour.SHARE_IT: "explained it",
}

PRACTICE_WITH_CUSTOMER: Mapping[Behaviour, str] = {
    Behaviour.ANSWER_THE_WHY: "Answer in two sentences that start from those words and could fit nobody else.",
    Behaviour.LINK_TO_CUSTOMER: "Finish the sentence “For you, that means …” with those words in it.",
    Behaviour.LEAVE_THE_SCRIPT: "Script closed: say back what you heard, ask one question about it, and only then go on.",
    Behaviour.GIVE_A_REASON_NOT_FEATURES: "Choose one feature and say why it was built for somebody who says that. Stop there.",
    Behaviour.ASK_BEFORE_OFFERING: "Ask one more question about it, then make the one offer that fits and leave the others out.",
    Behaviour.RAISE_IT: "Find the one question that leads from there to {name}.",
    Behaviour.SHARE_IT: "Tell the team what you did with that, and why.",
}

PRACTICE_ALONE: Mapping[Behaviour, str] = {
    Behaviour.ANSWER_THE_WHY: "Let somebody ask “What does {name} do for me?” Answer so that it could fit nobody else.",
    Behaviour.LINK_TO_CUSTOMER: "Take something the customer said and finish the sentence “For you, that means …”.",
    Behaviour.LEAVE_THE_SCRIPT: "Script closed: ask one question, say back what you heard, and only then go on.",
    Behaviour.GIVE_A_REASON_NOT_FEATURES: "Pick one feature of {name} and say whom it was built for, and why. Stop there.",
    Behaviour.ASK_BEFORE_OFFERING: "Open the next call with one question about their day. Offer the one thing that fits.",
    Behaviour.RAISE_IT: "Write down one question that leads to {name} by itself, and ask it in the next three calls.",
    Behaviour.SHARE_IT: "Play one of these to the team, and say what you listened for before you answered.",
}
