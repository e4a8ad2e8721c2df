"""What lies about in a store: stale tasks, orphans, abandoned sessions, what may be archived."""
