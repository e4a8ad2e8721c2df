"""A whole day with taskorch in every kind of git repository, and with every kind of name."""
