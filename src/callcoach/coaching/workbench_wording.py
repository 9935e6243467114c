"""The words of the workbench: what the fields of a rubric are called, and what a change does to calls. Counts nothing."""

from callcoach.coaching.notation import count, listed
from callcoach.domain.definition import Severity
from callcoach.domain.restated import Accord

FIELD_WORDS = {
    "name": "Name",
    "type": "Type",
    "owner": "Owner",
    "priority": "Priority",
    "growth_driver": "What it is to grow",
    "launched": "First day",
    "ended": "Last day",
    "terms": "Names that reps use for it",
    "value_story.wall": "Wall: what wall are we facing?",
    "value_story.insight.source": "How we know",
    "value_story.insight.learned": "Known since",
    "value_story.hammer": "Hammer: how do we get through it?",
    "value_story.position": "Position: what the rep asks or looks up first",
    "value_story.importance": "Importance: what shows this customer how much it weighs",
    "value_story.why_it_matters": "Why it matters: what it changes for this customer",
    "value_story.part": "The part as calls are judged by it",
    "script": "Talk track",
    "compliance": "Text that must be read word for word",
    "compliance_when": "When it must be read",
    "facts": "Facts",
}
HINTS = {
    "owner": "The person id of whoever answers for it.",
    "priority": "1 is first.",
    "terms": "One a line.",
    "facts": "One a line: features, prices, conditions. They explain nothing by themselves.",
    "value_story.wall": "The problem customers have or the company faces, with its figures. Not the company's own goal.",
    "value_story.insight.source": "What was counted, asked or read.",
    "value_story.hammer": "What the company does about the wall.",
    "value_story.part": "Leave it empty and the three above are taken together.",
    "script": "What reps are given to say. Said as it stands, it counts as reciting.",
    "compliance": "Never counts as reciting.",
}
DRIVERS = ("customers", "products_services", "market_expansion", "profitability", "brand")
ABOUTS = ("wall", "hammer", "part", "answer", "recite", "stumble")
SEVERITY_WORDS = {Severity.REFUSE: "to mend", Severity.VAGUE: "vague", Severity.NOTE: "worth a look"}
SEVERITY_KINDS = {Severity.REFUSE: "bad", Severity.VAGUE: "warn", Severity.NOTE: "plain"}

_JUDGED_WORDS = {
    "name": "the name",
    "story.wall": "the wall",
    "story.hammer": "the hammer",
    "story.part": "the part",
    "terms": "the names",
    "script": "the talk track",
    "facts": "the facts",
    "compliance": "the text to be read",
    "language": "the language",
    "criteria": "the criteria",
}


def field(place: str) -> str:
    """What a field of the file is called on the screen."""
    if place in FIELD_WORDS:
        return FIELD_WORDS[place].partition(":")[0]
    if place.startswith("criteria."):
        _, number, *name = place.split(".")
        return f"Criterion {int(number) + 1 if number.isdigit() else number}" + (f", {name[0]}" if name else "")
    return place or "The file"


def judged_field(name: str) -> str:
    """A field that judging reads, within a sentence."""
    return _JUDGED_WORDS.get(name, name)


def changed(fields: tuple[str, ...]) -> str:
    """What of a text reads differently from the published one."""
    if not fields:
        return "Reads as it was published: nothing that calls are judged by has changed."
    return f"Changed against the published text: {listed([judged_field(name) for name in fields])}."


def headline(flips: int, calls: int, against: str | None) -> str:
    """What a change does, in a line."""
    if not calls:
        return "No call to try it on"
    if against is None:
        return f"{count(calls, 'call')} under this text"
    if not flips:
        return f"No verdict flips on {count(calls, 'call')}"
    return f"{flips} of {count(calls, 'verdict')} {'flips' if flips == 1 else 'flip'}"


def causes(fields: tuple[str, ...], explained: bool) -> str:
    """Why a call flips."""
    if fields:
        return (
            f"{listed([judged_field(name) for name in fields])} does it alone"
            if len(fields) == 1
            else (f"each of {listed([judged_field(name) for name in fields])} does it alone")
        )
    return "only the changes together do it" if explained else "looking which change does it …"


def accord(before: Accord | None, after: Accord | None) -> str:
    """How often the verdict is the one that people gave."""
    if after is None:
        return "People have labelled none of these calls."
    now = f"{after.agreed} of the {count(after.n, 'call')} that people labelled get their verdict"
    return f"{now}; {before.agreed} of {before.n} as published." if before else f"{now}."


def found(marks: int, stops: int) -> str:
    """What the check says, in a line."""
    if not marks:
        return "The check finds nothing to mend"
    if not stops:
        return f"Ready to be published; {count(marks, 'note')}"
    return f"{count(stops, 'thing')} to mend before it can be published"
