"""Messages on the desk: written, approved, sent, corrected; the calendar and the freeze."""
