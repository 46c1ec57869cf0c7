"""Comparing without a server: agencies exchange small signed files and merge them where they sit."""
