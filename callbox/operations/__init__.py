"""Area 5: what the agency does, and whom it tells."""
