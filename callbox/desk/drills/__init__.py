"""Drills: held here by a scenario, or elsewhere and written down; their times, and what they led to."""
