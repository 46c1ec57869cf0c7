"""Pages about how long things are kept: the calendar, the rules, holds and certificates."""
