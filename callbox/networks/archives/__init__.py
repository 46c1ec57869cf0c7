"""Readers of the files that networks let an agency download, and of plain tables."""
