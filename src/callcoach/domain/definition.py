"""What is wrong with how an initiative is defined, as findings a person can act on. Knows nothing of files or calls."""

from dataclasses import dataclass
from enum import StrEnum

from callcoach.domain.story import Component


class Severity(StrEnum):
    """refuse: something is missing. vague: it is there and says too little. note: worth a look, stops nothing."""

    REFUSE = "refuse"
    VAGUE = "vague"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFinding:
    """One finding about one field of an initiative.

    `kind` names the rule, `words` are the offending words as they stand in the text, `sentence` says what is wrong and what to
    do, `better` is an example of better. `field` is the place in the file, dotted: `value_story.wall`.
    """

    initiative_id: str
    kind: str
    component: Component | None
    words: tuple[str, ...]
    sentence: str
    better: str | None
    severity: Severity
    field: str = ""
