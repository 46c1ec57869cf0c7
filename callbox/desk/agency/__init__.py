"""Pages about the agency itself: its people, its settings, its audit trail."""
