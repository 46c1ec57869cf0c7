"""Callbox, the open social-media desk for police agencies."""

__version__ = "0.1.0"
