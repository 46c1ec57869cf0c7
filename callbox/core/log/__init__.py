"""One log of three methods: append, fetch, acknowledge. At least once; whoever reads it makes its effects idempotent."""
