"""The pages of hidden comments."""
