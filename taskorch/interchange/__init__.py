"""Other systems' formats, in and out: pure functions on text."""
