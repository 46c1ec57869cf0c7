"""What next and compare: roadmap, what-if, trend, other agencies."""
