"""Sources: where watches may listen, with their terms, their sign of life and their silences."""
