"""Read a YAML file safely, remember on which line each field stands, and put what is wrong with it in plain sentences.

Knows nothing of what the fields mean.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from callcoach.errors import BadInput
from callcoach.intake.text_file import read_text, shown

Place = tuple[str | int, ...]

MOST_BYTES = 1_000_000
MOST_VALUES = 50_000
"""A file of a few kilobytes can name one list a billion times over; no file a person writes holds this many values."""


class Fields(BaseModel):
    """A mapping whose keys are all known; an unknown key is an error, since it is most often a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _only_a_day(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise PydanticCustomError("not_a_day", "not a day")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise PydanticCustomError("not_a_day", "not a day") from None


class _DaysAsText(RoundTripConstructor):
    """Leaves days and times as they are written: a day that does not exist is then a wrong field with a line, not bad YAML."""

    def text_of(self, node: Any) -> str:
        return str(node.value)


_DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", _DaysAsText.text_of)

Day = Annotated[date, BeforeValidator(_only_a_day)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """The plain values of a file and the line (from 1) of each field in it."""

    path: Path
    values: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int | None:
        """The line of a field; where the field is not in the file, None."""
        return self.lines.get(place)


def read_yaml(path: Path, error: type[BadInput]) -> YamlFile:
    """Raises `error` where the file cannot be read or is no YAML; tags that would build objects are not followed."""
    return parse_yaml(read_text(path, error, most_bytes=MOST_BYTES), path, error)


def parse_yaml(text: str, path: Path, error: type[BadInput]) -> YamlFile:
    """The same of a text that may not stand in a file yet; `path` is for the sentences."""
    try:
        yaml = YAML(typ="rt", pure=True)
        yaml.Constructor = _DaysAsText
        root = yaml.load(text)
    except MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        where = f" line {mark.line + 1}" if mark else ""
        raise error(f"{shown(path)}{where}: {_trouble(trouble)} Mind the indentation, and quote texts that hold ': '.") from None
    except (YAMLError, ValueError, RecursionError) as trouble:
        first = str(trouble).splitlines()[0] if str(trouble) else type(trouble).__name__
        raise error(f"{shown(path)}: this is not YAML ({first}). Compare it with an example.") from None
    lines: dict[Place, int] = {}
    try:
        return YamlFile(path=path, values=_plain(root, (), lines, [MOST_VALUES]), lines=lines)
    except (_TooMany, RecursionError):
        raise error(f"{shown(path)}: it holds more than {MOST_VALUES} values. Take out the repeated aliases.") from None


def check(file: YamlFile, model: type[BaseModel], *, missing: Mapping[str, str], error: type[BadInput]) -> Any:
    """The file's values as a `model`. `missing`: per field `place.name`, what to write where it is missing or empty.

    Raises `error` with one sentence a line for each wrong field.
    """
    if not isinstance(file.values, dict):
        raise error(f"{shown(file.path)}: there are no fields in it. Write `key: value` lines.")
    try:
        return model.model_validate(file.values)
    except ValidationError as trouble:
        sentences = [_sentence(file, detail, model, missing) for detail in trouble.errors(include_url=False)]
        raise error("\n".join(dict.fromkeys(sentences))) from None


def _sentence(file: YamlFile, detail: ErrorDetails, model: type[BaseModel], missing: Mapping[str, str]) -> str:
    place: Place = tuple(detail["loc"])
    line = file.line(place)
    start = shown(file.path) + (f" line {line}" if line else "")
    name = _name(place)
    generic = ".".join(str(part) for part in place if isinstance(part, str))
    value = detail.get("input")
    kind = detail["type"]
    empty = (
        value is None or (isinstance(value, str | list | dict) and not value) or (isinstance(value, str) and not value.strip())
    )
    if kind == "missing" or (empty and kind != "extra_forbidden"):
        advice = missing.get(generic, "Write it.")
        return f"{start}: {_name(place[:-1]) or 'the file'} has no {place[-1]}. {advice}"
    if kind == "extra_forbidden":
        known = known_fields(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
        return f"{start}: {_name(place)} is not a field callcoach knows. {advice}"
    said = f"{name} is {_short(value)}"
    if kind == "not_a_day":
        return f"{start}: {said}, which is not a day. Write it like 2026-10-05."
    if kind == "string_type":
        return f"{start}: {said}, not a text. Put it in quotes."
    if kind in ("tuple_type", "list_type"):
        return f"{start}: {said}, not a list. Write one `- ` line per entry, or [one, two]."
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{start}: {said}, not a group of fields. Write its fields indented below it."
    if kind.startswith("int_"):
        return f"{start}: {said}, not a whole number."
    if kind == "greater_than_equal":
        return f"{start}: {said}. It is {detail['ctx']['ge']} or more."
    if kind in ("literal_error", "enum"):
        return f"{start}: {said}. It is one of {detail['ctx']['expected'].replace(chr(39), '').replace(' or ', ', ')}."
    return f"{start}: {said}. {detail['msg']}"


def known_fields(model: type[BaseModel], place: Place) -> Sequence[str]:
    """The field names of `model` at a place within it."""
    for part in place:
        if isinstance(part, int):
            continue
        inner = _model_in(model.model_fields[part].annotation)
        if inner is None:
            return ()
        model = inner
    return tuple(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part))), None)


def _name(place: Place) -> str:
    """`readiness.training[1].date` as people read it: entries count from 1."""
    name = ""
    for part in place:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _short(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _trouble(trouble: MarkedYAMLError) -> str:
    problem = str(trouble.problem or trouble.context or "this is not YAML").splitlines()[0]
    return f"{problem[0].upper()}{problem[1:]}."


class _TooMany(Exception):
    pass


def _plain(node: Any, place: Place, lines: dict[Place, int], left: list[int]) -> Any:
    """`node` without ruamel's own classes; fills `lines`. `left` counts down the values a file may hold."""
    left[0] -= 1
    if left[0] < 0:
        raise _TooMany
    if isinstance(node, Mapping):
        plain = {}
        for key, value in node.items():
            inner = (*place, str(key))
            if hasattr(node, "lc") and key in (node.lc.data or {}):
                lines[inner] = node.lc.key(key)[0] + 1
            plain[str(key)] = _plain(value, inner, lines, left)
        return plain
    if isinstance(node, list | tuple):
        return [_entry(node, number, value, place, lines, left) for number, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node


def _entry(node: Any, number: int, value: Any, place: Place, lines: dict[Place, int], left: list[int]) -> Any:
    inner = (*place, number)
    if hasattr(node, "lc") and number in (node.lc.data or {}):
        lines[inner] = node.lc.item(number)[0] + 1
    return _plain(value, inner, lines, left)
