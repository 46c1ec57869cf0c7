"""Signing in: what Callbox adds to django-allauth."""
