"""How a report stands."""
