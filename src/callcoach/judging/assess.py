"""Say why a call cannot be judged, or that it can. Knows nothing of models or stories."""

import re

from callcoach.domain.call import Role, Transcript
from callcoach.judging.wording import words_of

FEWEST_REP_WORDS = 25
FEWEST_LEADER_WORDS = 25
# two parties of which one hardly speaks is a message after the tone, not a talk
MOST_WORDS_OF_A_MACHINE = 60

_LANGUAGES = {
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
    "ru": "Russian",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "hi": "Hindi",
    "ar": "Arabic",
    "tr": "Turkish",
    "vi": "Vietnamese",
}
# the commonest words that English does not share: enough to name the language where the recogniser did not
_COMMON_WORDS = {
    "en": "the and you that it is to a of in for i we this have what",
    "es": "que de la el y los por una con para su usted pero como lo sí está",
    "fr": "que de la le et les pour une avec vous mais est pas je nous des",
    "de": "und der die das ich sie nicht ist ein wir mit auf für aber haben",
    "it": "che di la il e per una con non sono ma è lei questo della",
    "pt": "que de o a e para uma com não você mas é isso do da",
    "nl": "en de het ik een van dat niet is we voor met maar u op",
}
_COMMON = {code: frozenset(words.split()) for code, words in _COMMON_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS_TO_TELL = 20
_MANY = 0.25
_VOICEMAIL = re.compile(
    r"leave (?:me |us )?(?:a |your )?(?:message|name|name and number)|after the (?:tone|beep)|you(?:'ve| have) reached"
    r"|can(?:'t|not) (?:come to|take|get to) (?:the|your) (?:phone|call)|voice ?mail|mailbox",
    re.IGNORECASE,
)
_WRONG_NUMBER = re.compile(
    r"wrong (?:number|person)|no (?:one|body) (?:here )?by that name|you(?:'ve| have) got the wrong"
    r"|isn't (?:his|her|their) (?:number|phone)"
    r"|sorry to (?:have )?bother|misdial",
    re.IGNORECASE,
)
_SHORT_CALL_TURNS = 8
_SHORT_CALL_WORDS = 120


def not_assessed_because(transcript: Transcript) -> str | None:
    """The reason in a sentence, or None where the call can be judged."""
    turns = [turn for turn in transcript.turns if turn.text.strip()]
    if not turns:
        return "Nothing was said in this recording."
    code = (transcript.language or _language_of(" ".join(turn.text for turn in turns))).lower().split("-")[0]
    if code != "en":
        return f"The call is in {_LANGUAGES.get(code, f'language {code!r}')}; the judge reads English only."
    leaders = sum(len(words_of(turn.text)) for turn in turns if turn.role is Role.LEADER)
    if leaders:
        return None if leaders >= FEWEST_LEADER_WORDS else f"The leader says {leaders} words, too few to judge."
    unknown = sum(len(words_of(turn.text)) for turn in turns if turn.role is Role.UNKNOWN)
    everything = sum(len(words_of(turn.text)) for turn in turns)
    if unknown > everything / 2:
        return "It is not known who is the rep and who is the customer. Record two channels, or label the speakers."
    rep_words = sum(len(words_of(turn.text)) for turn in turns if turn.role is Role.REP)
    customer_turns = [turn for turn in turns if turn.role is Role.CUSTOMER]
    if _is_voicemail(transcript, customer_turns_words=sum(len(words_of(turn.text)) for turn in customer_turns)):
        return "The rep reached a voicemail."
    short = len(turns) <= _SHORT_CALL_TURNS and everything < _SHORT_CALL_WORDS
    if short and any(_WRONG_NUMBER.search(turn.text) for turn in customer_turns):
        return "The rep reached a wrong number."
    if rep_words < FEWEST_REP_WORDS:
        return f"Too short: the rep says {rep_words} words."
    if not customer_turns:
        return "Only the rep is heard; there is no customer to explain anything to."
    return None


def _language_of(text: str) -> str:
    """The language whose common words fill the text; English where that is not clear."""
    words = _WORD.findall(text.lower())
    if len(words) < _FEWEST_WORDS_TO_TELL:
        return "en"
    share = {code: sum(word in common for word in words) / len(words) for code, common in _COMMON.items()}
    best = max(share, key=lambda code: share[code])
    return best if share[best] >= _MANY and share[best] > 2 * share["en"] else "en"


def _is_voicemail(transcript: Transcript, *, customer_turns_words: int) -> bool:
    greeting = [turn for turn in transcript.turns[:3] if turn.role is not Role.REP and _VOICEMAIL.search(turn.text)]
    spoken_turns = sum(1 for turn in transcript.turns if turn.role is Role.CUSTOMER and turn.text.strip())
    return bool(greeting) and spoken_turns <= 2 and customer_turns_words <= MOST_WORDS_OF_A_MACHINE
