"""Who is there when, held against what arrives."""
