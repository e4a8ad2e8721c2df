"""What the files and folders of a store are called."""

FOLDER = ".orchestrator"
CONFIG = "config.yaml"
OF_KIND = {"task": "tasks", "decision": "decisions", "session": "sessions"}
FOLDERS = tuple(OF_KIND.values())
ARCHIVE = "archive"
"""The folder of closed records, in folders of the months in which they were made."""

SAFETY = "safety"
"""The safety store's folder in ours of the git directory."""

KEPT = "records"
"""The folder below ours in the git directory where records are kept that are not to be committed."""
