"""Tests of the pages of the campaigns."""
