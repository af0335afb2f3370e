"""The JSON Schema of feeds.yaml, for the completion of editors; made from the model."""

import json
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from aggregator.subscriptions.shape.model import FeedsFile

FILE_NAME: Final = "feeds.schema.json"
_PART: Final = "Part"


class _Dialect(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of names: editors would show them twice."""

    def normalize_name(self, name: str) -> str:
        """Name the shapes by what they are, not by our class."""
        return super().normalize_name(name).replace(_PART, "")

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's
        return False


def schema() -> dict[str, Any]:
    """Make the schema: JSON Schema 2020-12, with descriptions, defaults and examples.

    A key may be left empty wherever it may be left out, as the model has it.
    """
    made = FeedsFile.model_json_schema(by_alias=True, schema_generator=_Dialect)
    shapes = made.pop("$defs")
    for shape in (made, *shapes.values()):
        required = shape.get("required", ())
        for name, described in shape["properties"].items():
            if name not in required:
                shape["properties"][name] = _may_be_empty(described)
            else:
                described.pop("default", None)
    for name, shape in shapes.items():
        shape["title"] = name
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **made, "$defs": dict(sorted(shapes.items()))}


def schema_text() -> str:
    """Write the schema as the file that is shipped."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _may_be_empty(described: dict[str, Any]) -> dict[str, Any]:
    """Let a value be null too, in the shortest way that says so."""
    kept = {
        key: described[key] for key in _SAID if key in described and described[key] is not None
    }
    rule = {key: value for key, value in described.items() if key not in _SAID}
    if "anyOf" in rule:
        choices = [choice for choice in rule["anyOf"] if choice != _NULL]
        rule = choices[0] if len(choices) == 1 else {"anyOf": choices}
    if "type" in rule and "enum" not in rule:
        kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        return {**kept, **rule, "type": [*kinds, "null"]}
    return {**kept, "anyOf": [*rule.get("anyOf", (rule,)), _NULL]}


_NULL: Final = {"type": "null"}
_SAID: Final[tuple[str, ...]] = ("description", "default", "examples")
