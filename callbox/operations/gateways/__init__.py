"""Signed calls between the desk and a dispatch centre (Standard Webhooks)."""
