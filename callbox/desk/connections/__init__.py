"""Connected accounts: the accounts Callbox may speak through and listen to."""
