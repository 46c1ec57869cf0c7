"""Today: the first page, with at most five things that this person should do."""
