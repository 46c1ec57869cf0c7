"""What is shared with partners, and what they share with us."""
