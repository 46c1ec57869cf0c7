"""Tests of the pages of the guide and the goals."""
