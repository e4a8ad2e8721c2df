"""Pure values and rules of the record format: no I/O, no clock, no randomness."""
