"""Prevention campaigns."""
