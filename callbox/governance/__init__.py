"""Audit, approvals, retention: what makes every other room answerable."""
