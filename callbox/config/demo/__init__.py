"""The demonstration agency: an invented force, its record in the networks' own export formats, and its work at the desk."""
