"""How well records merge with plain git: random pairs of concurrent edits, conflicts counted.

    python tests/studies/merge_conflicts.py [--pairs N] [--seed S]

prints the Markdown tables of the merge study in the docs.  Each pair is one record and two single
edits of it, each as a command of taskorch makes it; the three texts are merged by ``git
merge-file``, and a sample of them by ``git merge`` in a repository, which must agree.  A conflict is
*avoidable* if the two edits have no field, section, criterion or note in common.  A clean merge is
*wrong* if the result is no record, lacks one of the two edits, or holds anything else.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.studies.merge_report import main

    main()
