"""Settings, URLs and schedule. Knows every room; only the command line imports it."""
