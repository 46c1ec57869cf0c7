"""How the shipped classifier was made: `python -m callbox.networks.kind.training FILE.csv`. Needs the development libraries."""
