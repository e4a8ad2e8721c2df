"""Benchmarks: scripts that build their own data and print ratios."""
