"""Read an initiative's file that may not be finished: what can be read of it, and everything it lacks at once, with lines.

`rubrics.read_initiative` stops at what judging needs; a definition needs more. Judges no story.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.story import Initiative
from callcoach.errors import BadRubric
from callcoach.intake.rubrics import IN_THREE, initiative_of, names_its_language
from callcoach.intake.text_file import shown
from callcoach.intake.yaml_file import Place, YamlFile, read_yaml

WANTED: Mapping[Place, str] = {
    ("owner",): "Write the person id of whoever answers for it.",
    ("priority",): "Write a whole number, 1 is first.",
    ("growth_driver",): "Write customers, products_services, market_expansion, profitability or brand.",
    ("type",): "Write what the hammer is: product, offer, message, price ...",
    ("value_story", "insight"): "Write how the wall was learned, as insight: {source: ...}.",
    ("value_story", "position"): "Say how the rep positions it: what to ask or look up before naming the product.",
    ("value_story", "importance"): "Say what shows this customer how much it weighs.",
    ("value_story", "why_it_matters"): "Say what it changes for this customer.",
}
"""What a definition has beyond what calls can be judged by."""


class Draft(NamedTuple):
    """A file as it stands: the initiative where it can be read, else the sentences that say why not; the line of each field."""

    path: Path
    initiative: Initiative | None
    trouble: tuple[str, ...]
    lines: Mapping[Place, int]
    content: bytes

    def where(self, field: str) -> str:
        """`rubrics/catchback.yaml line 12`: the line of a dotted field, or of the group it belongs in."""
        place: Place = tuple(field.split(".")) if field else ()
        while place and place not in self.lines:
            place = place[:-1]
        line = self.lines.get(place)
        return shown(self.path) + (f" line {line}" if line else "")


def read_draft(path: Path) -> Draft:
    """Raises BadRubric only where the file is no YAML at all or cannot be opened."""
    return draft_of(read_yaml(path, BadRubric), path.read_bytes())


def draft_of(file: YamlFile, content: bytes) -> Draft:
    """The same of a text that may not stand in its file yet; `content` is what it would hold."""
    path = file.path
    try:
        return Draft(path, initiative_of(file), (), file.lines, content)
    except BadRubric as error:
        trouble = str(error).splitlines()
    if isinstance(file.values, dict):
        draft = Draft(path, None, (), file.lines, content)
        # a story told in three lacks no part; whoever has written none of it is told of the three
        if any("value_story has no part." in sentence for sentence in trouble):
            trouble = [sentence for sentence in trouble if "value_story has no part." not in sentence]
        for place, advice in WANTED.items():
            if _is_empty(file.values, place):
                owner = place[0] if len(place) > 1 else "the file"
                trouble.append(f"{draft.where('.'.join(map(str, place)))}: {owner} has no {place[-1]}. {advice}")
    return Draft(path, None, tuple(sorted(dict.fromkeys(trouble), key=_line)), file.lines, content)


def find_draft(rubrics: Path, asked: str) -> Path:
    """The file that `asked` names: a path, or an id in the folder. Raises BadRubric where there is none.

    Of an id in several languages it is the default one's; another is named by its file, catchback.es.
    """
    given = Path(asked)
    if given.suffix in (".yaml", ".yml") and given.is_file():
        return given
    paths = sorted(path for path in rubrics.glob("*.y*ml") if not path.name.startswith(".")) if rubrics.is_dir() else []
    named = [path for path in paths if path.stem == asked]
    if found := named or sorted((path for path in paths if _field(path, "id") == asked), key=_is_a_translation):
        return found[0]
    raise BadRubric(
        f"{rubrics}: there is no initiative {asked} in it. Name its id or its file, or begin it with `callcoach initiative new`."
    )


def _is_a_translation(path: Path) -> bool:
    return names_its_language(path, str(_field(path, "language") or "en"))


def _field(path: Path, name: str) -> object:
    try:
        values = read_yaml(path, BadRubric).values
    except BadRubric:
        return None
    return values.get(name) if isinstance(values, dict) else None


def _is_empty(values: object, place: Place) -> bool:
    for name in place:
        if not isinstance(values, dict):
            return True
        values = values.get(str(name))
    if place[-1] in IN_THREE or place[-1] == "insight":
        return not values
    return values is None or values == ""


def _line(sentence: str) -> int:
    found = re.search(r" line (\d+):", sentence)
    return int(found[1]) if found else 0
