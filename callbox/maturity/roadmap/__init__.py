"""What next: targets, the gap, the cheapest path to a chosen profile and its dates. Pure values."""
