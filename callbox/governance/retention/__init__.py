"""How long things are kept: classes as data, rules of an agency, holds, and the nightly purge with its certificates."""
