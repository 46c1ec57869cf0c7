"""Reports: one set of values, shown as page, tagged PDF, terminal text, JSON and CSV."""
