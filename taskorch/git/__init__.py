"""The only place that imports pygit2 and starts processes."""
