"""Tell calls in which no customer could be talked to: a voicemail, a menu or hold line, a wrong or dead number.

Read from what machines say and how such calls go on: people mention voicemail and wrong numbers, too, so a phrase alone decides
nothing. English only. Knows nothing of models or stories.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from callcoach.domain.call import Role, Turn
from callcoach.judging.wording import words_of

VOICEMAIL = "The rep reached a voicemail."
MACHINE = "Nobody came to the phone: only a menu or a hold message is heard."
DEAD_NUMBER = "The number was not in service, so nobody was reached."
WRONG_NUMBER = "The rep reached a wrong number."

# a person who says so little after a machine's greeting has not been talked to ("Hello?", "Goodbye.")
MOST_WORDS_OF_NOBODY = 12
# behind a menu or a hold line a person may be reached: whoever says more than that is one
MOST_WORDS_BEHIND_A_MENU = 4
# "Hello? Is this Dale?": what a rep may say before noticing that a machine speaks
MOST_REP_WORDS_BEFORE = 20
# a wrong number is found out at once and ends the call
MOST_TURNS_TO_FIND_OUT = 8
MOST_WORDS_AFTER = 45

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_GREETING = _any_of(
    r"(?:^|,|;|\bplease|\bso|\band|\bor|\bto|\bjust|\bthen)\s*leave (?:me |us )?(?:an? |your )?(?:\w+ )?(?:message|name|number)",
    r"(?:after|at|following) the (?:tone|beep|signal)",
    r"record your (?:message|name)",
    r"(?:ca(?:n't|nnot|n not)|(?:not |un|isn't )able to) (?:come to|get to|take|answer|pick up) (?:the|your|my) (?:phone|call)",
    r"(?:no ?one|nobody|subscriber|customer|person|party)\b.{0,40}\b(?:un)?available",
    r"you know what to do",
    r"(?:return|get back to) (?:your call|you) (?:as (?:soon|quick)|at (?:my|our|the) (?:earliest|first)|shortly|when)",
    r"(?<!my )mail ?box (?:is full(?! of)|of|for|belong)",
    r"voice (?:mail ?box (?:of|for|belong)|messag(?:ing|e) system)",
    r"forwarded to (?:an? )?(?:automat\w+ )?voice",
    r"(?:this|you(?:'ve| have) reached the) (?:is the )?voice ?mail (?:of|for|box)",
    r"(?:person|customer|party|subscriber) you(?:'re| are) (?:calling|trying to reach)",
    r"state your name",
    r"screening service",
)
# somebody tells of callers: "they leave a message", "who leaves their name"
_TOLD_OF_OTHERS = _any_of(
    r"\b(?:they|he|she|people|callers|customers|folks|who|nobody|everybody|everyone|most|if somebody)\b",
    r"\b(?:never|hardly|used to|(?:do|does|did|wo|would)n't)\b",
    r"\b(?:could you|can i|may i|should i|i'll|i will|i'd|i would|want me to) (?:just )?(?:leave|record|take)\b",
)
_NUMBER = "zero|one|two|three|four|five|six|seven|eight|nine|pound|star"
_MACHINE = _any_of(
    rf"\b(?:press|dial|push) (?:(?:the )?(?:{_NUMBER})|\d)",
    r"menu (?:options )?(?:has|have) (?:recently )?changed",
    r"listen (?:carefully|closely) (?:as|to|because)",
    r"following (?:menu|options)",
    r"para (?:continuar en )?español",
    r"your call (?:is (?:very )?important|may be (?:monitored|recorded)|will be (?:answered|taken))",
    r"(?:stay|remain|hold) on the line",
    r"please (?:continue to )?hold\b",
    r"next available",
    r"all (?:of )?(?:our )?(?:\w+ ){1,2}are (?:currently |still )?(?:busy|assisting|helping)",
    r"thank you for (?:holding|your patience|waiting)",
    r"(?:estimated|approximate|expected) wait",
    r"place in (?:the )?(?:line|queue)|caller number",
    r"if you know your party|extension,? (?:dial|press|enter)",
    r"(?:say|speak|enter) (?:the name|your party|the extension|your account|in a few words)",
    r"(?:main|previous) menu|that is not a valid|didn't (?:get|catch) that\b.*\btry again",
    r"our (?:office|business|regular) hours are",
    r"(?:to|when you(?:'re| are)) (?:send|finish\w*|done|page)\b.*\b(?:press|hang up)|hang up or press|more options",
)
_GONE = r"(?:(?:not|no longer) in service|(?:been )?disconnected|not (?:a )?(?:valid|working))"
_DEAD = _any_of(
    rf"(?:number|subscriber|extension) (?:that )?you(?:'ve| have)? (?:dialed|dialled|reached|called).{{0,20}}{_GONE}",
    r"call (?:can(?:not|'t)|could not) be completed as dialed",
    r"check the number and (?:dial|try) again",
)
# said about this call, from the start of a sentence to its end; in a story the words stand further in, or more follows
_SMALL_WORDS = r"no|nope|sorry|oh|uh|um|hey|well|yeah|i'm (?:sorry|afraid)|i (?:think|believe)|ma'am|sir|honey|dear|man"
_LEAD = rf"^\W*(?:(?:{_SMALL_WORDS})\W+)*"
_WRONG = _any_of(
    _LEAD + r"(?:(?:you(?:'ve| have|'re| are| must have| may have| might have)?|this is|it's|that's)\s+)?"
    r"(?:(?:got|have|dialed|called|calling|reached|just)\s+)*(?:(?:the|a)\s+)?"
    r"wrong (?:number|person|guy|place|house|company|extension|party|phone number)"
    r"(?: (?:here|dear|buddy|pal|man|sir|ma'am|i'm afraid|i think|for (?:him|her|them|that)))?(?=\W*$|,)",
    _LEAD + r"(?:there's |there is )?no ?\w+ (?:here )?(?:by|with|of) that name",
    _LEAD + r"(?:there's|there is|we have) (?:nobody|no ?one)(?: here)? named \w+",
    _LEAD + r"(?:there's|there is|we have) (?-i:no [A-Z]\w+) (?:here|at this number)",
    _LEAD + r"(?:this|that) (?:isn't|is not|ain't) (?:his|her|their|\w+'s) (?:number|phone|cell)",
    _LEAD + r"this is a (?:private )?(?:residence|home|house)\b",
    r"\byou (?:must have |might have )?misdialed\b",
)
_STORY = _any_of(
    r"\b(?:keep|kept|every ?(?:day|week|time)|last (?:week|month|year|time)|used to)\b",
    r"\b(?:once|always|people|they|when|some(?:body|one))\b",
)
# a rep who asks this has somebody to ask
_ASKED = _any_of(r"\b(?:who|how|what|why|when|which|where|do you|does|would you)\b[^.!]*\?")


def no_talk_because(turns: Sequence[Turn], *, labels_doubted: bool = False) -> str | None:
    """The reason in a sentence, or None where people talk with each other. labels_doubted: rep and customer may be swapped."""
    for party in dict.fromkeys(turn.speaker for turn in turns):
        if _role(party) is Role.REP and not labels_doubted:
            continue
        reason = _machine_because(party, turns)
        most = MOST_WORDS_OF_NOBODY if reason == VOICEMAIL else MOST_WORDS_BEHIND_A_MENU
        if reason and not _people_talk(party, turns, labels_doubted, most):
            return reason
    return WRONG_NUMBER if _is_wrong_number(turns, labels_doubted) else None


def _machine_because(party: str, turns: Sequence[Turn]) -> str | None:
    """What machine speaks in the first two turns of a party, before the others have said much."""
    others, seen = 0, 0
    for turn in turns:
        if turn.speaker != party:
            others += MOST_REP_WORDS_BEFORE + 1 if _ASKED.search(turn.text) else len(words_of(turn.text))
            continue
        seen += 1
        if seen > 2 or others > MOST_REP_WORDS_BEFORE:
            return None
        # machines ask nothing but who calls
        kinds = (
            {None} if "?" in turn.text and "name" not in turn.text.lower() else {_kind(each) for each in _sentences(turn.text)}
        )
        for reason in (DEAD_NUMBER, VOICEMAIL, MACHINE):
            if reason in kinds:
                # a menu that ends in a mailbox is a mailbox
                later = {_kind(each) for turn in turns if turn.speaker == party for each in _sentences(turn.text)}
                return VOICEMAIL if VOICEMAIL in later else reason
    return None


def _people_talk(machine: str, turns: Sequence[Turn], labels_doubted: bool, most: int) -> bool:
    """Whether somebody besides the machine and the one caller says more than hello."""
    said: defaultdict[str, int] = defaultdict(int)
    after = False
    for turn in turns:
        kinds = [(len(words_of(sentence)), _kind(sentence)) for sentence in _sentences(turn.text)]
        if turn.speaker != machine:
            said[turn.speaker] += sum(count for count, _ in kinds)
        elif after:
            said[machine] += sum(count for count, kind in kinds if kind is None)
        after = after or (turn.speaker == machine and any(kind for _, kind in kinds))
    caller = None
    if len(said) > (machine in said):
        others = [party for party in said if party != machine]
        reps = [party for party in others if _role(party) is Role.REP and not labels_doubted]
        caller = reps[0] if reps else max(others, key=said.__getitem__)
    return any(count > most for party, count in said.items() if party != caller)


def _is_wrong_number(turns: Sequence[Turn], labels_doubted: bool) -> bool:
    told_at = next(
        (
            place
            for place, turn in enumerate(turns[:MOST_TURNS_TO_FIND_OUT])
            if (labels_doubted or _role(turn.speaker) is not Role.REP)
            and any(_WRONG.search(each) and not _STORY.search(each) for each in _sentences(turn.text))
        ),
        None,
    )
    return told_at is not None and sum(len(words_of(turn.text)) for turn in turns[told_at + 1 :]) <= MOST_WORDS_AFTER


def _kind(sentence: str) -> str | None:
    """The reason for which a machine would say this sentence; None for what a person says."""
    if _DEAD.search(sentence):
        return DEAD_NUMBER
    if _GREETING.search(sentence) and not _TOLD_OF_OTHERS.search(sentence):
        return VOICEMAIL
    return MACHINE if _MACHINE.search(sentence) else None


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.findall(text) if each.strip()]


def _role(speaker: str) -> Role:
    return Turn(speaker=speaker, text="").role
