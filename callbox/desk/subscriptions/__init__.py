"""Subscriptions at the desk: how many, never whose."""
