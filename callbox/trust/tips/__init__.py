"""Sealed tips. They live in a database of their own where the engine allows it, and the server holds no key that opens them."""
