"""The first-week guide and the goals."""
