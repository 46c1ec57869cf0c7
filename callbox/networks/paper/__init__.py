"""A network of files."""
