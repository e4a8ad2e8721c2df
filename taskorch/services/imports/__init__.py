"""Bringing in what other systems keep: what was read of them, as records."""
