"""The law of hiding comments, as data: written grounds, and words that are none."""
