"""Updates to callers and victims: cases, their words, what they may read."""
