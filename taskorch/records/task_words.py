"""The words that a task's fields can hold; quick to load, for the command line offers them."""

PENDING, ACTIVE, BLOCKED = "pending", "active", "blocked"
COMPLETED, FAILED, CANCELLED = "completed", "failed", "cancelled"
STATUSES = (PENDING, ACTIVE, BLOCKED, COMPLETED, FAILED, CANCELLED)
OPEN = (PENDING, ACTIVE, BLOCKED)
PRIORITIES = ("low", "medium", "high", "critical")
COMPLEXITIES = ("simple", "moderate", "complex", "very_complex")
