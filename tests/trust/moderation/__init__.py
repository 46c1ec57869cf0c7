"""Hiding a comment, telling its author, deciding about an objection."""
