"""The newsroom: what the agency published, every edition of it, as pages and feeds, signed."""
