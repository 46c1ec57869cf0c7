"""Watches: what may be listened for, who wrote it, who signed it, who allowed it."""
