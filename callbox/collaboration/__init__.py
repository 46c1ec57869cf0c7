"""Area 3: with whom the agency works, on what agreement, and what it shares."""
