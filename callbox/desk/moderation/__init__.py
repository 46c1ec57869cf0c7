"""Hidden comments: the guided decision, the list, each with its copy, the objections."""
