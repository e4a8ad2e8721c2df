"""The forms of the tools themselves, for folders that are made for them.

MADR 4: https://adr.github.io/madr/ (template/adr-template.md); adr-tools:
https://github.com/npryce/adr-tools (src/template.md, src/_adr_add_link); log4brains:
https://github.com/thomvaill/log4brains (packages/init/assets/template.md, packages/core/src/adr/domain).
"""

from __future__ import annotations

from taskorch.interchange.adr.dialect import Dialect
from taskorch.records.decision import STATUSES

_LOWER = {status: status for status in STATUSES}

MADR = Dialect(
    tool="madr4",
    name="{number:04d}-{slug}.md",
    heading="# {title}",
    status_form="front matter",
    status_key="status",
    words=_LOWER,
    date_form="front matter",
    date_key="date",
    date_format="%Y-%m-%d",
    link="[ADR-{number:04d}]({name})",
    superseded_by="superseded by",
    marker="*",
    newline="\n",
    sections=(),
)
ADR_TOOLS = Dialect(
    tool="adr-tools",
    name="{number:04d}-{slug}.md",
    heading="# {number}. {title}",
    status_form="section",
    status_key="Status",
    words={status: status.capitalize() for status in STATUSES},
    date_form="line",
    date_key="Date:",
    date_format="%Y-%m-%d",
    link="[{number}. {title}]({name})",
    superseded_by="Superseded by",
    marker="*",
    newline="\n",
    sections=("Context", "Decision", "Consequences"),
)
LOG4BRAINS = Dialect(
    tool="log4brains",
    name="{date:%Y%m%d}-{slug}.md",
    heading="# {title}",
    status_form="bullet",
    status_key="- Status:",
    words=_LOWER,
    date_form="bullet",
    date_key="- Date:",
    date_format="%Y-%m-%d",
    link="[{stem}]({name})",
    superseded_by="superseded by",
    marker="-",
    newline="\n",
    sections=(),
)
BY_NAME = {"madr": MADR, "adr-tools": ADR_TOOLS, "log4brains": LOG4BRAINS}
