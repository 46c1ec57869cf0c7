"""Tools without police, posts or people: clock, text, statistics."""
