"""The shipped JSON schemas: one for each answer, strict about the keys they know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from taskorch.cli.app import cli
from tests import schemas
from tests.docs_check import leaf_commands

FILES = [schemas.SHARED, *sorted(f"{name}.json" for name in schemas.names())]


def objects(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that names properties, with its place."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield place, schema
        for key, value in schema.items():
            yield from objects(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from objects(value, f"{place}/{number}")


def test_every_command_has_json_and_a_schema_of_its_name() -> None:
    commands = dict(leaf_commands(cli, ("taskorch",)))
    answers = {words.removeprefix("taskorch ").replace(" ", ".") for words in commands}
    assert schemas.names() == {"error", *answers}
    for words, command in commands.items():
        assert "--json" in {name for param in command.params for name in param.opts}, words


@pytest.mark.parametrize("name", FILES)
def test_schema_is_valid_and_requires_every_key_it_knows(name: str) -> None:
    schema = schemas.load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    for place, part in objects(schema):
        if not place.endswith("/if"):  # a condition, not a shape
            assert sorted(part["required"]) == sorted(part["properties"]), place


@pytest.mark.parametrize("name", FILES)
def test_schema_leaves_room_for_keys_of_later_versions(name: str) -> None:
    text = str(schemas.load(name))
    assert "unevaluatedProperties" not in text
    assert "'additionalProperties': False" not in text


@pytest.mark.parametrize("name", sorted(schemas.names()))
def test_schema_names_its_answer(name: str) -> None:
    schema = schemas.load(f"{name}.json")
    assert schema["properties"]["schema"] == {"const": f"taskorch.{name}/1"}


def test_shared_parts_are_all_used() -> None:
    every = "".join(str(schemas.load(name)) for name in FILES)
    for part in schemas.load(schemas.SHARED)["$defs"]:
        assert f"#/$defs/{part}'" in every, part


ERROR: dict[str, Any] = {
    "schema": "taskorch.error/1",
    "kind": "refused",
    "message": "no",
    "hint": None,
    "reasons": [],
    "candidates": [],
}
LIST: dict[str, Any] = {"schema": "taskorch.session.list/1", "sessions": [], "problems": []}
PROBLEM: dict[str, Any] = {
    "path": "x",
    "line": 1,
    "column": 1,
    "field": None,
    "message": "m",
    "hint": None,
}


def test_validation_takes_what_is_right() -> None:
    schemas.validate(ERROR)
    schemas.validate(LIST)


@pytest.mark.parametrize(
    "wrong",
    [
        {key: value for key, value in ERROR.items() if key != "hint"},
        ERROR | {"reasons": [1]},
        ERROR | {"kind": "odd"},
        ERROR | {"extra": 1},
        LIST | {"sessions": [{"id": "s-00000000"}]},
        LIST | {"problems": [PROBLEM | {"line": 0}]},
    ],
)
def test_validation_refuses_a_missing_wrong_or_unknown_key(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schemas.validate(wrong)


def test_nested_objects_are_closed_in_tests_too() -> None:
    schemas.validate(LIST | {"problems": [PROBLEM]})
    with pytest.raises(ValidationError):
        schemas.validate(LIST | {"problems": [PROBLEM | {"extra": 1}]})
