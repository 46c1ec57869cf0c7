"""The maturity model as data: read, checked, compared, written out."""
