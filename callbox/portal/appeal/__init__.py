"""The page of a hidden comment: why, and how to object."""
