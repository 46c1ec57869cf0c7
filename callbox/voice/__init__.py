"""Area 1: what the agency says, why, to whom, and what came of it."""
