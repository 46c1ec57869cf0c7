"""Alerts: list, write, approve, publish, follow."""
