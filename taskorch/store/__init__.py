"""The ``.orchestrator`` folder and our folder in the git directory.  Knows no git."""
