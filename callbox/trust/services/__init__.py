"""What changes the rows of this room: plain functions, one transaction, one audit event each."""
