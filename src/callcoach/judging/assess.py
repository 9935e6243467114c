"""Say why a call cannot be judged, or that it can. Knows nothing of models, and of a story only its name and language."""

import re

from callcoach.domain.call import Role, RoleSource, Transcript, Turn
from callcoach.domain.languages import language_code, language_name
from callcoach.domain.story import Initiative
from callcoach.judging.no_talk import no_talk_because
from callcoach.judging.roles import contradiction

FEWEST_REP_WORDS = 25
FEWEST_LEADER_WORDS = 25

ROLES_UNKNOWN = "It is not known who is the rep and who is the customer. Record two channels, or label the speakers."
# a letter of a script without spaces counts as a word, so that nobody is said to be silent who speaks Chinese
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])[\w'’])+")


def not_assessed_because(transcript: Transcript, initiative: Initiative) -> str | None:
    """The reason in a sentence, or None where the call can be judged for the initiative."""
    turns = [turn for turn in transcript.turns if turn.text.strip()]
    if not turns:
        return "Nothing was said in this recording."
    language = transcript.language
    if language and language_code(language) != language_code(initiative.language):
        rubric = f"the rubric of {initiative.name} is in {language_name(initiative.language)}"
        return f"The call is in {language_name(language)}; {rubric}."
    if any(turn.role is Role.LEADER for turn in turns):
        leaders = _said(turns, Role.LEADER)
        return None if leaders >= FEWEST_LEADER_WORDS else f"The leader says {leaders} words, too few to judge."
    doubted = contradiction(transcript) is not None
    return no_talk_because(turns, labels_doubted=doubted) or _roles_unclear(transcript, turns) or _too_little(turns)


def _roles_unclear(transcript: Transcript, turns: list[Turn]) -> str | None:
    swapped = contradiction(transcript)
    if swapped:
        return swapped
    if _said(turns, Role.UNKNOWN) <= sum(len(_WORD.findall(turn.text)) for turn in turns) / 2:
        return None
    roles = transcript.roles
    if roles is None or roles.source is not RoleSource.HEARD or roles.confidence is None:
        return ROLES_UNKNOWN
    return (
        f"It could not be told who is the rep from what is said ({round(100 * roles.confidence)}% sure). "
        "Record two channels, or label the speakers."
    )


def _too_little(turns: list[Turn]) -> str | None:
    rep_words = _said(turns, Role.REP)
    if not rep_words:
        return "Only the customer is heard; the rep says nothing."
    if not _said(turns, Role.CUSTOMER):
        return "Only the rep is heard; there is no customer to explain anything to."
    return f"Too short: the rep says {rep_words} words." if rep_words < FEWEST_REP_WORDS else None


def _said(turns: list[Turn], role: Role) -> int:
    return sum(len(_WORD.findall(turn.text)) for turn in turns if turn.role is role)
