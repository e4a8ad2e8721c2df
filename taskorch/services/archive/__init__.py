"""Closed records, out of the way and still found."""
