"""From figures and statements to a profile. Pure."""
