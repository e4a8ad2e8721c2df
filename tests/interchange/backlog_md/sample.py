"""A folder of Backlog.md with every key and section that it writes, and files of every oddity."""

from __future__ import annotations

from pathlib import Path

WHOLE = """\
---
id: BACK-2.01
title: 'Whole: title'
status: Awaiting Merge
assignee:
  - '@ann'
  - bob
reporter: '@carl'
created_date: '2026-01-01 23:37'
updated_date: '2026-07-10 19:33'
due_date: "2026-08-08 08:08"
completed_date: 2026-09-09
labels:
  - web
milestone: m-6
dependencies:
  - task-3
  - BACK-04
references:
  - >-
    https://example.org/a-long
    one
  - src/a.ts
documentation:
  - doc-17
modified_files:
  - src/b.ts
parent_task_id: task-2
subtasks:
  - BACK-2.01.1
priority: urgent
type: bug
ordinal: 212000
onStatusChange: 'echo moved'
a_key_of_tomorrow: new thing
---

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
What it is.

## Steps inside

```md
## Acceptance Criteria
- [ ] #1 in a fence
```
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 It works
- [ ] #2 It is
  quick
A line that is no criterion
<!-- AC:END -->

## Definition of Done
<!-- DOD:BEGIN -->
- [x] #1 tests pass
<!-- DOD:END -->

## Implementation Plan

<!-- SECTION:PLAN:BEGIN -->
1. Do it
<!-- SECTION:PLAN:END -->

## Implementation Notes

<!-- SECTION:NOTES:BEGIN -->
Was done.
<!-- SECTION:NOTES:END -->

## Evidence

A text of its own.

## Comments

<!-- COMMENTS:BEGIN -->
author: @dora
created: 2026-07-09 22:13
---
Looks good.
---

author: emil
---
Merged.
---
<!-- COMMENTS:END -->

## Final Summary

<!-- SECTION:FINAL_SUMMARY:BEGIN -->
All of it.
<!-- SECTION:FINAL_SUMMARY:END -->
"""
INVALID = """\
---
id: task-3
title: "CLI: a \\"quoted\\" one"
status: Done
assignee: @frida
reporter: @gerd
created_date: 2025-06-04
labels: ["cli", command]
milestone: m-1
dependencies: []
odd line
---

## Description

Old form.

## Acceptance Criteria

- [x] Ticked
- [ ] Not ticked

## Implementation Notes

Noted.

### Below it

More.
"""


def simple(name: str, title: str, status: str = "To Do", more: str = "") -> str:
    return (
        f"---\nid: {name}\ntitle: {title}\nstatus: {status}\n{more}---\n\n## Description\n\nText of {title}\n"
    )


FILES = {
    "config.yml": (
        'project_name: "P"\ntask_prefix: "back"\n'
        'statuses: ["To Do", "In Progress", "Awaiting Merge", "Shipped"]\n'
    ),
    "tasks/back-2.01 - Whole-title.md": WHOLE,
    "tasks/back-2 - Parent.md": simple("BACK-2", "Parent", "In Progress"),
    "tasks/back-4 - Four.md": simple("BACK-4", "Four", "Shipped"),
    "tasks/readme.md": "# Tasks\n",
    "completed/back-3 - cli.md": INVALID,
    "completed/back-5 - Five.md": simple("BACK-5", "Five", "In Progress"),
    "completed/back-5.1 - Sub.md": simple("BACK-5.1", "Sub of five", "Done"),
    "drafts/draft-1 - Idea.md": simple("DRAFT-1", "Idea", "Draft"),
    "drafts/draft-2 - Ready.md": simple("DRAFT-2", "Ready", "Done"),
    "archive/tasks/back-4 - Older-four.md": simple("BACK-4", "Older four"),
    "archive/tasks/back-6 - Six.md": simple("BACK-6", "Six", "Won't Do"),
    "archive/tasks/back-7 - Seven.md": simple("BACK-7", "Seven", "Done"),
    "archive/drafts/draft-3 - No.md": simple("DRAFT-3", "Not this"),
    "tasks/back-8 - No-front-matter.md": "Only a text.\n",
    "tasks/notes.md": "No task at all\n",
    "decisions/decision-1 - Use-x.md": (
        "---\nid: decision-1\ntitle: Use X\ndate: '2025-06-22'\nstatus: accepted\nby: hans\n---\n"
        "## Context\n\nWhy it came up\n\n## Decision\n\nX it is\n\n### Because\n\nFast\n\n"
        "## Consequences\n\nGood\n\n"
        "## Alternatives\n\nY\n\n## References\n\n- a link\n"
    ),
    "decisions/decision-2 - Odd.md": "---\nid: decision-2\ntitle: Odd\nstatus: maybe\n---\nFree text\n",
    "docs/doc-1 - Guide.md": "---\nid: doc-1\ntitle: Guide\n---\nText\n",
    "milestones/m-6 - New.md": '---\nid: m-6\ntitle: "New"\n---\nText\n',
    "assets/a.png": "png",
}


def write(folder: Path, files: dict[str, str] = FILES) -> Path:
    """The folder, made."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
