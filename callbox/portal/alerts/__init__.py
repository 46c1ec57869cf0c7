"""Alerts for everybody: what holds now, each alert's page, file and signature, the feeds."""
