"""Gateways: where escalations go, with their secrets, which are shown once."""
