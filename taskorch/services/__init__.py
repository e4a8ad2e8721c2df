"""Use cases: one function each, over the store and git.

They take a `Workspace` and words as users give them, raise `TaskorchError`, and return plain
dictionaries of JSON types, the shapes of which are fixed in ``schemas/``.
"""
