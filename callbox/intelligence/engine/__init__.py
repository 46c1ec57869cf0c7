"""The listening engine: queries, matching, near-duplicates, grouping and how well they do. Pure: it never sees a database."""
