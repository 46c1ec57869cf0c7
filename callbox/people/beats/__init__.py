"""Where beats lie and which streets belong to them: read from the agency's files, asked by residents. Values, no writes."""
