"""Doors for machines: signed calls from dispatch centres and partners. No session, no cookie."""
