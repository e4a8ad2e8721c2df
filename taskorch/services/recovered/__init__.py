"""The parts of a recovery package: what was done, where it stands, what comes next, and its text."""
