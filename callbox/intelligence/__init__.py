"""Area 4: what is noticed, lawfully."""
