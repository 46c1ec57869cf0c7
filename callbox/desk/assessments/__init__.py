"""Staff pages of the assessment: profile, practices, evidence, runs, review, export."""
