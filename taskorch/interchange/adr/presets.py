"""The forms of the tools themselves, for folders that are made for them.

MADR 4: https://adr.github.io/madr/ (template/adr-template.md); adr-tools:
https://github.com/npryce/adr-tools (src/template.md, src/_adr_add_link); log4brains:
https://github.com/thomvaill/log4brains (packages/init/assets/template.md, packages/core/src/adr/domain).
"""

from __future__ import annotations

from dataclasses import replace

from taskorch.interchange.adr.dialect import Dialect
from taskorch.records.decision import STATUSES

MADR = Dialect(
    tool="madr4",
    name="{number:04d}-{slug}.md",
    heading="# {title}",
    status_form="front matter",
    status_key="status",
    words={status: status for status in STATUSES},
    date_form="front matter",
    date_key="date",
    date_format="%Y-%m-%d",
    link="[ADR-{number:04d}]({name})",
    superseded_by="superseded by",
    marker="*",
    newline="\n",
    sections=(),
)
ADR_TOOLS = replace(
    MADR,
    tool="adr-tools",
    heading="# {number}. {title}",
    status_form="section",
    status_key="Status",
    words={status: status.capitalize() for status in STATUSES},
    date_form="line",
    date_key="Date:",
    link="[{number}. {title}]({name})",
    superseded_by="Superseded by",
    sections=("Context", "Decision", "Consequences"),
)
LOG4BRAINS = replace(
    MADR,
    tool="log4brains",
    name="{date:%Y%m%d}-{slug}.md",
    status_form="bullet",
    status_key="- Status:",
    date_form="bullet",
    date_key="- Date:",
    link="[{stem}]({name})",
    marker="-",
)
BY_NAME = {"madr": MADR, "adr-tools": ADR_TOOLS, "log4brains": LOG4BRAINS}
