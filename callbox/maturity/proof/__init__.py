"""Proof packs: written, read and computed anew. Pure."""
