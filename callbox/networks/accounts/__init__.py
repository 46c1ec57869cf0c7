"""What the agency states of its accounts: rows, verbs, and the table that the ledger takes."""
