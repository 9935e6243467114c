"""From a YAML file to an initiative with a complete story, or to sentences that say what it lacks. Judges no call."""

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from callcoach.domain.coaching import CallProblem
from callcoach.domain.story import (
    Criterion,
    GlossaryTerm,
    Initiative,
    Insight,
    PreviousStory,
    Published,
    Readiness,
    Training,
    ValueStory,
)
from callcoach.errors import BadRubric
from callcoach.intake.text_file import shown
from callcoach.intake.yaml_file import Day, Fields, Text, YamlFile, check, read_yaml

GrowthDriver = Literal["customers", "products_services", "market_expansion", "profitability", "brand"]
About = Literal["wall", "hammer", "part", "answer", "recite", "stumble"]
IN_THREE = ("position", "importance", "why_it_matters")

WHAT_TO_WRITE = {
    "id": "Write a short name in lower case with hyphens, like id: safe-seat.",
    "name": "Write the name that customers hear.",
    "launched": "Write the first day reps were to tell this story, like launched: 2026-10-05.",
    "value_story": "Write one with wall, hammer and part.",
    "value_story.wall": "Say what problem the customers or the company face, and how you know.",
    "value_story.hammer": "Say what the company does about the wall: the offer, product or message.",
    "value_story.part": "Say how the rep positions it, why it is important and why it matters to this customer.",
    "previous_story.wall": "Say what problem the earlier story started from.",
    "previous_story.hammer": "Say what the earlier story offered.",
    "previous_story.why_changed": "Say what was learned since.",
    "readiness.training.date": "Write the day of the session, like date: 2026-10-01.",
    "glossary.term": "Write the name as it is to be spelt.",
    "value_story.insight.source": "Say what was counted, asked or read, like source: calls on 1,140 of our own accounts.",
    "criteria.id": "Write a short name in lower case with hyphens, like id: own-missed-calls.",
    "criteria.about": "Write wall, hammer, part, answer, recite or stumble.",
    "criteria.question": "Write what a person answers with yes or no, like question: Does the rep name the customer's own count?",
    "published.version": "Leave the block to `callcoach initiative publish`.",
    "published.on": "Leave the block to `callcoach initiative publish`.",
    "published.by": "Leave the block to `callcoach initiative publish`.",
}


def _kebab_case(text: str) -> str:
    words = text.split("-")
    if not all(word.isascii() and word.isalnum() and word == word.lower() for word in words):
        raise PydanticCustomError("not_kebab", "Write it in lower case letters, digits and hyphens, like safe-seat.")
    return text


def _language(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha() and text.islower()):
        raise PydanticCustomError("not_a_language", "Write the two letters of the language, like en.")
    return text


class _Insight(Fields):
    source: Text
    learned: Day | None = None


class _Story(Fields):
    wall: Text
    insight: _Insight | None = None
    hammer: Text
    part: Text
    position: Text | None = None
    importance: Text | None = None
    why_it_matters: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _part_of_three(cls, given: Any) -> Any:
        """Where `part` is left out, calls are judged by its three parts, one after the other."""
        if not isinstance(given, dict) or "part" in given:
            return given
        told = [given[name].strip() for name in IN_THREE if isinstance(given.get(name), str) and given[name].strip()]
        return given | {"part": " ".join(told)} if told else given


class _Criterion(Fields):
    id: Annotated[Text, AfterValidator(_kebab_case)]
    about: About
    question: Text
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    yes: tuple[Text, ...] = ()
    no: tuple[Text, ...] = ()
    near_misses: tuple[Text, ...] = ()


class _Published(Fields):
    version: Text
    on: Day
    by: Text
    note: str = ""


class _Session(Fields):
    date: Day
    format: Text
    minutes: Annotated[int, Field(ge=0, strict=True)]
    who: Text | None = None


class _Readiness(Fields):
    announced: Day | None = None
    training: tuple[_Session, ...] = ()
    materials_ready: Day | None = None
    field_ready: Day | None = None
    market_awareness_start: Day | None = None
    expected_lag_days: Annotated[int, Field(ge=0, strict=True)] | None = None


class _Previous(Fields):
    until: Day | None = None
    wall: Text
    hammer: Text
    why_changed: Text


class _Term(Fields):
    term: Text
    heard_as: tuple[Text, ...] = ()


class _Initiative(Fields):
    id: Annotated[Text, AfterValidator(_kebab_case)]
    name: Text
    company: str | None = None
    industry: str | None = None
    type: str | None = None
    owner: str | None = None
    priority: Annotated[int, Field(ge=1, strict=True)] | None = None
    growth_driver: GrowthDriver | None = None
    launched: Day
    ended: Day | None = None
    terms: tuple[Text, ...] = ()
    readiness: _Readiness = _Readiness()
    value_story: _Story
    previous_story: _Previous | None = None
    script: str = ""
    compliance: str = ""
    compliance_when: str = ""
    facts: tuple[Text, ...] = ()
    glossary: tuple[_Term, ...] = ()
    language: Annotated[str, AfterValidator(_language)] = "en"
    criteria: tuple[_Criterion, ...] = ()
    published: tuple[_Published, ...] = ()

    @field_validator("criteria")
    @classmethod
    def _named_once(cls, criteria: tuple[_Criterion, ...]) -> tuple[_Criterion, ...]:
        names = [criterion.id for criterion in criteria]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise PydanticCustomError("twice", "Two criteria are called {name}. Give one of them another id.", {"name": twice})
        return criteria


INITIATIVE_FIELDS: type[Fields] = _Initiative
"""The fields of a file, for whoever publishes their schema."""


class Rubrics(NamedTuple):
    """The initiatives of a folder, by id, and what is wrong with the files that are none.

    Of one id there is a rubric per language, the default one first.
    """

    initiatives: tuple[Initiative, ...]
    problems: tuple[CallProblem, ...]


def read_rubrics(folder: Path) -> Rubrics:
    """All `*.yaml` and `*.yml` in `folder`. A bad file is a problem under its name; the rest are read.

    Files of one id are the same initiative in several languages; the one whose name ends in no language (catchback.yaml beside
    catchback.es.yaml) is the default. Of two files with one id and language the first by file name counts.
    Raises BadRubric where there is no folder or no file in it.
    """
    if not folder.is_dir():
        raise BadRubric(f"{folder}: there is no such folder. Give the folder with one YAML file per initiative.")
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and not path.name.startswith("."))
    if not paths:
        raise BadRubric(f"{folder}: there is no initiative in it. Put one YAML file per initiative there.")
    found: dict[tuple[str, str], Initiative] = {}
    files: dict[tuple[str, str], Path] = {}
    problems: list[CallProblem] = []
    for path in paths:
        try:
            initiative = read_initiative(path)
        except BadRubric as trouble:
            problems.append(CallProblem(call_id=path.name, sentence=str(trouble)))
            continue
        key = (initiative.id, initiative.language)
        if key in found:
            sentence = (
                f"{shown(path)}: id {initiative.id} is taken by {files[key].name} in the same language. "
                f"Give one of them another id or language; until then {path.name} is left out."
            )
            problems.append(CallProblem(call_id=path.name, sentence=sentence))
            continue
        found[key], files[key] = initiative, path
    in_order = sorted(found, key=lambda key: (key[0], names_its_language(files[key], key[1]), files[key].name))
    return Rubrics(initiatives=tuple(found[key] for key in in_order), problems=tuple(problems))


def read_initiative(path: Path) -> Initiative:
    """Raises BadRubric with one sentence a line, each naming file, line, field and what to write."""
    return initiative_of(read_yaml(path, BadRubric))


def initiative_of(file: YamlFile) -> Initiative:
    """The same of a file that is read already."""
    path = file.path
    fields: _Initiative = check(file, _Initiative, missing=WHAT_TO_WRITE, error=BadRubric)
    if fields.ended and fields.ended < fields.launched:
        line = file.line(("ended",))
        raise BadRubric(f"{shown(path)} line {line}: ended is before launched. Write the last day the story is told.")
    return _initiative(fields)


def names_its_language(path: Path, language: str) -> bool:
    """Whether a file's name ends in its language, as a translation's does: catchback.es.yaml."""
    return path.stem.lower().endswith((f".{language}", f"-{language}", f"_{language}"))


def _initiative(fields: _Initiative) -> Initiative:
    story, readiness, previous = fields.value_story, fields.readiness, fields.previous_story
    return Initiative(
        id=fields.id,
        name=fields.name,
        launched=fields.launched,
        story=ValueStory(
            wall=_line(story.wall),
            hammer=_line(story.hammer),
            part=_line(story.part),
            position=_optional_line(story.position),
            importance=_optional_line(story.importance),
            why_it_matters=_optional_line(story.why_it_matters),
        ),
        company=fields.company,
        industry=fields.industry,
        type=fields.type,
        owner=fields.owner,
        priority=fields.priority,
        growth_driver=fields.growth_driver,
        ended=fields.ended,
        terms=fields.terms,
        script=fields.script.strip(),
        facts=fields.facts,
        compliance=fields.compliance.strip(),
        compliance_when=fields.compliance_when.strip(),
        glossary=tuple(GlossaryTerm(term=term.term, heard_as=term.heard_as) for term in fields.glossary),
        readiness=Readiness(
            announced=readiness.announced,
            training=tuple(
                Training(date=session.date, format=session.format, minutes=session.minutes, who=session.who)
                for session in readiness.training
            ),
            materials_ready=readiness.materials_ready,
            field_ready=readiness.field_ready,
            market_awareness_start=readiness.market_awareness_start,
            expected_lag_days=readiness.expected_lag_days,
        ),
        previous_story=PreviousStory(
            until=previous.until,
            wall=_line(previous.wall),
            hammer=_line(previous.hammer),
            why_changed=_line(previous.why_changed),
        )
        if previous
        else None,
        language=fields.language,
        insight=Insight(source=_line(story.insight.source), learned=story.insight.learned) if story.insight else None,
        criteria=tuple(
            Criterion(
                id=each.id,
                about=each.about,
                question=_line(each.question),
                weight=each.weight,
                yes=tuple(map(_line, each.yes)),
                no=tuple(map(_line, each.no)),
                near_misses=tuple(map(_line, each.near_misses)),
            )
            for each in fields.criteria
        ),
        published=tuple(
            Published(version=each.version, on=each.on, by=each.by, note=_line(each.note)) for each in fields.published
        ),
    )


def _optional_line(text: str | None) -> str | None:
    return None if text is None else _line(text)


def _line(text: str) -> str:
    return " ".join(text.split())
