"""Judging whether claimed changes landed: the verification ladder, rung by rung."""
