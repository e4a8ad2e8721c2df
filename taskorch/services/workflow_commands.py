"""A verification as GitHub's workflow commands, which become annotations of files in a pull request.

Format: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands; how values are
escaped: packages/core/src/command.ts in https://github.com/actions/toolkit
"""

from __future__ import annotations

from taskorch.services.gate import Finding, findings, summary
from taskorch.services.markdown import one_line
from taskorch.services.shapes import Json


def workflow_commands(report: Json) -> list[str]:
    """A line for each finding of a verification's report, the worst first, then one for the whole.

    No text can end its line or begin another command.
    """
    return [*(_finding(one) for one in findings(report)), _command("notice", summary(report))]


def _finding(one: Finding) -> str:
    place = {"file": one.path, "line": str(one.line)} | ({"col": str(one.column)} if one.column else {})
    return _command(one.level, one.message, place)


def _command(name: str, message: str, place: dict[str, str] | None = None) -> str:
    given = {**(place or {}), "title": "taskorch verify"}
    properties = ",".join(f"{key}={_property(one_line(value))}" for key, value in given.items())
    return f"::{name} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
