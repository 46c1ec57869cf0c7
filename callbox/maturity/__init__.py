"""The maturity model as data, and what is computed from it."""
