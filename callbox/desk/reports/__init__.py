"""The reports of an assessment as pages: which there are, the one page for the chief, the full report."""
