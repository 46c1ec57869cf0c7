"""Networks, their archives, and the ledger that archives and live rows both fill."""
