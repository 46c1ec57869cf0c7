"""Measures over the tables that archives and live rows both fill: pure functions (ledger, window) -> Measure."""
