"""Agencies, users, memberships and roles."""
