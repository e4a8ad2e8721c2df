"""Decisions (ADRs): made, read, moved through their states, and linked."""
