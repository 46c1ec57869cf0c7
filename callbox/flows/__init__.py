"""What acts in two areas at once: publication, arrival."""
