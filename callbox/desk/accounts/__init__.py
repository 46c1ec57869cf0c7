"""The accounts page: what the agency states of its accounts."""
