"""Events: the board, one event with its posts and findings, who asked for an author, and how often watches were right."""
