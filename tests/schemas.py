"""Every JSON answer of the tests is held against the schemas that the package ships."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = files("taskorch") / "schemas"
SHARED = "common.json"

Json = dict[str, Any]


def names() -> set[str]:
    """The names of the shipped schemas, those of shared parts left out."""
    found = (entry.name for entry in FOLDER.iterdir())
    return {name.removesuffix(".json") for name in found if name.endswith(".json") and name != SHARED}


def load(name: str) -> Json:
    """A shipped schema file."""
    found = json.loads((FOLDER / name).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def validate(answer: Json) -> None:
    """Raise jsonschema.ValidationError if an answer is not as its schema says.

    Stricter than the schemas themselves, which let later versions add keys: a key that no schema
    names is refused.
    """
    name = str(answer["schema"])
    words, _, version = name.removeprefix("taskorch.").partition("/")
    assert version == "1", name
    validator(words).validate(answer)


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a schema, closed to keys that it does not name."""
    shared: Resource[Any] = DRAFT202012.create_resource(closed(load(SHARED), inherits=True))
    registry: Registry[Any] = Registry().with_resource(SHARED, shared)
    return Draft202012Validator(closed(load(f"{name}.json")), registry=registry)


def closed(schema: Any, *, inherits: bool = False) -> Any:
    """A schema without room for other keys, wherever a value stands: at the top, in properties and items.

    A part that is combined with others (in ``$defs``, ``allOf``, ``then``) stays open itself
    (`inherits`): the whole that it is combined into is closed.
    """
    if isinstance(schema, list):
        return [closed(one, inherits=inherits) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out: Json = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            out[key] = {name: closed(part, inherits=key == "$defs") for name, part in value.items()}
        elif key in ("allOf", "if", "then", "else"):
            out[key] = closed(value, inherits=True)
        elif key in ("items", "anyOf", "additionalProperties"):
            out[key] = closed(value)
        else:
            out[key] = value
    takes_object = bool({"properties", "$ref", "allOf"} & set(schema))
    return out | {"unevaluatedProperties": False} if takes_object and not inherits else out
