"""Incidents and escalations: what is handed to dispatch, what nobody acknowledged, the log, the first word, the end."""
