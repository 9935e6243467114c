"""A rubric as the fields of a form, and a change in one of them as a change in its text. Comments and layout of the text stay.

Places are dotted, as findings name them: `value_story.wall`, `criteria.0.question`. Knows nothing of screens or of what is good.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from callcoach.errors import BadRubric
from callcoach.intake.rubric_file import edited
from callcoach.intake.text_file import shown
from callcoach.intake.yaml_file import Place, YamlFile, parse_yaml

MOST_LETTERS = 100_000
"""Of a text that is checked while it is written; the longest rubric of the samples has six thousand."""

LISTS = frozenset({"terms", "facts", "yes", "no", "near_misses"})
DAYS = frozenset({"launched", "ended", "learned"})
NUMBERS = frozenset({"priority", "weight"})
EMPTY_TEXTS = frozenset({"script", "compliance", "compliance_when"})
"""Texts that may be empty and may not be missing a value."""

IN_FORM = (
    "name",
    "type",
    "owner",
    "priority",
    "growth_driver",
    "launched",
    "ended",
    "terms",
    "value_story.wall",
    "value_story.insight.source",
    "value_story.insight.learned",
    "value_story.hammer",
    "value_story.position",
    "value_story.importance",
    "value_story.why_it_matters",
    "value_story.part",
    "script",
    "compliance",
    "compliance_when",
    "facts",
)
"""Fields of the form, in the order in which a new one is written into the text; criteria stand apart, for there may be many."""

OF_CRITERION = ("id", "about", "question", "weight", "yes", "no", "near_misses")
MOST_CRITERIA = 40

_LINE = 116
_SHORT = 80
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[A-Za-z0-9_-]")


class Change(NamedTuple):
    """A field with what it is to hold; None takes a whole criterion away."""

    place: str
    value: str | None


def read_text(text: str, path: Path) -> YamlFile:
    """The text as it would be read from `path`. Raises BadRubric with a sentence, also for what would only cost time to read."""
    if len(text) > MOST_LETTERS:
        raise BadRubric(f"{shown(path)}: the text has more than {MOST_LETTERS} letters. A rubric is a page or two: shorten it.")
    # quick to ask, and a text without a star holds no alias
    if _ALIAS.search(text) and (line := _alias_line(text)):
        raise BadRubric(
            f"{shown(path)} line {line}: this refers to another place (an alias, *name). Write the text out here: what the form "
            "changes at one place would change at the other."
        )
    return parse_yaml(text, path, BadRubric)


def form_of(values: object) -> dict[str, str]:
    """What stands in each field of the form; empty where nothing does. Lists have a line per entry."""
    found = {place: _shown(_at(values, place.split("."))) for place in IN_FORM}
    criteria = values.get("criteria") if isinstance(values, Mapping) else None
    for number, each in enumerate(criteria if isinstance(criteria, Sequence) and not isinstance(criteria, str) else ()):
        if number < MOST_CRITERIA:
            found |= {f"criteria.{number}.{name}": _shown(_at(each, [name])) for name in OF_CRITERION}
    return found


def with_changes(text: str, changes: Iterable[Change], path: Path) -> str:
    """The text with fields set. Raises BadRubric where the text cannot be read, or a place is none of the form's."""
    wanted = tuple(changes)
    for change in wanted:
        if not _is_known(change.place):
            raise BadRubric(f"{change.place} is no field of the form. Write it into the text.")
    values = read_text(text, path).values
    if not isinstance(values, dict):
        raise BadRubric(f"{shown(path)}: there are no fields in it. Write `key: value` lines, or begin from the template.")

    def change_all(fields: CommentedMap) -> None:
        for change in wanted:
            _set(fields, change, path)

    return edited(text.replace("\r\n", "\n"), change_all)


def _alias_line(text: str) -> int | None:
    """The line of the first alias. Texts and comments may hold stars; only the scanner tells them from aliases."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.tokens import AliasToken

    try:
        for token in YAML(typ="rt", pure=True).scan(text):
            if isinstance(token, AliasToken):
                return int(token.start_mark.line) + 1
    except (YAMLError, RecursionError):
        # what is wrong with it is told, with its line, where it is read
        return None
    return None


def _is_known(place: str) -> bool:
    if place in IN_FORM:
        return True
    parts = place.split(".")
    if parts[0] != "criteria" or len(parts) not in (2, 3) or not re.fullmatch(r"\d{1,2}", parts[1]):
        return False
    return int(parts[1]) < MOST_CRITERIA and (len(parts) == 2 or parts[2] in OF_CRITERION)


def _set(fields: CommentedMap, change: Change, path: Path) -> None:
    *within, name = change.place.split(".")
    if within and within[0] == "criteria":
        _set_criterion(fields, [*within[1:], name], change.value)
        return
    if name == "criteria" or (name.isdigit() and not within):
        return
    group: Any = fields
    for part in within:
        if not isinstance(group.get(part), CommentedMap):
            if not (change.value or "").strip():
                return
            if group.get(part) is not None:
                raise BadRubric(f"{shown(path)}: {part} holds no group of fields. Mend the text first, then the form follows.")
            _add(group, ".".join(within[: within.index(part)]), part, CommentedMap())
        group = group[part]
    _put(group, ".".join(within), name, change.value or "")


def _set_criterion(fields: CommentedMap, rest: list[str], value: str | None) -> None:
    number = int(rest[0])
    criteria = fields.get("criteria")
    if not isinstance(criteria, CommentedSeq):
        if value is None:
            return
        criteria = CommentedSeq()
        fields["criteria"] = criteria
    if len(rest) == 1:
        if value is None and number < len(criteria):
            del criteria[number]
            if not criteria:
                del fields["criteria"]
        elif value is not None and number >= len(criteria):
            criteria.append(CommentedMap(id=value or f"criterion-{len(criteria) + 1}", about="part", question=None))
        return
    if number < len(criteria) and isinstance(criteria[number], CommentedMap):
        _put(criteria[number], "criteria", rest[1], value or "")


def _put(group: CommentedMap, place: str, name: str, value: str) -> None:
    old = group.get(name)
    if _shown(old) == value.replace("\r\n", "\n").strip() and name in group:
        return
    fresh = _value(name, value, old)
    if name in group:
        group[name] = fresh
    elif value.strip():
        _add(group, place, name, fresh)


def _add(group: CommentedMap, place: str, name: str, value: object) -> None:
    """A new field goes after the nearest one that is written before it."""
    prefix = f"{place}." if place else ""
    order = (
        list(OF_CRITERION)
        if place == "criteria"
        else list(dict.fromkeys(each.removeprefix(prefix).partition(".")[0] for each in IN_FORM if each.startswith(prefix)))
    )
    before = order[: order.index(name)] if name in order else order
    keys = list(group)
    after = max((keys.index(each) for each in before if each in keys), default=len(keys) - 1)
    group.insert(after + 1, name, value)


def _value(name: str, given: str, old: object) -> object:
    text = given.replace("\r\n", "\n").strip()
    if name in LISTS:
        return _entries([line.strip() for line in text.split("\n") if line.strip()], old)
    if not text:
        return "" if name in EMPTY_TEXTS else None
    if name in DAYS:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if name in NUMBERS:
        return _number(text)
    if isinstance(old, LiteralScalarString) or (name in EMPTY_TEXTS and (len(text) > _SHORT or "\n" in text)):
        return LiteralScalarString(text + "\n")
    flat = " ".join(text.split())
    if isinstance(old, FoldedScalarString) or len(flat) > _SHORT:
        return _folded(flat)
    return flat


def _entries(lines: list[str], old: object) -> CommentedSeq:
    entries = CommentedSeq(lines)
    if not lines or (isinstance(old, CommentedSeq) and old.fa.flow_style()):
        entries.fa.set_flow_style()
    return entries


def _number(text: str) -> object:
    if re.fullmatch(r"-?\d{1,9}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,9}\.\d{1,6}", text) else text


def _folded(text: str) -> FoldedScalarString:
    """A text folded at the ends of words, as a person would."""
    folded: FoldedScalarString = FoldedScalarString(text + "\n")
    places, begin = [], 0
    while len(text) - begin > _LINE:
        at = text.rfind(" ", begin + 1, begin + _LINE + 1)
        if at < 0:
            break
        places.append(at)
        begin = at + 1
    # what the writer reads; its own loader sets it in the same way
    setattr(folded, "fold_pos", places)  # noqa: B010
    return folded


def _at(values: object, place: Sequence[str]) -> object:
    for name in place:
        if not isinstance(values, Mapping):
            return None
        values = values.get(name)
    return values


def _shown(value: object) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(_shown(each) for each in value if not isinstance(each, Mapping))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def place_at(line: int, lines: Mapping[Place, int]) -> str:
    """The dotted field that a line belongs to; empty where none does."""
    before = [(at, place) for place, at in lines.items() if at <= line]
    if not before:
        return ""
    _, place = max(before, key=lambda pair: (pair[0], len(pair[1])))
    return ".".join(map(str, place))
