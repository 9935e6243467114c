"""What editors are told about an initiative's file: its JSON Schema, and the empty file a new initiative starts from.

Both come from the fields that `rubrics.py` reads, so they cannot say anything else. Knows nothing of stories' quality.
"""

import json
from datetime import date
from typing import Any

from callcoach.intake.rubric_file import SCHEMA_LINE
from callcoach.intake.rubrics import IN_THREE, INITIATIVE_FIELDS, WHAT_TO_WRITE

SCHEMA_FILE = "initiative.schema.json"
"""Beside the rubrics, where `new` puts it and the first line of a rubric looks for it."""

_TEMPLATE = """\
{schema_line}{schema_file}
# What each field means: docs/rubrics.md. `callcoach initiative check {id}` says what is missing.
id: {id}
name: {name}
type:            # what the hammer is: product, offer, message, price ...
owner:           # person id of whoever answers for it
priority:        # 1 is first
growth_driver:   # customers, products_services, market_expansion, profitability or brand
launched: {launched}
terms: []        # names that reps use for it
value_story:
  # the problem that customers have or the company faces, with its figures
  wall:
  insight:
    # what was counted, asked or read
    source:
  # what the company does about it
  hammer:
  # before naming the product: what the rep asks or looks up
  position:
  # what shows this customer how much it weighs
  importance:
  # what it changes for this customer, in their words
  why_it_matters:
script: ""
facts: []
readiness:
  announced:
  training: []
"""


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an initiative's file."""
    fields = INITIATIVE_FIELDS.model_json_schema()
    fields["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    fields["title"] = "callcoach initiative"
    story = fields["$defs"]["_Story"]
    # a file may give the part as one text or in three
    story["required"] = [name for name in story["required"] if name != "part"]
    story["anyOf"] = [{"required": ["part"]}, *({"required": [name]} for name in IN_THREE)]
    for place, advice in WHAT_TO_WRITE.items():
        *within, name = place.split(".")
        properties = _properties(fields, within)
        if name in properties:
            properties[name]["description"] = advice
    return fields


def schema_text() -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def new_text(initiative_id: str, name: str, launched: date) -> str:
    """A file with every field a complete definition needs, empty where only people can fill it."""
    quoted = json.dumps(name, ensure_ascii=False) if not name.replace(" ", "").isalnum() else name
    return _TEMPLATE.format(
        schema_line=SCHEMA_LINE, schema_file=SCHEMA_FILE, id=initiative_id, name=quoted, launched=launched.isoformat()
    )


def _properties(fields: dict[str, Any], within: list[str]) -> dict[str, Any]:
    node = fields
    for name in within:
        node = _referred(fields, node["properties"][name])
    properties: dict[str, Any] = node["properties"]
    return properties


def _referred(fields: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The group of fields a property holds, alone, or nothing, or a list of them."""
    choices = [node, *node.get("anyOf", ()), node.get("items", {})]
    reference = next(choice["$ref"] for choice in choices if "$ref" in choice)
    found: dict[str, Any] = fields["$defs"][reference.rsplit("/", 1)[-1]]
    return found
