"""The words that a decision's fields can hold; quick to load, for the command line offers them."""

PROPOSED, ACCEPTED, REJECTED = "proposed", "accepted", "rejected"
DEPRECATED, SUPERSEDED = "deprecated", "superseded"
STATUSES = (PROPOSED, ACCEPTED, REJECTED, DEPRECATED, SUPERSEDED)
UNKNOWN = "unknown"
"""The status of a decision that says none: such as many that were taken over from other tools."""
STANDING = (PROPOSED, ACCEPTED, UNKNOWN)
CATEGORIES = (
    "architecture",
    "implementation",
    "design",
    "technology",
    "process",
    "quality",
    "security",
    "performance",
)
IMPACTS = ("high", "medium", "low")
IMPLEMENTATIONS = ("planned", "in_progress", "completed", "failed")
LINKS = ("supersedes", "refines", "reverses", "clarifies")
"""Links are stored on the newer decision and read in both directions."""
VERBS = {
    "supersedes": "supersede",
    "refines": "refine",
    "reverses": "reverse",
    "clarifies": "clarify",
}
REPLACING = ("supersedes", "reverses")
"""The links after which the older decision does not stand any more."""
BACK_LINKS = {
    "supersedes": "superseded_by",
    "refines": "refined_by",
    "reverses": "reversed_by",
    "clarifies": "clarified_by",
}
