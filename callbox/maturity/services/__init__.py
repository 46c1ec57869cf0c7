"""Writes of this room: plain functions with keyword arguments; each is one transaction with one audit event."""
