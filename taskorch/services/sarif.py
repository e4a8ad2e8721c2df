"""A verification as SARIF 2.1.0, which code hosts show as findings in a pull request.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import os
from urllib.parse import quote

from taskorch import __version__
from taskorch.services.gate import RULES, Finding, findings
from taskorch.services.shapes import Json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"


def sarif(report: Json, code: int) -> Json:
    """The SARIF log of a verification's report; `code` is the exit code it ends in."""
    driver = {"name": "taskorch", "version": __version__, "rules": [_rule(one) for one in RULES]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the work tree."}}},
        "invocations": [{"executionSuccessful": True, "exitCode": code}],
        "results": [_result(one) for one in findings(report)],
        "properties": {key: report[key] for key in ("target", "commit", "status", "summary")},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> Json:
    level, meaning = RULES[name]
    return {
        "id": name,
        "name": name.capitalize(),
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": meaning},
        "defaultConfiguration": {"level": level},
    }


def _result(one: Finding) -> Json:
    # a path of bytes that are not UTF-8 is spelt by its bytes
    location = {"uri": quote(os.fsencode(one.path), safe="/"), "uriBaseId": _ROOT}
    region = {"startLine": one.line} | ({"startColumn": one.column} if one.column else {})
    return {
        "ruleId": one.rule,
        "ruleIndex": list(RULES).index(one.rule),
        "level": one.level,
        "message": {"text": _plain(one.message)},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
        "partialFingerprints": {"taskorchFinding/v1": _fingerprint(one)},
    }


def _fingerprint(one: Finding) -> str:
    return hashlib.sha256(f"{one.rule}\0{one.key}".encode("utf-8", "surrogateescape")).hexdigest()


def _plain(text: str) -> str:
    """A text without placeholders (section 3.11.5) or embedded links (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
