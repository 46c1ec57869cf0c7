"""Partners and agreements on the desk."""
